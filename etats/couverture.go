package etats

import (
	"cmp"
	"slices"
	"strings"

	"paye/internal/anomalie"
)

// cover looks for the piece that each row needs, and grades it.
func (e *engine) cover() {
	docs := e.documents()
	for i := range e.commun.list {
		e.commun.list[i].Agents = len(e.commun.agentsDe[i])
		e.commun.list[i].Exceptions = len(e.commun.horsDe[i])
		e.generalRow(&e.commun.list[i])
	}
	e.relabelled()
	for _, v := range e.rows {
		e.need(v)
		if v.Regle != nil && v.Regle.Piece != "" && !v.sansPiece && v.situation != "heures_compl" {
			docs.find(v)
		}
	}
	for _, v := range e.rows {
		if l := v.lien; l != nil && (v.Couverture == Manquante || v.Couverture == AVerifier || v.Couverture == Presente) && l.Couverture == Jointe {
			v.Couverture, v.IdUnique, v.NomPJ = l.Couverture, l.IdUnique, l.NomPJ
		}
		e.grade(v)
	}
}

// generalRow is the row of a general cause.
func (e *engine) generalRow(g *Generale) {
	v := e.add(Variation{Type: TypeGenerale, Champ: g.Champ, Code: g.Code, Libelle: g.Libelle, Avant: g.Avant, Apres: g.Apres, Delta: g.Delta, Cause: CauseGenerale, situation: "generale", IdUnique: g.IdUnique})
	if g.Genre != "taux" {
		v.Apres = texte(g.Valeur())
	}
	if g.IdUnique == "" {
		v.sansPiece = true
	}
}

// need finds the row of the table of pieces.
func (e *engine) need(v *Variation) {
	if v.situation != "" {
		v.Regle = e.pieces.of(e.liste, v.situation)
	}
}

// grade gives a row its gravity and its code.
func (e *engine) grade(v *Variation) {
	v.Gravite, v.Anomalie = anomalie.Info, VariationCode
	set := func(code string) { v.Gravite, v.Anomalie = Codes.New(code).Gravite, code }
	switch {
	case v.Couverture == Manquante:
		set(PieceAbsente)
	case v.Type == TypeIncoherent:
		set(IncoherentCode)
	case v.Type == TypeException:
		set(ExceptionCode)
	case v.Type == TypeInexplique:
		set(InexpliqueCode)
	case v.Type == TypeTotauxSansLigne:
		set(TotauxSansLigneCode)
	case v.douteuse, v.Couverture == AVerifier:
		set(AVerifierCode)
	case v.classe == Inconnue && v.Code != "" && v.situation != "" && v.Delta != 0 && isPrime(v.Type):
		set(ClasseInconnue)
	}
}

func isPrime(t Type) bool {
	return t == TypePrimeApparue || t == TypePrimeDisparue || t == TypePrimeModifiee
}

// documents are the pieces of the month, by matricule.
type documents struct {
	agents     map[string][]Piece
	generales  []Piece
	anterieurs func(string) []Piece
}

// documents gathers what the journal references and what the index lists.
func (e *engine) documents() *documents {
	d := &documents{agents: make(map[string][]Piece), anterieurs: e.o.Anterieures}
	byID := make(map[string]*Justificatif)
	for i := range e.o.Justificatifs {
		j := &e.o.Justificatifs[i]
		p := Piece{IdUnique: j.IdUnique, Nom: j.Nom, Description: j.Description, Type: j.Type, Effet: j.Effet}
		if j.IdUnique != "" && byID[j.IdUnique] == nil {
			byID[j.IdUnique] = j
		}
		if j.Matricule == General {
			d.generales = append(d.generales, p)
			continue
		}
		d.agents[j.Matricule] = append(d.agents[j.Matricule], p)
	}
	for f := range e.apres.Fiches() {
		for i := range f.Refs {
			ref := &f.Refs[i]
			if slices.ContainsFunc(d.agents[f.Matricule], func(p Piece) bool { return p.IdUnique == ref.IdUnique }) {
				continue
			}
			p := Piece{IdUnique: ref.IdUnique, Nom: ref.NomPJ.V}
			if j := byID[ref.IdUnique]; j != nil {
				p.Nom, p.Description, p.Type, p.Effet = j.Nom, j.Description, j.Type, j.Effet
			}
			d.agents[f.Matricule] = append(d.agents[f.Matricule], p)
		}
	}
	return d
}

// find looks for the piece of a row, in the order of how well it fits.
func (d *documents) find(v *Variation) {
	take := func(c Couverture, p *Piece) {
		v.Couverture, v.IdUnique, v.NomPJ = c, p.IdUnique, p.Nom
	}
	own := d.agents[v.Matricule]
	for i := range own {
		if own[i].fits(v.Regle) {
			take(Jointe, &own[i])
			return
		}
	}
	// The piece of one who left travels with the set, since no bulletin can
	// reference it: it names the matricule.
	for i := range d.generales {
		if p := &d.generales[i]; p.fits(v.Regle) && has(normal(p.Nom+" "+p.Description), strings.TrimSpace(normal(v.Matricule))) {
			take(Jointe, p)
			return
		}
	}
	if v.IdUnique != "" { // named by causes.csv
		v.Couverture = Jointe
		return
	}
	var before []Piece
	if d.anterieurs != nil {
		before = d.anterieurs(v.Matricule)
	}
	for i := range before {
		if before[i].fits(v.Regle) {
			take(Anterieure, &before[i])
			return
		}
	}
	for i := range own {
		if len(own[i].kinds()) == 0 {
			take(Presente, &own[i])
			return
		}
	}
	for i := range d.generales {
		if p := &d.generales[i]; p.fits(v.Regle) && !slices.Contains(p.kinds(), "deliberation") && !has(normal(p.Description), "MATRICULE") {
			take(CouvertureG, p)
			return
		}
	}
	v.Couverture = AVerifier
	if v.Regle.Officielle() {
		v.Couverture = Manquante
	}
}

// relabelled makes a row of the file for each rubrique whose label changed, and
// for each that goes on under another code.
func (e *engine) relabelled() {
	lex := e.apres.lex
	for rub := range lex.Rubriques() {
		k := lex.Cle(uint16(rub))
		a, before := e.avant.nomenc[k.Code]
		b, after := e.apres.nomenc[k.Code]
		if !before || !after || a.Libelle == b.Libelle || e.avant.libelles[uint16(rub)] == "" || e.apres.libelles[uint16(rub)] == "" {
			continue
		}
		e.add(Variation{Type: TypeRelibellee, Code: k.Code, Libelle: b.Libelle, Avant: texte(a.Libelle), Apres: texte(b.Libelle), Cause: CauseLibelle, sansPiece: true})
	}
	for from, to := range e.commun.renum {
		a, b := lex.Cle(from), lex.Cle(to)
		e.add(Variation{Type: TypeRenumerotee, Code: b.Code, Libelle: e.apres.Libelle(to), Avant: texte(a.Code), Apres: texte(b.Code), Cause: CauseCode, sansPiece: true})
	}
	// A code may stand in several natures: its label is one.
	e.rows = slices.CompactFunc(e.rows, func(x, y *Variation) bool {
		return x.Type == TypeRelibellee && y.Type == TypeRelibellee && x.Code == y.Code
	})
}

// compareVariations orders rows by how much money they move without a piece.
func compareVariations(a, b *Variation) int {
	return cmp.Or(-cmp.Compare(absolu(a.DeltaNet), absolu(b.DeltaNet)), strings.Compare(a.Matricule, b.Matricule))
}
