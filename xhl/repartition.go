package xhl

import (
	"cmp"
	"slices"
	"strings"
)

// Totaux are the sums of the lines of a journal by nature of line and
// rubrique: what the répartition par nature is derived from, in a size that
// depends on the rubriques and not on the bulletins.
type Totaux struct {
	sums       map[ligneKey]*somme
	unreadable map[string]bool // codes of lines whose amount cannot be read
}

type ligneKey struct {
	nature Nature
	code   string
}

type somme struct {
	total Montant
	count int
}

// NewTotaux returns empty totals.
func NewTotaux() *Totaux { return &Totaux{sums: make(map[ligneKey]*somme)} }

// Add adds the lines of a bulletin.
func (t *Totaux) Add(b *Bulletin) {
	for i := range b.Remuneration.Lignes {
		l := &b.Remuneration.Lignes[i]
		m, ok := l.Mt.Montant()
		if !ok {
			if t.unreadable == nil {
				t.unreadable = make(map[string]bool)
			}
			t.unreadable[strings.Clone(l.Code)] = true
			continue
		}
		s := t.sums[ligneKey{l.Nature, l.Code}]
		if s == nil {
			s = new(somme)
			t.sums[ligneKey{l.Nature, strings.Clone(l.Code)}] = s
		}
		s.total += m
		s.count++
	}
}

// Merge adds the totals of other bulletins.
func (t *Totaux) Merge(other *Totaux) {
	for key, s := range other.sums {
		mine := t.sums[key]
		if mine == nil {
			mine = new(somme)
			t.sums[key] = mine
		}
		mine.total += s.total
		mine.count += s.count
	}
	for code := range other.unreadable {
		if t.unreadable == nil {
			t.unreadable = make(map[string]bool)
		}
		t.unreadable[code] = true
	}
}

// Lignes counts the lines that were added.
func (t *Totaux) Lignes() int {
	n := 0
	for _, s := range t.sums {
		n += s.count
	}
	return n
}

// Derivation is a répartition par nature computed from lines, and what it
// leaves out.
type Derivation struct {
	RepartitionParNature *RepartitionParNature
	NonImputees          int      // lines whose rubrique has no account
	Illisibles           []string // codes of lines whose amount cannot be read
}

// Repartition charges the totals to the accounts that the rubriques name. The
// rule is inferred, from the meaning that the schema gives to the two codes
// and from the official examples, where what is withheld from agents stands as
// a negative amount:
//
//   - what is paid (TraitBrut to RemDivers, Rappel) is charged to
//     CodeNatureSal, or to CodeNatureEmp when the rubrique has only that;
//   - what is withheld (Deduction, Acompte, Retenue) is taken off
//     CodeNatureSal;
//   - what the employer adds (Cotisation) is charged to CodeNatureEmp.
//
// Most files write withholdings and contributions as positive amounts, some as
// negative ones; the sign of the sum of each kind tells which.
//
// A line whose rubrique names no account is left out and counted. Accounts come
// in the order of their codes, labelled from NomenclatureNature when there is
// one.
func (t *Totaux) Repartition(nom *Nomenclatures) Derivation {
	d := Derivation{RepartitionParNature: new(RepartitionParNature)}
	rubriques := make(map[string]*Rubrique)
	labels := make(map[string]string)
	if nom != nil {
		for i := range nom.NomenclatureRubriquePaye.Correspondance {
			r := &nom.NomenclatureRubriquePaye.Correspondance[i]
			if _, known := rubriques[r.Code]; !known {
				rubriques[r.Code] = r
			}
		}
		if nom.NomenclatureNature != nil {
			for _, c := range nom.NomenclatureNature.Correspondance {
				labels[c.Code] = c.Libelle
			}
		}
	}
	var sums [nbNatures]Montant
	for key, s := range t.sums {
		sums[key.nature] += s.total
	}
	accounts := make(map[string]Montant)
	for key, s := range t.sums {
		r := rubriques[key.code]
		if r == nil {
			d.NonImputees += s.count
			continue
		}
		code, amount := r.CodeNatureSal.V, s.total
		switch key.nature {
		case Deduction, Acompte, Retenue:
			if sums[key.nature] > 0 {
				amount = -amount
			}
		case Cotisation:
			code = r.CodeNatureEmp.V
			if sums[key.nature] < 0 {
				amount = -amount
			}
		default:
			if code == "" {
				code = r.CodeNatureEmp.V
			}
		}
		if code == "" {
			d.NonImputees += s.count
			continue
		}
		accounts[code] += amount
	}
	for code, amount := range accounts {
		line := Repartition{Code: code, Mt: amount.Decimal()}
		if label := labels[code]; label != "" {
			line.Libelle = Some(label)
		}
		d.RepartitionParNature.Repartition = append(d.RepartitionParNature.Repartition, line)
	}
	slices.SortFunc(d.RepartitionParNature.Repartition, func(a, b Repartition) int { return cmp.Compare(a.Code, b.Code) })
	for code := range t.unreadable {
		d.Illisibles = append(d.Illisibles, code)
	}
	slices.Sort(d.Illisibles)
	return d
}

// Differences compares the block of a journal with the one its lines give, and
// returns an anomaly an account that differs. Amounts are compared by Code
// alone: lines know neither budget nor function.
func (r *RepartitionParNature) Differences(derived *RepartitionParNature) []*Anomalie {
	sums := make(map[string]Montant)
	for _, l := range r.Repartition {
		if m, ok := l.Mt.Montant(); ok {
			sums[l.Code] += m
		}
	}
	for _, l := range derived.Repartition {
		m, _ := l.Mt.Montant()
		sums[l.Code] -= m
	}
	codes := make([]string, 0, len(sums))
	for code, m := range sums {
		if m != 0 {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	var list []*Anomalie
	for _, code := range codes {
		list = append(list, Codes.New("XHL-202", code))
	}
	return list
}
