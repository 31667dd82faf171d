package cos

import (
	"bytes"
	"errors"
	"slices"
)

// What keeps a document from being read.
var (
	ErrDamaged  = errors.New("no objects that make a document")
	ErrPassword = errors.New("a password is wanted, or a certificate")
	ErrWork     = errors.New("the document asks for too much work")
)

// Bounds of what a document may ask for. They are far above what honest
// documents do.
const (
	headerWithin  = 1024      // bytes before the header (annex H.3.4.1)
	maxNumber     = 1<<23 - 1 // object numbers (annex C)
	maxGeneration = 65_535    // generations (7.5.4)
	maxInflated   = 128 << 20 // bytes, of everything that is inflated
	maxOneStream  = 64 << 20  // bytes, inflated, of one stream of objects
	maxKeptStream = 24 << 20  // bytes of inflated streams of objects that are kept
	maxResolve    = 32        // references to references
	minWork       = 64 << 20  // bytes parsed, whatever the size of the document
	workRatio     = 24        // bytes parsed, by byte of the document
)

// Document is the objects of a file. It is not safe for concurrent use.
type Document struct {
	// Trailer is the dictionary of the newest cross-reference section.
	Trailer Object
	// Header is the version the file begins with, "1.7"; empty when it has none.
	Header string
	// Encrypted says that the document opens without a password, and is
	// encrypted all the same.
	Encrypted bool
	// Repaired says that the objects had to be looked for.
	Repaired bool
	// Cut says that some stream goes beyond the end of the file.
	Cut bool
	// Miscounted says, once Pages has walked them all, that the tree announces
	// fewer pages than it has, or one of its branches another number: most viewers
	// show no more than is announced, and some repeat a page.
	Miscounted bool

	data     []byte
	shift    int // bytes before the header
	sections []section
	table    map[int]entry // instead of the sections, after a repair or when they are many
	crypt    *security

	root      Object // once it was found, at rootOf
	rootOf    rootKey
	lex       lexer
	streams   []*objectStream // opened, the latest last
	named     bool            // a trailer names the catalogue
	resolving int
	work      int // bytes parsed
	inflated  int // bytes inflated
}

// Open finds the objects of the document in data, which must not change
// afterwards. The error is one of those of this package.
func Open(data []byte) (*Document, error) {
	d := &Document{data: data}
	d.header()
	if d.readSections() && d.rooted() {
		return d, nil
	}
	if d.locked() {
		return nil, ErrPassword
	}
	d.repair()
	switch {
	case d.Exhausted():
		return nil, ErrWork
	case d.rooted() && (d.Header != "" || d.named):
		return d, nil
	case d.locked():
		return nil, ErrPassword
	}
	return nil, ErrDamaged
}

// header looks for the version.
func (d *Document) header() {
	at := bytes.Index(d.data[:min(len(d.data), headerWithin)], []byte("%PDF-"))
	if at < 0 {
		return
	}
	d.shift = at
	rest := d.data[at+len("%PDF-"):]
	n := 0
	for n < len(rest) && n < 8 && class[rest[n]] == classRegular {
		n++
	}
	d.Header = string(rest[:n])
}

// rooted reports whether the trailer leads to a catalogue that has pages.
func (d *Document) rooted() bool {
	if !d.Trailer.IsDict() {
		return false
	}
	if d.locked() && !d.unlock() {
		return false
	}
	root := d.Root()
	return root.IsDict() && d.Resolve(root.Get("Pages")).IsDict()
}

// locked reports whether there is an encryption that could not be undone.
func (d *Document) locked() bool {
	return d.crypt == nil && d.Get(d.Trailer, "Encrypt").IsDict()
}

// Root returns the catalogue. It is asked for again and again, and may stand at
// the end of a long stream of objects.
func (d *Document) Root() Object {
	ref := d.Trailer.Get("Root")
	if d.root.IsDict() && d.rootOf == (rootKey{ref.Number(), d.Repaired}) {
		return d.root
	}
	root := d.Resolve(ref)
	if ref.kind == Ref && root.IsDict() {
		d.root, d.rootOf = root, rootKey{ref.Number(), d.Repaired}
	}
	return root
}

// rootKey is where a catalogue was found: a repair may find another.
type rootKey struct {
	number   int
	repaired bool
}

// Size returns the bytes of the document.
func (d *Document) Size() int { return len(d.data) }

// Get returns the value of a key of o, resolved.
func (d *Document) Get(o Object, key string) Object { return d.Resolve(o.Get(key)) }

// Resolve follows a reference to what it leads to; other objects are returned
// as they are.
func (d *Document) Resolve(o Object) Object {
	for range maxResolve {
		if o.kind != Ref {
			return o
		}
		o = d.Object(int(o.n))
	}
	return Object{}
}

// Object returns the object of a number; the null object when there is none.
func (d *Document) Object(number int) Object {
	if d.resolving > maxResolve || d.work > d.maxWork() {
		return Object{}
	}
	d.resolving++
	defer func() { d.resolving-- }()
	e := d.find(number)
	switch e.kind {
	case entryOffset:
		o, ok := d.at(number, e.at)
		if ok || d.Repaired {
			return o
		}
		d.repair()
		if e = d.find(number); e.kind == entryFree {
			return Object{}
		}
		return d.Object(number)
	case entryStream:
		return d.inStream(number, e)
	}
	return Object{}
}

// Exhausted reports whether the document asked for more than it may: some of
// it was not read.
func (d *Document) Exhausted() bool {
	return d.lex.deep || d.work > d.maxWork() || d.inflated > maxInflated
}

// Odd reports whether something that was read is not written as it should be,
// so that another reader may have understood it otherwise.
func (d *Document) Odd() bool { return d.lex.odd || d.Repaired || d.Cut || d.Exhausted() }

func (d *Document) maxWork() int { return minWork + workRatio*len(d.data) }

// find returns where an object is, by the newest section that knows it.
func (d *Document) find(number int) entry {
	if d.table != nil {
		return d.table[number]
	}
	for i := range d.sections {
		s := &d.sections[i]
		if number >= s.first && number-s.first < s.count {
			return s.entry(number-s.first, d.data)
		}
	}
	return entry{}
}

// Numbers returns the numbers of the objects that exist, in order.
func (d *Document) Numbers() []int {
	var list []int
	if d.table != nil {
		for n, e := range d.table {
			if e.kind != entryFree {
				list = append(list, n)
			}
		}
		slices.Sort(list)
		return list
	}
	for i := range d.sections {
		s := &d.sections[i]
		for k := range s.count {
			list = append(list, s.first+k)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(n int) bool { return d.find(n).kind == entryFree })
}

// at reads the object that stands at an offset; ok says that its header has
// the number.
func (d *Document) at(number, offset int) (o Object, ok bool) {
	for _, at := range [...]int{offset + d.shift, offset} {
		if at < 0 || at >= len(d.data) {
			continue
		}
		if n, body, found := objectHeader(d.data, at); found && n == number {
			return d.indirect(number, body), true
		}
		if d.shift == 0 {
			break
		}
	}
	return Object{}, false
}

// objectHeader reads "12 0 obj" at an offset, blanks and comments before it
// being passed over, and returns where its object begins.
func objectHeader(data []byte, at int) (number, body int, ok bool) {
	l := lexer{data: data, pos: at}
	l.space()
	first := l.pos
	for l.pos < len(data) && isDigit(data[l.pos]) && l.pos-first < 10 {
		number = number*10 + int(data[l.pos]-'0')
		l.pos++
	}
	blank := l.pos
	l.space()
	if blank == first || l.pos == blank {
		return 0, 0, false
	}
	start, gen := l.pos, 0
	for l.pos < len(data) && isDigit(data[l.pos]) && gen <= maxGeneration {
		gen = gen*10 + int(data[l.pos]-'0')
		l.pos++
	}
	if l.pos == start || gen > maxGeneration {
		return 0, 0, false
	}
	l.space()
	if !l.keyword("obj") {
		return 0, 0, false
	}
	return number, l.pos, true
}

// indirect reads the object of a number, whose body begins at an offset of the
// document.
func (d *Document) indirect(number, body int) Object {
	d.lex.data, d.lex.pos, d.lex.stack = d.data, body, d.lex.stack[:0]
	o, _ := d.lex.object(0)
	d.work += d.lex.pos - body + 16
	if o.kind != Dict {
		return o
	}
	d.lex.space()
	if !d.lex.keyword("stream") {
		return o
	}
	o = d.stream(o, d.lex.pos)
	o.n = int64(number)
	if d.crypt != nil {
		o.gen = uint16(d.generation(body))
	}
	return o
}

// generation reads the generation of an object before its body.
func (d *Document) generation(body int) int {
	i := body - len("obj") - 1
	for i > 0 && class[d.data[i]] == classSpace {
		i--
	}
	gen, unit := 0, 1
	for ; i >= 0 && isDigit(d.data[i]) && unit <= 10_000; i-- {
		gen += int(d.data[i]-'0') * unit
		unit *= 10
	}
	return gen
}

// stream gives a dictionary its bytes, which follow the keyword that ends at
// an offset.
func (d *Document) stream(dict Object, at int) Object {
	switch {
	case bytes.HasPrefix(d.data[at:], []byte("\r\n")):
		at += 2
	case at < len(d.data) && (d.data[at] == '\n' || d.data[at] == '\r'):
		at++
	}
	dict.kind = Stream
	stack := d.lex.stack
	d.lex.stack = nil // resolving the length reads another object
	length, ok := d.Resolve(dict.Get("Length")).Int()
	d.lex.stack = stack
	if ok && length >= 0 && length <= int64(len(d.data)-at) {
		if end := at + int(length); d.endsStream(end) {
			dict.raw = d.data[at:end:end]
			return dict
		}
	}
	d.lex.odd = true
	rest := d.data[at:]
	end := bytes.Index(rest, []byte("endstream"))
	if end < 0 {
		if end = bytes.Index(rest, []byte("endobj")); end < 0 {
			end, d.Cut = len(rest), true
		}
	}
	d.work += end
	if end > 0 && rest[end-1] == '\n' {
		end--
	}
	if end > 0 && rest[end-1] == '\r' {
		end--
	}
	dict.raw = rest[:end:end]
	return dict
}

// endsStream reports whether the bytes of a stream may end at an offset.
func (d *Document) endsStream(at int) bool {
	for range 4 {
		if at < len(d.data) && class[d.data[at]] == classSpace {
			at++
		}
	}
	rest := d.data[at:]
	return bytes.HasPrefix(rest, []byte("endstream")) || bytes.HasPrefix(rest, []byte("endobj"))
}

// Again opens the document afresh: what was read of it counts no more.
func (d *Document) Again() (*Document, error) { return Open(d.data) }
