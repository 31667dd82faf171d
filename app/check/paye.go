package check

import (
	"strings"

	"paye/internal/identifiants"
	"paye/xhl"
)

// Paye says whose payroll a file is of, and of which month, as its first journal
// does; all are empty when it has none.
func (f *Fichier) Paye() (employeur, siret, annee, mois string) {
	for _, j := range f.Journaux {
		if h := j.Bilan.Entete; h != nil {
			p, err := identifiants.NewPeriode(h.Annee, h.Mois)
			if err != nil {
				return h.Employeur.Nom, h.Employeur.Siret, h.Annee, h.Mois
			}
			annee, mois, _ = strings.Cut(p.String(), "-")
			return h.Employeur.Nom, h.Employeur.Siret, annee, mois
		}
	}
	return "", "", "", ""
}

// total is what the bulletins of one employer and month come to.
type total struct {
	Employeur, Siret, Annee, Mois string
	Bulletins, Pieces             int
	Brut, Net                     xhl.Montant
}

// totaux adds up the files of a report, by employer and month, in the order in
// which they come.
func (r *Rapport) totaux() (list []*total) {
	for _, f := range r.Fichiers {
		employeur, siret, annee, mois := f.Paye()
		if siret == "" {
			continue
		}
		var t *total
		for _, other := range list {
			if other.Siret == siret && other.Annee == annee && other.Mois == mois {
				t = other
			}
		}
		if t == nil {
			t = &total{Employeur: employeur, Siret: siret, Annee: annee, Mois: mois}
			list = append(list, t)
		}
		t.Pieces += f.Pieces
		for _, j := range f.Journaux {
			t.Bulletins += j.Bilan.Bulletins
			t.Brut += j.Bilan.MtBrut
			t.Net += j.Bilan.MtNetAPayer
		}
	}
	return list
}
