package etats

import (
	"slices"

	"paye/xhl"
)

// Synthese is the first screen of a comparison: counts, then money, then what
// to do.
type Synthese struct {
	BulletinsAvant, BulletinsApres int
	BrutAvant, BrutApres           xhl.Montant // as declared
	NetAvant, NetApres             xhl.Montant // MtNetAPayer
	DeltaGenerales                 xhl.Montant
	ParType                        map[Type]int
	Entrants, EntrantsJoints       int
	Sortants                       int
	Situations                     int
	Primes                         int
	Heures, HeuresPlafond          int
	Manquantes                     int
	MtManquantes                   xhl.Montant // sum of |Δ| of the rows without their piece
	AVerifier, Inexpliquees        int
	Expliquees                     xhl.Montant // |Δ net| of the agents who have a cause
	NonExpliquees                  xhl.Montant
	Premieres                      []Variation // of the largest |Δ net| without a covered cause
	ParRubrique                    []Compte    // missing pieces by rubrique of the list
}

// Compte is how many rows a rubrique of the list has.
type Compte struct {
	Rubrique, Piece string
	N               int
	Montant         xhl.Montant
}

// premieres is how many rows the first screen lists.
const premieres = 10

func (e *engine) synthese(c *Comparaison) Synthese {
	s := Synthese{BulletinsAvant: e.avant.Bulletins, BulletinsApres: e.apres.Bulletins, ParType: make(map[Type]int)}
	for f := range e.avant.Fiches() {
		s.BrutAvant += f.Totaux.Brut
		s.NetAvant += f.Totaux.NetAPayer
	}
	for f := range e.apres.Fiches() {
		s.BrutApres += f.Totaux.Brut
		s.NetApres += f.Totaux.NetAPayer
	}
	for i := range c.Generales {
		s.DeltaGenerales += c.Generales[i].Delta
	}
	byPiece := make(map[[2]string]*Compte)
	for i := range c.Variations {
		s.count(&c.Variations[i], byPiece)
	}
	for _, one := range byPiece {
		s.ParRubrique = append(s.ParRubrique, *one)
	}
	slices.SortFunc(s.ParRubrique, func(a, b Compte) int {
		if a.Rubrique != b.Rubrique {
			if a.Rubrique < b.Rubrique {
				return -1
			}
			return 1
		}
		if a.Piece < b.Piece {
			return -1
		}
		return 1
	})
	s.first(c)
	return s
}

func (s *Synthese) count(v *Variation, byPiece map[[2]string]*Compte) {
	s.ParType[v.Type]++
	switch v.Type {
	case TypeEntrant, TypeContratAjoute:
		s.Entrants++
		if v.Couverture == Jointe || v.Couverture == Anterieure {
			s.EntrantsJoints++
		}
	case TypeSortant, TypeContratTermine:
		s.Sortants++
	case TypeStatut, TypeGrade, TypeEmploi, TypeEchelon, TypeIndice, TypeNBI, TypeQuotite, TypeEtablissement, TypeRematricule, TypeAbsence, TypeEnfants, TypeSFT:
		s.Situations++
	case TypePrimeApparue, TypePrimeDisparue, TypePrimeModifiee, TypePonctuelle:
		s.Primes++
	case TypeHeures:
		s.Heures++
		if v.situation == "ihts_plafond" {
			s.HeuresPlafond++
		}
	case TypeInexplique:
		s.Inexpliquees++
		s.NonExpliquees += absolu(v.Delta)
	}
	if v.Type != TypeInexplique && v.Type != TypeTotauxSansLigne {
		s.Expliquees += absolu(v.Delta)
	}
	switch {
	case v.Couverture == Manquante:
		s.Manquantes++
		s.MtManquantes += absolu(v.Delta)
		key := [2]string{v.Regle.Rubrique, v.Regle.Piece}
		if byPiece[key] == nil {
			byPiece[key] = &Compte{Rubrique: v.Regle.Rubrique, Piece: v.Regle.Piece}
		}
		byPiece[key].N++
		byPiece[key].Montant += absolu(v.Delta)
	case v.Couverture == AVerifier, v.douteuse, v.Type == TypeIncoherent, v.Type == TypeException:
		s.AVerifier++
	}
}

// first picks the rows of the largest changes of net that no piece covers.
func (s *Synthese) first(c *Comparaison) {
	var list []*Variation
	seen := make(map[string]bool)
	for i := range c.Variations {
		v := &c.Variations[i]
		open := v.Couverture == Manquante || v.Couverture == AVerifier || v.Type == TypeInexplique
		if open && v.DeltaNet != 0 && v.Matricule != "" && !seen[v.Matricule] {
			seen[v.Matricule] = true
			list = append(list, v)
		}
	}
	slices.SortFunc(list, compareVariations)
	for _, v := range list[:min(len(list), premieres)] {
		s.Premieres = append(s.Premieres, *v)
	}
}

// Seuil is the amount, in centimes, or the share of what was paid before, in
// thousandths of a percent, below which a row is not listed; zero for none.
type Seuil struct {
	Montant xhl.Montant
	Part    int64
}

// Passes reports whether a row is listed.
func (s Seuil) Passes(v *Variation) bool {
	if s.Montant == 0 && s.Part == 0 || v.Couverture == Manquante {
		return true
	}
	if s.Part > 0 {
		return v.Avant.Nombre && v.Avant.Montant != 0 && int64(absolu(v.Delta))*100_000 >= s.Part*int64(absolu(v.Avant.Montant)) || !v.Avant.Nombre || v.Avant.Montant == 0
	}
	return absolu(v.Delta) >= s.Montant
}
