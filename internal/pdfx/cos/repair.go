package cos

import "bytes"

// repair looks for the objects of the document by their headers, from its
// beginning to its end: the last of a number counts, as the last update does.
// It runs once.
func (d *Document) repair() {
	if d.Repaired {
		return
	}
	d.Repaired = true
	former := d.Trailer
	d.table, d.sections, d.streams = make(map[int]entry), nil, nil
	r := repairer{d: d, former: former}
	r.scan()
	d.Trailer = r.choose()
	if d.locked() && !d.unlock() {
		return
	}
	r.members()
	d.named = d.Resolve(d.Trailer.Get("Root")).IsDict()
	if !d.named {
		if root, found := r.catalogue(); found {
			d.Trailer.kids = append(d.Trailer.kids, Object{kind: Name, raw: []byte("Root")}, Object{kind: Ref, n: int64(root)})
			d.Trailer.kind = Dict
		}
	}
}

// repairer is what a scan of the file finds.
type repairer struct {
	d        *Document
	former   Object   // the trailer that the tables gave
	trailers []Object // in the order of the file
	streams  []int    // numbers of the streams of objects, in that order
	order    map[int]int

	every func(number, start, body int) bool // told of each header; false ends the scan
	ended bool
}

// scan finds the headers of objects and the trailers. It passes over the bytes
// of streams, where anything may look like a header.
func (r *repairer) scan() {
	d := r.d
	r.order = make(map[int]int)
	for pos := 0; pos < len(d.data) && !r.ended && !d.Exhausted(); {
		rest := d.data[pos:]
		i := bytes.Index(rest, []byte("obj"))
		t := bytes.Index(rest[:max(i, 0)], []byte("trailer"))
		if i < 0 {
			t = bytes.Index(rest, []byte("trailer"))
		}
		switch {
		case t >= 0:
			pos += t + len("trailer")
			l := lexer{data: d.data, pos: pos}
			if o, _ := l.object(0); o.kind == Dict {
				r.trailers = append(r.trailers, o)
				pos = max(pos, l.pos)
			}
		case i < 0:
			return
		default:
			pos = r.header(pos, pos+i)
		}
	}
}

// header looks at an "obj" and returns where to go on. No header begins before
// from.
func (r *repairer) header(from, at int) int {
	d := r.d
	next := at + len("obj")
	start, ok := headerBefore(d.data, from, at)
	if !ok {
		return next
	}
	number, body, ok := objectHeader(d.data, start)
	if !ok || number > maxNumber {
		return next
	}
	if r.every != nil {
		r.ended = !r.every(number, start, body)
	}
	offset := start - d.shift
	if start < d.shift {
		offset = start
	}
	d.table[number] = entry{kind: entryOffset, at: offset}
	r.order[number] = start
	l := lexer{data: d.data, pos: body}
	l.space()
	if !bytes.HasPrefix(d.data[l.pos:], []byte("<<")) {
		return next
	}
	dict, _ := l.object(0)
	d.work += l.pos - body
	l.space()
	if !l.keyword("stream") {
		return max(next, min(l.pos, len(d.data)))
	}
	switch {
	case dict.Get("Type").IsName("ObjStm"):
		r.streams = append(r.streams, number)
	case dict.Get("Type").IsName("XRef"):
		r.trailers = append(r.trailers, dict)
	}
	return d.afterStream(dict, l.pos)
}

// afterStream returns where the bytes of a stream end.
func (d *Document) afterStream(dict Object, at int) int {
	if n, ok := dict.Get("Length").Int(); ok && n >= 0 && n <= int64(len(d.data)-at) {
		for _, end := range [...]int{at + int(n) + 1, at + int(n) + 2} {
			if end <= len(d.data) && d.endsStream(end) {
				return end
			}
		}
	}
	if end := bytes.Index(d.data[at:], []byte("endstream")); end >= 0 {
		d.work += end
		return at + end + len("endstream")
	}
	d.work += len(d.data) - at
	return at
}

// headerBefore returns where the two numbers before an "obj" begin.
func headerBefore(data []byte, from, at int) (int, bool) {
	i := at
	back := func(is func(byte) bool) bool {
		end := i
		for i > from && is(data[i-1]) {
			i--
		}
		return i < end
	}
	blank := func(c byte) bool { return class[c] == classSpace }
	back(blank)
	if !back(isDigit) || !back(blank) {
		return 0, false
	}
	end := i
	if !back(isDigit) {
		return 0, false
	}
	return max(i, end-10), true
}

// members enters the objects of the streams of objects. An object that stands
// in the file after the stream is newer.
func (r *repairer) members() {
	d := r.d
	for _, number := range r.streams {
		if d.Exhausted() {
			return
		}
		s := d.openStream(d.Object(number))
		if s == nil {
			continue
		}
		at := r.order[number]
		for i, n := range s.numbers {
			if place, known := r.order[int(n)]; known && place > at {
				continue
			}
			r.order[int(n)] = at
			d.table[int(n)] = entry{kind: entryStream, at: number, index: i}
		}
	}
}

// choose returns the trailer to begin with: the last that names a catalogue.
func (r *repairer) choose() Object {
	for i := len(r.trailers) - 1; i >= 0; i-- {
		if r.trailers[i].Has("Root") {
			return r.trailers[i]
		}
	}
	if r.former.Has("Root") {
		return r.former
	}
	if len(r.trailers) > 0 {
		return r.trailers[len(r.trailers)-1]
	}
	return Object{kind: Dict}
}

// catalogue looks for a catalogue that no trailer names.
func (r *repairer) catalogue() (number int, found bool) {
	for _, n := range r.d.Numbers() {
		if r.d.Exhausted() {
			return 0, false
		}
		o := r.d.Object(n)
		if o.IsDict() && r.d.Get(o, "Type").IsName("Catalog") {
			number, found = n, true
		}
	}
	return number, found
}
