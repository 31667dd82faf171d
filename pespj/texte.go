package pespj

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// characterData delivers a run of text as long as the window has it, or one
// reference.
func (s *scanner) characterData() (token, error) {
	s.cdata = false
	if s.octets[s.pos] == '&' {
		s.crochets = 0
		r, size, err := s.reference()
		if err != nil {
			return jFin, err
		}
		s.pos += size
		s.scratch = utf8.AppendRune(s.scratch[:0], r)
		s.texte = s.scratch
		s.nature = clsHaut | clsEtrangere
		if r < utf8.RuneSelf {
			s.nature = classe[r] &^ clsCrochet
		}
		return jTexte, nil
	}
	run := s.octets[s.pos:]
	if i := bytes.IndexByte(run, '<'); i >= 0 {
		run = run[:i]
	}
	if i := bytes.IndexByte(run, '&'); i >= 0 {
		run = run[:i]
	}
	return s.deliver(run)
}

// deliver checks run, which starts at pos, and makes it the token's text.
func (s *scanner) deliver(run []byte) (token, error) {
	if s.charset == csUTF8 && s.pos+len(run) == len(s.octets) {
		cut := incomplet(run)
		if cut > 0 && cut == len(run) {
			if s.more() {
				return s.next()
			}
			if s.err != nil {
				return jFin, s.cutShort()
			}
			return jFin, s.faute(codeOctets, s.pos, s.nomDuCharset())
		}
		run = run[:len(run)-cut]
	}
	s.nature = natureOf(run)
	if s.nature&(clsInterdit|clsHaut) != 0 {
		switch i := s.charset.invalide(run); {
		case i == 0:
			return jFin, s.caractere(s.pos)
		case i > 0:
			run = run[:i] // and the fault at the next call
			s.nature = natureOf(run)
		}
	}
	if !s.cdata && (s.crochets > 0 || s.nature&clsCrochet != 0) {
		i := s.brackets(run)
		if i == 0 {
			return jFin, s.faute(codeFinCDATA, s.pos)
		}
		run = run[:i]
		s.nature = natureOf(run)
	}
	s.texte = run
	s.pos += len(run)
	return jTexte, nil
}

// brackets returns the length of run, or the index of the '>' of a "]]>".
func (s *scanner) brackets(run []byte) int {
	for i, b := range run {
		switch {
		case b == ']':
			s.crochets++
		case b == '>' && s.crochets >= 2:
			return i
		default:
			s.crochets = 0
		}
	}
	return len(run)
}

func natureOf(p []byte) uint8 {
	var a, b, c, d uint8
	for len(p) >= 8 {
		a |= classe[p[0]] | classe[p[4]]
		b |= classe[p[1]] | classe[p[5]]
		c |= classe[p[2]] | classe[p[6]]
		d |= classe[p[3]] | classe[p[7]]
		p = p[8:]
	}
	for _, o := range p {
		a |= classe[o]
	}
	return a | b | c | d
}

// resteDeCDATA delivers what the window has of a CDATA section; the last run
// may be empty.
func (s *scanner) resteDeCDATA() (token, error) {
	s.cdata = true
	for {
		run := s.octets[s.pos:]
		if i := bytes.Index(run, []byte("]]>")); i >= 0 {
			s.debut = s.pos
			if s.nature = natureOf(run[:i]); s.nature&(clsInterdit|clsHaut) != 0 && s.charset.invalide(run[:i]) >= 0 {
				return s.deliver(run[:i])
			}
			s.enCDATA = false
			s.texte = run[:i]
			s.pos += i + 3
			return jTexte, nil
		}
		if keep := 4; len(run) > keep {
			s.debut = s.pos
			run = run[:len(run)-keep]
			if s.charset == csUTF8 {
				run = run[:len(run)-incomplet(run)]
			}
			if len(run) > 0 {
				return s.deliver(run)
			}
		}
		if !s.more() {
			return jFin, s.cutShort()
		}
	}
}

// caractere is the anomaly of the character at octets[i], which is forbidden
// or not of the charset.
func (s *scanner) caractere(i int) error {
	if b := s.octets[i]; b < utf8.RuneSelf {
		return s.faute(codeCaractere, i, hex(rune(b)))
	}
	if r, size := s.charset.rune(s.octets[i:]); size > 0 {
		return s.faute(codeCaractere, i, hex(r))
	}
	return s.faute(codeOctets, i, s.nomDuCharset())
}

func (s *scanner) nomDuCharset() string {
	if s.declare == "" {
		return "UTF-8"
	}
	return s.declare
}

func hex(r rune) string {
	const digits = "0123456789ABCDEF"
	b := []byte("U+")
	for shift := 12; shift >= 0; shift -= 4 {
		b = append(b, digits[r>>shift&15])
	}
	return string(b)
}

// maxReference is the length of the longest reference worth reading.
const maxReference = 64

// reference reads the reference at pos, in text.
func (s *scanner) reference() (r rune, size int, err error) {
	for s.need(1) && bytes.IndexByte(s.octets[s.pos:min(len(s.octets), s.pos+maxReference)], ';') < 0 && len(s.octets)-s.pos < maxReference {
		if !s.more() {
			break
		}
	}
	s.debut = s.pos
	r, size = parseReference(s.octets[s.pos:])
	if size == 0 {
		if (s.fin || s.err != nil) && len(s.octets)-s.pos < maxReference && !bytes.ContainsAny(s.octets[s.pos:], "; <\n") {
			return 0, 0, s.cutShort()
		}
		text, _, _ := bytes.Cut(s.octets[s.pos:], []byte{';'})
		return 0, 0, s.faute(codeReference, s.pos, extrait(text))
	}
	return r, size, nil
}

// parseReference reads &name; or &#n; at the start of b; size 0 when it is not
// one of the predefined entities nor an allowed character.
func parseReference(b []byte) (r rune, size int) {
	end := bytes.IndexByte(b[:min(len(b), maxReference)], ';')
	if end < 2 {
		return 0, 0
	}
	name := string(b[1:end])
	switch name {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	base, digits := rune(10), name[1:]
	if strings.HasPrefix(digits, "x") {
		base, digits = 16, digits[1:]
	}
	if digits == "" {
		return 0, 0
	}
	for i := range len(digits) {
		d := rune(strings.IndexByte("0123456789abcdef", digits[i]|0x20*(digits[i]>>6)))
		if d < 0 || d >= base {
			return 0, 0
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, 0
		}
	}
	switch {
	case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r >= 0xD800 && r <= 0xDFFF, r == 0xFFFE, r == 0xFFFF:
		return 0, 0
	}
	return r, end + 1
}

const maxExtrait = 20

// extrait is the start of markup for a message: ASCII, short, and without any
// value.
func extrait(b []byte) string {
	n := 0
	for n < min(len(b), maxExtrait) && b[n] > ' ' && b[n] < 0x7F && b[n] != '=' && (n == 0 || b[n] != '<') {
		n++
	}
	return string(b[:n])
}
