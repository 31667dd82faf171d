package cos

// Every gives every object that some viewer may come upon: those of the
// cross-reference sections, and those that only a scan of the file finds,
// because an update replaced them or nothing refers to them; those of the
// streams of objects as well, found either way. An object may be given twice.
// It ends when visit returns false. The error says that the document asks for
// too much work, so that some objects were not seen.
func (d *Document) Every(visit func(number int, o Object) bool) error {
	seen := make(map[int]bool)    // offsets of the objects that were given
	streams := make(map[int]bool) // numbers of the streams of objects whose members were
	var inside []int              // numbers of what is in streams
	give := func(n int) (more bool, err error) {
		o := d.Object(n)
		more = visit(n, o)
		if more && d.Get(o, "Type").IsName("ObjStm") {
			s := d.objectStream(n)
			streams[n] = s != nil
			more = d.everyMember(s, visit)
		}
		if d.Exhausted() {
			return false, ErrWork
		}
		return more, nil
	}
	for _, n := range d.Numbers() {
		e := d.find(n)
		switch e.kind {
		case entryStream:
			inside = append(inside, n)
			continue
		case entryOffset:
			seen[e.at] = true
		}
		if more, err := give(n); !more {
			return err
		}
	}
	for _, n := range inside {
		if e := d.find(n); e.kind == entryStream && streams[e.at] {
			continue
		}
		if more, err := give(n); !more {
			return err
		}
	}
	hidden := Document{data: d.data, shift: d.shift, crypt: d.crypt, Repaired: true, table: make(map[int]entry)}
	r := repairer{d: &hidden, every: func(number, start, body int) bool {
		at := start - d.shift
		if seen[at] || seen[start] {
			return true
		}
		o := d.indirect(number, body)
		if !visit(number, o) {
			return false
		}
		return !d.Get(o, "Type").IsName("ObjStm") || d.everyMember(d.openStream(o), visit)
	}}
	r.scan()
	if hidden.Exhausted() || d.Exhausted() {
		return ErrWork
	}
	return nil
}

// everyMember gives the objects of a stream of objects; nil has none.
func (d *Document) everyMember(s *objectStream, visit func(int, Object) bool) bool {
	if s == nil {
		return true
	}
	for i, n := range s.numbers {
		if !visit(int(n), d.member(s, i)) || d.Exhausted() {
			return false
		}
	}
	return true
}
