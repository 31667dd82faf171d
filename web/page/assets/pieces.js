// The sections of who each piece is for, and of the bulletins as PDF.
"use strict";

const maxRows = 500; // that are edited in the page
const indexColumns = ["matricule", "fichier", "nom", "description", "support", "id_unique"];

function columnTitle(name) {
  return { matricule: "Matricule", fichier: t("Fichier", "File"), nom: t("Nom", "Name"), description: t("Description", "Description"), support: t("Support", "Support"), id_unique: t("Identifiant", "Identifier") }[name];
}

function openIndex() {
  return work("pieces", t("Lecture des pièces", "Reading the pieces"), async () => {
    await mountDrop();
    state.index = await ask({ do: "index", folder: "/in" });
  });
}

// indexFile is the table as the file that the command reads.
async function indexFile() {
  const answer = await ask({ do: "indexText", rows: state.index.view.rows });
  return new File([answer.view], "justificatifs.csv", { type: "text/csv" });
}

// useIndex puts the table in the place of the one that was dropped.
async function useIndex() {
  let file;
  await work("pieces", t("Écriture de la table", "Writing the table"), async () => { file = await indexFile(); });
  if (!file) return;
  const name = state.index.view.file;
  state.index = null;
  await take([[name, file]]);
}

function saveIndex() {
  return work("pieces", t("Écriture de la table", "Writing the table"), async () => download("justificatifs.csv", await indexFile()));
}

function renderPieces() {
  if (!state.drop || (!state.drop.Pieces && !state.drop.Index)) return fill("pieces");
  const a = state.index;
  fill("pieces", el("h2", {}, t("Justificatifs", "Justificatifs")),
    el("p", {}, counted(state.drop.Pieces, t("pièce déposée", "piece dropped"), t("pièces déposées", "pieces dropped")), ". ",
      state.drop.Index ? t("Le fichier justificatifs.csv dit qui chacune concerne.", "The file justificatifs.csv says whom each is about.") : t("Si le journal ne cite pas les pièces, une table dit qui chacune concerne.", "If the journal does not name the pieces, a table says whom each is about.")),
    a ? indexEditor(a) : el("p", {}, button(state.drop.Index ? t("Voir et corriger la table", "See and correct the table") : t("Proposer une table", "Propose a table"), openIndex, "second", { id: "table", disabled: Boolean(state.busy) })),
    problemIn("pieces"), el("div", { class: "busy-box" }));
}

function indexEditor(a) {
  if (a.fault) return faultNotice(a.fault);
  const v = a.view;
  if (v.rows.length > maxRows) return notice("warning", t("La table a {0} lignes : corrigez-la dans un tableur, et déposez-la de nouveau.", "The table has {0} lines: correct it in a spreadsheet, and drop it again.", number(v.rows.length)));
  const box = (row, i, name) => el("input", { value: row[name], "aria-label": columnTitle(name) + " " + (i + 1), class: "cell", size: { matricule: 8, support: 2, id_unique: 10 }[name] || 18, oninput: (e) => { row[name] = e.target.value.trim(); } });
  const waiting = v.rows.filter((r) => !r.matricule).length;
  return [
    v.proposed ? notice("neutral", t("Proposée d’après les noms des fichiers : un matricule du journal qui s’y trouve.", "Proposed from the names of the files: a matricule of the journal that stands in them."), {
      text: t("À vous de confirmer. * à la place du matricule désigne une pièce qui vaut pour tous ; une ligne sans matricule n’est pas gardée ({0}).", "It is yours to confirm. * in the place of the matricule is a piece for all; a line without a matricule is not kept ({0}).", number(waiting)) }) : null,
    table("table-pieces", t("Qui chaque pièce concerne", "Whom each piece is about"), indexColumns.map(columnTitle), v.rows.map((row, i) => indexColumns.map((name) => box(row, i, name)))),
    el("div", { class: "actions" }, button(t("Utiliser cette table", "Use this table"), useIndex, "", { id: "utiliser" }),
      button(t("Ajouter une ligne", "Add a line"), () => { v.rows.push(Object.fromEntries(indexColumns.map((n) => [n, ""]))); renderPieces(); }, "second"),
      button(t("Télécharger justificatifs.csv", "Download justificatifs.csv"), saveIndex, "second"),
      button(t("Fermer", "Close"), () => { state.index = null; renderPieces(); }, "plain"))];
}

function renderSlips() {
  if (!state.plan || state.plan.fault) return fill("slips");
  const a = state.slips;
  fill("slips", el("h2", {}, t("Bulletins en PDF", "Bulletins as PDF")),
    field("matricules", t("Matricules", "Matricules"), state.wanted || "", (v) => { state.wanted = v; }, { hint: t("Séparés par des espaces ; tous si rien n’est dit.", "With spaces between; all of them when nothing is said.") }),
    el("p", {}, button(t("Éditer les bulletins", "Render the bulletins"), renderBulletins, "second", { id: "bulletins", disabled: Boolean(state.busy) })),
    a?.fault ? faultNotice(a.fault) : null,
    a && !a.fault ? [notice("good", t("{0} en PDF.", "{0} as PDF.", counted(a.view.count, "bulletin", "bulletins")), { text: octets(a.view.octets) }), a.view.groups.map(groupNotice),
      el("p", {}, button(t("Télécharger en un zip", "Download as one zip"), () => given(saveSlips), "", { id: "bulletins-zip" }))] : null,
    problemIn("slips"), el("div", { class: "busy-box" }));
}

function renderBulletins() {
  return work("slips", t("Édition des bulletins", "Rendering the bulletins"), async () => {
    await mountDrop();
    state.slips = null;
    const answer = await ask({ do: "bulletins", folder: "/in", matricules: (state.wanted || "").split(/[\s,;]+/).filter(Boolean) });
    if (!answer.fault) {
      answer.files = await host.call("give", { folder: "/out/bulletins" });
      await host.call("empty", { folders: ["/out/bulletins"] });
    }
    state.slips = answer;
  });
}

function saveSlips() {
  const m = state.plan.view.manifest;
  return work("slips", t("Préparation du zip", "Making the zip"), async () => {
    download("bulletins-" + [m.siret, m.annee, m.mois].join("-") + ".zip", await host.call("zip", { list: state.slips.files }));
  });
}
