package gestion

import (
	"strings"
	"unicode/utf8"
)

// sentenceOf makes a sentence of a message, which has neither capital nor stop.
func sentenceOf(s string) string {
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(string(r)) + s[n:]
	if !strings.ContainsAny(s[len(s)-1:], ".?!") {
		s += "."
	}
	return s
}
