package pespj

import (
	"io"
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
type token uint8

const (
	jFin       token = iota // end of the document
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
	window
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
	s.window.reset(src, fichier, limites.Balise)
	var err error
	s.prologue, err = s.window.open()
	return s, err
}

func (s *scanner) profondeur() int { return len(s.finsDeNoms) }

// next reads one token. Errors are anomalies, or come from the reader below.
func (s *scanner) next() (token, error) {
	if s.vide {
		s.vide = false
		s.leave()
		return jFermeture, nil
	}
	if s.enCDATA {
		return s.resteDeCDATA()
	}
	for {
		if s.pos == len(s.octets) && !s.more() {
			if s.err != nil || s.profondeur() > 0 || !s.racineVue {
				return jFin, s.cutShort()
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
			return jFin, s.cutShort()
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
