// What the page shows, section by section. A section is drawn again when what
// it shows changes; the boxes that are typed in are in a section of their own.
"use strict";

function render() {
  document.documentElement.lang = page.lang;
  document.title = t("Préparer et contrôler la paye", "Prepare and check the payroll") + " – xhl";
  renderTop();
  renderDrop();
  renderCheck();
  renderPieces();
  renderMonths();
  renderSettings();
  renderPlan();
  renderBuilt();
  renderSlips();
  renderFoot();
  showBusy();
}

function renderTop() {
  fill("top-language", page.lang === "fr"
    ? button("English", () => { page.lang = "en"; render(); }, "plain", { lang: "en" })
    : button("Français", () => { page.lang = "fr"; render(); }, "plain", { lang: "fr" }));
  document.querySelector(".skip").textContent = t("Aller au contenu", "Skip to content");
  fill("intro", el("h1", {}, t("Préparer et contrôler la paye", "Prepare and check the payroll")),
    el("p", { class: "lead" }, t("Déposez le journal de paye et ses justificatifs : vous voyez ce qu’ils valent, comment ils partiront, et vous repartez avec les volumes. Tout se fait dans cet onglet.",
      "Drop the payroll journal and its justificatifs: you see what they are worth, how they will leave, and you go away with the volumes. All of it is done in this tab.")),
    notice("good", t("Rien n’est envoyé.", "Nothing is sent."), {
      text: t("Les règles de cette page lui interdisent de charger ou de poster quoi que ce soit, et son programme ne contient aucune adresse. Vos fichiers sont lus là où ils sont.",
        "The rules of this page forbid it to load or post anything, and its program holds no address. Your files are read where they are."),
      more: el("details", {}, el("summary", {}, t("Comment le voir vous-même", "How to see it for yourself")),
        el("ul", {}, el("li", {}, t("Coupez le réseau avant d’ouvrir la page : tout marche pareil.", "Unplug the network before you open the page: all of it works the same.")),
          el("li", {}, t("Ouvrez les outils du navigateur (touche F12), onglet « Réseau » : la liste reste vide pendant le travail.", "Open the tools of the browser (key F12), tab “Network”: the list stays empty during the work.")),
          el("li", {}, t("Affichez la source de la page : la ligne Content-Security-Policy, au début, porte connect-src 'none'.", "Show the source of the page: the line Content-Security-Policy, at its start, has connect-src 'none'.")))) }),
    state.fault ? notice("bad", t("La page ne peut pas travailler.", "The page cannot work."), { text: capital(state.fault) }) : null);
}

function renderDrop() {
  const bytes = [...state.files.values()].reduce((sum, f) => sum + f.size, 0);
  const closed = !state.ready || Boolean(state.busy);
  fill("drop", el("h2", {}, t("1. Déposer", "1. Drop")),
    el("div", { id: "drop-zone", class: "zone" },
      el("p", {}, t("Glissez ici des fichiers ou un dossier, ou choisissez-les :", "Drag files or a folder here, or choose them:")),
      el("div", { class: "columns" },
        dropField("fichiers", t("Fichiers", "Files"), t("Journal .xhl ou .xml, .zip, run .jsonl, PDF, justificatifs.csv ; ou des volumes et un acquittement.", "Journal .xhl or .xml, .zip, run .jsonl, PDFs, justificatifs.csv; or volumes and an acquittal."), closed, {}),
        dropField("dossier", t("ou un dossier entier", "or a whole folder"), t("Tout ce qu’il contient est pris.", "All that it holds is taken."), closed, { webkitdirectory: true }))),
    state.ready || state.fault ? null : el("p", { class: "soft", role: "status" }, t("Le programme démarre…", "The program is starting…")),
    state.files.size ? el("p", { id: "dropped" }, counted(state.files.size, t("fichier déposé", "file dropped"), t("fichiers déposés", "files dropped")) + ", " + octets(bytes) + ". ",
      state.busy ? null : button(t("Tout retirer", "Remove all"), clearAll, "small danger")) : null,
    problemIn("drop"),
    state.stopped === "drop" ? el("p", {}, button(t("Examiner ce qui est déposé", "Look at what was dropped"), look, "small", { id: "examiner" })) : null,
    state.sortFault ? faultNotice(state.sortFault) : null,
    el("div", { class: "busy-box" }));
}

function dropField(name, label, hint, closed, more, act = take) {
  const id = "f-" + name;
  return el("div", { class: "drop" }, el("label", { for: id }, label), el("p", { class: "hint", id: id + "-hint" }, hint),
    el("input", { type: "file", id, multiple: true, disabled: closed, "aria-describedby": id + "-hint", onchange: (e) => act(fromInput(e.target)), ...more }));
}

const problemIn = (where) => (state.problem?.where === where ? notice("bad", t("Ce travail n’a pas abouti.", "This work did not come to its end."), { text: capital(state.problem.text) })
  : state.stopped === where ? notice("warning", t("Le travail a été annulé. Rien n’en reste.", "The work was cancelled. Nothing of it is left.")) : null);

function renderCheck() {
  const a = state.check;
  if (!a) return fill("check");
  fill("check", el("h2", {}, t("2. Contrôle", "2. Check")), a.fault ? faultNotice(a.fault) : [
    checkVerdict(a.view), checkFacts(a), a.view.groups.map(groupNotice), fileTable("controle-fichiers", a),
    el("p", {}, button(t("Le rapport complet, à imprimer ou à envoyer", "The whole report, to print or to mail"), () =>
      download(t("rapport.html", "report.html"), new Blob([said(a.view.report)], { type: "text/html" })), "second"))]);
}

function checkVerdict(v) {
  if (v.exit === 11) return notice("bad", t("Un fichier au moins n’est d’aucun genre connu.", "One file at least is of no known kind."));
  if (v.refused) return notice("bad", t("Le comptable refuse des pièces.", "The accountant refuses pieces."), { text: t("acceptées : {0}, refusées : {1}", "accepted: {0}, refused: {1}", number(v.accepted), number(v.refused)) });
  if (v.exit) return notice("bad", t("À corriger avant l’envoi.", "To be corrected before sending."));
  if (v.accepted === 1) return notice("good", t("Le comptable accepte la pièce de cette réponse.", "The accountant accepts the piece of this answer."));
  if (v.accepted) return notice("good", t("Le comptable accepte les {0} pièces de cette réponse.", "The accountant accepts the {0} pieces of this answer.", number(v.accepted)));
  return notice("good", t("Rien n’empêche l’envoi.", "Nothing prevents sending."));
}

const linesOf = (answer, type) => answer.lines.filter((l) => l.type === type);

function checkFacts(a) {
  const v = a.view;
  if (!v.siret) return null;
  const bulletins = linesOf(a, "fichier").reduce((sum, f) => sum + (f.bulletins || 0), 0);
  return facts([[t("Employeur", "Employer"), v.employer], ["SIRET", v.siret], [t("Mois", "Month"), monthOf(v.annee, v.mois)], [t("Bulletins", "Bulletins"), number(bulletins)]]);
}

const kindText = (kind) => ({ xhl: t("journal XHL", "XHL journal"), pes: t("flux PES", "PES flux"), acquit: t("acquittement", "acquittal"), zip: t("archive zip", "zip archive") })[kind] || kind;

function fileTable(id, a) {
  return table(id, t("Fichiers", "Files"), [t("Fichier", "File"), t("Nature", "Kind"), ">" + t("Octets", "Bytes"), t("Schéma", "Schema"), ">" + t("Bulletins", "Bulletins"), ">" + t("Pièces", "Pieces")],
    linesOf(a, "fichier").map((f) => [f.fichier, kindText(f.genre), number(f.octets),
      f.schema_valide ? badge("good", t("valide", "valid")) : f.conforme ? badge("neutral", t("suite", "part")) : badge("bad", t("invalide", "invalid")), number(f.bulletins || 0), number(f.pieces || 0)]));
}

function renderFoot() {
  fill("foot", el("p", { class: "soft" }, "xhl " + build.version + ". ",
    t("Cette page est un fichier : gardez-la, copiez-la, ouvrez-la sans réseau.", "This page is a file: keep it, copy it, open it without a network.")));
}

// showBusy draws the bar of the work under way, in its section.
function showBusy() {
  const b = state.busy;
  const box = b && document.querySelector("#" + b.where + " .busy-box");
  if (!box) return;
  if (!box.firstChild) {
    box.append(el("div", { class: "notice busy", role: "status" }, el("div", { class: "progress" }, el("p", {}), el("progress", { max: "100" })),
      button(t("Annuler", "Cancel"), cancel, "danger small", { id: "annuler" })));
  }
  const bar = box.querySelector("progress");
  box.querySelector("p").textContent = b.label;
  bar.setAttribute("aria-label", b.label);
  if (b.total > 0) bar.value = Math.min(99, Math.floor((b.done * 100) / b.total));
  else bar.removeAttribute("value");
}
