package schema

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"paye/internal/xmlr"
	"paye/internal/xmlw"
)

// lexKind is the family of a value type.
type Kind uint8

const (
	KindTexte Kind = iota
	KindAlphanum
	KindNum
	KindDecimal
	KindDate
	KindAnnee
	KindBooleen
	KindMois
	KindEnum
)

// Lexical is the type of a value: the facets that the XSD puts on the
// attribute V. Lengths count characters, not bytes.
type Lexical struct {
	Kind     Kind
	Max      int      // characters, for texts
	Total    int      // totalDigits of a decimal; 0 when not bounded
	Fraction int      // fractionDigits of a decimal
	Values   []string // of an enumeration
}

func Texte(max int) Lexical    { return Lexical{Kind: KindTexte, Max: max} }
func Alphanum(max int) Lexical { return Lexical{Kind: KindAlphanum, Max: max} }
func Num(max int) Lexical      { return Lexical{Kind: KindNum, Max: max} }
func Decimal(total, frac int) Lexical {
	return Lexical{Kind: KindDecimal, Total: total, Fraction: frac}
}
func Enum(values ...string) Lexical { return Lexical{Kind: KindEnum, Values: values} }

var (
	Mt      = Decimal(14, 2)
	Mt3     = Decimal(15, 3)
	Taux    = Decimal(5, 2)
	Taux3   = Decimal(6, 3)
	Dec2    = Decimal(0, 2)
	Dec3    = Decimal(0, 3)
	Jour    = Lexical{Kind: KindDate}
	Annee   = Lexical{Kind: KindAnnee}
	Booleen = Lexical{Kind: KindBooleen}
	Mois    = Lexical{Kind: KindMois}
	Statut  = Enum("TITULAIRE", "NON_TITULAIRE", "STAGIAIRE", "EMPLOI_FONC", "EMPLOI_AIDE", "AUTRE_STATUT")
)

// String describes the type in the words of the specification: "texte de 50
// caractères au plus" is T50.
func (l *Lexical) String() string {
	switch l.Kind {
	case KindTexte:
		return "T" + strconv.Itoa(l.Max)
	case KindAlphanum:
		return "AN" + strconv.Itoa(l.Max) + " [0-9a-zA-Z]*"
	case KindNum:
		return "N" + strconv.Itoa(l.Max) + " [0-9]*"
	case KindDecimal:
		s := "decimal"
		if l.Total > 0 {
			s += " totalDigits=" + strconv.Itoa(l.Total)
		}
		return s + " fractionDigits=" + strconv.Itoa(l.Fraction)
	case KindDate:
		return "date AAAA-MM-JJ"
	case KindAnnee:
		return "gYear AAAA"
	case KindBooleen:
		return "0 | 1 | true | false"
	case KindMois:
		return "(0?[1-9])|(1[0-2])"
	}
	return strings.Join(l.Values, " | ")
}

// CanBeEmpty reports whether the empty value is valid, as it is for texts.
func (l *Lexical) CanBeEmpty() bool { return l.Kind <= KindNum }

// Verdict is what judge finds.
type Verdict uint8

const (
	invalid    Verdict = iota
	valid              // may hold characters that an attribute has to escape
	validPlain         // ASCII that an attribute holds as it is
)

// judge is valid that also tells the values that can be written as they are.
func (l *Lexical) judge(s string) Verdict {
	switch {
	case l.Kind == KindTexte && len(s) <= l.Max:
		if xmlw.PlainAttr(s) {
			return validPlain
		}
		return valid
	case l.Kind == KindDecimal && l.plainDecimal(s):
		return validPlain
	case !l.Valid(s):
		return invalid
	case l.Kind == KindAlphanum || l.Kind == KindNum || l.Kind == KindEnum || l.Kind == KindMois:
		return validPlain
	}
	return valid
}

// Valid reports whether s, whose references are resolved and whose white space
// is normalised as XML does, is a value of the type for libxml2 2.9.14 with
// the official XSD.
func (l *Lexical) Valid(s string) bool {
	switch l.Kind {
	case KindTexte:
		return len(s) <= l.Max || utf8.RuneCountInString(s) <= l.Max
	case KindAlphanum:
		if len(s) > l.Max {
			return false
		}
		for i := 0; i < len(s); i++ {
			if c := s[i]; !IsDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
				return false
			}
		}
		return true
	case KindNum:
		return len(s) <= l.Max && CountDigits(s) == len(s)
	case KindDecimal:
		return l.ValidDecimal(s)
	case KindDate:
		return validDate(s)
	case KindAnnee:
		return validYear(s)
	case KindBooleen:
		s = TrimBlank(s)
		return s == "0" || s == "1" || s == "true" || s == "false"
	case KindMois:
		switch len(s) {
		case 1:
			return s[0] >= '1' && s[0] <= '9'
		case 2:
			return s[0] == '0' && s[1] >= '1' && s[1] <= '9' || s[0] == '1' && s[1] >= '0' && s[1] <= '2'
		}
		return false
	}
	for _, v := range l.Values {
		if s == v {
			return true
		}
	}
	return false
}

// MaxDecimalDigits is how many digits libxml2 can hold, leading zeros aside.
const MaxDecimalDigits = 24

// ValidDecimal counts digits as XML Schema does, on the canonical value:
// leading zeros of the integer part and trailing zeros of the fraction do not
// count (XML Schema part 2, 3.2.3 and 4.3.11).
func (l *Lexical) ValidDecimal(s string) bool {
	if l.plainDecimal(s) {
		return true
	}
	fits, digits := l.decimal(s)
	return fits && digits <= MaxDecimalDigits
}

// FitsDecimal is ValidDecimal without the bound of libxml2.
func (l *Lexical) FitsDecimal(s string) bool {
	fits, _ := l.decimal(s)
	return fits
}

// decimal reports whether s is a decimal that fits the facets, and how many
// digits it has for libxml2, which counts the zeros that end it.
func (l *Lexical) decimal(s string) (fits bool, digits int) {
	s = TrimBlank(s)
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	whole, frac := s, ""
	if dot := strings.IndexByte(s, '.'); dot >= 0 {
		whole, frac = s[:dot], s[dot+1:]
	}
	if len(whole)+len(frac) == 0 || CountDigits(whole) != len(whole) || CountDigits(frac) != len(frac) {
		return false, 0
	}
	for len(whole) > 0 && whole[0] == '0' {
		whole = whole[1:]
	}
	digits = len(whole) + len(frac)
	for len(frac) > 0 && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	return len(frac) <= l.Fraction && (l.Total == 0 || len(whole)+len(frac) <= l.Total), digits
}

// plainDecimal accepts the shape that nearly all decimals have, digits with a
// point before the last ones, when even its zeros fit; of others it says
// nothing.
func (l *Lexical) plainDecimal(s string) bool {
	dot := len(s)
	for i := 0; i < len(s); i++ {
		if s[i]-'0' > 9 {
			if s[i] != '.' || dot < len(s) {
				return false
			}
			dot = i
		}
	}
	whole, frac := dot, max(0, len(s)-dot-1)
	most := l.Total
	if most == 0 {
		most = MaxDecimalDigits
	}
	return whole > 0 && frac <= l.Fraction && whole+frac <= most
}

// validYear accepts an xs:gYear: at least four digits, no leading zero beyond
// four, not the year 0, an optional sign and time zone.
func validYear(s string) bool {
	_, rest, ok := cutYear(s)
	return ok && validZone(rest)
}

// validDate accepts an xs:date: a day of the calendar, with the year and the
// optional time zone of validYear.
func validDate(s string) bool {
	year, rest, ok := cutYear(s)
	if !ok || len(rest) < 6 || rest[0] != '-' || rest[3] != '-' ||
		!IsDigit(rest[1]) || !IsDigit(rest[2]) || !IsDigit(rest[4]) || !IsDigit(rest[5]) {
		return false
	}
	month := int(rest[1]-'0')*10 + int(rest[2]-'0')
	day := int(rest[4]-'0')*10 + int(rest[5]-'0')
	if month < 1 || month > 12 || day < 1 || day > DaysIn(month, year) {
		return false
	}
	return validZone(rest[6:])
}

// maxYear is the last year that libxml2 can hold.
const maxYear = "9223372036854775807"

// UTF16Units counts the characters of a text as Java does: two for one beyond
// the basic plane.
func UTF16Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// maxJavaYear is the last year that Java can hold.
const maxJavaYear = "2147483647"

// JavaYear reports whether the year that a valid date or year begins with is
// one that Java can hold.
func JavaYear(s string) bool {
	s = strings.TrimPrefix(s, "-")
	s = s[:CountDigits(s)]
	return len(s) < len(maxJavaYear) || len(s) == len(maxJavaYear) && s <= maxJavaYear
}

// cutYear returns the year modulo 400, which is enough for the calendar.
func cutYear(s string) (year int, rest string, ok bool) {
	negative := s != "" && s[0] == '-'
	if negative {
		s = s[1:]
	}
	n := 0
	for n < len(s) && IsDigit(s[n]) {
		year = (year*10 + int(s[n]-'0')) % 400
		n++
	}
	if n < 4 || n > 4 && s[0] == '0' || n > len(maxYear) || n == len(maxYear) && s[:n] > maxYear || countZeros(s[:n]) == n {
		return 0, "", false
	}
	if negative {
		year = -year
	}
	return year, s[n:], true
}

func DaysIn(month, year int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// validZone accepts nothing, Z, or ±hh:mm up to 14:00.
func validZone(s string) bool {
	if s == "" || s == "Z" {
		return true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' || CountDigits(s[1:3]) != 2 || CountDigits(s[4:6]) != 2 {
		return false
	}
	minutes := (int(s[1]-'0')*10+int(s[2]-'0'))*60 + int(s[4]-'0')*10 + int(s[5]-'0')
	return s[4] <= '5' && minutes <= 14*60
}

func IsDigit(c byte) bool { return c >= '0' && c <= '9' }

func CountDigits(s string) int {
	n := 0
	for n < len(s) && IsDigit(s[n]) {
		n++
	}
	return n
}

func countZeros(s string) int {
	n := 0
	for n < len(s) && s[n] == '0' {
		n++
	}
	return n
}

func TrimBlank(s string) string {
	for s != "" && s[0] <= ' ' && xmlr.IsBlank(s[0]) {
		s = s[1:]
	}
	for s != "" && s[len(s)-1] <= ' ' && xmlr.IsBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
