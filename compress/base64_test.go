package compress

import (
	"bytes"
	"encoding/base64"
	"io"
	"testing"
)

func TestBase64IsThatOfTheStandardAndOfTheSizeAnnounced(t *testing.T) {
	r := seeded(20)
	sizes := []int{0, 1, 2, 3, 4, 49151, 49152, 49153, 98304}
	for range 60 {
		sizes = append(sizes, r.IntN(300_000))
	}
	for _, n := range sizes {
		raw := noise(r, n)
		var out bytes.Buffer
		w := NewBase64Writer(&out)
		for rest := raw; len(rest) > 0; {
			k := min(len(rest), 1+r.IntN(1<<r.IntN(18)))
			if got, err := w.Write(rest[:k]); got != k || err != nil {
				t.Fatalf("Write: %d, %v", got, err)
			}
			rest = rest[k:]
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got, want := out.String(), base64.StdEncoding.EncodeToString(raw); got != want {
			t.Errorf("%d bytes: %d characters differ from the standard's %d", n, len(got), len(want))
		}
		if got := Base64Size(int64(n)); got != int64(out.Len()) {
			t.Errorf("%d bytes: Base64Size %d, written %d", n, got, out.Len())
		}
	}
}

func BenchmarkBase64Writer(b *testing.B) {
	raw := noise(seeded(21), 1<<20)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		w := NewBase64Writer(io.Discard)
		for p := raw; len(p) > 0; p = p[min(len(p), 65540):] {
			w.Write(p[:min(len(p), 65540)])
		}
		w.Close()
	}
}
