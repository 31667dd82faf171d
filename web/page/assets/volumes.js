// The sections of the settings, the plan and the volumes.
"use strict";

function renderSettings() {
  if (!state.drop) return fill("settings");
  const s = state.settings;
  const set = (name, again) => (value) => { s[name] = value; if (again) renderSettings(); };
  const wrong = state.wrong || [];
  fill("settings", el("h2", {}, t("3. Réglages", "3. Settings")),
    wrong.length ? el("div", { class: "notice bad", role: "alert" }, el("p", { class: "title" }, t("À compléter", "To be filled in")),
      el("ul", {}, wrong.map(([name, text]) => el("li", {}, el("a", { href: "#f-" + name }, text))))) : null,
    el("form", { class: "stack", onsubmit: (e) => { e.preventDefault(); replan(); } },
      radios("format", t("Ce qui part", "What leaves"), s.format, [
        ["pes", t("des flux PES PJ", "PES PJ fluxes"), t("pour le tiers de télétransmission ; demande les codes que donne le comptable", "for the carrier; needs the codes that the accountant gives")],
        ["zip", t("des archives de paye", "payroll archives"), t("à déposer soi-même ou à lire dans XéMéLios", "to be handed over by hand or read in XéMéLios")]], set("format", true)),
      field("limit", t("Limite d’un volume", "Limit of a volume"), s.limit, set("limit"), { hint: t("128Mo, 80Mo, 50Mo, ou gxml, s2low, stela.", "128Mo, 80Mo, 50Mo, or gxml, s2low, stela."), size: 14, max: 20 }),
      s.format === "pes" ? codes(s, set) : null,
      el("details", {}, el("summary", {}, t("Autres réglages", "Other settings")),
        select("mode", t("Découpage", "Cutting"), s.mode, [["", t("le moins de volumes possible", "as few volumes as possible")], ["nombre", t("un nombre de bulletins par volume", "a number of bulletins a volume")],
          ["separe", t("le journal seul, puis les pièces", "the journal alone, then the pieces")]], set("mode")),
        field("par", t("Bulletins par volume", "Bulletins a volume"), s.par, set("par"), { hint: t("Seulement pour ce découpage.", "For that cutting only."), size: 8, max: 7, inputmode: "numeric" }),
        select("packaging", t("Pièces dans le flux", "Pieces in the flux"), s.packaging, [["archive", t("une archive de paye par volume", "one payroll archive a volume")], ["pieces", t("chaque justificatif à part", "each justificatif apart")]], set("packaging")),
        select("level", t("Compression", "Compression"), s.level, [["auto", t("automatique", "automatic")], ["rapide", t("rapide", "quick")], ["normal", t("normale", "normal")], ["dense", t("la plus dense", "densest")]], set("level")),
        field("date", t("Date du flux", "Date of the flux"), s.date, set("date"), { hint: t("Aujourd’hui si rien n’est dit.", "Today when nothing is said."), type: "date" })),
      el("div", { class: "actions" }, el("button", { id: "recalculer", disabled: Boolean(state.busy) }, t("Recalculer", "Work it out again")))),
    problemIn("settings"), el("div", { class: "busy-box" }));
}

function codes(s, set) {
  const stored = recall();
  return el("fieldset", { class: "field" }, el("legend", {}, t("Codes donnés par le comptable", "Codes given by the accountant")),
    field("idpost", t("IdPost, codique du poste", "IdPost, codique of the office"), s.idpost, set("idpost"), { hint: t("Six ou sept caractères, avec les zéros du début : 006111.", "Six or seven characters, with the zeros in front: 006111."), size: 8, max: 7 }),
    field("codcol", t("CodCol, code de la collectivité", "CodCol, code of the authority"), s.codcol, set("codcol"), { hint: t("Trois chiffres.", "Three digits."), size: 8, max: 3 }),
    field("codbud", t("CodBud, code du budget", "CodBud, code of the budget"), s.codbud, set("codbud"), { hint: t("Deux caractères, souvent 00.", "Two characters, often 00."), size: 8, max: 10 }),
    field("finjur", t("FinJur, FINESS juridique", "FinJur, legal FINESS"), s.finjur, set("finjur"), { hint: t("Pour un hôpital seulement.", "For a hospital only."), size: 16, max: 14 }),
    checkbox("remember", t("Retenir ces codes dans ce navigateur", "Remember these codes in this browser"), state.remember, (on) => {
      state.remember = on;
      if (on) remember(s);
    }, t("Eux seuls : ni nom, ni SIRET, ni paye. D’autres pages ouvertes depuis ce disque pourraient les lire.", "Them alone: no name, no SIRET, no payroll. Other pages opened from this disk could read them.")),
    stored ? el("p", {}, button(t("Oublier les codes retenus", "Forget the remembered codes"), () => {
      forget();
      state.remember = false;
      renderSettings();
    }, "small danger", { id: "oublier" })) : null);
}

function replan() {
  if (state.remember) remember(state.settings);
  return work("settings", t("Calcul des volumes", "Planning the volumes"), async () => {
    await mountDrop();
    await runPlan();
  });
}

function renderPlan() {
  const a = state.plan;
  if (!a) return fill("plan");
  if (a.fault) return fill("plan", el("h2", {}, t("4. Plan", "4. Plan")), faultNotice(a.fault), (a.view?.groups || []).map(groupNotice));
  const v = a.view, m = v.manifest;
  const { need, fits } = room(a);
  const picture = URL.createObjectURL(new Blob([said(v.picture)], { type: "image/svg+xml" }));
  fill("plan", el("h2", {}, t("4. Plan", "4. Plan")),
    facts([[t("Employeur", "Employer"), v.employer], ["SIRET", m.siret], [t("Mois", "Month"), monthOf(m.annee, m.mois)], [t("Bulletins", "Bulletins"), number(m.bulletins)],
      [t("Établissements", "Établissements"), number(v.groupes)], [t("Justificatifs", "Justificatifs"), number(v.pieces)], [t("Journal", "Journal"), octets(v.octets)]]),
    v.errors ? notice("bad", t("{0} avant l’envoi.", "{0} before sending.", counted(v.errors, t("anomalie à corriger", "anomaly to correct"), t("anomalies à corriger", "anomalies to correct"))), { text: volumesText(m) }) : notice("good", volumesText(m)),
    el("div", { class: "picture", tabindex: "0", role: "region", "aria-label": t("Dessin des volumes", "Drawing of the volumes") }, el("img", { src: picture, alt: t("Dessin des volumes : une barre par volume, la limite en trait ; les chiffres sont dans le tableau qui suit", "Drawing of the volumes: a bar a volume, the limit as a line; the figures are in the table below"), onload: () => URL.revokeObjectURL(picture) })),
    volumeTable("plan-volumes", m), v.groups.map(groupNotice), otherTable(a),
    fits ? null : notice("bad", t("Ces volumes demandent environ {0} de place ; la page en a {1}. Utilisez la commande xhl.", "These volumes want about {0} of room; the page has {1}. Use the command xhl.", octets(need), octets(host.bound))),
    el("p", {}, button(state.built ? t("Reconstruire les volumes", "Build the volumes again") : t("Construire les volumes", "Build the volumes"), startBuild, state.built ? "second" : "", { id: "construire", disabled: !fits || Boolean(state.busy) })),
    el("p", { class: "soft" }, roomText(need)));
}

// roomText says where volumes are made, before the work begins.
function roomText(need) {
  const where = host.disk ? t("Les volumes se font en mémoire, puis sur la place que le navigateur prête à cette page, reprise à la fin", "Volumes are made in memory, then in the room that the browser lends this page, taken back at the end")
    : fromDisk() ? t("Les volumes se font en mémoire", "Volumes are made in memory")
      : t("Ce navigateur ne prête pas de place sur son disque : les volumes se font en mémoire", "This browser lends no room on its disk: volumes are made in memory");
  return where + t(" : environ {0} sur les {1} que la page peut tenir. Rien n’est écrit avant que vous l’enregistriez.", ": about {0} of the {1} that the page can hold. Nothing is written before you save it.", octets(need), octets(host.bound));
}

// fromDisk tells a page that was opened from a disk, to which no browser lends room.
const fromDisk = () => globalThis.origin === "null";

function volumesText(m) {
  const n = counted(m.volumes.length, "volume", "volumes");
  return m.minimum_prouve ? t("{0} de {1} au plus : on ne peut pas faire moins.", "{0} of {1} at most: no fewer are possible.", n, octets(m.limit))
    : t("{0} de {1} au plus ; aucun découpage n’en aurait moins de {2}.", "{0} of {1} at most; no cut would have fewer than {2}.", n, octets(m.limit), number(m.borne_inferieure));
}

function volumeTable(id, m) {
  return table(id, "Volumes", [t("Fichier", "File"), ">" + t("Octets", "Bytes"), ">" + t("Part de la limite", "Share of the limit"), ">" + t("Bulletins", "Bulletins"), ">" + t("Pièces", "Pieces"), t("Matricules", "Matricules")],
    m.volumes.map((v) => [v.fichier, number(v.octets), ((v.octets * 100) / m.limit).toLocaleString(locale(), { maximumFractionDigits: 1 }) + " %", number(v.bulletins), number(v.pieces?.length || 0),
      v.entete_seul ? t("pièces seules", "pieces alone") : v.premier + " – " + v.dernier]));
}

// otherTable is what 128, 80 and 50 give, and fixed cuts.
function otherTable(a) {
  return table("autrement", t("Autrement (tailles estimées)", "Otherwise (estimated sizes)"), [t("Découpage", "Cut"), ">" + t("Volumes", "Volumes"), t("Remarque", "Remark")],
    linesOf(a, "autrement").map((o) => [o.par ? t("{0} par volume", "{0} a volume", counted(o.par, "bulletin", "bulletins")) : t("limite de {0}", "limit of {0}", octets(o.limit)), number(o.volumes),
      o.volumes_au_dela ? t("{0} au-delà de la limite", "{0} beyond the limit", number(o.volumes_au_dela)) : !o.par && o.volumes === o.borne_inferieure ? t("minimum prouvé", "proved minimum") : ""]));
}

function renderBuilt() {
  const a = state.built;
  const box = el("div", { class: "busy-box" });
  if (!a) return fill("build", problemIn("build"), box);
  if (a.fault) return fill("build", el("h2", {}, "5. Volumes"), faultNotice(a.fault), (a.view?.groups || []).map(groupNotice), box);
  const m = a.view.manifest;
  const good = state.set && !state.set.fault && state.set.view.exit === 0;
  fill("build", el("h2", {}, "5. Volumes"),
    el("div", { class: "confirm" }, el("p", { class: "title" }, t("Les volumes sont prêts et relus.", "The volumes are ready and read back.")),
      el("p", {}, t("{0} à la source, en {1}.", "{0} to the source, in {1}.", counted(m.bulletins, t("bulletin identique", "bulletin identical"), t("bulletins identiques", "bulletins identical")), counted(m.volumes.length, "volume", "volumes"))),
      el("p", {}, good ? badge("good", t("le lot est contrôlé, manifeste compris", "the set is checked, manifest included")) : badge("bad", t("le lot a des anomalies", "the set has anomalies"))),
      state.saved ? el("p", { id: "saved" }, badge("good", t("écrit dans « {0} » et relu depuis le dossier", "written to “{0}” and read back from the folder", state.saved))) : null),
    state.set?.fault ? faultNotice(state.set.fault) : (state.set?.view.groups || []).map(groupNotice),
    el("div", { class: "actions" },
      canChoose() ? button(t("Enregistrer dans un dossier…", "Save into a folder…"), saveFolder, "", { id: "enregistrer" }) : null,
      button(t("Tout télécharger en un zip", "Download all as one zip"), () => given(saveZip), canChoose() ? "second" : "", { id: "zip" }),
      button(t("Télécharger fichier par fichier", "Download file by file"), () => given(() => oneByOne(a.files)), "second", { id: "un-par-un" })),
    el("ul", { class: "next" }, a.files.map(([name, blob]) => el("li", {}, button(name, () => given(() => download(name, blob)), "plain"), " (" + octets(blob.size) + ")"))),
    state.given ? el("p", { class: "soft", role: "status" }, t("Remis au navigateur, qui dit où il l’a rangé. Pour vérifier ce qui est sur le disque, déposez ici le dossier des volumes avec son manifest.json.",
      "Handed to the browser, which says where it put it. To verify what is on the disk, drop the folder of the volumes here with its manifest.json.")) : null,
    problemIn("build"), box);
}

function given(act) {
  state.given = true;
  Promise.resolve(act()).then(render);
}
