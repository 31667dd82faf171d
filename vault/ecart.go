package vault

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/vault/internal/acts"
)

// Ecart is a bulletin that was not deposited, and why. Like the anomaly that
// it was made of, it holds nothing personal but the Matricule: a name that
// cannot be filed is told by the name of its field.
type Ecart struct {
	Matricule string `json:"matricule"`
	Nature    Nature `json:"nature"`
	Sequence  int    `json:"sequence"`
	Code      string `json:"code"`              // of the anomaly; COF-219 for paper
	Args      []any  `json:"args,omitempty"`    // of its message: strings and whole numbers
	Trouve    string `json:"trouve,omitempty"`  // what the slip has
	Attendu   string `json:"attendu,omitempty"` // what the vault has, or wants
}

// Ecart says that d was not deposited because of a.
func (d *Document) Ecart(a *anomalie.Anomalie) Ecart {
	e := Ecart{Matricule: shown(d.Matricule, acts.MaxMatricule), Nature: d.Nature, Sequence: d.Sequence, Code: a.Code,
		Trouve: shown(a.Trouve, maxDetail), Attendu: shown(a.Attendu, maxDetail)}
	if e.Matricule == "" {
		e.Matricule = "-"
	}
	for _, arg := range a.Args {
		switch v := arg.(type) {
		case string:
			e.Args = append(e.Args, shown(v, maxDetail))
		case int:
			e.Args = append(e.Args, int64(v))
		case int64:
			e.Args = append(e.Args, v)
		default: // not for a session: the message is shown without what it takes
			e.Args = nil
			return e
		}
	}
	return e
}

// Limits of what a session says of a document that was not deposited.
const (
	maxDetail = 256 // bytes of a text
	maxArgs   = 8
)

// shown is s as it may be kept and shown, limit bytes at most.
func shown(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, s)
	for len(s) > limit {
		_, size := utf8.DecodeLastRuneInString(s[:limit+1])
		s = s[:limit+1-size]
	}
	return s
}

func (e *Ecart) sound() bool {
	if !acts.CleanMatricule(e.Matricule) || e.Nature != Bulletin && e.Nature != Annexe || e.Sequence < 0 || e.Sequence > 9999 || !codeShape.MatchString(e.Code) {
		return false
	}
	for _, arg := range e.Args {
		switch v := arg.(type) {
		case string:
			if !acts.Clean(v, maxDetail) {
				return false
			}
		case int64, float64:
		default:
			return false
		}
	}
	return len(e.Args) <= maxArgs && acts.Clean(e.Trouve, maxDetail) && acts.Clean(e.Attendu, maxDetail)
}

// Anomalie is the anomaly that kept the document out, with its message and
// its advice; nil when this version does not know the code.
func (e *Ecart) Anomalie() *anomalie.Anomalie {
	for _, r := range Codes.Regles() {
		if r.Code != e.Code {
			continue
		}
		args := make([]any, len(e.Args))
		for i, arg := range e.Args {
			args[i] = arg
			if f, ok := arg.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
				args[i] = int64(f) // as JSON gives it back
			}
		}
		a := Codes.New(e.Code, args...)
		a.Matricule, a.Trouve, a.Attendu = e.Matricule, e.Trouve, e.Attendu
		return a
	}
	return nil
}

// Text says in language l why the document was not deposited: what is wrong,
// and what the slip and the vault have where that differs.
func (e *Ecart) Text(l lang.Language) string {
	a := e.Anomalie()
	if a == nil {
		return e.Code
	}
	text := a.Message(l)
	if len(e.Args) == 0 {
		text = lang.Blanks(text)
	}
	switch {
	case e.Code == conflictCode: // the message says it
	case e.Trouve != "" && e.Attendu != "":
		text += otherThan.In(l, e.Trouve, e.Attendu)
	case e.Trouve != "":
		text += onlyFound.In(l, e.Trouve)
	}
	return text
}

// Aide says in language l what to do, empty when there is nothing to add.
func (e *Ecart) Aide(l lang.Language) string {
	if a := e.Anomalie(); a != nil {
		return a.Aide(l)
	}
	return ""
}

// Full is Text and what to do about it, as a line that stands alone.
func (e *Ecart) Full(l lang.Language) string {
	if a := e.Anomalie(); a != nil && a.OnPage(l) != "" {
		return e.Text(l) + colon.In(l) + a.OnPage(l)
	}
	return e.Text(l)
}

var (
	otherThan = lang.Text{FR: ", trouvé « %s » au lieu de « %s »", EN: ", found “%s” instead of “%s”"}
	onlyFound = lang.Text{FR: ", trouvé « %s »", EN: ", found “%s”"}
	colon     = lang.Text{FR: " : ", EN: ": "}
)
