package pdfx

import (
	"bytes"
	"fmt"
	"slices"

	"paye/internal/pdfx/cos"
)

// comparison holds two documents against each other: everything that the
// catalogue of one leads to has to be in the other, with the same values at
// the same places, and streams that decode to the same bytes.
type comparison struct {
	a, b     *cos.Document
	replaced map[int]stream // of a: streams that differ on purpose
	seen     map[[2]int]bool
	pending  []pair
}

// pair is two objects that have to be the same.
type pair struct{ a, b cos.Object }

// same returns an error that says what differs.
func same(a, b *cos.Document, replaced map[int]stream) error {
	c := &comparison{a: a, b: b, replaced: replaced, seen: make(map[[2]int]bool)}
	for _, key := range [...]string{"Root", "Info"} {
		c.pending = append(c.pending, pair{a.Trailer.Get(key), b.Trailer.Get(key)})
	}
	for len(c.pending) > 0 {
		p := c.pending[len(c.pending)-1]
		c.pending = c.pending[:len(c.pending)-1]
		if err := c.pair(p); err != nil {
			return err
		}
		if a.Exhausted() || b.Exhausted() {
			return cos.ErrWork
		}
	}
	return nil
}

func (c *comparison) pair(p pair) error {
	x, y := p.a, p.b
	number := x.Number()
	if number != 0 && y.Number() != 0 {
		key := [2]int{number, y.Number()}
		if c.seen[key] {
			return nil
		}
		c.seen[key] = true
	}
	x, y = c.a.Resolve(x), c.b.Resolve(y)
	if fx, ok := x.Float(); ok {
		if fy, ok := y.Float(); ok && fx == fy {
			return nil // 1.0 is written 1
		}
	}
	if x.Kind() != y.Kind() {
		return fmt.Errorf("object %d is of another kind", number)
	}
	switch x.Kind() {
	case cos.Array:
		if x.Len() != y.Len() {
			return fmt.Errorf("an array of object %d is of another length", number)
		}
		for i, item := range x.Items() {
			c.pending = append(c.pending, pair{item, y.Items()[i]})
		}
		return nil
	case cos.Dict:
		return c.dict(x, y, number)
	case cos.Stream:
		return c.stream(x, y, number)
	}
	if !bytes.Equal(cos.Append(nil, x, nil), cos.Append(nil, y, nil)) {
		return fmt.Errorf("a value of object %d differs", number)
	}
	return nil
}

// coding are the keys that say how a stream is stored.
var coding = map[string]bool{"Length": true, "Filter": true, "DecodeParms": true, "F": true, "DP": true}

func (c *comparison) dict(x, y cos.Object, number int) error {
	for key, value := range x.Entries() {
		if x.Kind() == cos.Stream && coding[key] {
			continue
		}
		if key == "Contents" && c.missing(value) {
			return fmt.Errorf("what object %d shows is missing", number)
		}
		c.pending = append(c.pending, pair{value, y.Get(key)})
	}
	for key := range y.Entries() {
		if !x.Has(key) && y.Has(key) && !(x.Kind() == cos.Stream && coding[key]) {
			return fmt.Errorf("object %d has gained /%s", number, key)
		}
	}
	return nil
}

// missing reports contents that the original refers to and does not have: some
// readers show nothing then, others what it had before.
func (c *comparison) missing(contents cos.Object) bool {
	o := c.a.Resolve(contents)
	return o.IsNull() || o.Kind() == cos.Array && slices.ContainsFunc(o.Items(), func(part cos.Object) bool { return c.a.Resolve(part).IsNull() })
}

// stream compares what two streams decode to; pictures, as far as the filters
// that are left.
func (c *comparison) stream(x, y cos.Object, number int) error {
	if s, ok := c.replaced[number]; ok {
		if !bytes.Equal(s.data, y.Bytes()) {
			return fmt.Errorf("the picture of object %d is not the one that was made", number)
		}
		return nil
	}
	if err := c.dict(x, y, number); err != nil {
		return err
	}
	fx, fy := c.a.Filters(x), c.b.Filters(y)
	if !bytes.Equal(x.Bytes(), y.Bytes()) || len(fx) != len(fy) {
		var dx, dy []byte
		var err, other error
		dx, fx, err = c.a.Decode(x, MaxSize)
		dy, fy, other = c.b.Decode(y, MaxSize)
		if err != nil || other != nil {
			return fmt.Errorf("the stream of object %d cannot be compared", number)
		}
		if !bytes.Equal(dx, dy) || len(fx) != len(fy) {
			return fmt.Errorf("the stream of object %d differs", number)
		}
	}
	for i := range fx {
		if fx[i].Name != fy[i].Name {
			return fmt.Errorf("the stream of object %d has other filters", number)
		}
		c.pending = append(c.pending, pair{fx[i].Parms, fy[i].Parms})
	}
	return nil
}
