package etats

import (
	"paye/xhl"
)

// somme is what the lines of a rubrique come to in a month.
type somme struct {
	mt     xhl.Montant
	n      int
	taux   int32
	aTaux  bool
	unites int64 // thousandths
	connus bool  // every line tells its units
}

func (s *somme) add(mt xhl.Montant, l *Ligne) {
	if s.n == 0 {
		s.taux, s.aTaux, s.connus = l.Taux, l.AvecTaux(), true
	} else if s.taux != l.Taux {
		s.aTaux = false
	}
	s.mt += mt
	s.n++
	if l.UnitesConnues() {
		s.unites += int64(l.Unites)
	} else {
		s.connus = false
	}
}

// poste is a rubrique of an agent in both months; its arrears apart.
type poste struct {
	rub    uint16
	rappel bool
	a, b   somme
}

func (p *poste) delta() xhl.Montant { return p.b.mt - p.a.mt }

// memeTaux reports whether a share of a base kept its rate.
func (p *poste) memeTaux() bool {
	return p.a.n > 0 && p.b.n > 0 && p.a.aTaux && p.b.aTaux && p.a.taux == p.b.taux
}

// postes sums the lines of pairs. It belongs to one goroutine, and what it
// returns lasts until the next call.
type postes struct {
	lex   *Lexique
	renum map[uint16]uint16
	slots []int32 // by rubrique, twice: the ordinary lines, and those of months before; 0 for none
	list  []poste
	types []xhl.Nature
}

func newPostes(lex *Lexique) *postes {
	n := lex.Rubriques()
	p := &postes{lex: lex, slots: make([]int32, 2*n), types: make([]xhl.Nature, n)}
	for rub := range p.types {
		p.types[rub] = lex.Cle(uint16(rub)).Nature
	}
	return p
}

// of gives the postes of a pair: one a rubrique, in the order of the first
// month, then of the second.
func (p *postes) of(pair *paire) []poste {
	for i := range p.list {
		one := &p.list[i]
		p.slots[2*int(one.rub)], p.slots[2*int(one.rub)+1] = 0, 0
	}
	p.list = p.list[:0]
	if pair.a != nil {
		for _, f := range pair.a.fiches {
			p.sum(f, true)
		}
	}
	if pair.b != nil {
		for _, f := range pair.b.fiches {
			p.sum(f, false)
		}
	}
	return p.list
}

func (p *postes) sum(f *Fiche, before bool) {
	lignes := f.Lignes()
	for i := range lignes {
		l := &lignes[i]
		rub, old := l.Rub, 0
		if before && p.renum != nil {
			if to, moved := p.renum[rub]; moved {
				rub = to
			}
		}
		if l.Ancienne() && p.types[rub] != xhl.Rappel {
			old = 1
		}
		slot := &p.slots[2*int(rub)+old]
		if *slot == 0 {
			p.list = append(p.list, poste{rub: rub, rappel: old == 1 || p.types[rub] == xhl.Rappel})
			*slot = int32(len(p.list))
		}
		one := &p.list[*slot-1]
		if before {
			one.a.add(f.Montant(l), l)
		} else {
			one.b.add(f.Montant(l), l)
		}
	}
}

// memesLignes reports whether the lines of a pair are the same, one by one.
func memesLignes(pair *paire) bool {
	if len(pair.a.fiches) != 1 || len(pair.b.fiches) != 1 {
		return false
	}
	f, g := pair.a.first(), pair.b.first()
	a, b := f.Lignes(), g.Lignes()
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Rub != b[i].Rub || a[i].Taux != b[i].Taux || a[i].Unites != b[i].Unites || a[i].flags&ligneAnciennes != b[i].flags&ligneAnciennes || f.Montant(&a[i]) != g.Montant(&b[i]) {
			return false
		}
	}
	return true
}

// totaux are the declared totals of a contract.
func (c *contrat) totaux() Totaux {
	var t Totaux
	for _, f := range c.fiches {
		t.Brut += f.Totaux.Brut
		t.Net += f.Totaux.Net
		t.NetAPayer += f.Totaux.NetAPayer
		t.absents |= f.Totaux.absents
	}
	return t
}
