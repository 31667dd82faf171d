package cos

import (
	"bytes"
	"compress/flate"
	"io"
)

// inflater inflates a stream as far as it is wanted.
type inflater struct {
	r      io.Reader
	memory int // bytes that it holds beyond those of the standard library
	likely int // bytes for which room is made at once
	done   bool
}

// flated returns what is deflated in a stream that can be inflated in part;
// false for one with other filters than Flate, with a predictor, or encrypted.
func (d *Document) flated(o Object) ([]byte, bool) {
	filters := d.Filters(o)
	if d.crypt != nil || len(filters) != 1 || filters[0].Name != "FlateDecode" {
		return nil, false
	}
	if n, _ := d.Get(filters[0].Parms, "Predictor").Int(); n > 1 {
		return nil, false
	}
	data := o.raw
	if len(data) < 2 || data[0]&0x0F != 8 || (int(data[0])<<8|int(data[1]))%31 != 0 {
		return nil, false
	}
	return data[2:], true
}

// long is how many bytes of a stream make the fast reader worth its memory:
// hundreds of short ones may be open at once, of which the beginning is wanted.
const long = 64 << 10

func newInflater(data []byte) *inflater {
	if len(data) < long {
		return &inflater{r: flate.NewReader(bytes.NewReader(data))}
	}
	m := newMemory()
	m.begin(data)
	return &inflater{r: m, memory: memorySize, likely: min(4*len(data), far)}
}

// step is how much is inflated at least, in bytes.
const step = 4 << 10

// read appends to data until it has end bytes, or there are no more.
func (z *inflater) read(data []byte, end int) []byte {
	for len(data) < end && !z.done {
		if cap(data)-len(data) < step {
			grown := make([]byte, len(data), max(2*cap(data), len(data)+min(end-len(data), z.likely))+step)
			copy(grown, data)
			data = grown
		}
		n, err := z.r.Read(data[len(data):min(cap(data), max(end, len(data)+step))])
		data = data[:len(data)+n]
		z.done = err != nil || len(data) >= maxOneStream
	}
	return data
}

// skip passes over n bytes, or as many as there are, and returns how many.
func (z *inflater) skip(n int) int {
	passed, err := io.CopyN(io.Discard, z.r, int64(n))
	z.done = z.done || err != nil
	return int(passed)
}
