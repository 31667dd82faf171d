package lang

import (
	"fmt"
	"io"
	"strconv"

	"golang.org/x/text/language"
)

// Octets is a size for people, in the units of the limits: 10^6 bytes are 1 Mo,
// 1 MB in English. A size without decimals is exact. As an argument of a message
// it prints in the language of that message.
type Octets int64

// In writes the size in a language.
func (o Octets) In(l Language) string {
	units, point, word := [...]string{"Ko", "Mo", "Go"}, ",", "octet"
	if l == English {
		units, point, word = [...]string{"kB", "MB", "GB"}, ".", "byte"
	}
	n, size, unit := int64(o), int64(1), -1
	for unit+1 < len(units) && (n/size >= 1000 || rounded(n, size) >= 10_000) {
		size *= 1000
		unit++
	}
	const firmBlank = "\u00a0"
	switch {
	case unit < 0:
		if several(l, n) {
			word += "s"
		}
		return strconv.FormatInt(n, 10) + firmBlank + word
	case n%size == 0:
		return strconv.FormatInt(n/size, 10) + firmBlank + units[unit]
	}
	tenths := rounded(n, size)
	return fmt.Sprintf("%d%s%d", tenths/10, point, tenths%10) + firmBlank + units[unit]
}

// rounded is n in tenths of a unit.
func rounded(n, size int64) int64 { return n/size*10 + (n%size*10+size/2)/size }

// Format prints the size, as [Text.Format] does.
func (o Octets) Format(f fmt.State, _ rune) {
	l := French
	if printer, ok := f.(interface{ Language() language.Tag }); ok {
		l = Choose(printer.Language().String())
	}
	_, _ = io.WriteString(f, o.In(l)) // the State of a Sprintf takes all
}
