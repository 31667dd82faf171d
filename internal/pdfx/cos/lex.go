package cos

import (
	"bytes"
	"math"
	"slices"
	"strconv"
)

// maxDepth bounds how deep arrays and dictionaries nest: deeper than any viewer
// follows them.
const maxDepth = 512

// The classes of bytes (7.2.2).
const (
	classRegular = iota
	classSpace
	classDelimiter
)

var class = func() (c [256]uint8) {
	for _, b := range []byte("\x00\t\n\f\r ") {
		c[b] = classSpace
	}
	for _, b := range []byte("()<>[]{}/%") {
		c[b] = classDelimiter
	}
	return c
}()

func isDigit(b byte) bool { return b-'0' <= 9 }

// lexer reads objects from bytes. It never fails: what is no object is null,
// and pos always moves forward.
type lexer struct {
	data  []byte
	pos   int
	stack []Object // the elements of the containers that are open
	deep  bool     // something nested deeper than is read
	odd   bool     // something was passed over or guessed, which others may read otherwise
}

// space skips blanks and comments.
func (l *lexer) space() {
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case class[c] == classSpace:
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// keyword reports whether word stands at the position, and skips it.
func (l *lexer) keyword(word string) bool {
	end := l.pos + len(word)
	if end > len(l.data) || string(l.data[l.pos:end]) != word {
		return false
	}
	l.pos = end
	return true
}

// closing says what ended a container or an object that is not there.
type closing uint8

const (
	none     closing = iota
	bracket          // ]
	angles           // >>
	word             // a word that is no object
	finished         // the end of the bytes
)

// object reads the object at the position. When there is none, it says what
// stands there; a closing delimiter is skipped, a word is not.
func (l *lexer) object(depth int) (Object, closing) {
	l.space()
	if l.pos >= len(l.data) {
		return Object{}, finished
	}
	switch c := l.data[l.pos]; c {
	case '/':
		return l.name(), none
	case '(':
		return l.literal(), none
	case '<':
		l.pos++
		if l.pos < len(l.data) && l.data[l.pos] == '<' {
			l.pos++
			return l.dict(depth), none
		}
		return l.hex(), none
	case '[':
		l.pos++
		return l.array(depth), none
	case ']':
		l.pos++
		return Object{}, bracket
	case '>':
		l.pos++
		if l.pos < len(l.data) && l.data[l.pos] == '>' {
			l.pos++
		}
		return Object{}, angles
	case '{', '}', ')':
		l.pos++
		l.odd = true
		return Object{}, none
	default:
		if isDigit(c) || c == '+' || c == '-' || c == '.' {
			return l.number(), none
		}
		return l.wordObject()
	}
}

// wordObject reads true, false or null.
func (l *lexer) wordObject() (Object, closing) {
	end := l.pos
	for end < len(l.data) && class[l.data[end]] == classRegular {
		end++
	}
	switch string(l.data[l.pos:end]) {
	case "true":
		l.pos = end
		return Object{kind: Bool, n: 1}, none
	case "false":
		l.pos = end
		return Object{kind: Bool}, none
	case "null":
		l.pos = end
		return Object{}, none
	}
	return Object{}, word
}

// skipWord skips a word that is no object.
func (l *lexer) skipWord() {
	for l.pos < len(l.data) && class[l.data[l.pos]] == classRegular {
		l.pos++
	}
}

// structural are the words that no container goes beyond: one that was not
// closed ends before them.
func (l *lexer) structural() bool {
	rest := l.data[l.pos:]
	for _, w := range [...]string{"endobj", "endstream", "stream", "xref", "trailer", "startxref", "obj"} {
		if len(rest) >= len(w) && string(rest[:len(w)]) == w {
			return true
		}
	}
	return false
}

func (l *lexer) array(depth int) Object {
	base := len(l.stack)
	for {
		o, end := l.element(depth)
		if end != none {
			break
		}
		l.push(o)
	}
	l.odd = l.odd || l.pos == 0 || l.data[l.pos-1] != ']'
	return Object{kind: Array, kids: l.take(base)}
}

// element reads the next element of a container, passing over what is none.
func (l *lexer) element(depth int) (Object, closing) {
	if depth >= maxDepth {
		l.pos, l.deep = len(l.data), true // nothing that nests so deep is read any further
		return Object{}, finished
	}
	for {
		o, end := l.object(depth + 1)
		if end != word {
			return o, end
		}
		l.odd = true
		if l.structural() {
			return Object{}, finished
		}
		l.skipWord()
	}
}

func (l *lexer) dict(depth int) Object {
	base := len(l.stack)
	for {
		key, end := l.element(depth)
		if end == bracket {
			l.odd = true
			continue
		}
		if end != none {
			break
		}
		if key.kind != Name {
			l.odd = true
			continue // a value without a key, or the rest of a damaged one
		}
		l.stack = append(l.stack, key)
		value, end := l.element(depth)
		l.stack = append(l.stack, value)
		if end == angles || end == finished {
			l.odd = true
			break
		}
	}
	l.odd = l.odd || l.pos < 2 || string(l.data[l.pos-2:l.pos]) != ">>"
	return Object{kind: Dict, kids: l.take(base)}
}

// push doubles the room when there is none: arrays have tens of thousands of
// elements, or a few.
func (l *lexer) push(o Object) {
	if len(l.stack) == cap(l.stack) {
		l.stack = slices.Grow(l.stack, max(16, len(l.stack)))
	}
	l.stack = append(l.stack, o)
}

// take returns the objects of the stack above base, and removes them from it.
func (l *lexer) take(base int) []Object {
	if len(l.stack) == base {
		return nil
	}
	if len(l.stack)-base > 1<<12 { // tens of thousands are given away where they are
		kids := slices.Clip(l.stack[base:])
		l.stack = slices.Clone(l.stack[:base])
		return kids
	}
	kids := append(make([]Object, 0, len(l.stack)-base), l.stack[base:]...)
	l.stack = l.stack[:base]
	return kids
}

func (l *lexer) name() Object {
	l.pos++
	start := l.pos
	escaped := false
	for l.pos < len(l.data) && class[l.data[l.pos]] == classRegular {
		escaped = escaped || l.data[l.pos] == '#'
		l.pos++
	}
	raw := l.data[start:l.pos]
	if escaped {
		raw = unescapeName(raw)
	}
	return Object{kind: Name, raw: raw}
}

// unescapeName decodes the #xx of a name (7.3.5).
func unescapeName(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			if hi, lo := hexValue(raw[i+1]), hexValue(raw[i+2]); hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, raw[i])
	}
	return out
}

func hexValue(b byte) int {
	switch {
	case b-'0' <= 9:
		return int(b - '0')
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		return int(b|0x20-'a') + 10
	}
	return -1
}

// number reads a number, or a reference when it is followed by another number
// and an R.
func (l *lexer) number() Object {
	start := l.pos
	digits, dots := 0, 0
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case isDigit(c):
			digits++
		case c == '.':
			dots++
		case c == '-' || l.pos == start && c == '+':
		default:
			goto end
		}
		l.pos++
	}
end:
	text := l.data[start:l.pos]
	sign := 0
	if text[0] == '-' || text[0] == '+' {
		sign = 1
	}
	if dots > 1 || digits == 0 || digits+dots+sign != len(text) || l.pos < len(l.data) && class[l.data[l.pos]] == classRegular {
		l.odd = true
	}
	if dots > 0 || digits > 18 {
		return Object{kind: Real, n: int64(math.Float64bits(real(text)))}
	}
	n := integer(text)
	if digits == len(text) && n <= math.MaxInt32 {
		if gen, ok := l.reference(); ok {
			return Object{kind: Ref, n: n, gen: gen}
		}
	}
	return Object{kind: Int, n: n}
}

// integer reads the digits of text; a sign counts where it is first, what
// stands after an inner one is left out.
func integer(text []byte) (n int64) {
	negative := false
	for i, c := range text {
		switch {
		case isDigit(c):
			n = n*10 + int64(c-'0')
		case n != 0 || i > 0 && isDigit(text[i-1]):
			if negative {
				return -n
			}
			return n
		case c == '-':
			negative = true
		}
	}
	if negative {
		return -n
	}
	return n
}

// real reads a number with a fraction; 0 when it cannot be read.
func real(text []byte) float64 {
	f, err := strconv.ParseFloat(string(text), 64)
	if err == nil {
		return f
	}
	negative := bytes.HasPrefix(text, []byte("-"))
	text = bytes.TrimLeft(text, "+-")
	if i := bytes.IndexByte(text, '-'); i >= 0 {
		text = text[:i]
	}
	if i := bytes.IndexByte(text, '.'); i >= 0 {
		if j := bytes.IndexByte(text[i+1:], '.'); j >= 0 {
			text = text[:i+1+j]
		}
	}
	f, err = strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(f, 0) {
		return 0
	}
	if negative {
		return -f
	}
	return f
}

// reference reads the rest of a reference, after its number.
func (l *lexer) reference() (gen uint16, ok bool) {
	d, i := l.data, l.pos
	for i < len(d) && class[d[i]] == classSpace {
		i++
	}
	first := i
	n := 0
	for i < len(d) && isDigit(d[i]) && i-first < 6 {
		n = n*10 + int(d[i]-'0')
		i++
	}
	if i == first || i == l.pos {
		return 0, false
	}
	blank := i
	for i < len(d) && class[d[i]] == classSpace {
		i++
	}
	if i == blank || i >= len(d) || d[i] != 'R' || i+1 < len(d) && class[d[i+1]] == classRegular {
		return 0, false
	}
	l.pos = i + 1
	return uint16(min(n, math.MaxUint16)), true
}
