package cos

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"sync"

	"paye/internal/inflate"
)

// Filter is a coding of a stream that is left to decode.
type Filter struct {
	Name  string // the long form, "DCTDecode"
	Parms Object // its DecodeParms, resolved
}

// ErrFilter is for data that a filter cannot decode.
var ErrFilter = errors.New("a stream cannot be decoded")

// maxFilters bounds the filters of a stream.
const maxFilters = 16

// abbreviations are the short names that inline pictures use, and some streams.
var abbreviations = map[string]string{"AHx": "ASCIIHexDecode", "A85": "ASCII85Decode", "LZW": "LZWDecode", "Fl": "FlateDecode",
	"RL": "RunLengthDecode", "CCF": "CCITTFaxDecode", "DCT": "DCTDecode"}

// Filters returns the filters of a stream, the one to undo first being first.
func (d *Document) Filters(o Object) []Filter {
	names := d.Resolve(firstOf(o, "Filter", "F"))
	parms := d.Resolve(firstOf(o, "DecodeParms", "DP"))
	if names.kind == Name {
		p := parms
		if items := parms.Items(); len(items) > 0 {
			p = d.Resolve(items[0])
		}
		return []Filter{{longName(names.Name()), p}}
	}
	var list []Filter
	for i, item := range names.Items() {
		if i >= maxFilters {
			break
		}
		f := Filter{Name: longName(d.Resolve(item).Name())}
		switch items := parms.Items(); {
		case i < len(items):
			f.Parms = d.Resolve(items[i])
		case parms.kind == Dict && len(names.Items()) == 1:
			f.Parms = parms
		}
		list = append(list, f)
	}
	return list
}

func firstOf(o Object, key, short string) Object {
	if v := o.Get(key); !v.IsNull() {
		return v
	}
	if v := o.Get(short); v.kind == Name || v.kind == Array || v.kind == Dict {
		return v // F is also the file of a stream outside of the document
	}
	return Object{}
}

func longName(s string) string {
	if long, ok := abbreviations[s]; ok {
		return long
	}
	return s
}

// Decode undoes the filters of a stream until one that codes pictures, and
// returns the others. It gives limit bytes at most. What could be decoded of
// damaged data is returned with ErrFilter.
func (d *Document) Decode(o Object, limit int) ([]byte, []Filter, error) {
	if o.kind != Stream {
		return nil, nil, ErrFilter
	}
	filters := d.Filters(o)
	data, err := d.decrypted(o, filters)
	if err != nil {
		return nil, filters, err
	}
	for len(filters) > 0 {
		f := filters[0]
		decode, known := decoders[f.Name]
		if !known {
			return data, filters, nil
		}
		if d.inflated > maxInflated {
			return nil, filters, ErrWork
		}
		filters = filters[1:]
		var failed error
		data, failed = decode(data, d, f.Parms, limit)
		d.inflated += len(data)
		if failed != nil && err == nil {
			err = failed
		}
	}
	return data, nil, err
}

// inflate decodes a stream that has to be decoded whole.
func (d *Document) inflate(o Object, limit int) ([]byte, error) {
	data, left, err := d.Decode(o, limit)
	if err == nil && len(left) > 0 {
		return nil, ErrFilter
	}
	return data, err
}

type decoder func(data []byte, d *Document, parms Object, limit int) ([]byte, error)

// decoders are the filters that are undone here.
var decoders map[string]decoder

func init() {
	decoders = map[string]decoder{
		"FlateDecode":     predicted(inflateFlate),
		"LZWDecode":       predicted(inflateLZW),
		"ASCIIHexDecode":  decodeHex,
		"ASCII85Decode":   decode85,
		"RunLengthDecode": decodeRuns,
		"Crypt":           func(data []byte, _ *Document, _ Object, _ int) ([]byte, error) { return data, nil },
	}
}

// memory inflates what is in memory.
type memory struct {
	data bytes.Reader
	src  *bufio.Reader
	inflate.Reader
}

// memorySize is what one of them holds, in bytes.
const memorySize = 192 << 10

func newMemory() *memory {
	m := new(memory)
	m.src = bufio.NewReaderSize(&m.data, 16<<10)
	return m
}

func (m *memory) begin(data []byte) {
	m.data.Reset(data)
	m.src.Reset(&m.data)
	m.Reset(m.src)
}

var inflaters = sync.Pool{New: func() any { return newMemory() }}

// inflateFlate undoes Flate. Neither the header of zlib nor its checksum is
// believed: viewers show what they can inflate.
func inflateFlate(data []byte, _ *Document, _ Object, limit int) ([]byte, error) {
	for len(data) > 0 && class[data[0]] == classSpace && (len(data) < 2 || data[0]&0x0F != 8) {
		data = data[1:]
	}
	if len(data) >= 2 && data[0]&0x0F == 8 && (int(data[0])<<8|int(data[1]))%31 == 0 {
		data = data[2:]
	} else if len(data) > 2 {
		if out, err := rawInflate(data[2:], limit); len(out) > 0 {
			return out, err
		}
	}
	return rawInflate(data, limit)
}

func rawInflate(data []byte, limit int) ([]byte, error) {
	r := inflaters.Get().(*memory)
	defer inflaters.Put(r)
	r.begin(data)
	defer r.data.Reset(nil)
	out := make([]byte, 0, min(limit, 4*len(data)+512))
	for {
		if len(out) == cap(out) {
			out = append(out, 0)[:len(out)]
		}
		n, err := r.Read(out[len(out):min(cap(out), limit+1)])
		out = out[:len(out)+n]
		switch {
		case len(out) > limit:
			return out[:limit], ErrWork
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return out, ErrFilter
		}
	}
}

// Inflate undoes Flate; false when the data is damaged, or inflates to more
// than limit bytes.
func Inflate(data []byte, limit int) ([]byte, bool) {
	out, err := inflateFlate(data, nil, Object{}, limit)
	return out, err == nil
}
