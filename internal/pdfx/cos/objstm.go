package cos

// objectStream is an inflated stream of objects (7.5.7).
type objectStream struct {
	number  int
	data    []byte // as far as it was inflated
	more    *inflater
	numbers []int32
	offsets []int32
	ends    []int32 // of the members: where the next one begins
}

// inStream reads an object of a stream of objects.
func (d *Document) inStream(number int, e entry) Object {
	s := d.objectStream(e.at)
	if s == nil {
		return Object{}
	}
	if e.index < len(s.numbers) && e.index >= 0 && int(s.numbers[e.index]) == number {
		return d.member(s, e.index)
	}
	for i, n := range s.numbers {
		if int(n) == number {
			return d.member(s, i)
		}
	}
	return Object{}
}

// member reads the object of an index.
func (d *Document) member(s *objectStream, i int) Object {
	d.reach(s, int(s.ends[i]))
	l := lexer{data: s.data, pos: min(int(s.offsets[i]), len(s.data)), stack: d.lex.stack[:0]}
	o, _ := l.object(0)
	d.lex.stack, d.lex.deep, d.lex.odd = l.stack, d.lex.deep || l.deep, d.lex.odd || l.odd
	d.work += l.pos - int(s.offsets[i]) + 16
	return o
}

// objectStream opens the stream of objects of a number, or returns it when it
// is still open; nil when it is none.
func (d *Document) objectStream(number int) *objectStream {
	for _, s := range d.streams {
		if s.number == number {
			return s
		}
	}
	e := d.find(number)
	if e.kind != entryOffset {
		return nil // one that is in another, which the standard forbids
	}
	s := d.openStream(d.Object(number))
	if s == nil {
		return nil
	}
	s.number = number
	kept := len(s.data)
	for i := len(d.streams) - 1; i >= 0; i-- {
		if kept += len(d.streams[i].data); kept > maxKeptStream {
			d.streams = append(d.streams[:0], d.streams[i+1:]...)
			break
		}
	}
	d.streams = append(d.streams, s)
	return s
}

// openStream inflates a stream of objects and reads the places of its members.
func (d *Document) openStream(o Object) *objectStream {
	if o.kind != Stream {
		return nil
	}
	first, ok := d.Get(o, "First").Int()
	if !ok || first <= 0 || first > maxOneStream {
		return nil
	}
	s := &objectStream{}
	if s.more = d.inflater(o); s.more == nil {
		s.data, _ = d.inflate(o, maxOneStream) // what could be inflated of a damaged stream is read
	}
	d.reach(s, int(first))
	if first > int64(len(s.data)) {
		return nil
	}
	count, _ := d.Get(o, "N").Int()
	l := lexer{data: s.data[:first]}
	for range count {
		number, end := l.object(0)
		offset, last := l.object(0)
		if end != none || last != none || number.kind != Int || offset.kind != Int {
			break
		}
		at := offset.n + first
		if number.n < 0 || number.n > maxNumber || at < first || at > maxOneStream {
			continue
		}
		s.numbers = append(s.numbers, int32(number.n))
		s.offsets = append(s.offsets, int32(at))
	}
	d.work += int(first)
	s.ends = make([]int32, len(s.offsets))
	for i := range s.ends {
		if s.ends[i] = maxOneStream; i+1 < len(s.offsets) && s.offsets[i+1] > s.offsets[i] {
			s.ends[i] = s.offsets[i+1]
		}
	}
	return s
}

// reach inflates a stream of objects up to an offset: most are wanted in part.
func (d *Document) reach(s *objectStream, end int) {
	if s.more == nil || len(s.data) >= end {
		return
	}
	before := len(s.data)
	if s.data = s.more.read(s.data, end); s.more.done {
		s.more = nil
	}
	d.inflated += len(s.data) - before
}
