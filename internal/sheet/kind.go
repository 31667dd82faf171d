package sheet

import (
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"paye/internal/lang"
)

// Kind is what the values of a column are.
type Kind uint8

const (
	Text    Kind = iota // any text
	Name                // a name of a person or a place: letters
	Code                // an identifier: what looks like a number is none
	Digits              // letters and digits only: blanks between them are for the eye
	Decimal             // with a point or a comma
	Date                // AAAA-MM-JJ
	Bool                // true, false
)

// Cause says what a spreadsheet did to a cell. The zero Cause is none.
type Cause struct{ lang.Phrase }

// Damaged reports whether there is a cause.
func (c Cause) Damaged() bool { return c.FR != "" }

func cause(t lang.Text, args ...any) Cause { return Cause{t.With(args...)} }

// What happened to a cell.
var (
	scientific = lang.Text{FR: "notation scientifique : le tableur a pris ce code pour un nombre et en a perdu les chiffres",
		EN: "scientific notation: the spreadsheet took this code for a number and lost its digits"}
	scientificNumber = lang.Text{FR: "notation scientifique : le tableur n'a gardé que les premiers chiffres du nombre",
		EN: "scientific notation: the spreadsheet kept the first digits of the number only"}
	formula = lang.Text{FR: "erreur de formule (%s) : la cellule renvoie à une autre qui n'est plus là, ou ne se calcule pas",
		EN: "formula error (%s): the cell refers to one that is gone, or cannot be computed"}
	narrow    = lang.Text{FR: "une suite de # : la colonne était trop étroite pour montrer la valeur", EN: "a row of #: the column was too narrow to show the value"}
	lostZero  = lang.Text{FR: "%s est attendu : un tableur a ôté le zéro qui le commence", EN: "%s is expected: a spreadsheet took off the zero that it begins with"}
	shortYear = lang.Text{FR: "date dont l'année n'a que deux chiffres", EN: "date whose year has two digits only"}
	badDay    = lang.Text{FR: "date dont le jour n'existe pas : jour et mois ont peut-être été échangés", EN: "date of a day that does not exist: day and month may have been swapped"}
)

// Texts is the catalogue, for the test that reads it in both languages.
var Texts = []lang.Text{scientific, scientificNumber, formula, narrow, lostZero, shortYear, badDay,
	zerosByLength, zerosByWidth, zerosByPast, zerosAlone, thousandfold, lettersLost, manyDigits, Advice, otherWorkbook, badWorkbook, noWorkbook, noSheet,
	locked, otherZip, markup, tooLong, severalSheets}

// formulaErrors are what cells show instead of a value, in both languages.
var formulaErrors = []string{"#REF!", "#N/A", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#DIV/0!", "#NULL!", "#NUL!", "#NUM!", "#NOMBRE!", "#SPILL!", "#CALC!"}

// Read gives the value that was meant by a cell of the kind, s itself where
// nothing is known better, or what happened to it. A value that the schemas
// take as it stands comes back as it stands.
func (k Kind) Read(s string) (string, Cause) {
	if k <= Name || k.plain(s) {
		return s, Cause{}
	}
	bare := strings.TrimFunc(s, blank)
	if c := broken(bare); c.Damaged() {
		return s, c
	}
	switch k {
	case Code, Digits:
		if isScientific(bare, true) {
			return s, cause(scientific)
		}
		if k == Digits {
			return joined(s), Cause{}
		}
		return s, Cause{}
	case Decimal:
		if isScientific(bare, false) {
			return s, cause(scientificNumber)
		}
		return decimal(s, bare), Cause{}
	case Date:
		return date(s, bare)
	}
	switch strings.ToUpper(bare) {
	case "VRAI", "TRUE":
		return "true", Cause{}
	case "FAUX", "FALSE":
		return "false", Cause{}
	}
	return s, Cause{}
}

// plain is a quick look at the shape that nearly all cells have.
func (k Kind) plain(s string) bool {
	switch k {
	case Code, Digits:
		for i := 0; i < len(s); i++ {
			if c := s[i]; c-'0' > 9 && (c == 'E' || c == 'e' || c == '#' || c == ' ' || c >= utf8.RuneSelf) {
				return false
			}
		}
		return true
	case Decimal:
		for i := 0; i < len(s); i++ {
			if c := s[i]; c-'0' > 9 && c != '.' && (c != '-' || i > 0) {
				return false
			}
		}
		return len(s) <= maxPlainDigits
	}
	return false
}

// maxPlainDigits are the characters of a number that any program holds.
const maxPlainDigits = 15

// blank reports whether a rune is a blank of any sort: those of French
// thousands are not ASCII.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u202f' || r == '\u2007' || r == '\ufeff' }

// broken tells the marks that stand for a value that is not there.
func broken(s string) Cause {
	if s == "" || s[0] != '#' && s[0] != 'E' {
		return Cause{}
	}
	for _, e := range formulaErrors {
		if strings.EqualFold(s, e) {
			return cause(formula, e)
		}
	}
	if rest, is := strings.CutPrefix(s, "Err:"); is && len(rest) == 3 && digits(rest) == 3 {
		return cause(formula, s)
	}
	if len(s) > 2 && strings.Trim(s, "#") == "" {
		return cause(narrow)
	}
	return Cause{}
}

// isScientific recognises 2,19675642000172E+031. In a code the sign of the
// exponent has to be there, as programs show it: 1E5 may be one.
func isScientific(s string, signed bool) bool {
	s = strings.TrimPrefix(s, "-")
	at := strings.IndexAny(s, "Ee")
	if at < 1 {
		return false
	}
	mantissa, exponent := s[:at], s[at+1:]
	n := digits(mantissa)
	if n == 0 || n < len(mantissa) && (mantissa[n] != ',' && mantissa[n] != '.' || digits(mantissa[n+1:]) != len(mantissa)-n-1) {
		return false
	}
	bare := strings.TrimLeft(exponent, "+-")
	if signed && len(bare)+1 != len(exponent) {
		return false
	}
	return len(exponent)-len(bare) <= 1 && bare != "" && digits(bare) == len(bare)
}

// digits counts those that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n]-'0' <= 9 {
		n++
	}
	return n
}

// LostZero says that a value which is not in a list was, before its zeros were
// taken off.
func LostZero(s string, list []string) Cause {
	if s == "" || digits(s) != len(s) || slices.Contains(list, s) {
		return Cause{}
	}
	for _, v := range list {
		if len(v) > len(s) && strings.TrimLeft(v, "0") == strings.TrimLeft(s, "0") {
			return cause(lostZero, v)
		}
	}
	return Cause{}
}

// joined takes the blanks out of 219 675 642 00017.
func joined(s string) string {
	return strings.Map(func(r rune) rune {
		if blank(r) {
			return -1
		}
		return r
	}, s)
}

// decimal reads a number as people and spreadsheets write it; bare is s without
// the blanks around it. What is none comes back as it stands.
func decimal(s, bare string) string {
	t := strings.TrimFunc(strings.TrimSuffix(bare, "€"), blank)
	t = strings.Replace(t, "\u2212", "-", 1)
	sign := ""
	if t != "" && (t[0] == '-' || t[0] == '+') {
		sign, t = t[:1], strings.TrimLeftFunc(t[1:], blank)
	}
	t, ok := ungrouped(t)
	if !ok {
		return s
	}
	if sign+t == bare {
		return exact(s, bare)
	}
	return exact(sign+t, sign+t)
}

// ungrouped takes the marks of thousands out of a number without sign, and
// makes its comma a point.
func ungrouped(t string) (string, bool) {
	whole, fraction, mark := t, "", ""
	if at := strings.LastIndexAny(t, ".,"); at >= 0 {
		whole, mark, fraction = t[:at], ".", t[at+1:]
	}
	if strings.ContainsAny(whole, ".,") { // 1.234,56 or 1,234.56
		group := ","
		if t[len(whole)] == ',' {
			group = "."
		}
		parts := strings.Split(whole, group)
		for i, p := range parts {
			if i > 0 && len(p) != 3 || i == 0 && (p == "" || len(p) > 3) {
				return "", false
			}
		}
		whole = strings.Join(parts, "")
	} else if strings.ContainsFunc(whole, blank) {
		for i, p := range strings.FieldsFunc(whole, blank) {
			if i > 0 && len(p) != 3 {
				return "", false
			}
		}
		whole = joined(whole)
	}
	if digits(whole) != len(whole) || digits(fraction) != len(fraction) || whole+fraction == "" {
		return "", false
	}
	return whole + mark + fraction, true
}

// exact takes off the digits that a program adds to an amount because it
// counts in binary: 9.8800000000000000001. What is not an amount to the centime
// within the fifteen digits of such a number comes back as s.
func exact(s, number string) string {
	if !long(number) {
		return s
	}
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return s
	}
	near, _ := new(big.Rat).SetString(r.FloatString(2))
	off := new(big.Rat).Sub(r, near)
	off.Abs(off)
	if within := new(big.Rat).Mul(new(big.Rat).Abs(r), big.NewRat(1, 1e15)); off.Cmp(within) > 0 || off.Sign() == 0 {
		return s
	}
	return r.FloatString(2)
}

// long reports whether a number has more digits than programs keep.
func long(number string) bool {
	n := 0
	leading := true
	for i := 0; i < len(number); i++ {
		if c := number[i]; c-'0' <= 9 && (c != '0' || !leading) {
			leading = false
			n++
		}
	}
	return n > maxPlainDigits && len(number) <= 64 && strings.Contains(number, ".")
}

// date reads 27/11/2026, 27-11-2026, 27.11.2026 and 2026/11/27.
func date(s, bare string) (string, Cause) {
	parts := strings.FieldsFunc(bare, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || len(strings.Join(parts, ""))+2 != len(bare) {
		return s, Cause{}
	}
	for _, p := range parts {
		if digits(p) != len(p) {
			return s, Cause{}
		}
	}
	if len(parts[0]) == 4 && strings.Contains(bare, "/") && len(parts[1]) <= 2 && len(parts[2]) <= 2 { // 2026/05/01
		return parts[0] + "-" + two(parts[1]) + "-" + two(parts[2]), Cause{}
	}
	if len(parts[0]) > 2 || len(parts[1]) > 2 {
		return s, Cause{}
	}
	switch len(parts[2]) {
	case 2:
		return s, cause(shortYear)
	case 4:
	default:
		return s, Cause{}
	}
	day, month := two(parts[0]), two(parts[1])
	if month > "12" || month == "00" || day == "00" || day > "31" {
		return s, cause(badDay)
	}
	return parts[2] + "-" + month + "-" + day, Cause{}
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
