package due

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Jeu is a set of characters that a kind of field may hold in a declaration.
type Jeu string

const (
	JeuEmployeur Jeu = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789& .,'-"
	JeuNom       Jeu = "ABCDEFGHIJKLMNOPQRSTUVWXYZ .'-"
	JeuVille     Jeu = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .'-"
)

// Pli is what folding made of a text.
type Pli struct {
	Texte  string
	Case   bool // nothing changed but the case
	Change bool // Texte differs from the source, case included
	Cuts   bool // the text was too wide
	Perdus int  // characters that ISO-8859-1 does not have and that nothing stands for
}

// Fold writes s with the characters of jeu only, in at most width of them;
// width 0 is no limit. Folding what was folded changes nothing.
//
// In order: NFKD; Œ Æ ß Ø Ł Đ to their letters; typographic apostrophes and
// dashes to ' and -; combining marks removed; upper case; what jeu does not
// hold to a space; spaces collapsed; cut at width, at the end of a word when
// one lies in the last eight characters.
func Fold(s string, jeu Jeu, width int) Pli {
	var p Pli
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		out, known := substitutes[r]
		if !known {
			out = string(unicode.ToUpper(r))
		}
		for _, r := range out {
			if strings.ContainsRune(string(jeu), r) {
				b.WriteRune(r)
				continue
			}
			if r > unicode.MaxLatin1 && !unicode.IsSpace(r) {
				p.Perdus++
			}
			b.WriteByte(' ')
		}
	}
	p.Texte = strings.Join(strings.Fields(b.String()), " ")
	if width > 0 && len(p.Texte) > width {
		p.Texte, p.Cuts = cut(p.Texte, width), true
	}
	p.Change = p.Texte != s
	p.Case = p.Change && p.Texte == strings.ToUpper(s)
	return p
}

// cut keeps at most width characters of s, which is folded.
func cut(s string, width int) string {
	const lookBack = 8
	if s[width] != ' ' {
		if i := strings.LastIndexByte(s[:width], ' '); i >= width-lookBack && i > 0 {
			width = i
		}
	}
	return strings.TrimRight(s[:width], " ")
}

// splitName cuts the name of an employer into the two lines of the
// declaration, at a word; a word longer than a line is cut. It reports whether
// something did not fit.
func splitName(name string, width int) (first, second string, lost bool) {
	var lines [2]string
	n := 0
	for _, word := range strings.Fields(name) {
		if len(word) > width {
			word, lost = word[:width], true
		}
		if lines[n] != "" && len(lines[n])+1+len(word) > width {
			if n++; n == len(lines) {
				return lines[0], lines[1], true
			}
		}
		if lines[n] != "" {
			lines[n] += " "
		}
		lines[n] += word
	}
	return lines[0], lines[1], lost
}

// substitutes are the letters and signs that NFKD leaves and that have a plain
// form; the letters are given in both cases because they come before the upper
// case.
var substitutes = map[rune]string{
	'Œ': "OE", 'œ': "OE", 'Æ': "AE", 'æ': "AE", 'ß': "SS", 'ẞ': "SS",
	'Ø': "O", 'ø': "O", 'Ł': "L", 'ł': "L", 'Đ': "D", 'đ': "D",
	'’': "'", '‘': "'", '‛': "'", 'ʼ': "'", 'ʹ': "'", '′': "'", '´': "'", '`': "'",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-",
	'\u00a0': " ", '\u202f': " ", '\u2007': " ",
}
