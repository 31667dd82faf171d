package xhl

import (
	"bytes"
	"errors"
)

// errMore says that the window ends inside a token: the caller reads on and
// scans that token again.
var errMore = errors.New("token goes beyond the window")

// malformed is a breach of XML itself, at a place of the window; the caller
// makes an anomaly of it.
type malformed struct {
	code string
	pos  int
	args []any
}

func (m *malformed) Error() string { return m.code }

type tokenKind uint8

const (
	tokStart tokenKind = iota // <Nom V="x">
	tokEmpty                  // <Nom V="x"/>
	tokEnd                    // </Nom>
	tokText                   // character data that is not blank, or a CDATA section
)

// token is what the scanner found. All positions are in the window.
type token struct {
	kind       tokenKind
	start, end int
	name       []byte // as it is written
	local      []byte // without its prefix

	// Of a start tag: its attribute V.
	hasV    bool
	v0, v1  int  // the raw value
	special bool // the raw value is not yet the value: references, white space, bytes above 0x7F

	attrs [][2][]byte // the other attributes, name and raw value; kept only when the scanner keeps attributes
	other int         // how many attributes there are besides V and the declarations of namespaces
}

// scanner walks the tags of a window of an XML document. It knows XML 1.0 as
// XHL and its readers use it: no DOCTYPE, and attributes are decoded by the
// caller. The document is ASCII-compatible by then.
type scanner struct {
	src       []byte
	pos       int
	keepAttrs bool
	maxTag    int // bytes; a larger tag is refused
}

// What the bytes of an attribute value ask for.
const (
	valPlain   = iota
	valQuote   // either quote
	valSpecial // a reference, white space to normalise, a byte above 0x7F
	valRefused // '<' or a control character
)

var valueClass = func() *[256]uint8 {
	var c [256]uint8
	for b := range c {
		switch {
		case b == '"' || b == '\'':
			c[b] = valQuote
		case b == '&' || b == '\t' || b == '\n' || b == '\r' || b >= 0x80:
			c[b] = valSpecial
		case b == '<' || b < 0x20:
			c[b] = valRefused
		}
	}
	return &c
}()

// nameEnd tells the bytes that end a name.
var nameEnd = func() *[256]bool {
	var c [256]bool
	for b := range c {
		c[b] = !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' ||
			b == '_' || b == '-' || b == '.' || b == ':' || b >= 0x80)
	}
	return &c
}()

// plainName tells the bytes of the names that have no prefix and need no look:
// ASCII letters, which all names of the schema are made of.
var plainName = func() *[256]bool {
	var c [256]bool
	for b := range c {
		c[b] = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	return &c
}()

// next finds the next token. It returns errMore at the end of the window, with
// pos where the token begins, and *malformed otherwise.
func (s *scanner) next(t *token) error {
	src, i := s.src, s.pos
	for {
		begin := i
		for i < len(src) && (src[i] == '\t' || src[i] == '\n' || src[i] == ' ' || src[i] == '\r') {
			i++
		}
		if i >= len(src) {
			return errMore
		}
		if src[i] != '<' {
			n := bytes.IndexByte(src[i:], '<')
			if n < 0 {
				if len(src)-begin > s.maxTag {
					return &malformed{"XHL-004", begin, []any{s.maxTag}}
				}
				return errMore
			}
			*t = token{kind: tokText, start: i, end: i + n}
			s.pos = i + n
			return nil
		}
		if i+1 >= len(src) {
			return errMore
		}
		switch src[i+1] {
		case '/':
			return s.endTag(t, i)
		case '!', '?':
			end, text, err := s.aside(i)
			if err != nil {
				return err
			}
			if text {
				*t = token{kind: tokText, start: i, end: end}
				s.pos = end
				return nil
			}
			i = end
		default:
			return s.startTag(t, i)
		}
	}
}

// aside skips a comment or a processing instruction, or a CDATA section, which
// it tells apart since it is text.
func (s *scanner) aside(i int) (end int, text bool, err error) {
	src := s.src[i:]
	closing := "?>"
	skip := 2
	switch {
	case src[1] == '?':
		if len(src) > 5 && src[2]|0x20 == 'x' && src[3]|0x20 == 'm' && src[4]|0x20 == 'l' && nameEnd[src[5]] {
			return 0, false, &malformed{code: "XHL-002", pos: i}
		}
	case bytes.HasPrefix(src, []byte("<!--")):
		closing, skip = "--", 4
	case bytes.HasPrefix(src, []byte("<![CDATA[")):
		closing, skip, text = "]]>", 9, true
	case len(src) < 9:
		return 0, false, errMore
	case bytes.HasPrefix(src, []byte("<!DOCTYPE")):
		return 0, false, &malformed{code: "XHL-003", pos: i}
	default:
		return 0, false, &malformed{code: "XHL-002", pos: i}
	}
	if len(src) < skip {
		return 0, false, errMore
	}
	n := bytes.Index(src[skip:], []byte(closing))
	if n < 0 {
		if len(src) > s.maxTag {
			return 0, false, &malformed{"XHL-004", i, []any{s.maxTag}}
		}
		return 0, false, errMore
	}
	n += skip + len(closing)
	if closing == "--" {
		if n >= len(src) {
			return 0, false, errMore
		}
		if src[n] != '>' {
			return 0, false, &malformed{code: "XHL-002", pos: i}
		}
		n++
	}
	if bad := badControl(src[:n]); bad >= 0 {
		return 0, false, &malformed{code: "XHL-008", pos: i + bad}
	}
	return i + n, text, nil
}

// badControl returns the place of a control character that XML forbids.
func badControl(b []byte) int {
	for i, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return i
		}
	}
	return -1
}

func (s *scanner) endTag(t *token, start int) error {
	src, i := s.src, start+2
	from := i
	for i < len(src) && plainName[src[i]] {
		i++
	}
	if i < len(src) && src[i] == '>' && i > from {
		t.kind, t.start, t.end, t.hasV = tokEnd, start, i+1, false
		t.name = src[from:i]
		t.local = t.name
		s.pos = i + 1
		return nil
	}
	for i < len(src) && !nameEnd[src[i]] {
		i++
	}
	t.name = src[from:i]
	for i < len(src) && isBlank(src[i]) {
		i++
	}
	if i >= len(src) {
		return s.more(start)
	}
	if src[i] != '>' || !validName(t.name) {
		return &malformed{code: "XHL-002", pos: start}
	}
	t.kind, t.start, t.end, t.hasV = tokEnd, start, i+1, false
	t.local = localName(t.name)
	s.pos = i + 1
	return nil
}

// more is errMore, unless the token has grown beyond the limit.
func (s *scanner) more(start int) error {
	if len(s.src)-start > s.maxTag {
		return &malformed{"XHL-004", start, []any{s.maxTag}}
	}
	return errMore
}

func (s *scanner) startTag(t *token, start int) error {
	src, i := s.src, start+1
	for i < len(src) && plainName[src[i]] {
		i++
	}
	t.start, t.hasV, t.special, t.other = start, false, false, 0
	t.attrs = t.attrs[:0]

	// The shape of nearly every tag: <Nom V="value"/>.
	if i+5 < len(src) && i > start+1 {
		t.name = src[start+1 : i]
		t.local = t.name
		if src[i] == '>' {
			t.kind, t.end = tokStart, i+1
			s.pos = i + 1
			return nil
		}
		if src[i] == ' ' && src[i+1] == 'V' && src[i+2] == '=' && src[i+3] == '"' {
			k := i + 4
			for k < len(src) {
				class := valueClass[src[k]]
				if class == valPlain {
					k++
					continue
				}
				if class == valRefused || src[k] == '"' {
					break
				}
				t.special = t.special || class == valSpecial
				k++
			}
			// Who keeps attributes looks into the special ones there.
			kept := t.special && s.keepAttrs
			if k+2 < len(src) && src[k] == '"' && src[k+1] == '/' && src[k+2] == '>' && !kept {
				t.kind, t.hasV, t.v0, t.v1, t.end = tokEmpty, true, i+4, k, k+3
				s.pos = k + 3
				return s.bounded(t)
			}
		}
	}
	for i < len(src) && !nameEnd[src[i]] {
		i++
	}
	t.name = src[start+1 : i]
	t.local = localName(t.name)
	return s.startTagSlow(t, i)
}

// bounded refuses a tag that is larger than the limit.
func (s *scanner) bounded(t *token) error {
	if t.end-t.start > s.maxTag {
		return &malformed{"XHL-004", t.start, []any{s.maxTag}}
	}
	return nil
}

func (s *scanner) startTagSlow(t *token, i int) error {
	src, start := s.src, t.start
	t.special = false
	if i >= len(src) {
		return s.more(start)
	}
	if !validName(t.name) {
		return &malformed{code: "XHL-002", pos: start}
	}
	var seen [][]byte
	for {
		blank := i
		for i < len(src) && isBlank(src[i]) {
			i++
		}
		if i >= len(src) {
			return s.more(start)
		}
		switch src[i] {
		case '>':
			t.kind, t.end = tokStart, i+1
			s.pos = i + 1
			return s.bounded(t)
		case '/':
			if i+1 >= len(src) {
				return s.more(start)
			}
			if src[i+1] != '>' {
				return &malformed{code: "XHL-002", pos: start}
			}
			t.kind, t.end = tokEmpty, i+2
			s.pos = i + 2
			return s.bounded(t)
		}
		if blank == i {
			return &malformed{code: "XHL-002", pos: start}
		}
		from := i
		for i < len(src) && !nameEnd[src[i]] {
			i++
		}
		name := src[from:i]
		for i < len(src) && isBlank(src[i]) {
			i++
		}
		if i >= len(src) {
			return s.more(start)
		}
		if src[i] != '=' || !validName(name) {
			return &malformed{code: "XHL-002", pos: start}
		}
		i++
		for i < len(src) && isBlank(src[i]) {
			i++
		}
		if i >= len(src) {
			return s.more(start)
		}
		quote := src[i]
		if quote != '"' && quote != '\'' {
			return &malformed{code: "XHL-002", pos: start}
		}
		i++
		v0, special := i, false
		for ; i < len(src) && src[i] != quote; i++ {
			switch valueClass[src[i]] {
			case valSpecial:
				special = true
			case valRefused:
				if src[i] == '<' {
					return &malformed{code: "XHL-002", pos: start}
				}
				return &malformed{code: "XHL-008", pos: i}
			}
		}
		if i >= len(src) {
			return s.more(start)
		}
		for _, other := range seen {
			if bytes.Equal(other, name) {
				return &malformed{"XHL-007", start, []any{string(t.local)}}
			}
		}
		if seen = append(seen, name); len(seen) > maxAttrs {
			return &malformed{"XHL-004", start, []any{maxAttrs}}
		}
		switch {
		case len(name) == 1 && name[0] == 'V':
			t.hasV, t.v0, t.v1, t.special = true, v0, i, special
		case bytes.Equal(name, xmlns) || bytes.HasPrefix(name, xmlnsColon):
		default:
			t.other++
		}
		if s.keepAttrs {
			t.attrs = append(t.attrs, [2][]byte{name, src[v0:i]})
		}
		i++
	}
}

var (
	xmlns      = []byte("xmlns")
	xmlnsColon = []byte("xmlns:")
)

// maxAttrs is how many attributes a tag may have; XHL needs one.
const maxAttrs = 64

// localName cuts the prefix off a name.
func localName(name []byte) []byte {
	for i, c := range name {
		if c == ':' {
			return name[i+1:]
		}
	}
	return name
}

// validName refuses what cannot be a qualified name. Letters above ASCII are
// taken as they are: no element of ours has any.
func validName(name []byte) bool {
	if len(name) == 0 || name[0] >= '0' && name[0] <= '9' || name[0] == '-' || name[0] == '.' {
		return false
	}
	if name[0] == ':' || name[len(name)-1] == ':' {
		return false
	}
	return true
}
