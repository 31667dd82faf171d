package payslip

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"

	"paye/xhl"
)

// rang is a row of the table: a line of the agent, one of the employer, or the
// two parts of a contribution.
type rang struct {
	agent    *xhl.LigneP // any Nature but Cotisation
	patronal *xhl.LigneP // a Cotisation
	groupe   int         // the place of its title
}

// ligne is the line that gives the row its label.
func (r rang) ligne() *xhl.LigneP {
	if r.agent != nil {
		return r.agent
	}
	return r.patronal
}

// versee reports whether the amount of a line is paid to the agent, rather
// than taken off. XSD Paye 1.4: a Deduction acts on gross, a Retenue on net.
func versee(n xhl.Nature) bool {
	return n != xhl.Deduction && n != xhl.Acompte && n != xhl.Retenue
}

// indexed is a line with its place.
type indexed struct {
	ordre uint64
	line  *xhl.LigneP
}

// ordre reads an Ordre; what is not a number comes last.
func ordre(s string) uint64 {
	s = strings.TrimSpace(s)
	if s == "" {
		return math.MaxUint64
	}
	var n uint64
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 || n > (math.MaxUint64-9)/10 {
			return math.MaxUint64
		}
		n = n*10 + uint64(c)
	}
	return n
}

// arrange puts the rows of a bulletin into m.rangs: every line once.
func (m *layout) arrange(lines []xhl.LigneP) {
	m.ordre, m.rangs = m.ordre[:0], m.rangs[:0]
	for i := range lines {
		m.ordre = append(m.ordre, indexed{ordre(lines[i].Ordre), &lines[i]})
	}
	slices.SortStableFunc(m.ordre, func(a, b indexed) int { return cmp.Compare(a.ordre, b.ordre) })

	clear(m.paires)
	for _, at := range m.ordre {
		if l := at.line; l.Nature != xhl.Cotisation {
			m.rangs = append(m.rangs, rang{agent: l})
			if l.Nature != xhl.Deduction {
				continue
			}
			for _, key := range keys(l) {
				if _, taken := m.paires[key]; !taken && key != 0 {
					m.paires[key] = len(m.rangs) - 1
				}
			}
		}
	}
	own := len(m.rangs)
	for _, at := range m.ordre {
		l := at.line
		if l.Nature != xhl.Cotisation || m.beside(l) {
			continue
		}
		m.rangs = append(m.rangs, rang{patronal: l})
	}
	if own < len(m.rangs) { // both halves are sorted already
		slices.SortStableFunc(m.rangs, func(a, b rang) int { return cmp.Compare(ordre(a.ligne().Ordre), ordre(b.ligne().Ordre)) })
	}
}

// beside puts a Cotisation in the row of the agent's part, and reports whether
// there is one.
func (m *layout) beside(l *xhl.LigneP) bool {
	for _, key := range keys(l) {
		i, found := m.paires[key]
		if key == 0 || !found {
			continue
		}
		r := &m.rangs[i]
		if r.patronal == nil && r.agent.CodeCaisse == l.CodeCaisse && samePeriode(r.agent.PeriodeRef, l.PeriodeRef) &&
			(rien(l.Base) || sameValue(l.Base, r.agent.Base)) && rien(l.NbUnite) {
			r.patronal = l
			return true
		}
	}
	return false
}

func samePeriode(a, b *xhl.Periode) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func sameValue(a, b xhl.Decimal) bool {
	x, okX := a.Milliemes()
	y, okY := b.Milliemes()
	if okX && okY {
		return x == y
	}
	return a == b
}

// partWords tell the agent's part of a contribution from the employer's, or
// say nothing.
var partWords = map[string]bool{
	"part": true, "patronale": true, "patronal": true, "patronales": true, "pat": true, "salariale": true, "salarial": true,
	"salarie": true, "sal": true, "employeur": true, "employe": true, "agent": true, "pp": true, "ps": true, "assurance": true,
}

// wordsOf gives the words of a label, without accents or case, and no longer than
// any that is looked for. A word is good until the next.
func wordsOf(label string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var word [24]byte
		n := 0
		for _, r := range label {
			c := plain(r)
			switch {
			case c != 0 && n < len(word):
				word[n] = c
				n++
			case c == 0 && n > 0:
				if !yield(word[:n]) {
					return
				}
				n = 0
			}
		}
		if n > 0 {
			yield(word[:n])
		}
	}
}

// keys are what the two parts of a contribution have in common: their label,
// and their code; 0 when there is nothing to go by. A hash that is the same by
// chance puts two figures side by side, and loses neither.
func keys(l *xhl.LigneP) [2]uint64 {
	label, rubrique := uint64(fnvOffset), uint64(fnvOffset)
	words := 0
	for word := range wordsOf(l.Libelle) {
		if partWords[string(word)] {
			continue
		}
		for _, c := range word {
			label = (label ^ uint64(c)) * fnvPrime
		}
		label = (label ^ ' ') * fnvPrime
		words++
	}
	for i := range len(l.Code) {
		rubrique = (rubrique ^ uint64(l.Code[i])) * fnvPrime
	}
	if words == 0 {
		label = 0
	}
	rubrique ^= 1 // a code is not a label
	if l.Code == "" {
		rubrique = 0
	}
	return [2]uint64{label, rubrique}
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// plain is a letter or a digit without its accent and in lower case, 0 for
// what stands between words.
func plain(r rune) byte {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return byte(r)
	case r >= 'A' && r <= 'Z':
		return byte(r - 'A' + 'a')
	}
	switch r {
	case 'é', 'è', 'ê', 'ë', 'É', 'È', 'Ê', 'Ë':
		return 'e'
	case 'à', 'â', 'ä', 'À', 'Â', 'Ä':
		return 'a'
	case 'î', 'ï', 'Î', 'Ï':
		return 'i'
	case 'ô', 'ö', 'Ô', 'Ö':
		return 'o'
	case 'û', 'ù', 'ü', 'Û', 'Ù', 'Ü':
		return 'u'
	case 'ç', 'Ç':
		return 'c'
	}
	if r > 0x7f && r != '\u00a0' {
		return '?'
	}
	return 0
}

// totaux are the sums of the columns; a column that holds what is not an
// amount, or more than an amount can be, has none.
type totaux struct {
	verse, retenu, patronal somme
}

type somme struct {
	mt    xhl.Montant
	faux  bool
	lines int
}

func (s *somme) add(d xhl.Decimal) {
	m, ok := d.Montant()
	sum := s.mt + m
	s.faux = s.faux || !ok || (m > 0) != (sum > s.mt) && m != 0
	s.mt = sum
	s.lines++
}

// String writes the sum, "—" when there is none to write.
func (s *somme) String() string {
	if s.faux {
		return "—"
	}
	return centimes(s.mt)
}

func sums(lines []xhl.LigneP) totaux {
	var t totaux
	for i := range lines {
		switch l := &lines[i]; {
		case l.Nature == xhl.Cotisation:
			t.patronal.add(l.Mt)
		case versee(l.Nature):
			t.verse.add(l.Mt)
		default:
			t.retenu.add(l.Mt)
		}
	}
	return t
}
