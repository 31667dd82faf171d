package etats

import (
	"cmp"
	"context"
	"slices"

	"paye/xhl"
)

// commun is what moved many agents alike.
type commun struct {
	list     []Generale
	point    int64           // factor of the index point, billionths; unite when it did not move
	indices  map[int32]int32 // of those on an index, where most moved alike or stayed
	connus   []int32         // its keys, ascending
	facteurs map[uint16]int64
	ecarts   map[uint16]xhl.Montant
	taux     map[uint16][2]int32
	renum    map[uint16]uint16

	iPoint, iIndice  int // index in list of the point and of the table; -1
	iFacteur         map[uint16]int
	iEcart, iTaux    map[uint16]int
	brut, net        formules          // how the file makes its totals
	agentsDe, horsDe []map[string]bool // of each of list: who followed, who did not
}

// mode is what was seen of a rubrique over the agents who have it in both
// months.
type mode struct {
	porteurs, changes int
	sample            [][2]xhl.Montant // of those that changed
	taux              map[[2]int32]int
	tauxPorteurs      int
	pourcents         int // that changed by their base
}

// sameFiche reports whether nothing of the post changed, so that what changes
// comes from elsewhere.
func sameFiche(f, g *Fiche) bool {
	return f.Statut == g.Statut && f.Grade == g.Grade && f.Echelon == g.Echelon && f.Quotite == g.Quotite &&
		f.NBI == g.NBI && f.Enfants == g.Enfants && f.Etablissement == g.Etablissement
}

// generales finds the common modes, before any row is made.
func (e *engine) generales() error {
	c := &e.commun
	c.point, c.iPoint, c.iIndice = unite, -1, -1
	c.facteurs, c.ecarts, c.taux = make(map[uint16]int64), make(map[uint16]xhl.Montant), make(map[uint16][2]int32)
	c.iFacteur, c.iEcart, c.iTaux = make(map[uint16]int), make(map[uint16]int), make(map[uint16]int)
	modes := make([]mode, e.apres.lex.Rubriques())
	moves := make(map[[2]int32]int)
	for i := range e.paires {
		if i%1024 == 0 && e.ctx.Err() != nil {
			return context.Cause(e.ctx)
		}
		p := &e.paires[i]
		if p.lien != suivi {
			continue
		}
		f, g := p.a.first(), p.b.first()
		if f.Indice != 0 && g.Indice != 0 && f.Grade == g.Grade && f.Echelon == g.Echelon {
			moves[[2]int32{f.Indice, g.Indice}]++
		}
		same := sameFiche(f, g)
		list := e.somme.of(p)
		e.formules(p, list)
		for _, one := range list {
			if one.rappel || one.a.n == 0 || one.b.n == 0 {
				continue
			}
			modes[one.rub].see(&one, same)
		}
	}
	e.indices(moves)
	e.point()
	e.parRubrique(modes)
	for i := range c.list {
		e.name(&c.list[i])
	}
	c.agentsDe, c.horsDe = make([]map[string]bool, len(c.list)), make([]map[string]bool, len(c.list))
	for i := range c.list {
		c.agentsDe[i], c.horsDe[i] = make(map[string]bool), make(map[string]bool)
	}
	return nil
}

func (m *mode) see(p *poste, same bool) {
	if p.a.aTaux && p.b.aTaux {
		m.tauxPorteurs++
		if p.a.taux != p.b.taux {
			if m.taux == nil {
				m.taux = make(map[[2]int32]int)
			}
			if key := [2]int32{p.a.taux, p.b.taux}; m.taux[key] > 0 || len(m.taux) < 256 {
				m.taux[key]++
			}
		}
	}
	if !same || p.a.mt == 0 {
		return
	}
	m.porteurs++
	if p.memeTaux() && p.a.taux != 0 && !p.a.connus && !p.b.connus {
		m.pourcents++
	}
	if p.a.mt != p.b.mt {
		m.changes++
		if len(m.sample) < maxSample/4 {
			m.sample = append(m.sample, [2]xhl.Montant{p.a.mt, p.b.mt})
		}
	}
}

// enough reports whether n of those concerned are a common mode.
func enough(n, concerned, part int) bool {
	return n >= minGenerale && 100*n >= part*concerned
}

// indices finds the table by which indices moved without échelon or grade.
func (e *engine) indices(moves map[[2]int32]int) {
	c := &e.commun
	porteurs := make(map[int32]int)
	best := make(map[int32][2]int32) // new value and how many
	for move, n := range moves {
		porteurs[move[0]] += n
		if known := best[move[0]]; int32(n) > known[1] || int32(n) == known[1] && move[1] < known[0] {
			best[move[0]] = [2]int32{move[1], int32(n)}
		}
	}
	table := make(map[int32]int32)
	var connus []int32
	moved, concerned := 0, 0
	var pas []Pas
	constant, same := int32(0), true
	for from, to := range best {
		n := int(to[1])
		if n < minIndice || 100*n < partIndice*porteurs[from] {
			continue
		}
		table[from] = to[0]
		connus = append(connus, from)
		if to[0] == from {
			continue
		}
		moved += n
		concerned += porteurs[from]
		pas = append(pas, Pas{from, to[0], n})
		if len(pas) > 1 && to[0]-from != constant {
			same = false
		}
		constant = to[0] - from
	}
	if !enough(moved, concerned, partGenerale) {
		return
	}
	slices.SortFunc(pas, func(a, b Pas) int { return cmp.Compare(a.Avant, b.Avant) })
	g := Generale{Champ: "Indice", Genre: "table", Table: pas}
	if same {
		g.Genre, g.Difference, g.Table = "points", int64(constant), nil
	}
	slices.Sort(connus)
	c.indices, c.connus, c.iIndice = table, connus, len(c.list)
	c.list = append(c.list, g)
}

// around gives the moves of the known indices next to one; twice the same at an
// end.
func (c *commun) around(indice int32) (below, above int32) {
	at, _ := slices.BinarySearch(c.connus, indice)
	move := func(i int) int32 {
		known := c.connus[min(max(i, 0), len(c.connus)-1)]
		return c.indices[known] - known
	}
	return move(at - 1), move(at)
}

// point tells whether the index point moved.
func (e *engine) point() {
	a, b := &e.pointA, &e.pointB
	if a.valeur == 0 || b.valeur == 0 || a.fit < minGenerale || b.fit < minGenerale {
		return
	}
	// A point that not even one agent in two is paid by is not one.
	if 2*a.fit < a.tested || 2*b.fit < b.tested {
		return
	}
	r := ratio(b.valeur, a.valeur)
	if r > unite-50_000 && r < unite+50_000 {
		return
	}
	c := &e.commun
	c.point, c.iPoint = r, len(c.list)
	c.list = append(c.list, Generale{Champ: "point", Genre: "facteur", Facteur: r})
}

// parRubrique finds the rubriques that moved by one rate, one factor or one
// difference.
func (e *engine) parRubrique(modes []mode) {
	order := make([]int, len(modes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int {
		return compareCle(e.apres.Cle(uint16(x)), e.apres.Cle(uint16(y)))
	})
	for _, rub := range order {
		m := &modes[rub]
		class := e.classes[rub]
		if e.parTaux(uint16(rub), class, m) {
			continue
		}
		if 2*m.pourcents > m.porteurs {
			continue // a share of a base, which has its own cause
		}
		if class.retenue() && class != Titres && class != Mutuelle || class.Heures() || !enough(m.changes, m.porteurs, partGenerale) {
			continue
		}
		if class.indiciaire() && (e.commun.iPoint >= 0 || e.commun.iIndice >= 0) {
			continue
		}
		e.parFacteur(uint16(rub), m)
	}
}

// parTaux takes one rate that replaced another.
func (e *engine) parTaux(rub uint16, class Classe, m *mode) bool {
	if class == PAS || class.Heures() || class.indiciaire() {
		return false
	}
	var best [2]int32
	n := 0
	for key, count := range m.taux {
		if count > n || count == n && (key[0] < best[0] || key[0] == best[0] && key[1] < best[1]) {
			best, n = key, count
		}
	}
	if !enough(n, m.tauxPorteurs, partGenerale) {
		return false
	}
	c := &e.commun
	c.taux[rub], c.iTaux[rub] = best, len(c.list)
	c.list = append(c.list, e.generale(rub, Generale{Champ: "Taux", Genre: "taux",
		Avant: texte(court(int64(best[0]), 3)), Apres: texte(court(int64(best[1]), 3))}))
	return true
}

func (e *engine) generale(rub uint16, g Generale) Generale {
	g.Code, g.Libelle = e.apres.Cle(rub).Code, e.apres.Libelle(rub)
	return g
}

// parFacteur takes a factor or a difference of amounts.
func (e *engine) parFacteur(rub uint16, m *mode) {
	c := &e.commun
	var list []intervalle
	gaps := make(map[xhl.Montant]int)
	for _, s := range m.sample {
		a, b := int64(s[0]), int64(s[1])
		if a < 0 {
			a, b = -a, -b
		}
		if a > 1<<32 || b > 1<<32 || b <= 0 {
			continue
		}
		list = append(list, intervalle{ratio(2*b-1, 2*a+1), ratio(2*b+1, 2*a-1)})
		gaps[s[1]-s[0]]++
	}
	gap, nGap := xhl.Montant(0), 0
	for g, n := range gaps {
		if n > nGap || n == nGap && g < gap {
			gap, nGap = g, n
		}
	}
	r, nFactor := sweep(list)
	// The sample stands for all those that changed; its share of those
	// concerned is what counts.
	share := func(n int) bool {
		return len(m.sample) > 0 && enough(n*m.changes/len(m.sample), m.porteurs, partGenerale)
	}
	switch {
	case share(nGap) && nGap >= nFactor:
		c.ecarts[rub], c.iEcart[rub] = gap, len(c.list)
		c.list = append(c.list, e.generale(rub, Generale{Genre: "difference", Difference: int64(gap)}))
	case share(nFactor) && (r < unite-20_000 || r > unite+20_000):
		for other, known := range c.facteurs {
			if d := known - r; d > -20_000 && d < 20_000 {
				c.facteurs[rub], c.iFacteur[rub] = known, c.iFacteur[other]
				return
			}
		}
		c.facteurs[rub], c.iFacteur[rub] = r, len(c.list)
		c.list = append(c.list, e.generale(rub, Generale{Genre: "facteur", Facteur: r}))
	}
}

// name gives a general cause the words of causes.csv.
func (e *engine) name(g *Generale) {
	for _, n := range e.o.Causes {
		if n.Code != "" && n.Code != g.Code && n.Code != g.Champ {
			continue
		}
		if n.Type != "" && n.Type != g.Genre && n.Type != string(TypeGenerale) {
			continue
		}
		if n.Facteur != "" && n.Facteur != g.Valeur() && "×"+n.Facteur != g.Valeur() {
			continue
		}
		g.Texte, g.IdUnique = n.Texte, n.IdUnique
		return
	}
}

// renumber finds the rubriques that go on under another code.
func (e *engine) renumber() {
	moves := make(map[[2]uint16]int)
	lost := make(map[uint16]int)
	held := make(map[uint16]int)
	for i := range e.paires {
		p := &e.paires[i]
		if p.lien != suivi {
			continue
		}
		list := e.somme.of(p)
		for x := range list {
			if list[x].a.n > 0 {
				held[list[x].rub]++
			}
			if list[x].a.n == 0 || list[x].b.n > 0 || list[x].a.mt == 0 {
				continue
			}
			lost[list[x].rub]++
			for y := range list {
				if list[y].a.n == 0 && list[y].b.mt == list[x].a.mt && e.somme.types[list[x].rub] == e.somme.types[list[y].rub] && list[x].rub != list[y].rub {
					moves[[2]uint16{list[x].rub, list[y].rub}]++
				}
			}
		}
	}
	renum := make(map[uint16]uint16)
	for move, n := range moves {
		suite := e.cls.of(move[1]).SuiteDe == e.apres.Cle(move[0]).Code
		if (suite || n >= 5) && 100*n >= partRenumerot*held[move[0]] {
			renum[move[0]] = move[1]
		}
	}
	if len(renum) > 0 {
		e.somme.renum = renum
	}
	e.commun.renum = renum
}
