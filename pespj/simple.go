package pespj

import (
	"bytes"
	"math"
	"unicode/utf16"
	"unicode/utf8"

	"paye/internal/identifiants"
	"paye/internal/xmlr"
)

// simple is a simple type of the schema: what a value must be. valide takes
// the value in UTF-8 after XML's own normalisation of attributes, and gives
// the verdict of libxml2 2.9, which parts from XML Schema in two places: dates
// and years do not have their blanks collapsed, and decimals have 24 digits at
// most.
type simple struct {
	attendu string // for people, the same in every language
	valide  func(v []byte) bool
	java    func(v []byte) bool // whether Java takes what is valid too; nil when it always does
}

// Types of Simple_Type.xsd and CommunPES.xsd (XSD PES 5.30), by their names.
var (
	vNum1       = &simple{attendu: "1..9", valide: decimalUpTo(1)}
	vNum2       = &simple{attendu: "1..99", valide: decimalUpTo(2)}
	vNum2Light  = &simple{attendu: "[0-9]{0,2}", valide: digitsUpTo(2)}
	vNum4Light  = &simple{attendu: "[0-9]{0,4}", valide: digitsUpTo(4)}
	vNum7Light  = &simple{attendu: "[0-9]{0,7}", valide: digitsUpTo(7)}
	vNum13Light = &simple{attendu: "[0-9]{0,13}", valide: digitsUpTo(13)}
	vNum14Light = &simple{attendu: "[0-9]{0,14}", valide: digitsUpTo(14)}

	vTexte15  = texte("texte 1..15", 15)
	vTexte20  = texte("texte 1..20", 20)
	vTexte32  = texte("texte 1..32", 32)
	vTexte38  = texte("texte 1..38", 38)
	vTexte100 = texte("texte 1..100", 100)
	vTexte250 = texte("texte 1..250", 250)

	vTexte18Light  = &simple{attendu: "texte 0..18", valide: runesUpTo(18), java: unitsUpTo(18)}
	vTexte500Light = &simple{attendu: "texte 0..500", valide: runesUpTo(500), java: unitsUpTo(500)}

	vAlphanum20 = &simple{attendu: "[0-9a-zA-Z]{1,20}", valide: func(v []byte) bool {
		return len(v) <= 20 && allAlphanum(string(v)) && baseAlphanum(v)
	}}
	vAlphanum50      = &simple{attendu: "[0-9a-zA-Z]{1,50}", valide: func(v []byte) bool { return identifiants.CheckIdUnique(v) == nil }}
	vAlphanum20Light = &simple{attendu: "[0-9a-zA-Z]{0,20}", valide: func(v []byte) bool { return len(v) <= 20 && allAlphanum(string(v)) }}
	vAlphanum50Light = &simple{attendu: "[0-9a-zA-Z]{0,50}", valide: func(v []byte) bool { return len(v) <= 50 && allAlphanum(string(v)) }}

	vCodique  = &simple{attendu: "02[A-B][0-9]{3,4} | [0-9]{6,7}", valide: codique}
	vCodeCol3 = &simple{attendu: "[0-9]{3}, ≠ 000", valide: func(v []byte) bool {
		return len(v) == 3 && allDigits(string(v)) && baseAlphanum(v)
	}}
	vCodeBud2 = &simple{attendu: "[0-9A-Z][0-9]", valide: func(v []byte) bool {
		return len(v) == 2 && (isDigit(v[0]) || v[0] >= 'A' && v[0] <= 'Z') && isDigit(v[1])
	}}
	vNomPJ = &simple{attendu: `.+\.[A-Za-z0-9]{2,4}, 4..100`, valide: func(v []byte) bool { return identifiants.CheckNomPJ(v) == nil }, java: javaTexte(100)}

	vDate    = &simple{attendu: "AAAA-MM-JJ", valide: dateSchema, java: javaYear}
	vAnnee   = &simple{attendu: "AAAA", valide: anneeSchema, java: javaYear}
	vBooleen = &simple{attendu: "0 | 1", valide: booleen}
	vID      = &simple{attendu: "NCName", valide: ncName}
	vToken   = &simple{attendu: "texte", valide: func([]byte) bool { return true }}

	vDomaine    = enumeration("01..09", "01", "02", "03", "04", "05", "06", "07", "08", "09")
	vObjet      = enumeration("01..10", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10")
	vTypePJ     = enumeration("001..014", typePJCodes()...)
	vDomaineAck = enumeration("0..12 | 99", domaineAckCodes()...)
	vNumAnoAck  = enumeration("ERREUR_…", numAnoAck...)
)

func typePJCodes() []string {
	codes := make([]string, len(TypesPJ))
	for i := range TypesPJ {
		codes[i] = TypesPJ[i].Code
	}
	return codes
}

func enumeration(attendu string, values ...string) *simple {
	return &simple{attendu: attendu, valide: func(v []byte) bool {
		for _, value := range values {
			if string(v) == value {
				return true
			}
		}
		return false
	}}
}

// texte is V_TexteN: V_BaseAlphanum of 1 to n characters.
func texte(attendu string, n int) *simple {
	return &simple{attendu: attendu, valide: func(v []byte) bool { return utf8.RuneCount(v) <= n && baseAlphanum(v) }, java: javaTexte(n)}
}

func runesUpTo(n int) func([]byte) bool {
	return func(v []byte) bool { return utf8.RuneCount(v) <= n }
}

// unitsUpTo counts as Java does: two units for a character beyond the basic
// plane.
func unitsUpTo(n int) func([]byte) bool {
	return func(v []byte) bool {
		units := 0
		for _, r := range string(v) {
			units += utf16.RuneLen(r)
		}
		return units <= n
	}
}

// javaTexte is unitsUpTo for a V_BaseString: to Xerces a dot of a pattern is no
// line separator and no paragraph separator either, which Word puts in texts.
// In a value of one or two characters it is a class that takes them, not a dot.
func javaTexte(n int) func([]byte) bool {
	fits := unitsUpTo(n)
	return func(v []byte) bool {
		return fits(v) && (utf8.RuneCount(v) < 3 || !bytes.ContainsAny(v, "\u2028\u2029"))
	}
}

// javaYear reports whether Java can hold the year that a date begins with.
func javaYear(v []byte) bool {
	annee, _, _ := parseAnnee(v)
	return annee <= math.MaxInt32
}

func digitsUpTo(n int) func([]byte) bool {
	return func(v []byte) bool { return len(v) <= n && allDigits(string(v)) }
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// baseString is V_BaseString: [^ \.]|n[^c]|[^n]c|[^n][^c]|...+ where a dot
// stands for any character but a line break.
func baseString(v []byte) bool {
	switch utf8.RuneCount(v) {
	case 0:
		return false
	case 1:
		return v[0] != ' ' && v[0] != '.'
	case 2:
		return string(v) != "nc"
	}
	return bytes.IndexByte(v, '\n') < 0 && bytes.IndexByte(v, '\r') < 0
}

// baseAlphanum is V_BaseAlphanum: V_BaseString and .*[^0]+.*, which comes to
// one character at least that is not a zero, since a value of three or more
// has no line break.
func baseAlphanum(v []byte) bool {
	return baseString(v) && len(bytes.Trim(v, "0")) > 0
}

func codique(v []byte) bool {
	if len(v) < 6 || len(v) > 7 || !baseAlphanum(v) {
		return false
	}
	if v[2] == 'A' || v[2] == 'B' {
		return v[0] == '0' && v[1] == '2' && allDigits(string(v[3:]))
	}
	return allDigits(string(v))
}

// decimalUpTo is xs:decimal, above zero, with totalDigits n and fractionDigits
// 0: an integer in value, so that "02" and "2.0" stand.
func decimalUpTo(n int) func([]byte) bool {
	const maxDigits = 24
	return func(v []byte) bool {
		v = bytes.Trim(v, " \t\n\r")
		if len(v) > 0 && v[0] == '+' {
			v = v[1:]
		}
		whole, fraction, _ := bytes.Cut(v, []byte{'.'})
		kept := bytes.TrimLeft(whole, "0")
		return len(kept) > 0 && len(kept) <= n && allDigits(string(kept)) &&
			len(kept)+len(fraction) <= maxDigits && len(bytes.Trim(fraction, "0")) == 0
	}
}

func booleen(v []byte) bool {
	switch string(bytes.Trim(v, " \t\n\r")) {
	case "0", "1", "true", "false":
		return true
	}
	return false
}

func dateSchema(v []byte) bool {
	annee, rest, ok := parseAnnee(v)
	if !ok || len(rest) < 6 || rest[0] != '-' || rest[3] != '-' {
		return false
	}
	mois, ok1 := two(rest[1:3])
	jour, ok2 := two(rest[4:6])
	return ok1 && ok2 && mois >= 1 && mois <= 12 && jour >= 1 && jour <= joursDuMois(annee, mois) && zone(rest[6:])
}

func anneeSchema(v []byte) bool {
	_, rest, ok := parseAnnee(v)
	return ok && zone(rest)
}

// parseAnnee reads -?CCYY with four digits or more, no leading zero beyond
// four, and not the year zero.
func parseAnnee(v []byte) (annee int64, rest []byte, ok bool) {
	digits := bytes.TrimPrefix(v, []byte{'-'})
	n := 0
	for n < len(digits) && isDigit(digits[n]) {
		if annee > (math.MaxInt64-9)/10 {
			return 0, nil, false
		}
		annee = annee*10 + int64(digits[n]-'0')
		n++
	}
	if n < 4 || n > 4 && digits[0] == '0' || annee == 0 {
		return 0, nil, false
	}
	return annee, digits[n:], true
}

func joursDuMois(annee, mois int64) int64 {
	switch mois {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if annee%4 == 0 && annee%100 != 0 || annee%400 == 0 {
			return 29
		}
		return 28
	}
	return 31
}

// zone reads an optional time zone: Z, or a shift of 14 hours at most.
func zone(v []byte) bool {
	if len(v) == 0 || string(v) == "Z" {
		return true
	}
	if len(v) != 6 || v[0] != '+' && v[0] != '-' || v[3] != ':' {
		return false
	}
	heures, ok1 := two(v[1:3])
	minutes, ok2 := two(v[4:6])
	return ok1 && ok2 && minutes <= 59 && heures*60+minutes <= 14*60
}

func two(v []byte) (int64, bool) {
	return int64(v[0]-'0')*10 + int64(v[1]-'0'), isDigit(v[0]) && isDigit(v[1])
}

// ncName is xs:ID: a name without a colon, blanks around it collapsed.
func ncName(v []byte) bool {
	v = bytes.Trim(v, " \t\n\r")
	for i, r := range string(v) {
		if r == ':' || i == 0 && !xmlr.NameStart(r) || !xmlr.NameStart(r) && !xmlr.NamePart(r) {
			return false
		}
	}
	return len(v) > 0
}
