// The components of the design system, made by script: what web/ui makes with
// its templates. Text is always text, never markup.
"use strict";

function el(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else if (value === true) e.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) e.setAttribute(key, value);
  }
  e.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

const signs = { good: "✓", warning: "!", bad: "✗", busy: "…" };
const sign = (kind) => el("span", { "aria-hidden": "true" }, signs[kind] || "·");

function notice(kind, title, { text, code, items, more } = {}) {
  return el("div", { class: "notice " + kind, role: kind === "bad" ? "alert" : "status" },
    el("p", { class: "title" }, sign(kind), " ", title, code ? [" ", el("code", {}, code)] : null),
    text ? el("p", {}, text) : null,
    items?.length ? el("ul", {}, items.map((i) => el("li", {}, i))) : null, more);
}

const badge = (kind, text) => el("span", { class: "badge " + kind }, sign(kind), " ", text);

function facts(list) {
  return el("dl", { class: "facts" }, list.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

// table makes rows under columns; a column whose title begins with ">" is of numbers, the first cell names its row.
function table(id, caption, columns, rows) {
  const numeric = columns.map((c) => c.startsWith(">"));
  const titles = columns.map((c) => c.replace(/^>/, ""));
  const wide = columns.length > 2; // a phone shows the rows as cards
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": id + "-titre" },
    el("table", { id, class: wide && "wide" }, el("caption", { id: id + "-titre" }, caption),
      el("thead", {}, el("tr", {}, titles.map((title, i) => el("th", { scope: "col", class: numeric[i] && "number" }, title)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) =>
        el(i ? "td" : "th", { scope: i ? undefined : "row", class: numeric[i] && "number", "data-of": wide && (i > 0 || typeof cell !== "string") && titles[i] }, cell)))))));
}

function button(text, act, kind, attributes) {
  return el("button", { type: "button", class: kind, onclick: act, ...attributes }, text);
}

// group is the anomalies of one code, with what to do.
function groupNotice(g) {
  const kind = { erreur: "bad", avertissement: "warning" }[g.gravite] || "neutral";
  const items = (g.exemples || []).map(said);
  if (items.length && g.n > items.length) items.push(t("et {0} de plus", "and {0} more", number(g.n - items.length)));
  const title = capital(said(g.titre)) + (g.n > 1 ? t(" – {0} fois", " – {0} times", number(g.n)) : "");
  const box = notice(kind, title, { text: capital(said(g.aide)), code: g.code, items });
  box.removeAttribute("role");
  return box;
}

const capital = (text) => (text ? text[0].toUpperCase() + text.slice(1) : "");

function faultNotice(fault) {
  return notice("bad", capital(said(fault.message)), { text: capital(said(fault.aide)), code: fault.code, items: said(fault.lieu) ? [said(fault.lieu)] : [] });
}

// field is a labelled box bound to a value; keep hears what is typed.
function field(name, label, value, keep, { hint, type = "text", size, max, inputmode } = {}) {
  const id = "f-" + name;
  const input = el("input", { id, name, type, value, size, maxlength: max, inputmode, class: size && "short", "aria-describedby": hint ? id + "-hint" : undefined, oninput: (e) => keep(e.target.value.trim()) });
  return el("div", { class: "field" }, el("label", { for: id }, label), hint ? el("p", { class: "hint", id: id + "-hint" }, hint) : null, input);
}

function select(name, label, value, options, keep) {
  const id = "f-" + name;
  return el("div", { class: "field" }, el("label", { for: id }, label),
    el("select", { id, name, onchange: (e) => keep(e.target.value) }, options.map(([v, text]) => el("option", { value: v, selected: v === value }, text))));
}

function radios(name, legend, value, options, keep) {
  return el("fieldset", { class: "field" }, el("legend", {}, legend), options.map(([v, text, hint]) =>
    el("label", { class: "choice" }, el("input", { type: "radio", name, value: v, checked: v === value, onchange: () => keep(v) }), " ",
      el("span", {}, text, hint ? el("small", {}, hint) : null))));
}

function checkbox(name, label, value, keep, hint) {
  const id = "f-" + name;
  return el("div", { class: "field" }, el("label", { class: "choice" },
    el("input", { id, name, type: "checkbox", checked: value, onchange: (e) => keep(e.target.checked) }), " ",
    el("span", {}, label, hint ? el("small", {}, hint) : null)));
}

// fill puts children in place of those that an element has.
function fill(id, ...children) {
  document.getElementById(id).replaceChildren(...children.flat(Infinity).filter(Boolean));
}
