package gestion

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"paye/internal/lang"
	"paye/web/ui"
)

// monthOf writes the month of a journal as every page does; what is no month
// stays as the journal has it.
func monthOf(l lang.Language, annee, mois string) string {
	year, wrongYear := strconv.Atoi(annee)
	month, wrongMonth := strconv.Atoi(mois)
	if wrongYear != nil || wrongMonth != nil {
		return strings.Trim(mois+"/"+annee, "/")
	}
	return ui.Month(l, year, month)
}

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
