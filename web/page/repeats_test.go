package page

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// restored is the plain twin of what the page does (assets/program.js).
func restored(t *testing.T, packed []byte) []byte {
	t.Helper()
	number := func() int {
		n, size := binary.Uvarint(packed)
		if size <= 0 {
			t.Fatal("a number is cut short")
		}
		packed = packed[size:]
		return int(n)
	}
	size := number()
	length := number()
	fresh := packed[length:]
	packed = packed[:length]
	var out []byte
	for len(packed) > 0 {
		n, again, back := number(), number(), number()
		out, fresh = append(out, fresh[:n]...), fresh[n:]
		at := len(out) - back
		out = append(out, out[at:at+again]...)
	}
	if len(out) != size || len(fresh) != 0 {
		t.Fatalf("%d bytes of %d, %d left over", len(out), size, len(fresh))
	}
	return out
}

func TestRepeatsArePutTogetherAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	far := bytes.Clone(noise)
	for range 200 { // copies of any length, with a byte changed here and there
		at, n := random.IntN(len(noise)-2000), random.IntN(2000)
		far = append(far, noise[at:at+n]...)
		far[random.IntN(len(far))]++
	}
	for name, c := range map[string]struct {
		b    []byte
		most int
	}{
		"nothing":  {nil, 10},
		"short":    {[]byte("short"), 20},
		"zeros":    {make([]byte, 200_000), 200_020},
		"noise":    {noise, len(noise) + 20},
		"repeated": {far, len(noise) + 10_000},
	} {
		packed := withoutRepeats(c.b)
		if got := restored(t, packed); !bytes.Equal(got, c.b) {
			t.Errorf("%s: %d bytes came back otherwise than %d", name, len(got), len(c.b))
		}
		if len(packed) > c.most {
			t.Errorf("%s: %d bytes of %d, want at most %d", name, len(packed), len(c.b), c.most)
		}
	}
}
