package etatstest

import (
	"strings"

	"paye/etats"
	"paye/synth"
	"paye/xhl"
)

// truth is the class of the rubriques of synth, and the label that another
// editor would give them. Codes of a non titulaire begin with 2.
var truth = map[string]struct {
	classe etats.Classe
	short  string
}{
	"1000": {etats.Traitement, "TRAIT.BASE TIT. MENS"}, "1020": {etats.NBI, "N.B.I."}, "1100": {etats.Residence, "IND. RESIDENCE"},
	"1150": {etats.SFT, "SUPPLEMT FAMILIAL TI"}, "1180": {etats.Avantage, "AVANT. NATURE LOGT"}, "1210": {etats.IFSE, "I.F.S.E."},
	"1215": {etats.CIA, "C.I.A."}, "1310": {etats.IHTS14, "HEURES SUPPLEM. TX1"}, "1314": {etats.IHTSDimanche, "H. SUP. DIM. FERIES"},
	"1320": {etats.HeuresCompl, "HEURES COMPLEMENT."}, "1810": {etats.Transport, "REMBT. TRANSPORT"}, "1850": {etats.Chomage, "AIDE RETOUR EMPLOI"},
	"1860": {etats.CongesPayes, "CONGES PAYES"}, "1870": {etats.CapitalDeces, "CAPITAL DECES"}, "1400": {etats.Astreinte, "IND.ASTREINTE SEM."},
	"3010": {etats.Vacation, "VACATIONS HORAIRES"}, "3100": {etats.Traitement, "SALAIRE HORAIRE PEC"}, "3500": {etats.IndemniteElu, "INDEMN. DE FONCTION"},
	"6000": {etats.PAS, "PREL. A LA SOURCE"}, "6100": {etats.Mutuelle, "M.N.T."}, "6110": {etats.Mutuelle, "PREVOYANCE"}, "6200": {etats.Titres, "PRELEVEM TITRE REPAS"},
	"6210": {etats.Titres, "PRELEVEM TITRE REPAS"}, "6300": {etats.Avantage, "REPRISE AVANT.NATURE"}, "6400": {etats.Saisie, "S.A.T.D."},
	"6500": {etats.Autre, "RETENUE C.G.O.S."}, "6900": {etats.Acompte, "ACOMPTE"},
}

func known(code string) (string, bool) {
	if len(code) == 4 && code[0] == '2' {
		code = "1" + code[1:]
	}
	_, there := truth[code]
	return code, there
}

// Truth is the mapping that a user who knows the payroll would write.
func Truth(runs ...*synth.Run) []etats.Rubrique {
	seen := make(map[etats.Cle]bool)
	var list []etats.Rubrique
	add := func(k etats.Cle) {
		if seen[k] {
			return
		}
		seen[k] = true
		r := etats.Rubrique{Cle: k, Classe: etats.Prime, Origine: etats.OrigineUtilisateur}
		if code, there := known(k.Code); there {
			r.Classe = truth[code].classe
		} else if k.Nature == xhl.Deduction || k.Nature == xhl.Cotisation {
			r.Classe = etats.Cotisation
		}
		switch r.Classe {
		case etats.CIA, etats.CongesPayes, etats.Chomage, etats.CapitalDeces:
			r.Recurrente = etats.NonRecurrente
		}
		list = append(list, r)
	}
	var b xhl.Bulletin
	for _, run := range runs {
		for i := range run.Len() {
			run.Bulletin(i, &b)
			for j := range b.Remuneration.Lignes {
				l := &b.Remuneration.Lignes[j]
				add(etats.Cle{Code: l.Code, Nature: l.Nature})
			}
		}
	}
	return list
}

// disguised is the code lists of an editor who gives no account and short
// labels.
func disguised(n *xhl.Nomenclatures) *xhl.Nomenclatures {
	out := *n
	out.NomenclatureRubriquePaye.Correspondance = nil
	out.NomenclatureNature = nil
	for _, r := range n.NomenclatureRubriquePaye.Correspondance {
		r.CodeNatureEmp, r.CodeNatureSal = xhl.Opt[string]{}, xhl.Opt[string]{}
		r.Libelle = short(r.Code, r.Libelle)
		out.NomenclatureRubriquePaye.Correspondance = append(out.NomenclatureRubriquePaye.Correspondance, r)
	}
	return &out
}

func short(code, libelle string) string {
	if code, there := known(code); there && !strings.Contains(libelle, "amicale") {
		return truth[code].short
	}
	return strings.ToUpper(libelle)
}

// disguise writes a bulletin as that editor would: one masked NIR for all, NBI
// inside the traitement, hours in Base.
func disguise(b *xhl.Bulletin) {
	b.Agent.NIR = "999999999999999"
	lines := b.Remuneration.Lignes
	var nbi xhl.Montant
	kept := lines[:0]
	for i := range lines {
		l := lines[i]
		if l.Code == "1020" && l.Nature == xhl.TraitBrut {
			mt, _ := l.Mt.Montant()
			nbi += mt
			continue
		}
		l.Libelle = short(l.Code, l.Libelle)
		if code, _ := known(l.Code); (code == "1310" || code == "1314" || code == "1320") && l.NbUnite != "0" && l.NbUnite != "" {
			units, _ := l.NbUnite.Milliemes()
			l.Base, l.NbUnite = xhl.Montant(units/10).Decimal(), "0"
		}
		kept = append(kept, l)
	}
	for i := range kept {
		if code, _ := known(kept[i].Code); nbi != 0 && code == "1000" && kept[i].Nature == xhl.TraitBrut {
			mt, _ := kept[i].Mt.Montant()
			kept[i].Mt = (mt + nbi).Decimal()
			break
		}
	}
	b.Remuneration.Lignes = kept
}
