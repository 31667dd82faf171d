package due

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"paye/internal/anomalie"
)

// Constat is one thing to mend, or to know: the anomaly, the field, and what
// the sheet holds. The anomaly has nothing personal; the other fields are for
// the report that the payroll office keeps, never for a log.
type Constat struct {
	*anomalie.Anomalie
	Personne string // name and first name
	Contrat  string
	Champ    Champ
	Valeur   string // as the sheet has it; a NIR is masked
	Becomes  string // as it is declared, for a value that was folded or cut
}

// Situation is what the memory of the declarations says of a hire.
type Situation struct {
	Cle      string // key of its declaration: the one it had, or a new one
	Declaree bool   // this very contract is already declared: nothing to do
	Doublon  string // key of another declaration of the same person, day and hour
}

// Controleur checks hires before they are declared. Its zero value is not
// usable: Maintenant and Employeur are needed.
type Controleur struct {
	Employeur  Employeur
	Exclus     map[string]bool // categories of contracts that are not declared here
	Indicateur Indicateur
	Maintenant time.Time

	// Situation asks the memory about a hire that passed the other checks; nil
	// when there is none, and then keys are made from the contract alone.
	Situation func(context.Context, *Declaration) (Situation, error)
}

// Bilan is what a check found, for the hires of a selection.
type Bilan struct {
	Employeur    EmployeurDeclare
	Indicateur   Indicateur
	Selection    Selection
	Date         Date
	Declarations []Declaration // the hires without an error, in the order of the source
	Refusees     []string      // contracts with an error
	Constats     []Constat
	Fiches       int // hires that were checked
	Ecartees     int // not to be declared from here: tenured, or already declared
	Tot          int // too early: more than eight days ahead
	Tardives     int // past
}

// Erreurs is how many findings stand in the way of a declaration.
func (b *Bilan) Erreurs() int { return b.count(anomalie.Erreur) }

// Avertissements is how many findings only warn.
func (b *Bilan) Avertissements() int { return b.count(anomalie.Avertissement) }

func (b *Bilan) count(g anomalie.Gravite) int {
	n := 0
	for _, c := range b.Constats {
		if c.Gravite == g {
			n++
		}
	}
	return n
}

// Declarable returns nil when everything that was checked can be declared. One
// error, of the employer or of any hire, closes the whole selection.
func (b *Bilan) Declarable() error {
	if n := b.Erreurs(); n > 0 {
		return Codes.New("DUE-140", n)
	}
	if len(b.Declarations) == 0 {
		return Codes.New("DUE-141")
	}
	return nil
}

// Check checks the hires of src that sel asks for. A hire that cannot be read
// is a finding; an error is one of the machine, or a selection or a source
// that does not hold together.
func (c *Controleur) Check(ctx context.Context, src Source, sel Selection) (*Bilan, error) {
	if err := sel.Check(); err != nil {
		return nil, err
	}
	paris, err := Paris()
	if err != nil {
		return nil, err
	}
	b := &Bilan{Indicateur: c.Indicateur, Selection: sel, Date: DateIn(c.Maintenant, paris)}
	x := examination{c: c, b: b, paris: paris}
	b.Employeur = x.employeur()
	firsts := make(map[string]*Declaration) // by what makes two hires the same
	for e, err := range src {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			if anomalie.As(err) == nil {
				return nil, fmt.Errorf("check the hires: %w", err)
			}
			a := err.(*anomalie.Anomalie)
			if a.Classe() == anomalie.Illisible {
				return nil, a
			}
			b.Constats = append(b.Constats, Constat{Anomalie: a})
			continue
		}
		if !sel.Contains(&e) {
			continue
		}
		if err := x.embauche(ctx, e, firsts); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// examen is one hire, or the employer, under examination.
type examination struct {
	c     *Controleur
	b     *Bilan
	paris *time.Location

	e     Embauche // the hire at hand; empty for the employer
	wrong bool     // an error was found on it
}

func (x *examination) embauche(ctx context.Context, e Embauche, firsts map[string]*Declaration) error {
	x.e, x.wrong = e, false
	if c := strings.ToLower(e.Categorie); x.c.Exclus[c] {
		x.b.Ecartees++
		x.finds("DUE-142", ChampCategorie, e.Categorie, c)
		return nil
	}
	x.b.Fiches++
	d := Declaration{Matricule: e.Matricule, Contrat: e.Numero}
	x.personne(&d)
	x.contrat(&d)
	if x.wrong {
		x.b.Refusees = append(x.b.Refusees, e.Numero)
		return nil
	}
	id := identite(x.b.Employeur.SIRET, &d)
	if first := firsts[id]; first != nil {
		x.finds("DUE-V16", ChampContrat, e.Numero, first.Contrat)
		x.b.Refusees = append(x.b.Refusees, e.Numero)
		return nil
	}
	situation, err := x.situation(ctx, &d)
	if err != nil {
		return fmt.Errorf("check contract %s: %w", e.Numero, err)
	}
	d.Cle = situation.Cle
	switch {
	case situation.Declaree:
		x.b.Ecartees++
		x.finds("DUE-143", ChampContrat, e.Numero, d.Cle)
		return nil
	case situation.Doublon != "":
		x.finds("DUE-V16B", ChampContrat, e.Numero, situation.Doublon)
		x.b.Refusees = append(x.b.Refusees, e.Numero)
		return nil
	}
	firsts[id] = &d
	x.b.Declarations = append(x.b.Declarations, d)
	if d.Tardive {
		x.b.Tardives++
	}
	return nil
}

func (x *examination) situation(ctx context.Context, d *Declaration) (Situation, error) {
	if x.c.Situation != nil {
		return x.c.Situation(ctx, d)
	}
	taken := func(cle string) bool {
		return slices.ContainsFunc(x.b.Declarations, func(o Declaration) bool { return o.Cle == cle })
	}
	return Situation{Cle: newKey(x.b.Employeur.SIRET, d.Contrat, taken)}, nil
}

// finds adds a finding on the hire at hand.
func (x *examination) finds(code string, champ Champ, valeur string, args ...any) *Constat {
	a := Codes.New(code, args...).At(x.e.Fichier, -1, x.e.Ligne)
	a.Matricule, a.Chemin = x.e.Matricule, string(champ)
	x.b.Constats = append(x.b.Constats, Constat{
		Anomalie: a,
		Personne: strings.TrimSpace(x.e.NomNaissance + " " + x.e.Prenom),
		Contrat:  x.e.Numero,
		Champ:    champ,
		Valeur:   valeur,
	})
	x.wrong = x.wrong || a.Gravite == anomalie.Erreur
	return &x.b.Constats[len(x.b.Constats)-1]
}

// text folds the value of a field, tells what changed, and reports a value
// that is compulsory and empty, that ISO-8859-1 cannot write, or of which
// nothing is left.
func (x *examination) text(champ Champ, value string, jeu Jeu, width int, need besoin) string {
	if value == "" {
		if need == obligatoire {
			x.finds("DUE-V15", champ, "", string(champ))
		}
		return ""
	}
	p := Fold(value, jeu, width)
	switch {
	case p.Perdus > 0:
		x.finds("DUE-V18", champ, value, string(champ), p.Perdus)
	case p.Texte == "" && need == obligatoire:
		x.finds("DUE-V15C", champ, value, string(champ))
	case p.Case:
		x.finds("DUE-V17A", champ, value, string(champ)).Becomes = p.Texte
	case p.Change:
		x.finds("DUE-V17", champ, value, string(champ)).Becomes = p.Texte
	}
	return p.Texte
}

// besoin says whether a field may be empty.
type besoin uint8

const (
	facultatif besoin = iota
	obligatoire
)

// identite is what makes two hires the same one: employer, NIR or else name
// and birth, day and hour.
func identite(siret string, d *Declaration) string {
	who := d.NIR.Reveal()
	if who == "" {
		who = personne(d)
	}
	return strings.Join([]string{siret, who, d.DateDebut.String(), d.HeureDebut.String()}, "|")
}

// personne is who is hired, without a NIR.
func personne(d *Declaration) string {
	return strings.Join([]string{d.NomNaissance, d.Prenom, d.DateNaissance.String()}, "|")
}

// newKey makes the key of a declaration: the last five digits of the SIRET and
// the contract, in [A-Z0-9-], at most 20 characters, with a suffix when taken
// says that the key has served.
func newKey(siret, contrat string, taken func(string) bool) string {
	const width = 20
	var b strings.Builder
	for _, r := range Fold(contrat, jeuCle, 0).Texte {
		if r == ' ' {
			r = '-'
		}
		b.WriteRune(r)
	}
	stem := siret[max(0, len(siret)-5):] + "-" + b.String()
	key := stem[:min(width, len(stem))]
	for n := 2; taken(key); n++ {
		suffix := fmt.Sprintf("-%d", n)
		key = stem[:min(width-len(suffix), len(stem))] + suffix
	}
	return key
}

const jeuCle Jeu = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
