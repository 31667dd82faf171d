package cos

// objectStream is an inflated stream of objects (7.5.7).
type objectStream struct {
	number  int
	data    []byte    // its beginning
	tail    []byte    // what is kept after a part that was passed over
	base    int       // of the tail
	whole   bool      // nothing is passed over
	reached int       // how far it was ever inflated
	more    *inflater // nil when nothing more is to be had
	source  []byte    // what it inflates
	numbers []int32
	offsets []int32
	ends    []int32 // of the members: where the next one begins
}

// kept is what the stream holds, in bytes.
func (s *objectStream) kept() int {
	n := len(s.data) + len(s.tail)
	if s.more != nil {
		n += s.more.memory
	}
	return n
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
	data, at := d.reach(s, int(s.offsets[i]), int(s.ends[i]))
	l := lexer{data: data, pos: at, stack: d.lex.stack[:0]}
	o, _ := l.object(0)
	d.lex.stack, d.lex.deep, d.lex.odd = l.stack, d.lex.deep || l.deep, d.lex.odd || l.odd
	d.work += l.pos - at + 16
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
	kept := s.kept()
	for i := len(d.streams) - 1; i >= 0; i-- {
		if kept += d.streams[i].kept(); kept > maxKeptStream {
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
	if source, ok := d.flated(o); ok {
		s.source, s.more = source, newInflater(source)
	} else {
		s.data, _ = d.inflate(o, maxOneStream) // what could be inflated of a damaged stream is read
	}
	d.reach(s, 0, int(first))
	if first > int64(len(s.data)) {
		return nil
	}
	count, _ := d.Get(o, "N").Int()
	s.places(s.data[:first], count)
	d.work += int(first)
	s.ends = make([]int32, len(s.offsets))
	for i := range s.ends {
		if s.ends[i] = maxOneStream; i+1 < len(s.offsets) && s.offsets[i+1] > s.offsets[i] {
			s.ends[i] = s.offsets[i+1]
		}
	}
	return s
}

// places reads the numbers and the offsets of count members at most from what
// stands before the first of them.
func (s *objectStream) places(head []byte, count int64) {
	room := min(max(count, 0), int64(len(head))/4) // of a pair there are four bytes at least
	s.numbers, s.offsets = make([]int32, 0, room), make([]int32, 0, room)
	add := func(number, offset int64) {
		at := offset + int64(len(head))
		if number >= 0 && number <= maxNumber && offset >= 0 && at <= maxOneStream {
			s.numbers = append(s.numbers, int32(number))
			s.offsets = append(s.offsets, int32(at))
		}
	}
	l := lexer{data: head}
	l.anyPairs(count-l.pairs(count, add), add)
}

// anyPairs reads pairs of numbers until something else stands there.
func (l *lexer) anyPairs(count int64, add func(a, b int64)) {
	for range max(count, 0) {
		a, end := l.object(0)
		b, last := l.object(0)
		if end != none || last != none || a.kind != Int || b.kind != Int {
			return
		}
		add(a.n, b.n)
	}
}

// pairs reads the pairs of plain numbers that stand at the position, count at
// most, as anyPairs would, and says how many they were. The
// last one is left: what follows it may make a reference of its numbers.
func (l *lexer) pairs(count int64, add func(a, b int64)) (read int64) {
	a, middle := l.plain(l.pos)
	b, end := l.plain(middle)
	for read+1 < count && end >= 0 {
		c, m := l.plain(end)
		d, e := l.plain(m)
		if e < 0 {
			break
		}
		add(a, b)
		l.pos, a, b, end = end, c, d, e
		read++
	}
	return read
}

// plain reads a number of nine digits at most with a blank behind it, and returns
// where it ends; -1 where there is none, or after one that was none.
func (l *lexer) plain(pos int) (n int64, end int) {
	if pos < 0 {
		return 0, -1
	}
	for pos < len(l.data) && class[l.data[pos]] == classSpace {
		pos++
	}
	start := pos
	for pos < len(l.data) && pos-start < 9 && isDigit(l.data[pos]) {
		n = n*10 + int64(l.data[pos]-'0')
		pos++
	}
	if pos == start || pos >= len(l.data) || class[l.data[pos]] != classSpace {
		return 0, -1
	}
	return n, pos
}

// far is how many bytes are kept at the beginning and before a member when what
// stands in between is passed over.
const far = 1 << 20

// reach inflates a stream of objects from an offset up to another, and returns
// what holds them and where they begin in it: most streams are wanted in part.
// Of one of tens of millions of bytes of which the first members and the last
// are wanted, the middle is not kept; should it be wanted, the stream is
// inflated again, and then kept.
func (d *Document) reach(s *objectStream, from, end int) (data []byte, at int) {
	if s.tail != nil && from < s.base && end > len(s.data) {
		s.more, s.data, s.tail, s.whole = newInflater(s.source), nil, nil, true
	}
	if s.more != nil && s.tail == nil && !s.whole && from-len(s.data) > 3*far {
		s.data = s.more.read(s.data, len(s.data)+far)
		s.base = len(s.data) + s.more.skip(from-far-len(s.data))
		s.tail = []byte{}
	}
	kept, base := &s.data, 0
	if s.tail != nil && end > len(s.data) {
		kept, base = &s.tail, s.base
	}
	if s.more != nil && base+len(*kept) < end {
		*kept = s.more.read(*kept, min(end, maxOneStream)-base)
		now := base + len(*kept)
		if s.more.done || now >= maxOneStream {
			s.more = nil
		}
		if now > s.reached {
			d.inflated += now - s.reached
			s.reached = now
		}
	}
	return *kept, min(max(from-base, 0), len(*kept))
}
