package synth

import (
	"slices"
	"sort"
	"strings"

	"paye/xhl"
)

// Genre is what a justificatif looks like.
type Genre uint8

const (
	Arrete  Genre = iota // text, about 60 KB
	Contrat              // a scan, about 267 KB
)

// Portee is whom a justificatif concerns.
type Portee uint8

const (
	Individuelle Portee = iota // one agent
	Partagee                   // several agents: one file, one IdUnique
	Generale                   // every one: matricule * in the index
)

// Piece is a justificatif of the run.
type Piece struct {
	Genre       Genre
	Portee      Portee
	IdUnique    string
	Fichier     string // name in the folder of the justificatifs, and NomPJ
	Nom         string // for people
	Description string
	Support     string
	Agents      []int  // bulletins concerned, ascending; none when Generale
	parti       string // matricule of one who has no bulletin any more

	motif *motif
}

// motif is a reason to attach a decision.
type motif struct {
	nom, description string
	evenement        string
}

var (
	motifsAgent = []motif{
		{"Arrêté d'avancement d'échelon", "Avancement à la durée unique", evtEchelon},
		{"Arrêté d'attribution de l'IFSE", "Régime indemnitaire individuel", evtPrime},
		{"Arrêté de temps partiel", "Temps partiel sur autorisation", evtPartiel},
		{"Arrêté portant attribution de la NBI", "Nouvelle bonification indiciaire", evtNBI},
		{"Arrêté de nomination stagiaire", "Nomination après recrutement", evtStage},
		{"Arrêté de congé de maladie", "Passage à demi-traitement", evtMaladie},
	}
	motifsPartages = []motif{
		{"Arrêté collectif de régime indemnitaire", "Revalorisation de l'IFSE d'un service", evtPrime},
		{"Arrêté collectif d'avancement d'échelon", "Tableau d'avancement de l'année", evtEchelon},
		{"État collectif d'heures supplémentaires", "Heures effectuées et certifiées", evtRappel},
	}
	motifGeneral = motif{"Délibération relative au régime indemnitaire", "RIFSEEP applicable à l'ensemble des agents", ""}
	motifContrat = motif{"Contrat d'engagement", "Contrat signé de l'agent", evtRecrutement}
)

// ref is one reference of a bulletin to a piece.
type ref struct{ bulletin, piece int }

// planPieces deals the justificatifs out: one of general scope from six on and
// another every 500, a tenth of contracts, a sixth shared, and arrêtés of one
// agent for the rest.
func (r *Run) planPieces() {
	total := r.opts.Pieces
	if total == 0 {
		return
	}
	a := newAlea(r.opts.Seed, pourPieces, 0)
	general := 0
	if total >= 6 {
		general = 1 + total/500
	}
	contracts := max(1, total/10)
	shared := total / 6
	used := make(map[[2]int]bool) // bulletin and genre: one decision of its own an agent
	for n := range total {
		p := Piece{Support: "01"}
		switch {
		case n < general:
			p.Portee, p.motif = Generale, &motifGeneral
		case n < general+contracts:
			p.Genre, p.motif = Contrat, &motifContrat
			p.Agents = r.alone(&a, used, Contrat, r.sousContrat)
		case n < general+contracts+shared:
			p.Portee, p.motif = Partagee, &motifsPartages[a.below(len(motifsPartages))]
			p.Agents = r.several(&a)
		}
		if p.motif == nil || p.Portee != Generale && p.Agents == nil {
			p.Genre, p.Portee, p.motif = Arrete, Individuelle, &motifsAgent[a.below(len(motifsAgent))]
			p.Agents = r.alone(&a, used, Arrete, r.sousArrete)
		}
		if p.Portee == Individuelle && p.Agents == nil {
			p.Agents = []int{a.below(r.Len())}
		}
		if p.Portee == Partagee && len(p.Agents) < 2 {
			p.Portee = Individuelle
		}
		r.name(&p, n)
		for _, i := range p.Agents {
			r.refs = append(r.refs, ref{i, n})
		}
		r.pieces = append(r.pieces, p)
	}
	sort.Slice(r.refs, func(x, y int) bool {
		if r.refs[x].bulletin != r.refs[y].bulletin {
			return r.refs[x].bulletin < r.refs[y].bulletin
		}
		return r.refs[x].piece < r.refs[y].piece
	})
}

// sousContrat reports whether the agent of the bulletin i is under contract.
func (r *Run) sousContrat(i int) bool { return r.sous(i, general, vacations) }

// sousArrete reports whether a decision appoints it.
func (r *Run) sousArrete(i int) bool { return r.sous(i, cnracl) }

func (r *Run) sous(i int, regimes ...regime) bool {
	f := fiche{run: r}
	f.begin(i)
	return slices.Contains(regimes, f.part.regime)
}

// alone picks one bulletin that has no such piece of its own yet, from a
// random place on; nil when none is found near.
func (r *Run) alone(a *alea, used map[[2]int]bool, g Genre, fits func(int) bool) []int {
	const near = 2000
	start := a.below(r.Len())
	for n := range min(r.Len(), near) {
		i := (start + n) % r.Len()
		if key := [2]int{i, int(g)}; !used[key] && fits(i) {
			used[key] = true
			return []int{i}
		}
	}
	return nil
}

// several picks the bulletins that a shared decision concerns: neighbours, or,
// one time in three, agents of the whole authority.
func (r *Run) several(a *alea) []int {
	n := min(a.between(2, 30), 2+r.Len()/5, r.Len())
	if !a.chance(333) {
		start := a.below(r.Len() - n + 1)
		list := make([]int, n)
		for i := range list {
			list[i] = start + i
		}
		return list
	}
	seen := make(map[int]bool, n)
	for range n {
		seen[a.below(r.Len())] = true
	}
	list := make([]int, 0, n)
	for i := range seen {
		list = append(list, i)
	}
	sort.Ints(list)
	return list
}

// name gives a piece its names. IdUnique is [0-9A-Z], as the PES side wants
// it, and holds the SIRET and the month, so that it is used once.
func (r *Run) name(p *Piece, n int) {
	p.Nom, p.Description = p.motif.nom, p.motif.description
	kind := p.kind()
	month := string(appendPadded(appendPadded(nil, r.opts.Annee, 4), r.opts.Mois, 2))
	number := string(appendPadded(nil, n+1, 6))
	p.IdUnique = r.entete.Employeur.Siret + month + kind + number
	p.Fichier = strings.ToLower(kind) + "-" + month + "-" + number + ".pdf"
}

// Pieces are the justificatifs.
func (r *Run) Pieces() []Piece { return r.pieces }

// refsOf are the references of the bulletin i.
func (r *Run) refsOf(i int) []ref { return refsOf(r.refs, i) }

func refsOf(refs []ref, i int) []ref {
	from := sort.Search(len(refs), func(n int) bool { return refs[n].bulletin >= i })
	to := from
	for to < len(refs) && refs[to].bulletin == i {
		to++
	}
	return refs[from:to]
}

// reference adds what the pieces of the bulletin say: an event, and the
// reference.
func (f *fiche) reference() {
	if f.run.suite != nil {
		f.suiteReference()
		return
	}
	for _, ref := range f.run.refsOf(f.rang) {
		p := &f.run.pieces[ref.piece]
		f.b.Evenement = append(f.b.Evenement, xhl.Evenement{Code: p.motif.evenement, Description: xhl.Some(p.Nom)})
		if f.run.opts.References == DansBulletins {
			f.b.PJRef = append(f.b.PJRef, xhl.PJRef{Support: p.Support, IdUnique: p.IdUnique, NomPJ: xhl.Some(p.Fichier)})
		}
	}
}

// appendIndex appends justificatifs.csv.
func (r *Run) appendIndex(dst []byte) []byte {
	dst = append(dst, "matricule;id_unique;fichier;nom;description;support\n"...)
	row := func(matricule string, p *Piece) {
		for _, field := range []string{matricule, p.IdUnique, p.Fichier, p.Nom, p.Description} {
			dst = append(append(dst, field...), ';')
		}
		dst = append(append(dst, p.Support...), '\n')
	}
	for n := range r.pieces {
		p := &r.pieces[n]
		if p.Portee == Generale {
			row("*", p)
		}
		for _, i := range p.Agents {
			row(r.Matricule(i), p)
		}
		if p.parti != "" {
			gone := *p
			gone.Description += ", matricule " + p.parti
			row("*", &gone)
		}
	}
	return dst
}

// kind is the prefix of the names of a piece: contract, délibération, arrêté.
func (p *Piece) kind() string {
	switch {
	case p.Genre == Contrat:
		return "CTR"
	case p.Portee == Generale:
		return "DEL"
	}
	return "ARR"
}
