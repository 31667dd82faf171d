package consult

import (
	"cmp"
	"slices"
	"strings"

	"paye/xhl"
)

// Totals are sums over a book.
type Totals struct {
	Bulletins int
	Brut, Net xhl.Montant
	ByNature  []Sum // in the order of the schema
	ByCode    []Sum
	ByPlace   []Sum // by établissement, in the order of the journal

	natures map[xhl.Nature]*Sum
	codes   map[string]*Sum
	places  map[int]*Sum
}

// Sum is how often something comes, and what it adds up to.
type Sum struct {
	Key     string // code, name of a nature or of an établissement
	Libelle string
	N       int // lines; bulletins for an établissement
	Total   xhl.Montant
	Net     xhl.Montant // of an établissement
}

func (t *Totals) init() {
	t.natures, t.codes, t.places = map[xhl.Nature]*Sum{}, map[string]*Sum{}, map[int]*Sum{}
}

func (t *Totals) add(v *xhl.Bulletin, e *Entry) {
	t.Bulletins++
	t.Brut += e.Brut
	t.Net += e.Net
	place := t.places[e.Etablissement]
	if place == nil {
		place = &Sum{}
		t.places[e.Etablissement] = place
	}
	place.N++
	place.Total += e.Brut
	place.Net += e.Net
	for i := range v.Remuneration.Lignes {
		l := &v.Remuneration.Lignes[i]
		mt, _ := l.Mt.Montant()
		nature := t.natures[l.Nature]
		if nature == nil {
			nature = &Sum{Key: l.Nature.String()}
			t.natures[l.Nature] = nature
		}
		code := t.codes[l.Code]
		if code == nil {
			code = &Sum{Key: strings.Clone(l.Code), Libelle: strings.Clone(l.Libelle)}
			t.codes[code.Key] = code
		}
		for _, s := range []*Sum{nature, code} {
			s.N++
			s.Total += mt
		}
	}
}

// Sums lays the totals out once the book is read.
func (b *Book) Sums() Totals {
	t := b.Totals
	t.ByNature, t.ByCode, t.ByPlace = nil, nil, nil
	for _, n := range xhl.Natures() {
		if s := t.natures[n]; s != nil {
			t.ByNature = append(t.ByNature, *s)
		}
	}
	for _, s := range t.codes {
		t.ByCode = append(t.ByCode, *s)
	}
	slices.SortFunc(t.ByCode, func(x, y Sum) int { return cmp.Compare(x.Key, y.Key) })
	for i := -1; i < len(b.Etablissements); i++ {
		if s := t.places[i]; s != nil {
			one := *s
			if i >= 0 {
				one.Key = b.Etablissements[i]
			}
			t.ByPlace = append(t.ByPlace, one)
		}
	}
	return t
}
