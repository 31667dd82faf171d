package vault

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// checkPDF refuses what may not enter a coffre-fort whatever it says: bytes
// that are no PDF, encrypted files, and files that act when they are opened.
// It reads the syntax outside streams; what hides in compressed objects is for
// Options.Controle, which has a real PDF reader.
func checkPDF(b []byte) error {
	if i := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")); i < 0 || !bytes.Contains(b[max(0, len(b)-1024):], []byte("%%EOF")) {
		return Codes.New("COF-210")
	}
	for name := range pdfNames(b) {
		switch name {
		case "Encrypt":
			return Codes.New("COF-211")
		case "JavaScript", "JS":
			return Codes.New("COF-212")
		case "Launch":
			return Codes.New("COF-213")
		case "EmbeddedFile", "EmbeddedFiles":
			return Codes.New("COF-214")
		}
	}
	return nil
}

// pdfNames gives the name objects of a PDF, without the slash, outside
// streams, comments and strings; #xx is decoded (ISO 32000-1, 7.3.5).
func pdfNames(b []byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := 0; i < len(b); {
			switch c := b[i]; {
			case c == '%':
				for i < len(b) && b[i] != '\n' && b[i] != '\r' {
					i++
				}
			case c == '(':
				i = skipString(b, i)
			case c == '/':
				start := i + 1
				for i = start; i < len(b) && regular(b[i]); i++ {
				}
				if !yield(decodeName(b[start:i])) {
					return
				}
			case c == 's' && bytes.HasPrefix(b[i:], []byte("stream")) && (i == 0 || !regular(b[i-1])):
				end := bytes.Index(b[i:], []byte("endstream"))
				if end < 0 {
					return
				}
				i += end + len("endstream")
			default:
				i++
			}
		}
	}
}

// skipString returns the index after a literal string, whose parentheses may
// nest.
func skipString(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return i
}

func regular(c byte) bool {
	return c > ' ' && c != 0x7f && strings.IndexByte("()<>[]{}/%", c) < 0
}

func decodeName(b []byte) string {
	if bytes.IndexByte(b, '#') < 0 {
		return string(b)
	}
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) && hexDigit(b[i+1]) >= 0 && hexDigit(b[i+2]) >= 0 {
			out.WriteByte(byte(hexDigit(b[i+1])<<4 | hexDigit(b[i+2])))
			i += 2
			continue
		}
		out.WriteByte(b[i])
	}
	return out.String()
}

func hexDigit(c byte) int {
	return strings.IndexByte("0123456789abcdef", c|0x20)
}

// ControleTexte is the wrong-recipient control: the text of a slip must hold
// the SIRET of its employer, and the matricule or the name of its agent.
// Spaces, accents and case do not matter. It is for Options.Controle, whose
// caller can read the text of a PDF.
func ControleTexte(d *Document, texte string) error {
	squeezed := squeeze(texte)
	if !strings.Contains(squeezed, d.Employeur) {
		return matriculeOf(Codes.New("COF-215"), d.Matricule)
	}
	nom := squeeze(d.Nom) + squeeze(d.Prenom)
	mon := squeeze(d.Prenom) + squeeze(d.Nom)
	if containsWord(texte, d.Matricule) || d.Nom != "" && (strings.Contains(squeezed, nom) || strings.Contains(squeezed, mon)) {
		return nil
	}
	return matriculeOf(Codes.New("COF-216"), d.Matricule)
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
