package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"paye/internal/lang"
)

// Blanks of numbers: groups are parted by a narrow one, units by an ordinary
// one, and neither ends a line.
const (
	narrowBlank = "\u202f"
	firmBlank   = "\u00a0"
)

// Date writes a day as JJ/MM/AAAA, empty for no day.
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02/01/2006")
}

// Instant writes a time to the second, empty for none.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("02/01/2006 15:04:05")
}

func isoTime(t time.Time) string { return t.Format(time.RFC3339) }

// Amount writes centimes in euros: 1 234,56 €, and €1,234.56 in English.
func Amount(l lang.Language, centimes int64) string {
	sign, u := "", uint64(centimes)
	if centimes < 0 {
		sign, u = "−", -u
	}
	euros, cents := group(u/100, narrowBlank), fmt.Sprintf("%02d", u%100)
	if l == lang.English {
		return sign + "€" + group(u/100, ",") + "." + cents
	}
	return sign + euros + "," + cents + firmBlank + "€"
}

// group writes a number in groups of three digits.
func group(n uint64, blank string) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(blank)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Bytes writes a size.
func Bytes(l lang.Language, n int64) string { return lang.Octets(n).In(l) }

// Month writes a month in words.
func Month(l lang.Language, year, month int) string { return lang.Month(l, year, month) }

// OfMonth is what is of a month: "de mai 2026", "d’octobre 2026", "of May 2026".
func OfMonth(l lang.Language, year, month int) string {
	of := lang.Text{FR: "de ", EN: "of "}
	if name := Month(lang.French, year, month); strings.ContainsAny(name[:1], "ao") {
		of.FR = "d’"
	}
	return of.In(l) + Month(l, year, month)
}
