package pdfx

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"paye/internal/pdfx/cos"
)

// twin is a document that is written again: every object that the catalogue
// leads to, equal ones once, without those that nothing refers to, in streams
// of objects. Values are written as they were read: nothing is interpreted.
type twin struct {
	doc      *cos.Document
	replaced map[int]stream // streams that something else stands for, by number
	order    []int          // numbers, as they were come upon
	objects  map[int]cos.Object
	streams  map[int]stream
	same     map[int]int // number -> the one that stands for it
	number   map[int]int // in the twin
}

// stream is the bytes of a stream as they are to be written, with its
// dictionary.
type stream struct {
	dict cos.Object
	data []byte
}

// maxObjects bounds the objects of a document that is rewritten.
const maxObjects = 500_000

// newTwin reads the objects of a document. False when it has too many.
func newTwin(doc *cos.Document, replaced map[int]stream) (*twin, bool) {
	t := &twin{doc: doc, replaced: replaced, objects: make(map[int]cos.Object), streams: make(map[int]stream), same: make(map[int]int), number: make(map[int]int)}
	for _, key := range [...]string{"Root", "Info"} {
		if !t.gather(doc.Trailer.Get(key)) {
			return nil, false
		}
	}
	return t, true
}

// gather reads what an object leads to, the nearest first.
func (t *twin) gather(o cos.Object) bool {
	pending := refs(nil, o)
	for len(pending) > 0 {
		n := pending[0]
		pending = pending[1:]
		if _, known := t.objects[n]; known {
			continue
		}
		o := t.doc.Object(n)
		if o.IsNull() {
			continue // a reference to nothing is null
		}
		if len(t.order) >= maxObjects {
			return false
		}
		t.order = append(t.order, n)
		if o.Kind() == cos.Stream {
			s, ok := t.replaced[n]
			if !ok {
				s = t.pressed(o)
			}
			t.streams[n], o = s, s.dict
		}
		t.objects[n] = o
		pending = refs(pending, o)
	}
	return true
}

// refs appends the numbers that an object refers to.
func refs(list []int, o cos.Object) []int {
	switch o.Kind() {
	case cos.Ref:
		return append(list, o.Number())
	case cos.Array:
		for _, item := range o.Items() {
			list = refs(list, item)
		}
	case cos.Dict, cos.Stream:
		for _, value := range o.Entries() {
			list = refs(list, value)
		}
	}
	return list
}

// minPressed is the size from which a stream without a filter is compressed.
const minPressed = 64

// pressed returns a stream with its Flate layer compressed better, or one when
// it has no filter. What it decodes to stays the same.
func (t *twin) pressed(o cos.Object) stream {
	s := stream{o.Dict(), o.Bytes()}
	s.dict = s.dict.With("Length", cos.IntOf(len(s.data)))
	if t.doc.Get(o, "Type").IsName("Metadata") || o.Has("F") {
		return s
	}
	filters := t.doc.Filters(o)
	switch {
	case len(filters) == 0 && len(s.data) >= minPressed:
		if z := deflated(s.data); len(z) < len(s.data)-len("/Filter/FlateDecode") {
			s.data = z
			s.dict = s.dict.Without("DecodeParms", "DP").With("Filter", cos.NameOf("FlateDecode")).With("Length", cos.IntOf(len(z)))
		}
	case len(filters) > 0 && filters[0].Name == "FlateDecode":
		raw, ok := cos.Inflate(o.Bytes(), MaxSize)
		if !ok {
			return s
		}
		if z := deflated(raw); len(z) < len(s.data) {
			s.data, s.dict = z, s.dict.With("Length", cos.IntOf(len(z)))
		}
	}
	return s
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err == nil {
		w.Write(data) // a buffer takes everything
		w.Close()
	}
	return b.Bytes()
}

// merge lets one object stand for those that are written the same, as often as
// that makes others the same. Only what has no identity is merged: a page, an
// annotation, a field or a layer stays itself.
func (t *twin) merge() {
	const rounds = 6
	for range rounds {
		first := make(map[[32]byte]int)
		merged := false
		for _, n := range t.order {
			if t.same[n] != 0 || !t.plain(n) {
				continue
			}
			h := sha256.New()
			h.Write(cos.Append(nil, t.objects[n], t.standing))
			if s, ok := t.streams[n]; ok {
				h.Write([]byte("stream"))
				h.Write(s.data)
			}
			sum := [32]byte(h.Sum(nil))
			if other, known := first[sum]; known {
				t.same[n], merged = other, true
				continue
			}
			first[sum] = n
		}
		if !merged {
			return
		}
	}
}

// standing returns the number that stands for a number.
func (t *twin) standing(n int) int {
	if _, known := t.objects[n]; !known {
		return 0
	}
	for t.same[n] != 0 {
		n = t.same[n]
	}
	return n
}

// values are the types of dictionaries that are what they hold.
var values = map[string]bool{"Font": true, "FontDescriptor": true, "Encoding": true, "ExtGState": true, "CIDFont": true, "XObject": true, "Pattern": true}

// plain reports whether an object is nothing but its value.
func (t *twin) plain(n int) bool {
	o := t.objects[n]
	_, isStream := t.streams[n]
	switch {
	case isStream:
		return !o.Has("StructParent") && !o.Has("StructParents")
	case o.Kind() == cos.Dict:
		return values[t.doc.Get(o, "Type").Name()]
	case o.Kind() == cos.Array:
		return true
	}
	return false
}

// inStream is how many objects a stream of objects holds.
const inStream = 200

// bytes writes the twin. The same document gives the same bytes.
func (t *twin) bytes() []byte {
	t.merge()
	var plain, streams []int
	for _, n := range t.order {
		switch _, isStream := t.streams[n]; {
		case t.same[n] != 0:
		case isStream:
			streams = append(streams, n)
		default:
			plain = append(plain, n)
		}
	}
	for i, n := range slices.Concat(streams, plain) {
		t.number[n] = i + 1
	}
	w := newFileWriter(max(versionOf(t.doc), "1.5"))
	for _, n := range streams {
		s := t.streams[n]
		w.stream(t.number[n], cos.Append(nil, s.dict, t.renamed), s.data)
	}
	next := len(streams) + len(plain) + 1
	for group := range slices.Chunk(plain, inStream) {
		w.objects(next, group, t)
		next++
	}
	return w.end(next, t)
}

// renamed returns the number of an object in the twin; 0 for what is not there.
func (t *twin) renamed(n int) int { return t.number[t.standing(n)] }

// fileWriter writes a file whose objects are in streams.
type fileWriter struct {
	b    bytes.Buffer
	rows map[int]row
}

// row is an entry of the cross-reference stream.
type row struct{ kind, at, index int }

func newFileWriter(version string) *fileWriter {
	w := &fileWriter{rows: make(map[int]row)}
	fmt.Fprintf(&w.b, "%%PDF-%s\n%%\xE2\xE3\xCF\xD3\n", version)
	return w
}

func (w *fileWriter) stream(number int, dict, data []byte) {
	w.rows[number] = row{1, w.b.Len(), 0}
	fmt.Fprintf(&w.b, "%d 0 obj\n%s\nstream\n", number, dict)
	w.b.Write(data)
	w.b.WriteString("\nendstream\nendobj\n")
}

// objects writes a stream of objects.
func (w *fileWriter) objects(number int, group []int, t *twin) {
	var head, body []byte
	for i, n := range group {
		head = fmt.Appendf(head, "%d %d ", t.number[n], len(body))
		body = append(cos.Append(body, t.objects[n], t.renamed), '\n')
		w.rows[t.number[n]] = row{2, number, i}
	}
	z := deflated(append(head, body...))
	w.stream(number, fmt.Appendf(nil, "<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>", len(group), len(head), len(z)), z)
}

// end writes the cross-reference stream, under a number. The first identifier
// of the document is kept, the second is made from what was written.
func (w *fileWriter) end(number int, t *twin) []byte {
	sum := sha256.Sum256(w.b.Bytes())
	id := t.doc.Get(t.doc.Trailer, "ID").Items()
	first := sum[:16]
	if len(id) > 0 && len(t.doc.Resolve(id[0]).Bytes()) > 0 {
		first = t.doc.Resolve(id[0]).Bytes()
	}
	start := w.b.Len()
	w.rows[number] = row{1, start, 0}
	rows := []byte{0, 0, 0, 0, 0, 0xFF, 0xFF}
	for n := 1; n <= number; n++ {
		r := w.rows[n]
		rows = append(rows, byte(r.kind))
		rows = binary.BigEndian.AppendUint32(rows, uint32(r.at))
		rows = binary.BigEndian.AppendUint16(rows, uint16(r.index))
	}
	z := deflated(rows)
	dict := cos.DictOf("Type", cos.NameOf("XRef"), "Size", cos.IntOf(number+1), "W", cos.ArrayOf(cos.IntOf(1), cos.IntOf(4), cos.IntOf(2)),
		"ID", cos.ArrayOf(cos.StringOf(first), cos.StringOf(sum[:16])), "Filter", cos.NameOf("FlateDecode"), "Length", cos.IntOf(len(z)))
	for _, key := range [...]string{"Root", "Info"} {
		if v := t.doc.Trailer.Get(key); t.renamed(v.Number()) != 0 {
			dict = dict.With(key, v)
		}
	}
	w.stream(number, cos.Append(nil, dict, t.renamed), z)
	fmt.Fprintf(&w.b, "startxref\n%d\n%%%%EOF\n", start)
	return w.b.Bytes()
}
