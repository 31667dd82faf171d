// The section of what changed since the month before.
"use strict";

// compareWith takes the files of the month before and compares.
function compareWith(list) {
  if (!list.length) return;
  const files = [...known(new Map(), list)];
  return work("months", t("Comparaison des deux mois", "Comparing the two months"), async () => {
    await mountDrop();
    await host.call("empty", { folders: ["/avant"] });
    await host.mount("/avant", files);
    state.months = null;
    state.months = await ask({ do: "variations", folder: "/in", paths: [files.length === 1 ? "../avant/" + files[0][0] : "../avant"] });
  });
}

function renderMonths() {
  if (!state.drop) return fill("months");
  const a = state.months;
  const closed = Boolean(state.busy);
  fill("months", el("h2", {}, t("Comparer au mois précédent", "Compare with the month before")),
    el("details", { open: Boolean(a), id: "mois" }, el("summary", {}, t("Ce qui a changé, pourquoi, et la pièce que chaque changement demande", "What changed, why, and the piece that each change asks for")),
      el("div", { class: "columns" },
        dropField("avant", t("Journal ou volumes du mois précédent", "Journal or volumes of the month before"), t("Les fichiers de ce mois-là ; le mois déposé plus haut est l’autre.", "The files of that month; the month dropped above is the other."), closed, {}, compareWith),
        dropField("avant-dossier", t("ou son dossier", "or its folder"), t("Le journal, ou les volumes avec leur manifeste.", "The journal, or the volumes with their manifest."), closed, { webkitdirectory: true }, compareWith))),
    a ? a.fault ? faultNotice(a.fault) : comparison(a.view) : null,
    problemIn("months"), el("div", { class: "busy-box" }));
}

// more is what the command shows below its first screen.
function more(details) {
  return details?.length ? el("details", {}, el("summary", {}, t("Les plus forts écarts, et ce qui manque par rubrique", "The largest differences, and what is missing by rubrique")), el("ul", {}, details.map((line) => el("li", {}, said(line))))) : null;
}

function comparison(v) {
  return [
    v.missing ? notice("warning", t("{0} sans pièce.", "{0} without a piece.", counted(v.missing, t("variation", "variation"), t("variations", "variations"))), { items: v.facts.map(said), more: more(v.details) })
      : notice("good", t("Aucune pièce ne manque aux variations.", "No piece is missing for the variations."), { items: v.facts.map(said) }),
    v.groups.map(groupNotice),
    v.rows.length ? table("a-justifier", t("À justifier", "To justify"), v.columns.map((c) => (c.number ? ">" : "") + said(c.title)), v.rows) : null,
    v.missing > v.rows.length ? el("p", { class: "soft" }, t("Les {0} premières lignes ; le fichier les a toutes.", "The first {0} lines; the file has all of them.", number(v.rows.length))) : null,
    el("div", { class: "actions" },
      button(t("Télécharger les variations (CSV)", "Download the variations (CSV)"), () => download("variations.csv", new Blob([said(v.all)], { type: "text/csv" })), "second", { id: "variations-csv" }),
      v.missing ? button(t("Télécharger les lignes de justificatifs.csv à remplir", "Download the lines of justificatifs.csv to fill in"), () => download("manque.csv", new Blob([v.template], { type: "text/csv" })), "second", { id: "manque-csv" }) : null)];
}
