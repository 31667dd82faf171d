package consult

import (
	"slices"
	"strings"

	"paye/xhl"
)

// Change is an agent in two months.
type Change struct {
	Matricule             string
	Nom, Prenom           xhl.Nominatif
	Before, After         int // ranks; -1 when the month has no bulletin of him
	Brut, Net             xhl.Montant
	BrutBefore, NetBefore xhl.Montant
}

// Comparison is two months side by side, by matricule. Several bulletins of a
// matricule are added up.
type Comparison struct {
	Entrants []Change // in the second month only
	Leavers  []Change // in the first month only
	Changed  []Change // whose gross or net differs, the largest difference of net first
	Same     int
}

// Compare sets two books side by side.
func Compare(before, after *Book) Comparison {
	one, two := byMatricule(before), byMatricule(after)
	var c Comparison
	for m, a := range two {
		b, known := one[m]
		ch := Change{Matricule: m, Nom: a.nom, Prenom: a.prenom, Before: -1, After: a.rang, Brut: a.brut, Net: a.net}
		if known {
			ch.Before, ch.BrutBefore, ch.NetBefore = b.rang, b.brut, b.net
		}
		switch {
		case !known:
			c.Entrants = append(c.Entrants, ch)
		case a.brut != b.brut || a.net != b.net:
			c.Changed = append(c.Changed, ch)
		default:
			c.Same++
		}
	}
	for m, b := range one {
		if _, known := two[m]; !known {
			c.Leavers = append(c.Leavers, Change{Matricule: m, Nom: b.nom, Prenom: b.prenom, Before: b.rang, After: -1, BrutBefore: b.brut, NetBefore: b.net})
		}
	}
	byName := func(x, y Change) int { return strings.Compare(x.Matricule, y.Matricule) }
	slices.SortFunc(c.Entrants, byName)
	slices.SortFunc(c.Leavers, byName)
	slices.SortFunc(c.Changed, func(x, y Change) int {
		if d := compareMontant(abs(y.Net-y.NetBefore), abs(x.Net-x.NetBefore)); d != 0 {
			return d
		}
		return byName(x, y)
	})
	return c
}

func abs(m xhl.Montant) xhl.Montant {
	if m < 0 {
		return -m
	}
	return m
}

type summed struct {
	rang        int
	nom, prenom xhl.Nominatif
	brut, net   xhl.Montant
}

func byMatricule(b *Book) map[string]summed {
	m := make(map[string]summed, len(b.Entries))
	for i := range b.Entries {
		e := &b.Entries[i]
		s, known := m[e.Matricule]
		if !known {
			s = summed{rang: i, nom: e.Nom, prenom: e.Prenom}
		}
		s.brut += e.Brut
		s.net += e.Net
		m[e.Matricule] = s
	}
	return m
}
