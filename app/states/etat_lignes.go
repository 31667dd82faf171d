package states

import (
	"paye/etats"
	"paye/internal/lang"
)

// heures is the décompte of hours: the lines, then totals by agent and by rate.
func (b *builder) heures() {
	rows := etats.Heures(b.m, b.c, b.q)
	b.title(lang.Text{FR: "Décompte des heures supplémentaires et complémentaires", EN: "Décompte of supplementary and complementary hours"})
	suffit := lang.Text{FR: "le journal suffit (note 10)", EN: "the journal is enough (note 10)"}
	manque := lang.Text{FR: "décompte à joindre", EN: "a décompte must be attached"}
	b.table(&Table{Name: "heures", Title: b.etat.Title, Len: len(rows),
		Columns: append(agentColumns(),
			column("grade", "grade", "grade", Text, 2), column("emploi", "emploi", "post", Text, 1.8), column("statut", "statut", "statut", Text, 1.2), column("mois", "mois", "month", Text, 0.8),
			column("code", "code", "code", Text, 0.7), column("libelle", "libellé", "label", Text, 2), column("classe", "classe", "class", Text, 1.1),
			column("heures", "heures", "hours", Number, 0.8), column("taux", "taux", "rate", Number, 0.8), column("montant", "montant", "amount", Money, 1),
			column("heures_du_mois", "heures du mois", "hours of the month", Number, 0.9), column("plafond", "plafond", "ceiling", Number, 0.8), column("depassement", "dépassement", "above", Number, 0.9),
			column("decompte", "décompte", "décompte", Text, 1.6), column("remarques", "remarques", "remarks", Text, 2)),
		Rows: rowsOf(rows, func(r *etats.LigneHeures) []Cell {
			decompte := manque
			if r.Suffit {
				decompte = suffit
			}
			mois := text(r.Mois)
			if r.Mois == "" {
				mois = b.absent()
			}
			return append(b.agent(r.Fiche), text(b.m.Texte(r.Fiche.Grade)), text(b.m.Texte(r.Fiche.Emploi)), text(b.m.Texte(r.Fiche.Statut)), mois,
				text(r.Cle.Code), text(r.Libelle), text(r.Classe.String()), b.units(r.Heures, r.Connues), number(int64(r.Taux)), money(r.Montant),
				number(r.DuMois), number(etats.PlafondHeures), number(r.Depasse), text(decompte.In(b.look.Language)), text(r.Drapeaux.String()))
		})})
	agents, rates := etats.HeuresTotals(rows)
	b.hoursTotals("heures_agent", lang.Text{FR: "Totaux par agent et par taux", EN: "Totals by agent and rate"}, agents)
	b.hoursTotals("heures_taux", lang.Text{FR: "Totaux par taux", EN: "Totals by rate"}, rates)
}

func (b *builder) hoursTotals(name string, title lang.Text, list []etats.TotalHeures) {
	b.table(&Table{Name: name, Title: title, Len: len(list),
		Columns: append(agentColumns(), column("classe", "classe", "class", Text, 1), column("taux", "taux", "rate", Number, 1), column("agents", "agents", "agents", Count, 1), column("heures", "heures", "hours", Number, 1), column("montant", "montant", "amount", Money, 1)),
		Rows: rowsOf(list, func(t *etats.TotalHeures) []Cell {
			nom := t.Nom.Reveal()
			if b.look.Masked {
				nom = ""
			}
			taux := number(int64(t.Taux))
			if t.Taux == 0 {
				taux = text("")
			}
			return []Cell{text(t.Matricule), text(nom), text(t.Classe.String()), taux, count(t.Agents), number(t.Heures), money(t.Montant)}
		})})
}

// lines is an état of some classes. What the XHL does not have is said so.
func (b *builder) lines(title lang.Text, name string, rows []etats.LigneClasse) {
	b.title(title)
	b.table(&Table{Name: name, Title: title, Len: len(rows),
		Columns: append(agentColumns(),
			column("emploi", "emploi", "post", Text, 2), column("code", "code", "code", Text, 0.8), column("libelle", "libellé", "label", Text, 2.6), column("classe", "classe", "class", Text, 1.2),
			column("periode", "période", "period", Text, 1.6), column("unites", "unités", "units", Number, 1), column("taux", "taux", "rate", Number, 1), column("montant", "montant", "amount", Money, 1.2)),
		Rows: rowsOf(rows, func(r *etats.LigneClasse) []Cell {
			periode := text(r.Periode)
			if r.Periode == "" {
				periode = b.absent()
			}
			return append(b.agent(r.Fiche), text(b.m.Texte(r.Fiche.Emploi)), text(r.Cle.Code), text(r.Libelle), text(r.Classe.String()), periode,
				b.units(r.Unites, r.Connues), b.units(int64(r.Taux), r.Taux != 0), money(r.Montant))
		})})
}

// elus is the état of the indemnités de fonction (3112).
func (b *builder) elus() {
	rows := etats.Elus(b.m, b.c, b.q)
	b.title(lang.Text{FR: "État liquidatif des indemnités de fonction des élus", EN: "État liquidatif of the indemnités of élus"})
	b.table(&Table{Name: Elus, Title: b.etat.Title, Len: len(rows),
		Columns: append(agentColumns(),
			column("emploi", "mandat", "mandate", Text, 2), column("code", "code", "code", Text, 0.8), column("libelle", "libellé", "label", Text, 2),
			column("plafond", "plafond et pourcentage", "ceiling and share", Text, 1.6), column("brut", "brut", "gross", Money, 1.2),
			column("mt_brut", "MtBrut (déclaré)", "MtBrut (declared)", Money, 1.2), column("mt_net", "MtNet (déclaré)", "MtNet (declared)", Money, 1.2), column("mt_net_a_payer", "MtNetAPayer (déclaré)", "MtNetAPayer (declared)", Money, 1.2),
			column("pas_base", "base du PAS", "PAS base", Number, 1.1), column("pas_taux", "taux du PAS", "PAS rate", Number, 1), column("pas", "PAS", "PAS", Money, 1)),
		Rows: rowsOf(rows, func(r *etats.LigneClasse) []Cell {
			tax := etats.TaxOf(b.m, b.c, r.Fiche)
			base, rate, mt := b.absent(), b.absent(), b.absent()
			if tax.Set {
				base, rate, mt = decimal(tax.Base), decimal(tax.Taux), money(tax.Montant)
			}
			t := &r.Fiche.Totaux
			return append(b.agent(r.Fiche), text(b.m.Texte(r.Fiche.Emploi)), text(r.Cle.Code), text(r.Libelle), b.absent(), money(r.Montant), money(t.Brut), money(t.Net), money(t.NetAPayer), base, rate, mt)
		})})
}

// sft is the état of the supplément familial (210221).
func (b *builder) sft() {
	rows := etats.SFTRows(b.m, b.c, b.q)
	b.title(lang.Text{FR: "État du supplément familial de traitement", EN: "État of the supplément familial"})
	b.table(&Table{Name: SFT, Title: b.etat.Title, Len: len(rows),
		Columns: append(agentColumns(),
			column("enfants", "enfants", "children", Count, 0.8), column("indice_majore", "indice majoré", "indice majoré", Count, 0.8), column("montant", "montant", "amount", Money, 1),
			column("moyenne", "moyenne à enfants égaux", "mean for as many children", Money, 1.2), column("situation", "situation familiale", "family situation", Text, 1.8), column("remarque", "remarque", "remark", Text, 1)),
		Rows: rowsOf(rows, func(r *etats.LigneSFT) []Cell {
			remark := ""
			if r.Ecart {
				remark = "a_verifier"
			}
			return append(b.agent(r.Fiche), count(int(r.Fiche.Enfants)), count(int(r.Fiche.Indice)), money(r.Montant), money(r.Moyenne), b.absent(), text(remark))
		})})
}

// charges is the décompte of contributions (212).
func (b *builder) charges() {
	rows := etats.Charges(b.m, b.c, b.q)
	b.title(lang.Text{FR: "Décompte des charges", EN: "Décompte of charges"})
	b.table(&Table{Name: Charges, Title: b.etat.Title, Len: len(rows),
		Columns: []Column{column("caisse", "caisse", "caisse", Text, 1.2), column("nom_caisse", "nom de la caisse", "name of the caisse", Text, 2.4), column("part", "part", "share", Text, 1), column("code", "code", "code", Text, 0.8),
			column("libelle", "libellé", "label", Text, 2.6), column("assiette", "assiette", "base", Money, 1.3), column("taux", "taux", "rate", Text, 0.9), column("montant", "montant", "amount", Money, 1.3), column("lignes", "lignes", "rows", Count, 0.8)},
		Rows: rowsOf(rows, func(r *etats.Charge) []Cell {
			base := money(r.Assiette)
			if r.Assiette == 0 {
				base = b.absent()
			}
			taux := text(r.Taux)
			if r.Taux == "" {
				taux = b.absent()
			}
			return []Cell{text(r.Caisse), text(r.NomCaisse), text(r.Nature.String()), text(r.Code), text(r.Libelle), base, taux, money(r.Montant), count(r.Lignes)}
		})})
}

// controles is what the advisory controls found, after what each is.
func (b *builder) controles() {
	rows := etats.Check(b.m, b.c, b.q)
	b.title(lang.Text{FR: "Contrôles, à titre d'avis", EN: "Controls, as an opinion"})
	found := make(map[string]int)
	for i := range rows {
		found[rows[i].Controle]++
	}
	b.table(&Table{Name: Controles, Title: lang.Text{FR: "Contrôles", EN: "Controls"}, Len: len(etats.Controles),
		Columns: []Column{column("controle", "contrôle", "control", Text, 1.4), column("definition", "définition", "definition", Text, 3.4), column("seuil", "seuil", "threshold", Text, 0.8), column("source", "source et date", "source and date", Text, 1.4), column("trouves", "trouvés", "found", Count, 0.8)},
		Rows: rowsOf(etats.Controles, func(c *etats.Controle) []Cell {
			return []Cell{text(c.Nom), text(c.Definition.In(b.look.Language)), text(c.Seuil), text(c.Source), count(found[c.Nom])}
		})})
	b.table(&Table{Name: "remarque", Title: lang.Text{FR: "À vérifier", EN: "To check"}, Len: len(rows),
		Columns: append([]Column{column("controle", "contrôle", "control", Text, 1.4)}, append(agentColumns(), column("code", "code ou autre matricule", "code or other matricule", Text, 1.4), column("valeur", "valeur", "value", Text, 1))...),
		Rows: rowsOf(rows, func(r *etats.Remarque) []Cell {
			nom := r.Nom.Reveal()
			if b.look.Masked {
				nom = ""
			}
			return []Cell{text(r.Controle), text(r.Matricule), text(nom), text(r.Code), text(r.Valeur)}
		})})
}
