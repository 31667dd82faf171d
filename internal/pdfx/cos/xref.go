package cos

import (
	"bytes"
)

// The kinds of entries (7.5.4, 7.5.8.3).
const (
	entryFree = iota
	entryOffset
	entryStream
)

// entry is where an object is.
type entry struct {
	kind  uint8
	at    int // offset in the file, or number of the stream of objects
	index int // in the stream of objects
}

// section is a run of entries: rows of a table, in the file, or of a stream,
// inflated. Rows are read when an object is asked for.
type section struct {
	first, count int
	at           int    // of the first row of a table
	rows         []byte // of a stream
	width        [3]int // of its fields
}

const tableRow = 20 // bytes (7.5.4)

// entry reads a row.
func (s *section) entry(i int, data []byte) entry {
	if s.rows == nil {
		row := data[s.at+i*tableRow:]
		if row[17] != 'n' {
			return entry{}
		}
		at := 0
		for _, c := range row[:10] {
			if isDigit(c) {
				at = at*10 + int(c-'0')
			}
		}
		if at == 0 {
			return entry{} // written by some producers for objects that do not exist
		}
		return entry{kind: entryOffset, at: at}
	}
	w := s.width
	row := s.rows[i*(w[0]+w[1]+w[2]):]
	kind := 1
	if w[0] > 0 {
		kind = field(row[:w[0]])
	}
	a, b := field(row[w[0]:w[0]+w[1]]), field(row[w[0]+w[1]:w[0]+w[1]+w[2]])
	switch kind {
	case 1:
		return entry{kind: entryOffset, at: a}
	case 2:
		return entry{kind: entryStream, at: a, index: b}
	}
	return entry{}
}

// field reads an integer; one that no file could need is -1.
func field(b []byte) (n int) {
	for _, c := range b {
		if n > 1<<40 {
			return -1
		}
		n = n<<8 | int(c)
	}
	return n
}

// maxChain bounds the cross-reference sections of a document: one an update.
const maxChain = 4096

// readSections follows the chain of cross-reference sections from the end of
// the file. False when any of it is not as it should be.
func (d *Document) readSections() bool {
	at, ok := d.startxref()
	if !ok || !d.readChain(at) {
		return false
	}
	if len(d.sections) > maxSections {
		d.spread()
	}
	return true
}

// maxSections is how many sections an object is looked for in one by one.
const maxSections = 32

// spread makes a table of all sections.
func (d *Document) spread() {
	table := make(map[int]entry)
	for i := len(d.sections) - 1; i >= 0; i-- {
		s := &d.sections[i]
		for k := range s.count {
			table[s.first+k] = s.entry(k, d.data)
		}
	}
	d.table = table
}

// readChain reads the section at an offset and those before it.
func (d *Document) readChain(at int) bool {
	seen := make(map[int]bool, 4)
	for at != 0 || len(seen) == 0 {
		if seen[at] {
			return true // a chain that bites its tail has been read whole
		}
		if seen[at] = true; len(seen) > maxChain {
			return false
		}
		trailer, ok := d.readSection(at)
		if !ok {
			return false
		}
		if !d.Trailer.IsDict() {
			d.Trailer = trailer
		}
		if hybrid, is := d.number(trailer.Get("XRefStm")); is && !seen[hybrid] {
			seen[hybrid] = true
			if _, ok := d.readSection(hybrid); !ok {
				return false
			}
		}
		prev := trailer.Get("Prev")
		if prev.kind == Null {
			return true
		}
		if next, ok := d.number(prev); !ok {
			return false
		} else {
			at = next
		}
	}
	return true
}

// number returns an offset that stands in a trailer. Some producers write it
// as a reference, whose number is meant.
func (d *Document) number(o Object) (int, bool) {
	if o.kind == Ref {
		return int(o.n), true
	}
	n, ok := o.Int()
	return int(n), ok && n >= 0 && n <= int64(len(d.data))
}

// startxref reads the offset of the newest section.
func (d *Document) startxref() (int, bool) {
	tail := max(0, len(d.data)-1024-len("startxref"))
	i := bytes.LastIndex(d.data[tail:], []byte("startxref"))
	if i < 0 {
		return 0, false
	}
	l := lexer{data: d.data, pos: tail + i + len("startxref")}
	o, _ := l.object(0)
	return d.number(o)
}

// readSection reads the table or stream at an offset, and returns its trailer.
func (d *Document) readSection(offset int) (Object, bool) {
	for _, at := range [...]int{offset + d.shift, offset} {
		if at >= len(d.data) {
			continue
		}
		l := lexer{data: d.data, pos: at}
		l.space()
		if l.keyword("xref") {
			return d.readTable(&l)
		}
		if n, body, ok := objectHeader(d.data, at); ok {
			return d.readStream(d.indirect(n, body))
		}
		if d.shift == 0 {
			break
		}
	}
	return Object{}, false
}

// readTable reads the subsections of a table and the trailer after them.
func (d *Document) readTable(l *lexer) (Object, bool) {
	for {
		l.space()
		if l.keyword("trailer") {
			o, _ := l.object(0)
			d.work += l.pos
			return o, o.kind == Dict
		}
		first, _ := l.object(0)
		count, _ := l.object(0)
		if first.kind != Int || count.kind != Int || first.n < 0 || count.n < 0 || first.n+count.n > maxNumber+1 {
			return Object{}, false
		}
		l.space()
		s := section{first: int(first.n), count: int(count.n), at: l.pos}
		if !d.regular(&s) {
			return Object{}, false
		}
		if s.first == 1 && s.count > 0 && bytes.HasPrefix(d.data[s.at:], []byte("0000000000 65535 f")) {
			s.first = 0 // the head of the free objects is object 0, whatever the subsection says
		}
		l.pos = s.at + s.count*tableRow
		if s.count > 0 {
			d.sections = append(d.sections, s)
		}
	}
}

// regular reports whether the rows of a section have their 20 bytes, and ends
// it where they do.
func (d *Document) regular(s *section) bool {
	if s.count > (len(d.data)-s.at)/(tableRow-2) {
		return false
	}
	for _, i := range [...]int{0, s.count / 2, s.count - 1} {
		if i >= 0 && i < s.count && !d.isRow(s.at+i*tableRow) {
			return false
		}
	}
	return s.count == 0 || !d.isRow(s.at+s.count*tableRow) // more rows than announced
}

// isRow reports whether a row of a table stands at an offset.
func (d *Document) isRow(at int) bool {
	if at < 0 || at+18 > len(d.data) {
		return false
	}
	row := d.data[at : at+18]
	for i, c := range row[:16] {
		if i != 10 && !isDigit(c) {
			return false
		}
	}
	return row[10] == ' ' && row[16] == ' ' && (row[17] == 'n' || row[17] == 'f') && (at+18 == len(d.data) || class[d.data[at+18]] == classSpace)
}

// readStream reads a cross-reference stream (7.5.8).
func (d *Document) readStream(o Object) (Object, bool) {
	if o.kind != Stream {
		return Object{}, false
	}
	var s section
	for i, w := range o.Get("W").Items() {
		n, ok := w.Int()
		if i >= 3 || !ok || n < 0 || n > 8 {
			return Object{}, false
		}
		s.width[i] = int(n)
	}
	row := s.width[0] + s.width[1] + s.width[2]
	if s.width[1] == 0 {
		return Object{}, false
	}
	rows, err := d.inflate(o, maxOneStream)
	if err != nil && len(rows) == 0 {
		return Object{}, false
	}
	index := o.Get("Index").Items()
	if len(index) < 2 {
		index = []Object{{kind: Int}, o.Get("Size")}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].Int()
		count, ok2 := index[i+1].Int()
		if !ok1 || !ok2 || first < 0 || count < 0 || first > maxNumber {
			return Object{}, false
		}
		s.first, s.count = int(first), int(min(count, int64(len(rows)/row)))
		s.rows = rows[: s.count*row : s.count*row]
		if s.count > 0 {
			d.sections = append(d.sections, s)
		}
		rows = rows[s.count*row:]
	}
	dict := o
	dict.kind, dict.raw = Dict, nil
	return dict, true
}
