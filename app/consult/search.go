package consult

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"paye/xhl"
)

// Query is what is searched; an empty field asks for nothing.
type Query struct {
	Words         string // all of them, anywhere in name, first name or matricule
	Etablissement string
	Service       string
	Grade         string
	Code          string // of a line
	Pieces        bool   // with justificatifs only
	Order         Order
	Descending    bool
}

// Order is by what entries come.
type Order string

const (
	ByRang      Order = "" // as in the journal
	ByNom       Order = "nom"
	ByMatricule Order = "matricule"
	ByBrut      Order = "brut"
	ByNet       Order = "net"
)

// Orders are all of them.
var Orders = []Order{ByRang, ByNom, ByMatricule, ByBrut, ByNet}

// Search gives the ranks of the bulletins that answer a query, in its order.
func (b *Book) Search(q Query) []int {
	words := strings.Fields(newFolder().fold(q.Words))
	code, known := b.codes[q.Code]
	if q.Code != "" && !known {
		return nil
	}
	var ranks []int
	for i := range b.Entries {
		e := &b.Entries[i]
		if b.answers(e, &q, words) && (q.Code == "" || slices.Contains(e.codes, code)) {
			ranks = append(ranks, i)
		}
	}
	b.sort(ranks, q.Order)
	if q.Descending {
		slices.Reverse(ranks)
	}
	return ranks
}

func (b *Book) answers(e *Entry, q *Query, words []string) bool {
	if q.Service != "" && e.Service != q.Service || q.Grade != "" && e.Grade != q.Grade || q.Pieces && e.Pieces == 0 {
		return false
	}
	if q.Etablissement != "" && (e.Etablissement < 0 || b.Etablissements[e.Etablissement] != q.Etablissement) {
		return false
	}
	for _, w := range words {
		if !strings.Contains(e.folded, w) {
			return false
		}
	}
	return true
}

func (b *Book) sort(ranks []int, o Order) {
	by := map[Order]func(x, y *Entry) int{
		ByNom:       func(x, y *Entry) int { return strings.Compare(x.folded, y.folded) },
		ByMatricule: func(x, y *Entry) int { return strings.Compare(x.Matricule, y.Matricule) },
		ByBrut:      func(x, y *Entry) int { return compareMontant(x.Brut, y.Brut) },
		ByNet:       func(x, y *Entry) int { return compareMontant(x.Net, y.Net) },
	}[o]
	if by != nil {
		slices.SortStableFunc(ranks, func(i, j int) int { return by(&b.Entries[i], &b.Entries[j]) })
	}
}

func compareMontant(x, y xhl.Montant) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// folder folds texts; one transformer is used again, since a new one a text
// costs eight times as much.
type folder struct{ t transform.Transformer }

func newFolder() *folder {
	return &folder{transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)))}
}

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ł", "l", "ø", "o", "ß", "ss", "’", "'")

// fold makes a text comparable: no accents, no ligatures, no capitals.
func (f *folder) fold(s string) string {
	s = ligatures.Replace(strings.ToLower(s))
	for i := range len(s) {
		if s[i] >= 0x80 {
			out, _, err := transform.String(f.t, s)
			if err == nil {
				return out
			}
			return s
		}
	}
	return s
}
