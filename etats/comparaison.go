package etats

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"paye/internal/anomalie"
	"paye/xhl"
)

// Tolerances, in centimes: of a line, of the totals of an agent, of a
// traitement that is predicted from the index.
const (
	tolTotal      = 5
	tolTraitement = 6
)

// A common mode is told from individual causes when it moved enough agents,
// and enough of those whom it concerns.
const (
	minGenerale   = 20
	partGenerale  = 80 // per cent
	partIndice    = 90 // per cent of those on an index
	minIndice     = 3  // agents on an index, for it to tell by itself
	partBrouille  = 10 // per cent of agents whose totals change without their lines
	partRenumerot = 95
)

// Justificatif is a line of justificatifs.csv.
type Justificatif struct {
	Matricule, IdUnique, Nom, Description, Support string
	Type, Effet                                    string
}

// CauseNommee is a line of causes.csv: how the user calls a general cause.
type CauseNommee struct{ Type, Code, Facteur, Texte, IdUnique string }

// Options say how two months are compared; the zero value works.
type Options struct {
	Liste         string     // Liste21 or Liste22; that of the APE when empty
	Rubriques     []Rubrique // of the user; nil to have them proposed
	Pieces        *Pieces    // nil for the table of the program
	Justificatifs []Justificatif
	Causes        []CauseNommee

	// Anterieures gives the pieces that earlier months had of a matricule, or of
	// General; it may be nil.
	Anterieures func(matricule string) []Piece
	// Anomalie is given what is not of one agent; it may be nil.
	Anomalie func(*anomalie.Anomalie)
}

// Comparaison is what changed between two months.
type Comparaison struct {
	Avant, Apres *Mois
	Liste        string
	Pieces       *Pieces
	Classement   *Classement
	Variations   []Variation
	Generales    []Generale
	Synthese     Synthese
}

// engine is one comparison.
type engine struct {
	avant, apres *Mois
	o            Options
	pieces       *Pieces
	liste        string
	cls          *Classement
	classes      []Classe
	somme        *postes
	paires       []paire
	signesA      [nbNatures]int64
	signesB      [nbNatures]int64
	pointA       points
	pointB       points
	commun       commun
	brouille     bool // totals change without lines: the file scrambled them
	rows         []*Variation
	ctx          context.Context
}

// Compare compares two months that share a Lexique. An anomaly as the error
// says why they cannot be: other employers, one month, months swapped.
func Compare(ctx context.Context, avant, apres *Mois, o Options) (*Comparaison, error) {
	if o.Anomalie == nil {
		o.Anomalie = func(*anomalie.Anomalie) {}
	}
	if err := comparable(avant, apres, o.Anomalie); err != nil {
		return nil, err
	}
	e := &engine{avant: avant, apres: apres, o: o, pieces: o.Pieces, liste: o.Liste, ctx: ctx}
	if e.pieces == nil {
		e.pieces = DefaultPieces()
	}
	if e.liste == "" {
		e.liste = listeOf(apres.APE)
	}
	e.classify()
	nirUtiles := avant.nirUtiles() && apres.nirUtiles()
	if !nirUtiles {
		o.Anomalie(Codes.New(NIRInutilisables))
	}
	e.paires = pair(avant, apres, nirUtiles)
	e.somme = newPostes(apres.lex)
	e.signesA, e.signesB = e.signs(avant), e.signs(apres)
	e.renumber()
	e.pointA, e.pointB = e.pointOf(avant), e.pointOf(apres)
	if err := e.generales(); err != nil {
		return nil, err
	}
	if err := e.each(); err != nil {
		return nil, err
	}
	e.cover()
	c := &Comparaison{Avant: avant, Apres: apres, Liste: e.liste, Pieces: e.pieces, Classement: e.cls, Generales: e.commun.list}
	c.Variations = e.sorted()
	c.Synthese = e.synthese(c)
	return c, nil
}

// comparable refuses months that do not follow each other.
func comparable(avant, apres *Mois, report func(*anomalie.Anomalie)) error {
	switch {
	case avant.Siret != apres.Siret:
		return Codes.New(AutreEmployeur, avant.Siret, apres.Siret)
	case avant.rang() > apres.rang():
		return Codes.New(MoisInverses, avant.Titre(), apres.Titre())
	case avant.rang() == apres.rang():
		return Codes.New(MemeMois, avant.Titre())
	case avant.Bulletins == 0:
		return Codes.New(SansBulletin, avant.Titre())
	case apres.Bulletins == 0:
		return Codes.New(SansBulletin, apres.Titre())
	}
	if gap := apres.rang() - avant.rang(); gap > 1 {
		report(Codes.New(MoisManquants, gap))
	}
	if avant.IdVer != apres.IdVer {
		report(Codes.New(AutreSchema, avant.IdVer, apres.IdVer))
	}
	if a, b := avant.trains(), apres.trains(); a != b {
		report(Codes.New(TrainSeul, cmp.Or(a, "-"), cmp.Or(b, "-")))
	}
	return nil
}

func (e *engine) classify() {
	e.cls = Classify(e.o.Rubriques, e.o.Anomalie, e.avant, e.apres)
	e.classes = make([]Classe, len(e.cls.parRub))
	for rub := range e.classes {
		e.classes[rub] = e.cls.classe(uint16(rub))
	}
	if n, poids, brut := e.cls.Inconnues(); poids*20 > brut {
		e.o.Anomalie(Codes.New(TropDInconnues, n))
	}
}

// signs tells by what each nature changes the net to pay. An avantage en nature
// is in the net of some files only: what fits more bulletins is right.
func (e *engine) signs(m *Mois) [nbNatures]int64 {
	s := m.signes()
	in, out := 0, 0
	for f := range m.Fiches() {
		var sum, avantage xhl.Montant
		lignes := f.Lignes()
		for i := range lignes {
			n := e.somme.types[lignes[i].Rub]
			mt := f.Montant(&lignes[i])
			sum += mt * xhl.Montant(s[n])
			if n == xhl.AvantageNature {
				avantage += mt
			}
		}
		if avantage == 0 {
			continue
		}
		if absolu(f.Totaux.NetAPayer-sum) <= tolTotal {
			in++
		} else if absolu(f.Totaux.NetAPayer-sum+avantage) <= tolTotal {
			out++
		}
	}
	if out > in {
		s[xhl.AvantageNature] = 0
	}
	return s
}

// each makes the rows of every pair.
func (e *engine) each() error {
	e.brouille = e.scrambled()
	if e.brouille {
		e.add(Variation{Type: TypeTotauxSansLigne, Champ: "MtBrut MtNet MtNetAPayer", Cause: CauseTotauxFichier})
	}
	for i := range e.paires {
		if i%1024 == 0 && e.ctx.Err() != nil {
			return context.Cause(e.ctx)
		}
		p := &e.paires[i]
		switch p.lien {
		case suivi:
			e.follow(p)
		case entrant, contratAjoute:
			t := p.b.totaux()
			one := e.row(p, Variation{Type: TypeEntrant, Champ: "Matricule", Apres: montant(t.Brut), Delta: t.Brut, DeltaNet: t.NetAPayer, situation: "premiere_paye"})
			if p.lien == contratAjoute {
				one.Type, one.Champ, one.Cause = TypeContratAjoute, "Agent", CauseContrat
			}
		case sortant, contratTermine:
			t := p.a.totaux()
			one := e.row(p, Variation{Type: TypeSortant, Champ: "Matricule", Avant: montant(t.Brut), Delta: -t.Brut, DeltaNet: -t.NetAPayer, situation: "sortie"})
			if p.lien == contratTermine {
				one.Type, one.Champ, one.Cause = TypeContratTermine, "Agent", CauseContrat
			}
		case rematricule:
			e.row(p, Variation{Type: TypeRematricule, Champ: "Matricule", Avant: texte(p.a.first().Matricule), Apres: texte(p.b.first().Matricule), Cause: CauseMatricule, situation: "rematricule"})
			e.follow(p)
		}
	}
	return nil
}

// row adds a row of a pair.
func (e *engine) row(p *paire, v Variation) *Variation {
	f, m := p.fiche(), e.apres
	if p.b == nil {
		m = e.avant
	}
	v.Matricule, v.Nom = f.Matricule, f.Nom
	v.Etablissement, v.Service = m.Etablissement(f.Etablissement), m.Texte(f.Service)
	if p.a != nil && p.b != nil {
		v.DeltaNet = p.b.totaux().NetAPayer - p.a.totaux().NetAPayer
	}
	return e.add(v)
}

func (e *engine) add(v Variation) *Variation {
	one := new(Variation)
	*one = v
	e.rows = append(e.rows, one)
	return one
}

// sorted numbers the rows in an order that does not depend on the book's: those
// of the file first, then by matricule.
func (e *engine) sorted() []Variation {
	slices.SortStableFunc(e.rows, func(x, y *Variation) int {
		return cmp.Or(strings.Compare(x.Matricule, y.Matricule), strings.Compare(string(x.Type), string(y.Type)),
			strings.Compare(x.Champ, y.Champ), strings.Compare(x.Code, y.Code), cmp.Compare(x.Delta, y.Delta), strings.Compare(x.Etablissement, y.Etablissement))
	})
	list := make([]Variation, len(e.rows))
	for i, v := range e.rows {
		list[i] = *v
		list[i].N = i + 1
	}
	return list
}

// scrambled reports whether some declared total changes without the lines for
// too many agents to be their own matter.
func (e *engine) scrambled() bool {
	agents, same := 0, [3]int{}
	for i := range e.paires {
		p := &e.paires[i]
		if p.lien != suivi {
			continue
		}
		agents++
		if memesLignes(p) {
			for j, moved := range e.totauxChanges(p) {
				if moved {
					same[j]++
				}
			}
		}
	}
	return slices.ContainsFunc(same[:], func(n int) bool { return n > 1 && n*100 > agents*partBrouille })
}

// totauxChanges tells which declared totals of a pair differ.
func (e *engine) totauxChanges(p *paire) [3]bool {
	a, b := p.a.totaux(), p.b.totaux()
	absent := a.absents | b.absents
	return [3]bool{
		absent&sansBrut == 0 && a.Brut != b.Brut,
		absent&sansNet == 0 && a.Net != b.Net,
		absent&sansNetAPayer == 0 && a.NetAPayer != b.NetAPayer,
	}
}
