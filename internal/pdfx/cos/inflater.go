package cos

import (
	"bytes"
	"compress/flate"
	"io"
)

// inflater inflates a stream as far as it is wanted.
type inflater struct {
	r    io.Reader
	done bool
}

// inflater returns nil for a stream that has to be decoded whole: one with
// other filters than Flate, with a predictor, or encrypted.
func (d *Document) inflater(o Object) *inflater {
	filters := d.Filters(o)
	if d.crypt != nil || len(filters) != 1 || filters[0].Name != "FlateDecode" {
		return nil
	}
	if n, _ := d.Get(filters[0].Parms, "Predictor").Int(); n > 1 {
		return nil
	}
	data := o.raw
	if len(data) < 2 || data[0]&0x0F != 8 || (int(data[0])<<8|int(data[1]))%31 != 0 {
		return nil
	}
	return &inflater{r: flate.NewReader(bytes.NewReader(data[2:]))}
}

// step is how much is inflated at least, in bytes.
const step = 4 << 10

// read appends to data until it has end bytes, or there are no more.
func (z *inflater) read(data []byte, end int) []byte {
	for len(data) < end && !z.done {
		if cap(data)-len(data) < step {
			grown := make([]byte, len(data), 2*cap(data)+step)
			copy(grown, data)
			data = grown
		}
		n, err := z.r.Read(data[len(data):min(cap(data), max(end, len(data)+step))])
		data = data[:len(data)+n]
		z.done = err != nil || len(data) >= maxOneStream
	}
	return data
}
