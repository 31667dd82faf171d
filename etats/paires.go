package etats

import (
	"cmp"
	"slices"
	"strings"
)

// contrat is what an agent is paid under one post: a bulletin, or those of the
// trains of a month.
type contrat struct {
	fiches []*Fiche
}

// first is the bulletin that describes the post.
func (c *contrat) first() *Fiche { return c.fiches[0] }

// nature of a Paire.
type lien uint8

const (
	suivi         lien = iota // in both months
	rematricule               // in both, under another matricule
	entrant                   // agent of the second month only
	sortant                   // agent of the first only
	contratAjoute             // a further contract of a present agent
	contratTermine
)

// paire is a contract in both months, or in one.
type paire struct {
	lien   lien
	a, b   *contrat // nil when absent
	autres bool     // the agent has other contracts
}

// fiche is the bulletin that names the agent.
func (p *paire) fiche() *Fiche {
	if p.b != nil {
		return p.b.first()
	}
	return p.a.first()
}

// agents gathers the contracts of a month by matricule.
func (m *Mois) agents() map[string][]*contrat {
	all := make(map[string][]*contrat, m.Bulletins)
	// Most agents have one bulletin: their contracts come from blocks.
	var contrats []contrat
	var fiches []*Fiche
	for f := range m.Fiches() {
		list := all[f.Matricule]
		if same := sameContract(list, f); same != nil {
			same.fiches = append(slices.Clip(same.fiches), f)
			continue
		}
		if len(contrats) == cap(contrats) {
			contrats, fiches = make([]contrat, 0, 1024), make([]*Fiche, 0, 1024)
		}
		fiches = append(fiches, f)
		contrats = append(contrats, contrat{fiches[len(fiches)-1 : len(fiches) : len(fiches)]})
		all[f.Matricule] = append(list, &contrats[len(contrats)-1])
	}
	return all
}

// sameContract finds the contract that a bulletin of another train goes on
// paying.
func sameContract(list []*contrat, f *Fiche) *contrat {
	for _, c := range list {
		g := c.first()
		if g.samePost(f) && g.Budget == f.Budget && !slices.ContainsFunc(c.fiches, func(one *Fiche) bool { return one.Train == f.Train }) {
			return c
		}
	}
	return nil
}

func (f *Fiche) samePost(g *Fiche) bool {
	return f.Etablissement == g.Etablissement && f.Statut == g.Statut && f.Emploi == g.Emploi && f.Grade == g.Grade
}

// pair joins the contracts of two months. The order of the bulletins changes
// nothing but the pairing of contracts that nothing else tells apart.
func pair(avant, apres *Mois, nirUtiles bool) []paire {
	before, after := avant.agents(), apres.agents()
	matricules := make([]string, 0, len(before)+len(after))
	for m := range after {
		matricules = append(matricules, m)
	}
	for m := range before {
		if after[m] == nil {
			matricules = append(matricules, m)
		}
	}
	slices.Sort(matricules)
	list := make([]paire, 0, len(matricules))
	for _, m := range matricules {
		a, b := before[m], after[m]
		switch {
		case a == nil:
			for _, c := range b {
				list = append(list, paire{lien: entrant, b: c, autres: len(b) > 1})
			}
		case b == nil:
			for _, c := range a {
				list = append(list, paire{lien: sortant, a: c, autres: len(a) > 1})
			}
		default:
			list = append(list, pairAgent(a, b)...)
		}
	}
	if nirUtiles {
		list = rematricules(list)
	}
	return list
}

// pairAgent pairs the contracts of one agent: by post and budget, by post, by
// établissement, then in their order.
func pairAgent(a, b []*contrat) []paire {
	if len(a) == 1 && len(b) == 1 {
		return []paire{{a: a[0], b: b[0]}}
	}
	a, b = sorted(a), sorted(b)
	several := true
	var list []paire
	for _, same := range []func(x, y *Fiche) bool{
		func(x, y *Fiche) bool { return x.samePost(y) && x.Budget == y.Budget && x.Quotite == y.Quotite },
		func(x, y *Fiche) bool { return x.samePost(y) && x.Budget == y.Budget },
		func(x, y *Fiche) bool { return x.samePost(y) },
		func(x, y *Fiche) bool { return x.Etablissement == y.Etablissement && x.Emploi == y.Emploi },
		func(x, y *Fiche) bool { return x.Etablissement == y.Etablissement },
		func(x, y *Fiche) bool { return true },
	} {
		for i := 0; i < len(a); i++ {
			at := slices.IndexFunc(b, func(c *contrat) bool { return same(a[i].first(), c.first()) })
			if at < 0 {
				continue
			}
			list = append(list, paire{a: a[i], b: b[at], autres: several})
			a, b = slices.Delete(a, i, i+1), slices.Delete(b, at, at+1)
			i--
		}
	}
	for _, c := range a {
		list = append(list, paire{lien: contratTermine, a: c, autres: several})
	}
	for _, c := range b {
		list = append(list, paire{lien: contratAjoute, b: c, autres: several})
	}
	return list
}

// sorted is the contracts in an order that does not depend on the book's.
func sorted(list []*contrat) []*contrat {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y *contrat) int {
		f, g := x.first(), y.first()
		return cmp.Or(cmp.Compare(f.Indice, g.Indice), cmp.Compare(f.Quotite, g.Quotite), cmp.Compare(f.Totaux.Brut, g.Totaux.Brut), cmp.Compare(f.Totaux.NetAPayer, g.Totaux.NetAPayer))
	})
	return list
}

// rematricules pairs those who enter with those who leave under the same NIR.
func rematricules(list []paire) []paire {
	gone := make(map[uint64]int)
	for i := range list {
		if p := &list[i]; p.lien == sortant && !p.autres && p.a.first().nir != 0 {
			if _, twice := gone[p.a.first().nir]; twice {
				gone[p.a.first().nir] = -1
				continue
			}
			gone[p.a.first().nir] = i
		}
	}
	taken := make(map[int]bool)
	for i := range list {
		p := &list[i]
		if p.lien != entrant || p.autres || p.b.first().nir == 0 {
			continue
		}
		at, known := gone[p.b.first().nir]
		if !known || at < 0 || taken[at] {
			continue
		}
		p.lien, p.a = rematricule, list[at].a
		taken[at] = true
	}
	kept := list[:0]
	for i := range list {
		if !taken[i] {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// nirUtiles reports whether the NIR of a month tell its agents apart: valid,
// and 99 % of them distinct.
func (m *Mois) nirUtiles() bool {
	seen := make(map[uint64]bool, m.Bulletins)
	agents := make(map[string]bool, m.Bulletins)
	for f := range m.Fiches() {
		if agents[f.Matricule] {
			continue
		}
		agents[f.Matricule] = true
		if f.nir != 0 {
			seen[f.nir] = true
		}
	}
	return len(agents) > 0 && 100*len(seen) >= 99*len(agents)
}

// trains lists the trains of a month for a message.
func (m *Mois) trains() string {
	list := slices.Sorted(slices.Values(m.Trains))
	return strings.Join(list, ", ")
}
