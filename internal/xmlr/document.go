package xmlr

import (
	"io"
	"unicode/utf8"
)

// Limits bound what a Document accepts.
type Limits struct {
	Depth int // elements open at once
	Tag   int // bytes of one tag
	Attrs int // attributes of one tag, and namespaces in scope
}

// Event is what Document.Next found.
type Event uint8

const (
	Ended  Event = iota // the end of the document
	Opened              // a start tag: Name, NS, Attrs
	Closed              // an end tag, or the end of an empty element
	Data                // a run of character data: Text, Class
)

// DocAttr is an attribute of a start tag, namespace declarations left out.
type DocAttr struct {
	Name, NS []byte // NS as declared; an unbound prefix stays in Name
	Value    []byte // UTF-8, normalised as XML 1.0 section 3.3.3 says
	At       int    // in the window
}

// Document reads a whole document in one pass: it checks that it is
// well-formed, with namespaces, refuses document type declarations, and
// resolves the five predefined entities. What an event holds is valid until the
// next one. Memory is one window.
type Document struct {
	window
	Encoding
	limits Limits

	EncodingEnd int64 // offset of the end of the encoding's name, 0 when there is none

	Name, NS []byte
	Attrs    []DocAttr
	Text     []byte // in the document's charset, or one character in UTF-8
	Class    Class  // of Text
	CDATA    bool   // Text comes from a CDATA section
	Start    int    // of the event, in the window

	// NUL says that a null byte follows the document: what is after it is not
	// judged, as libxml2 does not.
	NUL *Fault

	// ForJava is the first thing that the parsers written in Java refuse where
	// libxml2 does not; nil when there is none. NUL is another.
	ForJava *Fault

	inCDATA  bool
	empty    bool // the element that Opened announced ends at once
	rooted   bool // the root was seen
	brackets int  // ']' just before, in the same run of text
	names    []byte
	nameEnds []int
	scope    []declared
	scratch  []byte
	scan     Scanner
	tok      Token
}

// declared is a namespace declaration in scope.
type declared struct {
	prefix string
	uri    []byte
	depth  int
}

// NewDocument reads the byte order mark and the XML declaration. name is what
// errors of src call the document. With an error, which is a *Fault when the
// document is at fault, the Document only tells where.
func NewDocument(src io.Reader, name string, l Limits) (*Document, error) {
	d := &Document{limits: l, window: newWindow(src, name, l.Tag)}
	d.scan.KeepAttrs, d.scan.MaxAttrs = true, l.Attrs
	return d, d.open()
}

// Depth is how many elements are open.
func (d *Document) Depth() int { return len(d.nameEnds) }

// Rest is what follows in the document, in UTF-8 where that is recoded. Nothing
// is read with Next from then on.
func (d *Document) Rest() io.Reader {
	return io.MultiReader(newBytes(d.bytes[d.pos:]), d.src)
}

// Next reads one event. An error is a *Fault, or comes from the reader below.
func (d *Document) Next() (Event, error) {
	if d.empty {
		d.empty = false
		d.leave()
		return Closed, nil
	}
	if d.inCDATA {
		return d.restOfCDATA()
	}
	for {
		if d.pos == len(d.bytes) && !d.more() {
			if d.err != nil || d.Depth() > 0 || !d.rooted {
				return Ended, d.cutShort()
			}
			return Ended, nil
		}
		d.Start = d.pos
		switch c := d.bytes[d.pos]; {
		case c == '<':
		case d.Depth() > 0:
			return d.characterData()
		case IsBlank(c):
			d.pos++
			continue
		case c == 0 && d.rooted:
			offset, line := d.At(d.pos)
			d.NUL = &Fault{Kind: EndsAtNUL, Pos: d.pos, Offset: offset, Line: line}
			// What follows counts for the size only.
			for d.pos = len(d.bytes); d.more(); d.pos = len(d.bytes) {
			}
			continue
		default:
			return Ended, d.fault(OutsideRoot, d.pos)
		}
		event, err := d.markup()
		if event != Ended || err != nil {
			return event, err
		}
	}
}

// markup reads what begins with '<'; Ended stands for a comment or an
// instruction, which is passed.
func (d *Document) markup() (Event, error) {
	if !d.need(2) {
		return Ended, d.cutShort()
	}
	d.Start = d.pos
	d.brackets = 0
	switch d.bytes[d.pos+1] {
	case '/':
		return d.endTag()
	case '?':
		return Ended, d.instruction()
	case '!':
		if d.prefixed("<![CDATA[") && d.Depth() > 0 {
			d.pos += len("<![CDATA[")
			d.inCDATA = true
			return d.restOfCDATA()
		}
		return Ended, d.comment()
	}
	return d.startTag()
}

// byteName names a character by its code: U+0001.
func byteName(r rune) string {
	const digits = "0123456789ABCDEF"
	b := []byte("U+")
	for shift := 12; shift >= 0; shift -= 4 {
		b = append(b, digits[r>>shift&15])
	}
	return string(b)
}

// character is the fault of the character at a place, which is forbidden or
// not of the charset.
func (d *Document) character(i int) error {
	if b := d.bytes[i]; b < utf8.RuneSelf {
		return d.fault(BadCharacter, i, byteName(rune(b)))
	}
	if r, size := d.Charset.Rune(d.bytes[i:]); size > 0 {
		return d.fault(BadCharacter, i, byteName(r))
	}
	return d.fault(BadBytes, i, d.String())
}
