package vault

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"paye/internal/anomalie"
	"paye/internal/pdfx"
	"paye/vault/internal/faults"
)

// checkPDF refuses what may not enter a coffre-fort whatever it says: bytes
// that are no PDF, encrypted files, and files that act when they are opened.
// Every object is looked at, those of streams of objects and those that an
// update replaced included; what was found is named.
func checkPDF(ctx context.Context, b []byte) error {
	if !bytes.Contains(b[max(0, len(b)-1024):], []byte("%%EOF")) {
		return Codes.New("COF-210")
	}
	info, found, err := pdfx.Look(ctx, pdfx.Bytes(b), int64(len(b)))
	var a *anomalie.Anomalie
	switch {
	case errors.As(err, &a) && a.Code == pdfx.Encrypted, info.Encrypted:
		return Codes.New("COF-211")
	case a != nil:
		return Codes.New("COF-210")
	case err != nil:
		return err
	case found.JavaScript:
		return named("COF-212", "JavaScript")
	case found.XFA:
		return named("COF-212", "XFA")
	case found.Attachments:
		return Codes.New("COF-214")
	}
	for _, kind := range [...]string{"Launch", "ImportData", "SubmitForm", "RichMediaExecute", "Rendition"} {
		if found.Acts(kind) {
			return named("COF-213", kind)
		}
	}
	return nil
}

// named is an anomaly that says what it found.
func named(code, found string) error {
	a := Codes.New(code)
	a.Trouve = found
	return a
}

// ControleTexte is the wrong-recipient control: the text of a slip must hold
// the SIRET of its employer, and the matricule or the name of its agent.
// Spaces, accents and case do not matter. It is for Options.Controle, whose
// caller can read the text of a PDF.
func ControleTexte(d *Document, texte string) error {
	squeezed := squeeze(texte)
	if !strings.Contains(squeezed, d.Employeur) {
		return faults.Of(Codes.New("COF-215"), d.Matricule)
	}
	nom := squeeze(d.Nom) + squeeze(d.Prenom)
	mon := squeeze(d.Prenom) + squeeze(d.Nom)
	if containsWord(texte, d.Matricule) || d.Nom != "" && (strings.Contains(squeezed, nom) || strings.Contains(squeezed, mon)) {
		return nil
	}
	return faults.Of(Codes.New("COF-216"), d.Matricule)
}

// squeeze keeps letters without accents, in lower case, and digits.
func squeeze(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// containsWord finds a matricule that is not a part of a longer one.
func containsWord(text, word string) bool {
	part := func(r rune, size int) bool { return size > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	for rest := text; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			return false
		}
		before, after := rest[:i], rest[i+len(word):]
		if !part(utf8.DecodeLastRuneInString(before)) && !part(utf8.DecodeRuneInString(after)) {
			return true
		}
		rest = rest[i+len(word):]
	}
}
