package schema

// Leaf is a text that is always there.
func Leaf[P any](name string, l Lexical, at func(*P) *string) *Element {
	return &Element{Name: name, Min: 1, Value: &l, Open: OpenTag(name), Text: func(p any) *string { return at(p.(*P)) }}
}

// Leaf0 is a leaf that may be absent and whose type refuses the empty text, so
// that the empty text means absent.
func Leaf0[P any](name string, l Lexical, at func(*P) *string) *Element {
	e := Leaf(name, l, at)
	e.Min = 0
	return e
}

// LeafOpt is a text that may be absent.
func LeafOpt[P any](name string, l Lexical, at func(*P) Optional) *Element {
	return &Element{Name: name, Value: &l, Open: OpenTag(name), Opt: func(p any) Optional { return at(p.(*P)) }}
}

// Leaves is a text that comes once or more: push makes a new one, item gives
// the i-th, nil when there is none.
func Leaves[P any](name string, l Lexical, push func(*P) *string, item func(*P, int) *string) *Element {
	return &Element{Name: name, Min: 1, Many: true, Value: &l, Open: OpenTag(name),
		Push: func(p any) *string { return push(p.(*P)) },
		Item: func(p any, i int) *string { return item(p.(*P), i) },
	}
}

// One is a container that comes once.
func One[P, C any](name string, at func(*P) *C, children ...*Element) *Element {
	return &Element{Name: name, Min: 1, Children: children, hasChoice: anyChoice(children),
		Add: func(p any) any { return at(p.(*P)) },
		At: func(p any, cursor int) (any, int) {
			if cursor > 0 {
				return nil, cursor
			}
			return at(p.(*P)), 1
		},
	}
}

// Maybe is a container that may be absent.
func Maybe[P, C any](name string, at func(*P) **C, children ...*Element) *Element {
	return &Element{Name: name, Children: children, hasChoice: anyChoice(children),
		Add: func(p any) any {
			c := at(p.(*P))
			*c = new(C)
			return *c
		},
		At: func(p any, cursor int) (any, int) {
			if c := *at(p.(*P)); c != nil && cursor == 0 {
				return c, 1
			}
			return nil, cursor
		},
	}
}

// Many is a container that comes min times or more.
func Many[P, C any](name string, min int, at func(*P) *[]C, children ...*Element) *Element {
	return &Element{Name: name, Min: min, Many: true, Children: children, hasChoice: anyChoice(children),
		Add: func(p any) any { return Grow(at(p.(*P))) },
		At: func(p any, cursor int) (any, int) {
			if list := *at(p.(*P)); cursor < len(list) {
				return &list[cursor], cursor + 1
			}
			return nil, cursor
		},
	}
}

// Grow lengthens a list by one zero value and returns it.
func Grow[T any](list *[]T) *T {
	var zero T
	*list = append(*list, zero)
	return &(*list)[len(*list)-1]
}

// Only14 marks an element that schema 1.2b lacks.
func Only14(e *Element) *Element {
	e.Only14 = true
	return e
}

// Choice puts an element into branch n, 1 or 2, of the choice of its parent.
func Choice(n int, e *Element) *Element {
	e.Choice = n
	return e
}
