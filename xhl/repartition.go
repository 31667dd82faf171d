package xhl

import (
	"cmp"
	"slices"
	"strings"

	"paye/xhl/internal/schema"
)

// Totaux are the sums of the lines of a journal by nature of line and
// rubrique: what the répartition par nature is derived from, in a size that
// depends on the rubriques and not on the bulletins.
type Totaux struct {
	sums       [NbNatures]map[string]*somme // by code of rubrique
	unreadable map[string]bool              // codes of lines whose amount cannot be read
}

type somme struct {
	total Montant
	count int
}

// NewTotaux returns empty totals.
func NewTotaux() *Totaux { return new(Totaux) }

// put adds a sum for lines that are the first of their kind.
func (t *Totaux) put(n Nature, code string) *somme {
	if t.sums[n] == nil { // most journals have few natures
		t.sums[n] = make(map[string]*somme)
	}
	s := new(somme)
	t.sums[n][code] = s
	return s
}

func (t *Totaux) unread(code string) {
	if t.unreadable == nil {
		t.unreadable = make(map[string]bool)
	}
	t.unreadable[code] = true
}

// Add adds the lines of a bulletin.
func (t *Totaux) Add(b *Bulletin) {
	for i := range b.Remuneration.Lignes {
		l := &b.Remuneration.Lignes[i]
		s := t.sums[l.Nature][l.Code]
		if s == nil {
			s = t.put(l.Nature, strings.Clone(l.Code))
		}
		m, ok := l.Mt.Montant()
		if !ok {
			t.unread(strings.Clone(l.Code))
			continue
		}
		s.total += m
		s.count++
	}
}

// AddLignes adds lines of one nature and rubrique: their total, how many they
// are, and how many more there are whose amount cannot be read.
func (t *Totaux) AddLignes(n Nature, code string, total Montant, count, unreadable int) {
	s := t.sums[n][code]
	if s == nil {
		s = t.put(n, code)
	}
	s.total += total
	s.count += count
	if unreadable > 0 {
		t.unread(code)
	}
}

// addRaw adds one line whose code and amount are raw bytes of a journal.
func (t *Totaux) addRaw(n Nature, code, mt []byte) {
	s := t.sums[n][string(code)]
	if s == nil {
		s = t.put(n, string(code))
	}
	m, ok := Decimal(mt).Montant()
	if !ok {
		t.unread(string(code))
		return
	}
	s.total += m
	s.count++
}

// Merge adds the totals of other bulletins.
func (t *Totaux) Merge(other *Totaux) {
	for n := range other.sums {
		for code, s := range other.sums[n] {
			mine := t.sums[n][code]
			if mine == nil {
				mine = t.put(Nature(n), code)
			}
			mine.total += s.total
			mine.count += s.count
		}
	}
	for code := range other.unreadable {
		t.unread(code)
	}
}

// Lignes counts the lines that were added.
func (t *Totaux) Lignes() int {
	n := 0
	for _, byCode := range t.sums {
		for _, s := range byCode {
			n += s.count
		}
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
	rubriques := t.rubriques(nom)
	accounts := make(map[string]Montant)
	for n, byCode := range t.sums {
		var sum Montant
		for _, s := range byCode {
			sum += s.total
		}
		for code, s := range byCode {
			account, amount := Nature(n).account(rubriques[code], sum, s.total)
			if account == "" {
				d.NonImputees += s.count
				continue
			}
			accounts[account] += amount
		}
	}
	lines := slices.Grow([]Repartition(nil), len(accounts))
	for code, amount := range accounts {
		lines = append(lines, Repartition{Code: code, Mt: amount.Decimal()})
	}
	slices.SortFunc(lines, func(a, b Repartition) int { return cmp.Compare(a.Code, b.Code) })
	if nom != nil && nom.NomenclatureNature != nil {
		for _, c := range nom.NomenclatureNature.Correspondance {
			at, known := slices.BinarySearchFunc(lines, c.Code, func(l Repartition, code string) int { return cmp.Compare(l.Code, code) })
			if known {
				lines[at].Libelle = Opt[string]{V: c.Libelle, Set: c.Libelle != ""}
			}
		}
	}
	d.RepartitionParNature.Repartition = lines
	for code := range t.unreadable {
		d.Illisibles = append(d.Illisibles, code)
	}
	slices.Sort(d.Illisibles)
	return d
}

// rubriques are those of the codes that lines have: a nomenclature has many more.
func (t *Totaux) rubriques(nom *Nomenclatures) map[string]*Rubrique {
	n := 0
	for _, byCode := range t.sums {
		n += len(byCode)
	}
	wanted := make(map[string]*Rubrique, n)
	for _, byCode := range t.sums {
		for code := range byCode {
			wanted[code] = nil
		}
	}
	if nom == nil {
		return wanted
	}
	for i := range nom.NomenclatureRubriquePaye.Correspondance {
		r := &nom.NomenclatureRubriquePaye.Correspondance[i]
		if before, known := wanted[r.Code]; known && before == nil { // the first of a code
			wanted[r.Code] = r
		}
	}
	return wanted
}

// account returns the account that bears lines of nature n, and what they add
// to it; sum is that of all the lines of the nature. The account is empty when
// the rubrique is unknown or names none.
func (n Nature) account(r *Rubrique, sum, amount Montant) (string, Montant) {
	if r == nil {
		return "", 0
	}
	switch n {
	case Deduction, Acompte, Retenue:
		if sum > 0 {
			amount = -amount
		}
		return r.CodeNatureSal.V, amount
	case Cotisation:
		if sum < 0 {
			amount = -amount
		}
		return r.CodeNatureEmp.V, amount
	}
	if r.CodeNatureSal.V == "" {
		return r.CodeNatureEmp.V, amount
	}
	return r.CodeNatureSal.V, amount
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
		list = append(list, schema.Codes.New("XHL-202", code))
	}
	return list
}
