package payslip

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"paye/xhl"
)

// montant writes an amount as the French do, "1 234,56"; what is not an amount
// is shown as it is written.
func montant(d xhl.Decimal) string {
	m, ok := d.Montant()
	if !ok {
		return d.Reveal()
	}
	return centimes(m)
}

func centimes(m xhl.Montant) string {
	var buf [32]byte
	at := len(buf)
	n := uint64(m)
	if m < 0 {
		n = -n
	}
	digit := func(c byte) { at--; buf[at] = c }
	digit(byte('0' + n%10))
	digit(byte('0' + n/10%10))
	digit(',')
	n /= 100
	for i := 0; i == 0 || n > 0; i++ {
		if i > 0 && i%3 == 0 {
			digit(' ')
		}
		digit(byte('0' + n%10))
		n /= 10
	}
	if m < 0 {
		digit('-')
	}
	return string(buf[at:])
}

// taux writes a rate, hours or points: "11,10", "7,285"; what is not a decimal
// is shown as it is written.
func taux(d xhl.Decimal) string {
	n, ok := d.Milliemes()
	if !ok {
		return d.Reveal()
	}
	if n%10 == 0 {
		return centimes(xhl.Montant(n / 10))
	}
	s := centimes(xhl.Montant(n / 1000 * 100))
	sign := ""
	if n < 0 {
		sign, n = "-", -n
		s = strings.TrimPrefix(s, "-")
	}
	thousandths := strconv.FormatInt(1000+n%1000, 10)
	return sign + strings.TrimSuffix(s, "00") + thousandths[1:]
}

// unite is what the figures of a line are units of, as far as they tell.
type unite uint8

const (
	inconnue unite = iota
	pourCent       // the rate is a percentage of the base, an amount
	parUnite       // the rate is an amount for each of the units
)

// uniteDe tells the unit of a line that applies to a base. The schema calls the
// rate of a line by units an amount, and a base a base; but hours are seen in
// bases, and so the unit is told where base or number, rate and amount agree on
// it to two centimes, and nowhere else.
func uniteDe(l *xhl.LigneP, base xhl.Decimal) unite {
	rate, okRate := l.Taux.Milliemes()
	mt, okMt := l.Mt.Milliemes()
	if !okRate || !okMt || rate == 0 || abs(rate) > 1e6 || abs(mt) > most {
		return inconnue
	}
	agree := func(product int64) bool {
		gap := abs(product) - abs(mt)
		return gap >= -20 && gap <= 20
	}
	if b, ok := base.Milliemes(); ok && b != 0 && abs(b) <= most && agree(b*rate/100_000) {
		return pourCent
	}
	if n, ok := l.NbUnite.Milliemes(); ok && n != 0 && abs(n) <= most && rien(base) && agree(n*rate/1000) {
		return parUnite
	}
	return inconnue
}

// most is a figure in thousandths whose product with a rate does not overflow.
const most = int64(1e12)

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// tauxDe writes the rate of a line with its unit.
func tauxDe(l *xhl.LigneP, u unite) string {
	if rien(l.Taux) {
		return ""
	}
	return taux(l.Taux) + [...]string{inconnue: "", pourCent: " %", parUnite: " €"}[u]
}

// baseEn writes a base, with its unit where that is known.
func baseEn(d xhl.Decimal, units ...unite) string {
	if slices.Contains(units, pourCent) {
		return montant(d) + " €"
	}
	return montant(d)
}

// nombre is taux without the decimals that say nothing: "35", "17,5".
func nombre(d xhl.Decimal) string {
	s := taux(d)
	if _, ok := d.Milliemes(); ok {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ",")
	}
	return s
}

// rien reports whether a base, a rate or a number of units says nothing.
func rien(d xhl.Decimal) bool {
	if d == "" {
		return true
	}
	n, ok := d.Milliemes()
	return ok && n == 0
}

// jour writes a date as 31/12/2026; what is not one is shown as it is written.
func jour(d xhl.Date) string {
	if _, ok := d.Time(); !ok {
		return string(d)
	}
	return string(d[8:10]) + "/" + string(d[5:7]) + "/" + string(d[:4])
}

func periode(p *xhl.Periode) string {
	switch {
	case p.DateDebut == "" && p.DateFin == "":
		return ""
	case p.DateFin == "":
		return "depuis le " + jour(p.DateDebut)
	case p.DateDebut == "":
		return "jusqu'au " + jour(p.DateFin)
	}
	return "du " + jour(p.DateDebut) + " au " + jour(p.DateFin)
}

var months = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// mois writes the month of a journal: "mai 2026".
func mois(e *xhl.Entete) string {
	n, err := strconv.Atoi(strings.TrimSpace(e.Mois))
	if err != nil || n < 1 || n > len(months) {
		return strings.TrimSpace(propre(e.Mois + "/" + e.Annee))
	}
	return months[n-1] + " " + propre(e.Annee)
}

func capitale(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

var statuts = map[string]string{
	"TITULAIRE": "Titulaire", "NON_TITULAIRE": "Contractuel", "STAGIAIRE": "Stagiaire",
	"EMPLOI_FONC": "Emploi fonctionnel", "EMPLOI_AIDE": "Emploi aidé", "AUTRE_STATUT": "Autre statut",
}

func statut(s string) string {
	if label, ok := statuts[s]; ok {
		return label
	}
	return s
}

// groups writes digits in groups of the given sizes: a NIR or a SIRET; another
// text stays as it is.
func groups(s string, sizes ...int) string {
	sum := 0
	for _, n := range sizes {
		sum += n
	}
	if len(s) != sum {
		return s
	}
	var b strings.Builder
	for i, n := range sizes {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s[:n])
		s = s[n:]
	}
	return b.String()
}

// compte says which account is credited, by its last four characters.
func compte(c *xhl.CptBancaire) string {
	if c == nil {
		return ""
	}
	number := c.IBAN.V.Reveal()
	if !c.ParIBAN() {
		number = c.IdCpte.Reveal()
	}
	end := []rune(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, number))
	// A text so short would be given whole.
	if len(end) < 10 {
		return "••••"
	}
	return "•••• " + string(end[len(end)-4:])
}

// propre is a value on one line, without control characters, of a bounded
// length, for the metadata.
func propre(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsControl(r) || unicode.IsSpace(r):
			r = ' '
		case unicode.Is(unicode.Cf, r) || !unicode.IsPrint(r):
			continue
		}
		b.WriteRune(r)
		if b.Len() > 400 {
			break
		}
	}
	return strings.TrimSpace(b.String())
}
