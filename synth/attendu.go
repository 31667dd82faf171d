package synth

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"paye/xhl"
)

// FichierAttendu is what a comparison with the month before should say.
const FichierAttendu = "attendu.csv"

// Attendus are the lines of attendu.csv; none for a first month.
func (r *Run) Attendus() []Attendu {
	if r.suite == nil {
		return nil
	}
	return r.suite.attendus
}

// expect says what a comparison should find, in the order of the plan's names.
func (p *planter) expect() {
	for i := range p.before.Len() {
		p.expectOf(i)
	}
	for i := p.before.Len(); i < p.next; i++ {
		p.expectOf(i)
	}
	s := p.s
	add := func(a Attendu) {
		a.ID = len(s.attendus) + 1
		s.attendus = append(s.attendus, a)
	}
	if s.relibellee {
		add(Attendu{Type: "rubrique_relibellee", Code: rubriques[rAmicale].code, Couverture: "non_exigee", Gravite: "info"})
	}
	if s.renumerotee {
		add(Attendu{Type: "rubrique_renumerotee", Code: "6210", Couverture: "non_exigee", Gravite: "info"})
	}
	if s.point != 1_000_000 {
		add(Attendu{Type: "generale", Champ: "point", Couverture: "non_exigee", Gravite: "info", Mot: strconv.Itoa(p.followers())})
		for i := range p.before.Len() {
			if s.horsPoint[i] {
				add(Attendu{Matricule: p.before.Matricule(i), Type: "exception", Champ: "point", Couverture: "non_exigee", Gravite: "avertissement"})
			}
		}
	}
	if s.points != 0 || s.bandes {
		add(Attendu{Type: "generale", Champ: "Indice", Couverture: "non_exigee", Gravite: "info"})
	}
	if s.taux != 0 {
		add(Attendu{Type: "generale", Champ: "Taux", Code: rubriques[eCNRACL].code, Couverture: "non_exigee", Gravite: "info"})
		add(Attendu{Type: "generale", Champ: "Taux", Code: rubriques[eCNRACLNBI].code, Couverture: "non_exigee", Gravite: "info"})
	}
}

// followers counts the agents whom a move of the index point reached by a line
// that nothing else changed.
func (p *planter) followers() int {
	n := 0
	for i := range p.before.Len() {
		if p.out[i] && !p.planted(i, "etablissement") || p.s.horsPoint[i] || p.planted(i, "demi_traitement", "conge_parental", "quotite_fausse", "elu") {
			continue
		}
		f := fiche{run: p.before}
		f.begin(i)
		if r := f.part.regime; r == cnracl || r == general || r == mandat {
			n++
		}
	}
	return n
}

func (p *planter) planted(i int, names ...string) bool {
	for _, one := range p.s.edits[i] {
		for _, name := range names {
			if one.nom == name {
				return true
			}
		}
	}
	return false
}

// expectOf says what the éditions of a bulletin should give.
func (p *planter) expectOf(i int) {
	for _, one := range p.s.edits[i] {
		e := editions[one.nom]
		if e.typ == "" {
			continue
		}
		a := Attendu{ID: len(p.s.attendus) + 1, Type: e.typ, Champ: e.champ, Code: e.code, Mot: one.nom}
		a.Couverture, a.Gravite = e.verdict(one.joint)
		p.amounts(i, &a)
		p.s.attendus = append(p.s.attendus, a)
	}
}

// verdict is the coverage and the gravity that a row should have.
func (e *edition) verdict(joint bool) (couverture, gravite string) {
	switch {
	case joint:
		couverture, gravite = "jointe", "info"
	case e.exigee == officielle:
		couverture, gravite = "manquante", "erreur"
	case e.exigee == aVerifier:
		couverture, gravite = "a_verifier", "avertissement"
	case e.exigee == constat:
		return "non_exigee", "avertissement"
	default:
		return "non_exigee", "info"
	}
	if couverture == "jointe" && e.typ == "incoherent" {
		gravite = "avertissement"
	}
	return couverture, gravite
}

// amounts names the agent, gives a code its form for him, and sums its lines in
// both months.
func (p *planter) amounts(i int, a *Attendu) {
	place, _ := p.s.sectionAndPerson(i)
	f := fiche{run: p.before}
	f.begin(place)
	if f.part.regime == general && strings.HasPrefix(a.Code, "1") {
		a.Code = "2" + a.Code[1:]
	}
	rang := -1
	for at, index := range p.s.order {
		if index == i {
			rang = at
			break
		}
	}
	var before, after xhl.Bulletin
	if i < p.before.Len() {
		p.before.Bulletin(i, &before)
		a.Matricule = p.before.Matricule(i)
	}
	if rang >= 0 {
		p.r.Bulletin(rang, &after)
		a.Matricule = p.r.Matricule(rang)
	}
	if a.Code == "" {
		return
	}
	x, y := sumOf(&before, a.Code, a.Type), sumOf(&after, a.Code, a.Type)
	a.Avant, a.Apres, a.Delta = x.Reveal(), y.Reveal(), (y - x).Reveal()
}

func sumOf(b *xhl.Bulletin, code, typ string) xhl.Montant {
	var sum xhl.Montant
	for i := range b.Remuneration.Lignes {
		l := &b.Remuneration.Lignes[i]
		if l.Code == code && (l.Nature == xhl.Rappel) == (typ == "rappel") {
			mt, _ := l.Mt.Montant()
			sum += mt
		}
	}
	return sum
}

// WriteAttendus writes attendu.csv.
func (r *Run) WriteAttendus(w io.Writer) error {
	cw := csv.NewWriter(w)
	cw.Comma = ';'
	rows := [][]string{{"id", "matricule", "type", "champ", "code", "avant", "apres", "delta", "couverture", "gravite", "note"}}
	for _, a := range r.Attendus() {
		rows = append(rows, []string{strconv.Itoa(a.ID), a.Matricule, a.Type, a.Champ, a.Code, a.Avant, a.Apres, a.Delta, a.Couverture, a.Gravite, a.Mot})
	}
	if err := cw.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s: %w", FichierAttendu, err)
	}
	return nil
}

// FichierRecette is the recipe of a run, so that its next month can be made.
const FichierRecette = "recette.json"

// recette is the form of FichierRecette.
type recette struct {
	Bulletins      int    `json:"bulletins"`
	Seed           uint64 `json:"seed"`
	Profil         string `json:"profile"`
	Pieces         int    `json:"pieces"`
	References     uint8  `json:"references"`
	Annee          int    `json:"annee"`
	Mois           int    `json:"mois"`
	Etablissements int    `json:"etablissements"`
	Schema         uint8  `json:"schema"`
	Journal        bool   `json:"journal"`
}

// WriteRecette writes the recipe of a first month.
func (r *Run) WriteRecette(w io.Writer) error {
	o := r.opts
	pieces := o.Pieces
	if pieces == 0 {
		pieces = AucunePiece
	}
	b, err := json.MarshalIndent(recette{o.Bulletins, o.Seed, o.Profil.String(), pieces, uint8(o.References), o.Annee, o.Mois, o.Etablissements, uint8(o.Version), o.Journal}, "", " ")
	if err != nil {
		return fmt.Errorf("write %s: %w", FichierRecette, err)
	}
	if _, err := w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("write %s: %w", FichierRecette, err)
	}
	return nil
}

// ReadRecette reads the recipe of a run; the error wraps ErrOptions when it is
// none.
func ReadRecette(r io.Reader) (Options, error) {
	var one recette
	if err := json.NewDecoder(io.LimitReader(r, 1<<16)).Decode(&one); err != nil {
		return Options{}, fmt.Errorf("%w: read %s: %w", ErrOptions, FichierRecette, err)
	}
	profil, err := ParseProfil(one.Profil)
	if err != nil {
		return Options{}, fmt.Errorf("%w: %w", ErrOptions, err)
	}
	return Options{Bulletins: one.Bulletins, Seed: one.Seed, Profil: profil, Pieces: one.Pieces, References: References(one.References),
		Annee: one.Annee, Mois: one.Mois, Etablissements: one.Etablissements, Version: xhl.Version(one.Schema), Journal: one.Journal}, nil
}
