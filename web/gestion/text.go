package gestion

import (
	"strings"
	"unicode/utf8"

	"paye/internal/lang"
	"paye/web/ui"
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

// count writes a number with the word for one or for several.
func count(call *ui.Call, n int, one, several lang.Text) string {
	word := several
	if n == 1 || n == 0 && call.Lang == lang.French {
		word = one
	}
	return lang.Text{FR: "%d", EN: "%d"}.In(call.Lang, n) + " " + word.In(call.Lang)
}

var (
	oneVolume, volumes     = lang.Text{FR: "volume", EN: "volume"}, lang.Text{FR: "volumes", EN: "volumes"}
	oneFile, files         = lang.Text{FR: "fichier", EN: "file"}, lang.Text{FR: "fichiers", EN: "files"}
	oneAnomaly, faults     = lang.Text{FR: "anomalie à corriger", EN: "anomaly to correct"}, lang.Text{FR: "anomalies à corriger", EN: "anomalies to correct"}
	oneError, errorsWord   = lang.Text{FR: "erreur", EN: "error"}, lang.Text{FR: "erreurs", EN: "errors"}
	oneContract, contracts = lang.Text{FR: "contrat", EN: "contract"}, lang.Text{FR: "contrats", EN: "contracts"}
	oneWarning, warnings   = lang.Text{FR: "avertissement", EN: "warning"}, lang.Text{FR: "avertissements", EN: "warnings"}
)
