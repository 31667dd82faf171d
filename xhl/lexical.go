package xhl

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"paye/internal/xmlw"
)

// lexKind is the family of a value type.
type lexKind uint8

const (
	lexTexte lexKind = iota
	lexAlphanum
	lexNum
	lexDecimal
	lexDate
	lexAnnee
	lexBooleen
	lexMois
	lexEnum
)

// lexical is the type of a value: the facets that the XSD puts on the
// attribute V. Lengths count characters, not bytes.
type lexical struct {
	kind     lexKind
	max      int      // characters, for texts
	total    int      // totalDigits of a decimal; 0 when not bounded
	fraction int      // fractionDigits of a decimal
	values   []string // of an enumeration
}

func texte(max int) lexical           { return lexical{kind: lexTexte, max: max} }
func alphanum(max int) lexical        { return lexical{kind: lexAlphanum, max: max} }
func num(max int) lexical             { return lexical{kind: lexNum, max: max} }
func decimal(total, frac int) lexical { return lexical{kind: lexDecimal, total: total, fraction: frac} }
func enum(values ...string) lexical   { return lexical{kind: lexEnum, values: values} }

var (
	lexMt     = decimal(14, 2)
	lexMt3    = decimal(15, 3)
	lexTaux   = decimal(5, 2)
	lexTaux3  = decimal(6, 3)
	lexDec2   = decimal(0, 2)
	lexDec3   = decimal(0, 3)
	lexJour   = lexical{kind: lexDate}
	lexGYear  = lexical{kind: lexAnnee}
	lexBool   = lexical{kind: lexBooleen}
	lexMoisV  = lexical{kind: lexMois}
	lexStatut = enum("TITULAIRE", "NON_TITULAIRE", "STAGIAIRE", "EMPLOI_FONC", "EMPLOI_AIDE", "AUTRE_STATUT")
)

// String describes the type in the words of the specification: "texte de 50
// caractères au plus" is T50.
func (l *lexical) String() string {
	switch l.kind {
	case lexTexte:
		return "T" + strconv.Itoa(l.max)
	case lexAlphanum:
		return "AN" + strconv.Itoa(l.max) + " [0-9a-zA-Z]*"
	case lexNum:
		return "N" + strconv.Itoa(l.max) + " [0-9]*"
	case lexDecimal:
		s := "decimal"
		if l.total > 0 {
			s += " totalDigits=" + strconv.Itoa(l.total)
		}
		return s + " fractionDigits=" + strconv.Itoa(l.fraction)
	case lexDate:
		return "date AAAA-MM-JJ"
	case lexAnnee:
		return "gYear AAAA"
	case lexBooleen:
		return "0 | 1 | true | false"
	case lexMois:
		return "(0?[1-9])|(1[0-2])"
	}
	return strings.Join(l.values, " | ")
}

// canBeEmpty reports whether the empty value is valid, as it is for texts.
func (l *lexical) canBeEmpty() bool { return l.kind <= lexNum }

// verdict is what judge finds.
type verdict uint8

const (
	invalid    verdict = iota
	valid              // may hold characters that an attribute has to escape
	validPlain         // ASCII that an attribute holds as it is
)

// judge is valid that also tells the values that can be written as they are.
func (l *lexical) judge(s string) verdict {
	switch {
	case l.kind == lexTexte && len(s) <= l.max:
		if xmlw.PlainAttr(s) {
			return validPlain
		}
		return valid
	case l.kind == lexDecimal && l.plainDecimal(s):
		return validPlain
	case !l.valid(s):
		return invalid
	case l.kind == lexAlphanum || l.kind == lexNum || l.kind == lexEnum || l.kind == lexMois:
		return validPlain
	}
	return valid
}

// valid reports whether s, whose references are resolved and whose white space
// is normalised as XML does, is a value of the type for libxml2 2.9.14 with
// the official XSD.
func (l *lexical) valid(s string) bool {
	switch l.kind {
	case lexTexte:
		return len(s) <= l.max || utf8.RuneCountInString(s) <= l.max
	case lexAlphanum:
		if len(s) > l.max {
			return false
		}
		for i := 0; i < len(s); i++ {
			if c := s[i]; !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
				return false
			}
		}
		return true
	case lexNum:
		return len(s) <= l.max && countDigits(s) == len(s)
	case lexDecimal:
		return l.validDecimal(s)
	case lexDate:
		return validDate(s)
	case lexAnnee:
		return validYear(s)
	case lexBooleen:
		s = trimBlank(s)
		return s == "0" || s == "1" || s == "true" || s == "false"
	case lexMois:
		switch len(s) {
		case 1:
			return s[0] >= '1' && s[0] <= '9'
		case 2:
			return s[0] == '0' && s[1] >= '1' && s[1] <= '9' || s[0] == '1' && s[1] >= '0' && s[1] <= '2'
		}
		return false
	}
	for _, v := range l.values {
		if s == v {
			return true
		}
	}
	return false
}

// maxDecimalDigits is how many digits libxml2 can hold, leading zeros aside.
const maxDecimalDigits = 24

// validDecimal counts digits as XML Schema does, on the canonical value:
// leading zeros of the integer part and trailing zeros of the fraction do not
// count (XML Schema part 2, 3.2.3 and 4.3.11).
func (l *lexical) validDecimal(s string) bool {
	if l.plainDecimal(s) {
		return true
	}
	s = trimBlank(s)
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	whole, frac := s, ""
	if dot := strings.IndexByte(s, '.'); dot >= 0 {
		whole, frac = s[:dot], s[dot+1:]
	}
	if len(whole)+len(frac) == 0 || countDigits(whole) != len(whole) || countDigits(frac) != len(frac) {
		return false
	}
	for len(whole) > 0 && whole[0] == '0' {
		whole = whole[1:]
	}
	if len(whole)+len(frac) > maxDecimalDigits {
		return false
	}
	for len(frac) > 0 && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	return len(frac) <= l.fraction && (l.total == 0 || len(whole)+len(frac) <= l.total)
}

// plainDecimal accepts the shape that nearly all decimals have, digits with a
// point before the last ones, when even its zeros fit; of others it says
// nothing.
func (l *lexical) plainDecimal(s string) bool {
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
	most := l.total
	if most == 0 {
		most = maxDecimalDigits
	}
	return whole > 0 && frac <= l.fraction && whole+frac <= most
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
		!isDigit(rest[1]) || !isDigit(rest[2]) || !isDigit(rest[4]) || !isDigit(rest[5]) {
		return false
	}
	month := int(rest[1]-'0')*10 + int(rest[2]-'0')
	day := int(rest[4]-'0')*10 + int(rest[5]-'0')
	if month < 1 || month > 12 || day < 1 || day > daysIn(month, year) {
		return false
	}
	return validZone(rest[6:])
}

// maxYear is the last year that libxml2 can hold.
const maxYear = "9223372036854775807"

// cutYear returns the year modulo 400, which is enough for the calendar.
func cutYear(s string) (year int, rest string, ok bool) {
	negative := s != "" && s[0] == '-'
	if negative {
		s = s[1:]
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
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

func daysIn(month, year int) int {
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
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' || countDigits(s[1:3]) != 2 || countDigits(s[4:6]) != 2 {
		return false
	}
	minutes := (int(s[1]-'0')*10+int(s[2]-'0'))*60 + int(s[4]-'0')*10 + int(s[5]-'0')
	return s[4] <= '5' && minutes <= 14*60
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func countDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
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

func trimBlank(s string) string {
	for s != "" && s[0] <= ' ' && isBlank(s[0]) {
		s = s[1:]
	}
	for s != "" && s[len(s)-1] <= ' ' && isBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
