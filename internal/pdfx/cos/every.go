package cos

// Every gives every object that some viewer may come upon: those of the
// cross-reference sections, and those that only a scan of the file finds,
// because an update replaced them or nothing refers to them; those of the
// streams of objects as well, found either way. An object may be given twice.
// It ends when visit returns false. The error says that the document asks for
// too much work, so that some objects were not seen.
func (d *Document) Every(visit func(number int, o Object) bool) error {
	seen := make(map[int]bool) // offsets of the objects that were given
	for _, n := range d.Numbers() {
		e := d.find(n)
		if e.kind == entryOffset {
			seen[e.at] = true
		}
		o := d.Object(n)
		if !visit(n, o) {
			return nil
		}
		more := !d.Get(o, "Type").IsName("ObjStm") || d.everyMember(o, visit)
		if d.Exhausted() {
			return ErrWork
		}
		if !more {
			return nil
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
		return !d.Get(o, "Type").IsName("ObjStm") || d.everyMember(o, visit)
	}}
	r.scan()
	if hidden.Exhausted() || d.Exhausted() {
		return ErrWork
	}
	return nil
}

// everyMember gives the objects of a stream of objects.
func (d *Document) everyMember(o Object, visit func(int, Object) bool) bool {
	s := d.openStream(o)
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
