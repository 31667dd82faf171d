package synth

import (
	"fmt"
	"slices"
	"sort"

	"paye/xhl"
)

// suite is what makes a run the second month of another: who left, who came,
// what was edited, and what moved everyone.
type suite struct {
	order    []int // index of the bulletin of each rang of the book
	personne map[int]int
	place    map[int]int // index whose section a newcomer shares
	edits    map[int][]plante
	mat      map[int]int // rang of the matricule of those who have another
	baseRefs []ref       // of the month before, whose events stay
	basePJ   []Piece

	point       int64 // millionths; 1_000_000 when it did not move
	horsPoint   map[int]bool
	points      int
	bandes      bool
	taux        int // of the CNRACL of the employer, in thousandths of a percent; 0 for that of the year
	relibellee  bool
	renumerotee bool
	attendus    []Attendu
}

// plante is an édition planted on a bulletin.
type plante struct {
	nom   string
	rang  int // among those of its name
	joint bool
}

// Attendu is a line of attendu.csv: what a comparison should say.
type Attendu struct {
	ID                       int
	Matricule                string
	Type, Champ, Code        string
	Avant, Apres, Delta      string
	Couverture, Gravite, Mot string
}

// After makes the month that follows that of the options: the same payroll,
// but for the plan. It is made anew by the same rules, so that its totals
// follow; only what the plan plants as wrong is.
func After(o Options, plan Plan) (*Run, error) {
	before, err := Generate(o)
	if err != nil {
		return nil, err
	}
	o = before.opts
	if o.Mois++; o.Mois > 12 {
		o.Annee, o.Mois = o.Annee+1, 1
	}
	r, err := Generate(o)
	if err != nil {
		return nil, err
	}
	s := &suite{personne: make(map[int]int), place: make(map[int]int), edits: make(map[int][]plante), mat: make(map[int]int),
		baseRefs: r.refs, basePJ: r.pieces, point: 1_000_000, horsPoint: make(map[int]bool)}
	r.suite = s
	p := planter{before: before, r: r, s: s, alea: newAlea(o.Seed, pourSuite, 0), taken: make(map[int]bool), next: o.Bulletins}
	if err := p.plant(plan); err != nil {
		return nil, err
	}
	return r, nil
}

// planter deals the éditions of a plan out.
type planter struct {
	before, r *Run
	s         *suite
	alea      alea
	taken     map[int]bool
	next      int // index of the next newcomer
	out       map[int]bool
	extra     [][]int // newcomers of each groupe
	pieces    []planned
}

// planned is a piece to make, with the indices of those whom it concerns.
type planned struct {
	motif  *motif
	genre  Genre
	agents []int
}

func (p *planter) plant(plan Plan) error {
	p.out, p.extra = make(map[int]bool), make([][]int, len(p.r.groupes))
	candidates := p.candidates()
	for _, l := range plan {
		if deTous(l.Edition) {
			if err := p.general(&l, candidates); err != nil {
				return fmt.Errorf("%w: %s: %w", ErrOptions, l.Edition, err)
			}
		}
	}
	for _, l := range plan {
		if !deTous(l.Edition) {
			p.line(&l, candidates)
		}
	}
	p.book()
	p.makePieces()
	p.r.nom = p.r.nomenclatures()
	p.r.cnraclPatronale = max(p.s.taux, p.before.cnraclPatronale)
	p.expect()
	return nil
}

// candidates looks at the first month, once.
func (p *planter) candidates() []temoin {
	list := make([]temoin, p.before.Len())
	for i := range list {
		t := &list[i]
		t.i, t.b = i, new(xhl.Bulletin)
		p.before.Bulletin(i, t.b)
		f := fiche{run: p.before}
		f.begin(i)
		t.regime, t.pas = f.part.regime, -1
		if f.emploi.echelons != nil {
			t.pas = int(mustAtoi(t.b.Agent.Echelon)) - 1
			t.pasMax = len(f.emploi.echelons) - 1
		}
		t.groupe = sort.Search(len(p.before.groupes), func(g int) bool { return p.before.groupes[g].Fin > i })
	}
	return list
}

func mustAtoi(s string) int64 {
	n, err := decimal(s, 0)
	if err != nil {
		return 1
	}
	return n
}

// general plants what moves everyone.
func (p *planter) general(l *LignePlan, list []temoin) error {
	var err error
	var n int64
	switch l.Edition {
	case EditionPoint:
		if n, err = decimal(l.Valeur, 6); err == nil {
			p.s.point = n
		}
		for range l.Nombre {
			if t := p.pick(list, fullTime); t != nil {
				p.s.horsPoint[t.i] = true
			}
		}
	case EditionPoints:
		n, err = decimal(l.Valeur, 0)
		p.s.points = int(n)
	case EditionBandes:
		p.s.bandes = true
	case EditionTaux:
		n, err = decimal(l.Valeur, 3)
		p.s.taux = int(n)
	}
	return err
}

// pick draws an agent who fits and has nothing planted yet; nil when there is
// none.
func (p *planter) pick(list []temoin, fits func(*temoin) bool) *temoin {
	start := p.alea.below(len(list))
	for n := range list {
		t := &list[(start+n)%len(list)]
		if !p.taken[t.i] && fits(t) {
			p.taken[t.i] = true
			return t
		}
	}
	return nil
}

// line plants a line of the plan.
func (p *planter) line(l *LignePlan, list []temoin) {
	e := editions[l.Edition]
	switch l.Edition {
	case "relibellee":
		p.s.relibellee = l.Nombre > 0
		return
	case "renumerotee":
		p.s.renumerotee = l.Nombre > 0
		return
	}
	collective := l.Edition == "ifse_collective"
	var together []int
	for n := range l.Nombre {
		one := plante{l.Edition, n, n < l.Jointes}
		i := p.place(&one, &e, list)
		if i < 0 {
			continue
		}
		p.s.edits[i] = append(p.s.edits[i], one)
		if !one.joint {
			continue
		}
		if collective {
			together = append(together, i)
			continue
		}
		genre := Arrete
		if e.typ == "contrat_ajoute" || l.Edition == "entrant_contrat" {
			genre = Contrat
		}
		motif := e.piece
		p.pieces = append(p.pieces, planned{&motif, genre, []int{i}})
	}
	if len(together) > 0 {
		motif := e.piece
		p.pieces = append(p.pieces, planned{&motif, Arrete, together})
	}
}

// model draws an agent whom a newcomer is like; nil when there is none.
func (p *planter) model(list []temoin, fits func(*temoin) bool) *temoin {
	start := p.alea.below(len(list))
	for n := range list {
		if t := &list[(start+n)%len(list)]; fits(t) {
			return t
		}
	}
	return nil
}

// place finds whom an édition happens to: an agent of the month before, or a
// newcomer; -1 when there is nobody.
func (p *planter) place(one *plante, e *edition, list []temoin) int {
	newcomer := func(model *temoin, personne int) int {
		i := p.next
		p.next++
		p.s.place[i] = model.i
		if personne >= 0 {
			p.s.personne[i] = personne
		}
		p.extra[model.groupe] = append(p.extra[model.groupe], i)
		return i
	}
	switch one.nom {
	case "entrant_contrat":
		if t := p.model(list, func(t *temoin) bool { return t.regime == general || t.regime == vacations }); t != nil {
			return newcomer(t, -1)
		}
		return -1
	case "entrant_nomination":
		if t := p.model(list, titulaire); t != nil {
			return newcomer(t, -1)
		}
		return -1
	case "second_contrat":
		t, at := p.pick(list, titulaire), p.model(list, func(t *temoin) bool { return t.regime == vacations })
		if t == nil || at == nil {
			return -1
		}
		return newcomer(at, t.i)
	case "doublon":
		t := p.pick(list, titulaire)
		if t == nil {
			return -1
		}
		p.extra[t.groupe] = append(p.extra[t.groupe], t.i)
		return t.i
	}
	t := p.pick(list, e.fits)
	if t == nil {
		return -1
	}
	switch one.nom {
	case "sortant":
		p.out[t.i] = true
	case "rematricule":
		p.s.mat[t.i] = p.next
		p.next++
	case "etablissement":
		if len(p.extra) < 2 {
			return -1
		}
		p.out[t.i] = true
		to := (t.groupe + 1) % len(p.extra)
		p.extra[to] = append(p.extra[to], t.i)
	}
	return t.i
}

// book writes the order of the second month: those who stay, then those who
// came, établissement by établissement.
func (p *planter) book() {
	var order []int
	groupes := make([]Groupe, len(p.r.groupes))
	for g, was := range p.r.groupes {
		groupes[g] = Groupe{Etablissement: was.Etablissement, Debut: len(order)}
		for i := was.Debut; i < was.Fin; i++ {
			if !p.out[i] {
				order = append(order, i)
			}
		}
		order = append(order, p.extra[g]...)
		groupes[g].Fin = len(order)
	}
	p.s.order = order
	p.r.groupes = slices.DeleteFunc(groupes, func(g Groupe) bool { return g.Debut == g.Fin })
}

// makePieces makes the pieces that the plan attaches, after one délibération.
func (p *planter) makePieces() {
	r := p.r
	r.pieces, r.refs = nil, nil
	rangs := make(map[int]int)
	for rang, i := range p.s.order {
		if _, known := rangs[i]; !known {
			rangs[i] = rang
		}
	}
	add := func(piece Piece) {
		piece.Support = "01"
		r.name(&piece, len(r.pieces))
		r.pieces = append(r.pieces, piece)
	}
	add(Piece{Portee: Generale, motif: &motifGeneral})
	for _, one := range p.pieces {
		piece := Piece{Genre: one.genre, Portee: Individuelle, motif: one.motif}
		if len(one.agents) > 1 {
			piece.Portee = Partagee
		}
		gone := ""
		for _, i := range one.agents {
			if rang, there := rangs[i]; there {
				piece.Agents = append(piece.Agents, rang)
				r.refs = append(r.refs, ref{rang, len(r.pieces)})
			} else {
				gone = p.before.Matricule(i)
			}
		}
		piece.parti = gone
		sort.Ints(piece.Agents)
		add(piece)
	}
	sort.Slice(r.refs, func(x, y int) bool {
		if r.refs[x].bulletin != r.refs[y].bulletin {
			return r.refs[x].bulletin < r.refs[y].bulletin
		}
		return r.refs[x].piece < r.refs[y].piece
	})
}
