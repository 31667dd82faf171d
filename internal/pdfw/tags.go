package pdfw

import (
	"fmt"
	"strconv"
)

// Tag is what a part of a document is, for who does not see it. ISO 32000-1,
// 14.8.4.
type Tag uint8

// The tags. Grouping ones hold others, the last ones hold text.
const (
	Document Tag = iota
	Table
	THead
	TBody
	TFoot
	TR
	L
	LI
	H1
	H2
	P
	Lbl
	LBody
	TH
	TD
	Note
	Figure
)

var tagNames = [...]string{"Document", "Table", "THead", "TBody", "TFoot", "TR", "L", "LI", "H1", "H2", "P", "Lbl", "LBody", "TH", "TD", "Note", "Figure"}

// Attr is what a part says of itself besides its tag.
type Attr string

// The attributes of headings of tables.
const (
	RowHead    Attr = "/A<</O/Table/Scope/Row>>"
	ColumnHead Attr = "/A<</O/Table/Scope/Column>>"
)

// Span is a heading of columns, or of rows below it, that stands for several.
func Span(columns, rows int) Attr {
	return Attr(fmt.Sprintf("/A<</O/Table/Scope/Column/ColSpan %d/RowSpan %d>>", columns, rows))
}

// Summary says what a table is about.
func Summary(text string) Attr {
	return Attr("/A<</O/Table/Summary" + string(appendText(nil, text)) + ">>")
}

// none is the parent of the first part, and what no part is.
const none = -1

// part is a part of the document: an element of its structure tree. Parts are
// in the order in which they are read.
type part struct {
	tag                       Tag
	attr                      Attr
	parent, child, last, next int32 // other parts
	page                      int32
	mark, marks               int32 // marked content of the page: the first, and how many
}

// Open begins a part within the one that is open. Texts go into it until Close;
// what is drawn with no part open, and every fill, is decoration.
func (s *Sheet) Open(t Tag, attr Attr) {
	if s.aside {
		return
	}
	s.unmark()
	n := int32(len(s.parts))
	s.parts = append(s.parts, part{tag: t, attr: attr, parent: s.current, child: none, last: none, next: none})
	if s.current != none {
		p := &s.parts[s.current]
		if p.last == none {
			p.child = n
		} else {
			s.parts[p.last].next = n
		}
		p.last = n
	}
	s.current = n
}

// Close ends the part that was opened last.
func (s *Sheet) Close() {
	if s.aside {
		return
	}
	s.unmark()
	s.current = s.parts[s.current].parent
}

// Aside draws decoration, such as a heading that is repeated, in the midst of
// the part that is open: the parts that draw opens are none.
func (s *Sheet) Aside(draw func()) {
	s.unmark()
	current := s.current
	s.current, s.aside = none, true
	draw()
	s.unmark()
	s.current, s.aside = current, false
}

// The states of marked content besides the part that it belongs to.
const (
	unmarked   = -2
	decoration = none
)

// mark has what is drawn next belong to a part, or to none.
func (s *Sheet) mark(owner int32) {
	if s.marked == owner {
		return
	}
	s.unmark()
	s.marked = owner
	if owner == decoration {
		s.buf = append(s.buf, "/Artifact BMC\n"...)
		return
	}
	p := &s.parts[owner]
	if p.marks == 0 {
		p.page, p.mark = int32(len(s.pages)-1), int32(len(s.owners[len(s.pages)-1]))
	}
	p.marks++
	s.buf = append(append(append(s.buf, '/'), tagNames[p.tag]...), "<</MCID "...)
	s.buf = strconv.AppendInt(s.buf, int64(p.mark+p.marks-1), 10)
	s.buf = append(s.buf, ">>BDC\n"...)
	page := &s.owners[len(s.pages)-1]
	*page = append(*page, owner)
}

func (s *Sheet) unmark() {
	if s.marked != unmarked {
		s.buf = append(s.buf, "EMC\n"...)
		s.marked = unmarked
	}
}

// tree writes the objects of the structure tree: its root, which gets number
// first, the parts that each mark of a page belongs to, and the parts. ISO
// 32000-1, 14.7.
type tree struct {
	*Sheet
	buf    []byte
	starts []int // where each object begins
	first  int   // the number of the root
	page   int   // of the first page; the pages are every second object
}

func (t *tree) begin() { t.starts = append(t.starts, len(t.buf)) }

func (t *tree) add(s string) { t.buf = append(t.buf, s...) }

func (t *tree) reference(n int) {
	t.buf = append(strconv.AppendInt(t.buf, int64(n), 10), " 0 R "...)
}

func (t *tree) write() {
	t.begin()
	t.buf = fmt.Appendf(t.buf, "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>\n", t.first+2, t.first+1, len(t.pages))
	t.begin()
	t.add("<</Nums[")
	for i := range t.pages {
		t.buf = append(strconv.AppendInt(t.buf, int64(i), 10), '[')
		for _, owner := range t.owners[i] {
			t.reference(t.number(owner))
		}
		t.add("]")
	}
	t.add("]>>\n")
	for i := range t.parts {
		t.begin()
		t.part(&t.parts[i])
	}
}

// number is the number of the object of a part.
func (t *tree) number(part int32) int {
	if part == none {
		return t.first
	}
	return t.first + 2 + int(part)
}

func (t *tree) part(p *part) {
	t.add("<</S/")
	t.add(tagNames[p.tag])
	t.add("/P ")
	t.reference(t.number(p.parent))
	t.buf = append(t.buf, p.attr...)
	if p.marks > 0 {
		t.add("/Pg ")
		t.reference(t.page + 2*int(p.page))
		t.add("/K[")
		for m := range p.marks {
			if m > 0 {
				t.add(" ")
			}
			t.buf = strconv.AppendInt(t.buf, int64(p.mark+m), 10)
		}
		t.add("]")
	}
	if p.child != none {
		t.add("/K[")
		for c := p.child; c != none; c = t.parts[c].next {
			t.reference(t.number(c))
		}
		t.add("]")
	}
	t.add(">>\n")
}
