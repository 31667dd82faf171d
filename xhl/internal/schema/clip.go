package schema

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clip shortens what comes from a file for a message.
func Clip(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return strings.ToValidUTF8(s, "?")
	}
	return strings.ToValidUTF8(string([]rune(s)[:most]), "?") + "…"
}

// Shape is the shape of a personal value, with nothing of the person in it:
// digits become 9, letters A, the rest stays. A long value loses its end.
func Shape(value string) string {
	const most = 40
	var b strings.Builder
	n := 0
	for _, r := range value {
		if n++; n > most {
			b.WriteString("…")
			break
		}
		switch {
		case unicode.IsDigit(r):
			r = '9'
		case unicode.IsLetter(r) || unicode.IsMark(r):
			r = 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
