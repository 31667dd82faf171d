package pespj

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"paye/internal/anomalie"
)

// Limites bound what a reader accepts. The zero value takes the defaults.
type Limites struct {
	Profondeur int   // of open elements; default 256, as libxml2
	Balise     int   // bytes of one tag; default 1 MiB
	Attributs  int   // attributes of one tag, namespaces in scope; default 128
	PJ         int   // pieces of a flux whose identity is compared; default 500,000
	RefCompta  int   // references kept for one piece; default 10,000
	Contenu    int64 // bytes of one piece once expanded; default 16 GiB
	Acquit     int64 // bytes of an acquittal, which is held in memory; default 16 MiB
}

func (l Limites) defaults() Limites {
	setDefault(&l.Profondeur, 256)
	setDefault(&l.Balise, 1<<20)
	setDefault(&l.Attributs, 128)
	setDefault(&l.PJ, 500_000)
	setDefault(&l.RefCompta, 10_000)
	setDefault(&l.Contenu, 16<<30)
	setDefault(&l.Acquit, 16<<20)
	return l
}

func setDefault[T int | int64](v *T, value T) {
	if *v <= 0 {
		*v = value
	}
}

// What a byte of character data is; a run of bytes is the OR of its bytes.
const (
	clsInterdit  uint8 = 1 << iota // a control that XML 1.0 forbids
	clsHaut                        // not ASCII
	clsCrochet                     // ']', that must not open "]]>"
	clsBlanc                       // white space
	clsAlphabet                    // of base64
	clsRemplit                     // '='
	clsEtrangere                   // any other
)

var classe = func() (c [256]uint8) {
	for b := range c {
		switch {
		case isAlphanum(byte(b)) || b == '+' || b == '/':
			c[b] = clsAlphabet
		case isBlank(byte(b)):
			c[b] = clsBlanc
		case b < ' ':
			c[b] = clsInterdit
		case b == '=':
			c[b] = clsRemplit
		case b == ']':
			c[b] = clsCrochet | clsEtrangere
		case b >= utf8.RuneSelf:
			c[b] = clsHaut | clsEtrangere
		default:
			c[b] = clsEtrangere
		}
	}
	return c
}()

// jeton is what next found.
type jeton uint8

const (
	jFin       jeton = iota // end of the document
	jDebut                  // a start tag: nom, ns, attributs
	jFermeture              // an end tag, or the end of an empty one
	jTexte                  // a run of character data: texte, nature
)

// attribut of a start tag, namespace declarations left out.
type attribut struct {
	nom, ns []byte // ns as declared; an unbound prefix stays in nom
	valeur  []byte // UTF-8, normalised as XML 1.0 section 3.3.3 says
	at      int    // in octets
}

// scanner is a tokenizer of XML 1.0 with namespaces, over a window. It checks
// that the document is well-formed, refuses DTDs, and resolves the five
// predefined entities. What a token holds is valid until the next one.
type scanner struct {
	fenetre
	prologue
	limites Limites

	nom, ns   []byte
	attributs []attribut
	texte     []byte // in the document's charset, or one character in UTF-8
	nature    uint8  // OR of the classes of texte
	cdata     bool   // texte comes from a CDATA section
	debut     int    // of the token, in octets

	enCDATA    bool
	vide       bool // the element that jDebut announced ends at once
	racineVue  bool
	nul        *anomalie.Anomalie // a NUL follows the document: what is after is not judged
	crochets   int                // ']' just before, in the same run of text
	noms       []byte
	finsDeNoms []int
	espaces    []espace
	scratch    []byte
	qnoms      [][]byte
}

type espace struct {
	prefixe    string
	uri        []byte
	profondeur int
}

func newScanner(src io.Reader, fichier string, limites Limites) (*scanner, error) {
	s := &scanner{limites: limites}
	s.fenetre.reset(src, fichier, limites.Balise)
	var err error
	s.prologue, err = s.fenetre.ouvre()
	return s, err
}

func (s *scanner) profondeur() int { return len(s.finsDeNoms) }

// next reads one token. Errors are anomalies, or come from the reader below.
func (s *scanner) next() (jeton, error) {
	if s.vide {
		s.vide = false
		s.ferme()
		return jFermeture, nil
	}
	if s.enCDATA {
		return s.resteDeCDATA()
	}
	for {
		if s.pos == len(s.octets) && !s.more() {
			if s.err != nil || s.profondeur() > 0 || !s.racineVue {
				return jFin, s.coupe()
			}
			return jFin, nil
		}
		s.debut = s.pos
		switch c := s.octets[s.pos]; {
		case c == '<':
		case s.profondeur() > 0:
			return s.characterData()
		case isBlank(c):
			s.pos++
			continue
		case c == 0 && s.racineVue:
			s.nul = s.faute(codeNulFinal, s.pos)
			// What follows counts for the size only.
			for s.pos = len(s.octets); s.more(); s.pos = len(s.octets) {
			}
			continue
		default:
			return jFin, s.faute(codeHorsRacine, s.pos)
		}
		if !s.need(2) {
			return jFin, s.coupe()
		}
		s.debut = s.pos
		var err error
		switch s.octets[s.pos+1] {
		case '/':
			s.crochets = 0
			return s.endTag()
		case '?':
			err = s.instruction()
		case '!':
			s.crochets = 0
			if s.prefixed("<![CDATA[") && s.profondeur() > 0 {
				s.pos += len("<![CDATA[")
				s.enCDATA = true
				return s.resteDeCDATA()
			}
			err = s.comment()
		default:
			s.crochets = 0
			return s.startTag()
		}
		if err != nil {
			return jFin, err
		}
		s.crochets = 0
	}
}

func (s *scanner) prefixed(p string) bool {
	return s.need(len(p)) && string(s.octets[s.pos:s.pos+len(p)]) == p
}

// characterData delivers a run of text as long as the window has it, or one
// reference.
func (s *scanner) characterData() (jeton, error) {
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
func (s *scanner) deliver(run []byte) (jeton, error) {
	if s.charset == csUTF8 && s.pos+len(run) == len(s.octets) {
		cut := incomplet(run)
		if cut > 0 && cut == len(run) {
			if s.more() {
				return s.next()
			}
			if s.err != nil {
				return jFin, s.coupe()
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
func (s *scanner) resteDeCDATA() (jeton, error) {
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
			return jFin, s.coupe()
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
		if (s.fin || s.err != nil) && len(s.octets)-s.pos < maxReference && bytes.IndexAny(s.octets[s.pos:], "; <\n") < 0 {
			return 0, 0, s.coupe()
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

// extrait is the start of markup for a message: ASCII, and short.
func extrait(b []byte) string {
	n := 0
	for n < min(len(b), maxExtrait) && b[n] > ' ' && b[n] < 0x7F && (n == 0 || b[n] != '<') {
		n++
	}
	return string(b[:n])
}

// comment skips <!-- … -->, which may be longer than the window, and refuses
// what else may follow "<!".
func (s *scanner) comment() error {
	if !s.prefixed("<!--") {
		if s.prefixed("<!DOCTYPE") {
			return s.faute(codeDTD, s.pos)
		}
		if s.fin && len(s.octets)-s.pos < len("<!DOCTYPE") || s.err != nil {
			return s.coupe()
		}
		s.need(maxExtrait)
		return s.faute(codeBalisage, s.pos, extrait(s.octets[s.pos:]))
	}
	s.pos += len("<!--")
	dashes := 0
	for {
		if s.pos == len(s.octets) && !s.more() {
			return s.coupe()
		}
		switch c := s.octets[s.pos]; {
		case c == '-':
			if dashes++; dashes == 3 {
				return s.faute(codeCommentaire, s.pos)
			}
			s.pos++
		case dashes == 2 && c == '>':
			s.pos++
			return nil
		case dashes == 2:
			return s.faute(codeCommentaire, s.pos)
		default:
			dashes = 0
			if err := s.skipChar(); err != nil {
				return err
			}
		}
	}
}

// skipChar goes over one allowed character.
func (s *scanner) skipChar() error {
	b := s.octets[s.pos]
	if b < utf8.RuneSelf {
		if classe[b]&clsInterdit != 0 {
			return s.caractere(s.pos)
		}
		s.pos++
		return nil
	}
	s.need(utf8.UTFMax)
	if s.err != nil {
		return s.coupe()
	}
	r, size := s.charset.rune(s.octets[s.pos:])
	if size == 0 || r == 0xFFFE || r == 0xFFFF {
		return s.caractere(s.pos)
	}
	s.pos += size
	return nil
}

// instruction skips <?target …?>.
func (s *scanner) instruction() error {
	s.pos += 2
	var target []byte
	for {
		if !s.need(1) {
			return s.coupe()
		}
		if c := s.octets[s.pos]; isBlank(c) || c == '?' || len(target) >= 1024 {
			break
		}
		first := s.octets[s.pos]
		if err := s.skipChar(); err != nil {
			return err
		}
		if first >= utf8.RuneSelf {
			first = 'x'
		}
		target = append(target, first)
	}
	if !isName(target) || strings.EqualFold(string(target), "xml") {
		return s.faute(codeInstruction, s.pos)
	}
	if s.octets[s.pos] == '?' && !s.prefixed("?>") {
		if s.fin && len(s.octets)-s.pos < 2 {
			return s.coupe()
		}
		return s.faute(codeInstruction, s.pos)
	}
	for !s.prefixed("?>") {
		if !s.need(1) {
			return s.coupe()
		}
		if err := s.skipChar(); err != nil {
			return err
		}
	}
	s.pos += 2
	return nil
}

func isName(name []byte) bool {
	for i, r := range string(name) {
		if i == 0 && !isNameStart(r) || !isNameChar(r) {
			return false
		}
	}
	return len(name) > 0
}
