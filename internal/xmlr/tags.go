package xmlr

import "bytes"

// TokenKind is what a Token is.
type TokenKind uint8

const (
	StartTag TokenKind = iota // <Nom V="x">
	EmptyTag                  // <Nom V="x"/>
	EndTag                    // </Nom>
	Text                      // character data that is not blank, or a CDATA section
)

// Token is what a Scanner found. All positions are in its window.
type Token struct {
	Kind       TokenKind
	Start, End int
	Name       []byte // as it is written
	Local      []byte // without its prefix

	// Of a start tag: its attribute V, where the formats of Hélios have their
	// values.
	HasV    bool
	V0, V1  int  // the raw value
	Special bool // the raw value is not yet the value: references, white space, bytes above 0x7F

	Attrs []Attr // of a start tag, all of them; kept only when the Scanner is told so
}

// Attr is an attribute as it is written.
type Attr struct {
	Name, Raw []byte
	Pos       int // of the name, in the window
}

// Scanner walks the tags of a window of a document, whose charset extends
// ASCII. It leaves to its callers which element is where, and the characters
// of names and values.
type Scanner struct {
	Src       []byte
	Pos       int
	KeepAttrs bool
	MaxTag    int // bytes; a larger tag is refused
	MaxAttrs  int // of a tag; 64 when 0

	Charset *Charset // to look at comments, instructions and CDATA; nil leaves their characters
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

// NameEnd tells the bytes that end a name.
var NameEnd = func() *[256]bool {
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

// Next finds the next token. It returns ErrMore at the end of the window, with
// Pos where the token begins, and *Fault otherwise.
func (s *Scanner) Next(t *Token) error {
	src, i := s.Src, s.Pos
	for {
		begin := i
		for i < len(src) && (src[i] == '\t' || src[i] == '\n' || src[i] == ' ' || src[i] == '\r') {
			i++
		}
		if i >= len(src) {
			return ErrMore
		}
		if src[i] != '<' {
			n := bytes.IndexByte(src[i:], '<')
			if n < 0 {
				if len(src)-begin > s.MaxTag {
					return &Fault{Kind: TooLarge, Pos: begin, Args: []any{s.MaxTag}}
				}
				return ErrMore
			}
			*t = Token{Kind: Text, Start: i, End: i + n}
			s.Pos = i + n
			return nil
		}
		if i+1 >= len(src) {
			return ErrMore
		}
		switch src[i+1] {
		case '/':
			return s.endTag(t, i)
		case '!', '?':
			end, text, err := s.Aside(i)
			if err != nil {
				return err
			}
			if text {
				*t = Token{Kind: Text, Start: i, End: end}
				s.Pos = end
				return nil
			}
			i = end
		default:
			return s.startTag(t, i)
		}
	}
}

func (s *Scanner) endTag(t *Token, start int) error {
	src, i := s.Src, start+2
	from := i
	for i < len(src) && plainName[src[i]] {
		i++
	}
	if i < len(src) && src[i] == '>' && i > from {
		t.Kind, t.Start, t.End, t.HasV = EndTag, start, i+1, false
		t.Name = src[from:i]
		t.Local = t.Name
		s.Pos = i + 1
		return nil
	}
	for i < len(src) && !NameEnd[src[i]] {
		i++
	}
	t.Name = src[from:i]
	for i < len(src) && IsBlank(src[i]) {
		i++
	}
	if i >= len(src) {
		return s.more(start)
	}
	if src[i] != '>' || !validName(t.Name) {
		return &Fault{Kind: BadMarkup, Pos: start}
	}
	t.Kind, t.Start, t.End, t.HasV = EndTag, start, i+1, false
	t.Local = LocalName(t.Name)
	s.Pos = i + 1
	return nil
}

// more is ErrMore, unless the token has grown beyond the limit.
func (s *Scanner) more(start int) error {
	if len(s.Src)-start > s.MaxTag {
		return &Fault{Kind: TooLarge, Pos: start, Args: []any{s.MaxTag}}
	}
	return ErrMore
}

func (s *Scanner) startTag(t *Token, start int) error {
	src, i := s.Src, start+1
	for i < len(src) && plainName[src[i]] {
		i++
	}
	t.Start, t.HasV, t.Special = start, false, false
	t.Attrs = t.Attrs[:0]

	// The shape of nearly every tag: <Nom V="value"/>.
	if i+5 < len(src) && i > start+1 {
		t.Name = src[start+1 : i]
		t.Local = t.Name
		if src[i] == '>' {
			t.Kind, t.End = StartTag, i+1
			s.Pos = i + 1
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
				t.Special = t.Special || class == valSpecial
				k++
			}
			// Who keeps attributes looks into the special ones there.
			kept := t.Special && s.KeepAttrs
			if k+2 < len(src) && src[k] == '"' && src[k+1] == '/' && src[k+2] == '>' && !kept {
				t.Kind, t.HasV, t.V0, t.V1, t.End = EmptyTag, true, i+4, k, k+3
				s.Pos = k + 3
				return s.bounded(t)
			}
		}
	}
	for i < len(src) && !NameEnd[src[i]] {
		i++
	}
	t.Name = src[start+1 : i]
	t.Local = LocalName(t.Name)
	return s.startTagSlow(t, i)
}

// bounded refuses a tag that is larger than the limit.
func (s *Scanner) bounded(t *Token) error {
	if t.End-t.Start > s.MaxTag {
		return &Fault{Kind: TooLarge, Pos: t.Start, Args: []any{s.MaxTag}}
	}
	return nil
}

func (s *Scanner) startTagSlow(t *Token, i int) error {
	src, start := s.Src, t.Start
	t.Special = false
	if i >= len(src) {
		return s.more(start)
	}
	if !validName(t.Name) {
		return &Fault{Kind: BadMarkup, Pos: start}
	}
	var seen [][]byte
	most := s.MaxAttrs
	if most == 0 {
		most = maxAttrs
	}
	for {
		blank := i
		i = s.skipBlanks(i)
		if i >= len(src) {
			return s.more(start)
		}
		switch src[i] {
		case '>':
			t.Kind, t.End = StartTag, i+1
			s.Pos = i + 1
			return s.bounded(t)
		case '/':
			if i+1 >= len(src) {
				return s.more(start)
			}
			if src[i+1] != '>' {
				return &Fault{Kind: BadMarkup, Pos: start}
			}
			t.Kind, t.End = EmptyTag, i+2
			s.Pos = i + 2
			return s.bounded(t)
		}
		if blank == i {
			return &Fault{Kind: BadMarkup, Pos: start}
		}
		a, special, end, err := s.attribute(start, i)
		if err != nil {
			return err
		}
		i = end
		for _, other := range seen {
			if bytes.Equal(other, a.Name) {
				return &Fault{Kind: RepeatedAttribute, Pos: start, Args: []any{string(t.Local)}}
			}
		}
		if seen = append(seen, a.Name); len(seen) > most {
			return &Fault{Kind: TooManyAttributes, Pos: start, Args: []any{most}}
		}
		if len(a.Name) == 1 && a.Name[0] == 'V' {
			t.HasV, t.V0, t.V1, t.Special = true, end-1-len(a.Raw), end-1, special
		}
		if s.KeepAttrs {
			t.Attrs = append(t.Attrs, a)
		}
	}
}

func (s *Scanner) skipBlanks(i int) int {
	for i < len(s.Src) && IsBlank(s.Src[i]) {
		i++
	}
	return i
}

// attribute reads name = "value" at i, in the tag that begins at start; end is
// the place after it.
func (s *Scanner) attribute(start, i int) (a Attr, special bool, end int, err error) {
	src, from := s.Src, i
	for i < len(src) && !NameEnd[src[i]] {
		i++
	}
	a = Attr{Name: src[from:i], Pos: from}
	if i = s.skipBlanks(i); i >= len(src) {
		return a, false, 0, s.more(start)
	}
	if src[i] != '=' || !validName(a.Name) {
		return a, false, 0, &Fault{Kind: BadMarkup, Pos: start}
	}
	if i = s.skipBlanks(i + 1); i >= len(src) {
		return a, false, 0, s.more(start)
	}
	quote := src[i]
	if quote != '"' && quote != '\'' {
		return a, false, 0, &Fault{Kind: BadMarkup, Pos: start}
	}
	i++
	v0 := i
	for ; i < len(src) && src[i] != quote; i++ {
		switch valueClass[src[i]] {
		case valSpecial:
			special = true
		case valRefused:
			if src[i] == '<' {
				return a, false, 0, &Fault{Kind: BadMarkup, Pos: start}
			}
			return a, false, 0, &Fault{Kind: BadCharacter, Pos: i}
		}
	}
	if i >= len(src) {
		return a, false, 0, s.more(start)
	}
	a.Raw = src[v0:i]
	return a, special, i + 1, nil
}

// maxAttrs is how many attributes a tag may have; XHL needs one.
const maxAttrs = 64

// validName refuses what cannot be a name, by its first byte; who needs more
// asks Charset.Name.
func validName(name []byte) bool {
	return len(name) > 0 && (name[0] < '0' || name[0] > '9') && name[0] != '-' && name[0] != '.'
}
