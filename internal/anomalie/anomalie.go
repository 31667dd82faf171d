// Package anomalie is what the engine says of the documents it reads and
// makes: a fault of the data, with a stable code, where it is, and what to do.
//
// An anomaly is data, never a machine error: disks and networks give ordinary
// Go errors. A package declares the anomalies it can find in one [Registre];
// an anomaly that stops the work travels as an error value, since *Anomalie is
// an error, and the command line turns its [Classe] into an exit code.
//
// Nothing personal goes into an anomaly but the Matricule: names, NIR, bank
// accounts and amounts stay out of Trouve, Attendu and the arguments.
//
// Glossary:
//
//	Anomalie  one fault found in a document
//	Gravite   how grave: erreur, avertissement, info
//	Regle     the kind of fault: its code, gravity, messages, source
//	Registre  the Regles of a package
//	Classe    what stops when a Regle is blocking
package anomalie

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"paye/internal/lang"
)

// Gravite orders anomalies; a larger one is graver.
type Gravite uint8

const (
	Info Gravite = iota + 1
	Avertissement
	Erreur
)

func (g Gravite) String() string {
	switch g {
	case Info:
		return "info"
	case Avertissement:
		return "avertissement"
	case Erreur:
		return "erreur"
	}
	return fmt.Sprintf("gravite(%d)", uint8(g))
}

func (g Gravite) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// Classe says what an anomaly means for a command that has to stop on it.
type Classe uint8

const (
	Autre          Classe = iota // the work failed
	Introuvable                  // an input does not exist
	Illisible                    // an input is not what its format says
	PieceManquante               // a justificatif is missing or unreadable
	TropGrand                    // something alone exceeds the limit
	Verification                 // an output that was read back is wrong
	Coffre                       // the vault is locked or unavailable
	Usage                        // the command was not asked in a way that can be done
)

// Regle is a kind of anomaly.
type Regle struct {
	Code    string // stable, "XHL-101"
	Gravite Gravite
	Classe  Classe
	Message lang.Text // what is wrong, with the verbs of the arguments
	Aide    lang.Text // what to do; empty when the message says it
	Source  string    // schema and version, article or document; "[I]" for a rule of this product
}

// held is a rule with what to do on a page, where Aide names an option; empty when
// Aide is for pages too. Rules are made by code that runs: a field of them that
// most leave empty would weigh in every one.
type held struct {
	Regle
	page lang.Text
}

// Registre holds the rules of a package by code.
type Registre struct {
	regles map[string]*held
}

// NewRegistre makes a registry. It panics when two rules share a code: a
// registry is a package-level table, and a test loads it. Rules in a variable of
// the package are data of the program; written in the call, they are code that
// makes them, which weighs in the page.
func NewRegistre(regles ...Regle) *Registre {
	r := &Registre{regles: make(map[string]*held, len(regles))}
	for i := range regles {
		if _, twice := r.regles[regles[i].Code]; twice {
			panic("anomalie: code " + regles[i].Code + " declared twice")
		}
		r.regles[regles[i].Code] = &held{Regle: regles[i]}
	}
	return r
}

// OnPages gives rules what to do on a page, which has fields and no options, and
// returns r: a code, the French, the English. It panics on a code that the
// registry does not hold.
func (r *Registre) OnPages(list [][3]string) *Registre {
	for _, p := range list {
		regle := r.regles[p[0]]
		if regle == nil {
			panic("anomalie: no rule has the code " + p[0])
		}
		regle.page = lang.Text{FR: p[1], EN: p[2]}
	}
	return r
}

// Regles returns the rules in the order of their codes.
func (r *Registre) Regles() []*Regle {
	list := make([]*Regle, 0, len(r.regles))
	for _, regle := range r.regles {
		list = append(list, &regle.Regle)
	}
	slices.SortFunc(list, func(a, b *Regle) int { return strings.Compare(a.Code, b.Code) })
	return list
}

// New returns an anomaly of the rule code, nowhere yet, with the arguments of
// its message. It panics on a code that the registry does not hold.
func (r *Registre) New(code string, args ...any) *Anomalie {
	regle := r.regles[code]
	if regle == nil {
		panic("anomalie: no rule has the code " + code)
	}
	return &Anomalie{Code: code, Gravite: regle.Gravite, Offset: -1, Args: args, regle: regle}
}

// Verify returns an error for a rule without a code, a gravity or one of its
// languages.
func (r *Registre) Verify() error {
	for _, regle := range r.Regles() {
		if regle.Code == "" || regle.Gravite < Info || regle.Gravite > Erreur {
			return fmt.Errorf("rule %q: no code or no gravity", regle.Code)
		}
		if err := regle.Message.Verify(); err != nil {
			return fmt.Errorf("rule %s: message: %w", regle.Code, err)
		}
		for _, text := range []lang.Text{regle.Aide, r.regles[regle.Code].page} {
			if text == (lang.Text{}) {
				continue
			}
			if err := text.Verify(); err != nil {
				return fmt.Errorf("rule %s: help: %w", regle.Code, err)
			}
		}
	}
	return nil
}

// Anomalie is one fault found in a document. Fields that say where may be
// left at "unknown".
type Anomalie struct {
	Code      string
	Gravite   Gravite
	Fichier   string // as the caller named it
	Offset    int64  // in bytes from the start of Fichier; -1 when unknown
	Ligne     int64  // from 1; 0 when unknown
	Chemin    string // DocumentPaye/DonneesIndiv[1]/PayeIndivMensuel[12]/MtBrut
	Matricule string
	Trouve    string // what was found, never personal data
	Attendu   string // what was expected
	Args      []any  // of the message

	regle  *held
	advice *lang.Phrase // that answers this very fault, instead of the rule's
	typed  *lang.Phrase // the same for who types a command, where it names options
}

// As returns the anomaly that err is or wraps, nil when it is an error of the
// machine or none.
func As(err error) *Anomalie {
	var a *Anomalie
	if errors.As(err, &a) {
		return a
	}
	return nil
}

// Is reports whether err is or wraps the anomaly of a code.
func Is(err error, code string) bool {
	a := As(err)
	return a != nil && a.Code == code
}

// At sets the place in the file and returns a.
func (a *Anomalie) At(fichier string, offset, ligne int64) *Anomalie {
	a.Fichier, a.Offset, a.Ligne = fichier, offset, ligne
	return a
}

// Classe returns what a command that stops on this anomaly means by it.
func (a *Anomalie) Classe() Classe {
	if a.regle == nil {
		return Autre
	}
	return a.regle.Classe
}

// Message says what is wrong, in language l, without the place.
func (a *Anomalie) Message(l lang.Language) string {
	if a.regle == nil {
		return a.Code
	}
	return a.regle.Message.In(l, a.Args...)
}

// Aide says what to do to who types commands, in language l; empty when there is
// nothing to add.
func (a *Anomalie) Aide(l lang.Language) string {
	if said := cmp.Or(a.typed, a.advice); said != nil {
		return said.In(l, said.Args...)
	}
	if a.regle == nil || a.regle.Aide == (lang.Text{}) {
		return ""
	}
	return a.regle.Aide.In(l)
}

// OnPage says what to do where there is no command to type, as Aide does.
func (a *Anomalie) OnPage(l lang.Language) string {
	switch {
	case a.advice != nil:
		return a.advice.In(l, a.advice.Args...)
	case a.regle == nil:
		return ""
	case a.regle.page != (lang.Text{}):
		return a.regle.page.In(l)
	}
	return a.regle.Aide.In(l)
}

// Advise gives the anomaly an advice that answers this very fault, in place of
// that of its rule, and returns a.
func (a *Anomalie) Advise(advice lang.Phrase) *Anomalie {
	a.advice = &advice
	return a
}

// AdviseTyping gives an advice that names options: pages keep theirs.
func (a *Anomalie) AdviseTyping(advice lang.Phrase) *Anomalie {
	a.typed = &advice
	return a
}

// Unreachable reports whether err says that a path leads to nothing that may be
// opened: whatever is done again, it takes another path or another right. What a
// disk or a machine fails at is something else.
func Unreachable(err error) bool {
	for _, why := range []error{fs.ErrNotExist, fs.ErrPermission, syscall.ENOTDIR, syscall.ELOOP, syscall.ENAMETOOLONG} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}

// Opening returns an anomaly of the rule code, whose message takes a path and
// why it could not be opened: what is not there and what is forbidden are not
// the same, and want something else done.
func (r *Registre) Opening(code, path string, err error) *Anomalie {
	failure, known := lang.Explain(err)
	if !known {
		return r.New(code, path, err)
	}
	a := r.New(code, path, failure.Cause)
	if failure.Hint != (lang.Text{}) {
		a.Advise(failure.Hint.With())
	}
	return a
}

// Say is the anomaly on one line, in language l, with its code and its place.
func (a *Anomalie) Say(l lang.Language) string {
	s := a.Code + " " + a.Message(l)
	if lieu := a.Lieu(l); lieu != "" {
		s += " (" + lieu + ")"
	}
	return s
}

// Lieu says where, in language l: file, line, offset and Matricule as far as
// they are known; empty when nothing is.
func (a *Anomalie) Lieu(l lang.Language) string {
	var parts []string
	if a.Fichier != "" {
		parts = append(parts, a.Fichier)
	}
	if a.Ligne > 0 {
		parts = append(parts, texteLigne.In(l, a.Ligne))
	}
	if a.Offset >= 0 {
		parts = append(parts, texteOffset.In(l, a.Offset))
	}
	if a.Chemin != "" {
		parts = append(parts, a.Chemin)
	}
	if a.Matricule != "" {
		parts = append(parts, texteMatricule.In(l, a.Matricule))
	}
	return strings.Join(parts, ", ")
}

var (
	texteLigne     = lang.Text{FR: "ligne %d", EN: "line %d"}
	texteOffset    = lang.Text{FR: "octet %d", EN: "byte %d"}
	texteMatricule = lang.Text{FR: "matricule %s", EN: "matricule %s"}
)

// Error is the anomaly on one line, in English, for logs and tests.
func (a *Anomalie) Error() string {
	s := a.Code + ": " + a.Message(lang.English)
	if lieu := a.Lieu(lang.English); lieu != "" {
		s += " (" + lieu + ")"
	}
	return s
}

// MarshalJSON writes the contract of the JSON lines: the same in every
// language, the message being in French. Unknown places are left out.
func (a *Anomalie) MarshalJSON() ([]byte, error) {
	var offset *int64
	if a.Offset >= 0 {
		offset = &a.Offset
	}
	return json.Marshal(struct {
		Type      string  `json:"type"`
		Code      string  `json:"code"`
		Gravite   Gravite `json:"gravite"`
		Fichier   string  `json:"fichier,omitempty"`
		Offset    *int64  `json:"offset,omitempty"`
		Ligne     int64   `json:"ligne,omitempty"`
		Chemin    string  `json:"chemin,omitempty"`
		Matricule string  `json:"matricule,omitempty"`
		Message   string  `json:"message"`
		Trouve    string  `json:"trouve,omitempty"`
		Attendu   string  `json:"attendu,omitempty"`
	}{"anomalie", a.Code, a.Gravite, a.Fichier, offset, a.Ligne, a.Chemin, a.Matricule,
		a.Message(lang.French), a.Trouve, a.Attendu})
}
