package synth

import (
	"fmt"
	"sort"
	"strconv"
	"time"

	"paye/xhl"
)

// Run is a run of payroll, as a recipe: what it holds is made when it is asked
// for. It takes some bytes a bulletin, and any number of goroutines may use
// it.
type Run struct {
	opts     Options
	entete   xhl.Entete
	nom      *xhl.Nomenclatures
	groupes  []Groupe
	sections []section
	services []string
	pieces   []Piece
	refs     []ref
	presse   presse // nil is that of the seed
	suite    *suite // what a second month changes; nil for a first one

	matricules, nirs, comptes mixer
	chiffres                  int // of a matricule

	mois            xhl.Periode
	paiement        xhl.Date
	point           int // yearly value of the index 100, in centimes
	cnraclPatronale int // thousandths of a percent
}

// Groupe is a DonneesIndiv: the bulletins Debut to Fin-1 of one établissement.
type Groupe struct {
	Etablissement *xhl.Etablissement
	Debut, Fin    int
}

// section is a run of bulletins of one service under one post; when the book is
// dense, of all the posts of the service mixed.
type section struct {
	debut, fin int
	service    int // of Run.services
	modele     *service
	part       int // of modele.parts, or every one of them when negative
}

// The purposes that the seed serves.
const (
	pourPlan = iota + 1
	pourAgent
	pourSection
	pourPieces
	pourPDF
	pourMatricule
	pourNIR
	pourCompte
	pourSuite
)

// Generate makes the recipe of a run. An error wraps ErrOptions.
func Generate(o Options) (*Run, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOptions, err)
	}
	r := &Run{opts: o}
	r.calendrier()
	a := newAlea(o.Seed, pourPlan, 0)
	siren := makeSIREN(a.below(10000))
	r.entetes(siren)
	r.plan(&a, siren)
	r.nom = r.nomenclatures()

	places := 100_000
	r.chiffres = 5
	for places < 4*o.Bulletins {
		places *= 10
		r.chiffres++
	}
	r.matricules = newMelange(o.Seed, pourMatricule, places)
	r.nirs = newMelange(o.Seed, pourNIR, placesNIR)
	r.comptes = newMelange(o.Seed, pourCompte, 100_000_000_000)
	r.planPieces()
	return r, nil
}

// calendrier sets what the month decides.
func (r *Run) calendrier() {
	first := time.Date(r.opts.Annee, time.Month(r.opts.Mois), 1, 0, 0, 0, 0, time.UTC)
	r.mois = periode(first, 1)
	r.paiement = xhl.Date(first.AddDate(0, 1, -4).Format(time.DateOnly))
	r.point = 590734 // décret 2023-519
	switch {
	case r.opts.Annee <= 2024:
		r.cnraclPatronale = 31650
	case r.opts.Annee <= 2027: // three points a year, décret 2025-86
		r.cnraclPatronale = 31650 + 3000*(r.opts.Annee-2024)
	default:
		r.cnraclPatronale = 43650
	}
}

// periode is that of n months from the first day of one.
func periode(first time.Time, n int) xhl.Periode {
	return xhl.Periode{
		DateDebut: xhl.Date(first.Format(time.DateOnly)),
		DateFin:   xhl.Date(first.AddDate(0, n, -1).Format(time.DateOnly)),
	}
}

// debutMois is the first day of the month of the run, moved by some months.
func (r *Run) debutMois(months int) time.Time {
	return time.Date(r.opts.Annee, time.Month(r.opts.Mois+months), 1, 0, 0, 0, 0, time.UTC)
}

const collectivite = "Commune de Castelbrume"

var etablissements = []struct{ nom, voie, cp, ville string }{
	{"Mairie de Castelbrume", "1 place de l'Hôtel-de-Ville", "96100", "Castelbrume"},
	{"Direction de l'éducation", "12 rue des Écoles", "96100", "Castelbrume"},
	{"Centre technique municipal", "44 boulevard du Port-aux-Œufs", "96100", "Castelbrume"},
	{"Cité de la petite enfance", "3 allée des Tilleuls", "96110", "Saint-Élan-du-Marais"},
	{"Pôle culturel l'Ancre", "8 quai de la Ria", "96100", "Castelbrume"},
	{"Complexe sportif du Ménec", "27 rue du Stade", "96120", "Plouvaz"},
}

func (r *Run) entetes(siren string) {
	r.entete = xhl.Entete{
		IdVer:  "1.4",
		Annee:  strconv.Itoa(r.opts.Annee),
		Mois:   string(appendPadded(nil, r.opts.Mois, 2)),
		Budget: &xhl.Budget{Libelle: budgets[0].Libelle, Code: budgets[0].Code},
		Employeur: xhl.Employeur{
			Nom: collectivite, APE: "8411Z", NumUrssaf: "960" + siren, Siret: makeSIRET(siren, 1),
			Adresse: lieu(etablissements[0].voie, etablissements[0].cp, etablissements[0].ville),
		},
	}
	if r.opts.Version == xhl.V14 {
		r.entete.Train = xhl.Some(train)
	} else {
		r.entete.IdVer = "1.2"
	}
}

func lieu(voie, cp, ville string) xhl.Adresse {
	return xhl.Adresse{TypAdr: "1", Adr2: xhl.Some(xhl.Nominatif(voie)), CP: xhl.Nominatif(cp), Ville: xhl.Some(xhl.Nominatif(ville)), CodRes: "0"}
}

// plan deals the bulletins out to établissements and services. The first
// établissement has half of them, and the élus.
func (r *Run) plan(a *alea, siren string) {
	total, count := r.opts.Bulletins, r.opts.Etablissements
	start := 0
	for e := range count {
		left := count - e - 1
		end := total - left
		if left > 0 {
			end = min(end, start+max(1, (total-start)*10/(10+8*left)))
		}
		m := etablissements[e]
		siret := makeSIRET(siren, e+1)
		r.groupes = append(r.groupes, Groupe{
			Etablissement: &xhl.Etablissement{Nom: m.nom, NumUrssaf: "960" + siren, Adresse: lieu(m.voie, m.cp, m.ville), Siret: siret},
			Debut:         start, Fin: end,
		})
		elus := 0
		if e == 0 && total >= 40 {
			elus = min(22, total/15)
		}
		r.remplit(a, start, end-elus)
		if elus > 0 {
			r.section(&assemblee, assemblee.nom, end-elus, end)
		}
		start = end
	}
}

// remplit makes services until the bulletins from start to end have one each.
func (r *Run) remplit(a *alea, start, end int) {
	var numbers [16]int
	weights := 0
	for i := range services {
		weights += services[i].poids
	}
	for start < end {
		kind, w := 0, a.below(weights)
		for w >= services[kind].poids {
			w -= services[kind].poids
			kind++
		}
		s := &services[kind]
		numbers[kind]++
		name := s.nom + " - secteur " + strconv.Itoa(numbers[kind])
		size := 0
		for _, p := range s.parts {
			size += p.poids
		}
		size = min(size*a.between(50, 150)/100+1, end-start)
		r.section(s, name, start, start+size)
		start += size
	}
}

// section adds the bulletins of a service: a section each part, in proportion
// of their weights, or one for all in a dense book.
func (r *Run) section(s *service, name string, start, end int) {
	r.services = append(r.services, name)
	one := section{service: len(r.services) - 1, modele: s, debut: start, fin: end, part: -1}
	if r.opts.Profil == Dense && s != &assemblee {
		r.sections = append(r.sections, one)
		return
	}
	weights := 0
	for _, p := range s.parts {
		weights += p.poids
	}
	sum := 0
	for i, p := range s.parts {
		sum += p.poids
		one.part, one.fin = i, start+((end-start)*sum+weights-1)/weights
		if one.debut < one.fin {
			r.sections = append(r.sections, one)
		}
		one.debut = one.fin
	}
}

// sectionOf finds the section of the bulletin i.
func (r *Run) sectionOf(i int) *section {
	return &r.sections[sort.Search(len(r.sections), func(s int) bool { return r.sections[s].fin > i })]
}

// Len is how many bulletins there are.
func (r *Run) Len() int {
	if r.suite != nil {
		return len(r.suite.order)
	}
	return r.opts.Bulletins
}

// Entete is the head of the journal.
func (r *Run) Entete() *xhl.Entete { return &r.entete }

// Nomenclatures are the code lists.
func (r *Run) Nomenclatures() *xhl.Nomenclatures { return r.nom }

// Groupes are the établissements in the order of the book.
func (r *Run) Groupes() []Groupe { return r.groupes }

// Matricule is that of the bulletin i.
func (r *Run) Matricule(i int) string {
	if s := r.suite; s != nil {
		i = s.matricule(r.index(i))
	}
	return string(appendPadded(nil, r.matricules.at(i), r.chiffres))
}
