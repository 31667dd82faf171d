package schema

import (
	"strings"
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
