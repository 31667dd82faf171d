package xhl

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// FuzzReader reads anything: the parts that the Cutter gives, put end to end,
// are the journal, and neither it nor the Decoder panics.
func FuzzReader(f *testing.F) {
	f.Add([]byte(tiny))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 {
			return
		}
		if rd, err := NewReader(bytes.NewReader(src), Options{}); err == nil {
			for b, err := range rd.Bulletins() {
				if err != nil {
					break
				}
				_ = b.Clone()
			}
			if rd.Queue() != nil {
				_, _ = rd.Nomenclatures()
				_, _ = rd.RepartitionParNature()
			}
		}
		o := Options{Segment: 64}
		c, err := NewCutter(bytes.NewReader(src), o)
		if err != nil {
			return
		}
		out := bytes.Clone(c.Prologue())
		var seg Segment
		for {
			err = c.Next(&seg)
			for _, p := range seg.Parts {
				out = append(out, seg.Raw[p.Start:p.End]...)
			}
			if err != nil {
				break
			}
		}
		if !errors.Is(err, io.EOF) {
			if c.Encoding().Scanned() && !bytes.HasPrefix(src, out) {
				t.Fatalf("what was cut before the fault is not the start of the journal")
			}
			return
		}
		q, err := c.Queue()
		if err != nil {
			return
		}
		out = append(append(append(out, q.Nomenclatures...), q.RepartitionParNature...), q.Fin...)
		if native, err := c.Encoding().Native(nil, out); err == nil && !bytes.Equal(native, src) && !(bytes.HasPrefix(src, native) && src[len(native)] == 0) { // a null byte ends it
			t.Fatalf("the parts are not the journal:\n%q\n%q", native, src)
		}
	})
}
