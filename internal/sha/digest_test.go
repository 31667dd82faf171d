package sha

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"testing"
)

// standard does the rounds by the standard library, whose state can be written
// and read: a word of four bytes, then the eight of the state, then what is held.
func standard(t testing.TB) func(*[8]uint32, []byte) {
	h := sha256.New()
	layout, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return func(state *[8]uint32, blocks []byte) {
		if len(blocks) == 0 || len(blocks)%sha256.BlockSize != 0 {
			t.Fatalf("%d bytes are no whole blocks", len(blocks))
		}
		for i, word := range state {
			binary.BigEndian.PutUint32(layout[4+4*i:], word)
		}
		if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(layout); err != nil {
			t.Fatal(err)
		}
		h.Write(blocks)
		after, err := h.(encoding.BinaryMarshaler).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		for i := range state {
			state[i] = binary.BigEndian.Uint32(after[4+4*i:])
		}
	}
}

func FuzzDigestIsTheStandardOne(f *testing.F) {
	for _, n := range []int{0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 1000} {
		f.Add(bytes.Repeat([]byte("xhl"), n)[:n], uint8(n/3))
	}
	f.Fuzz(func(t *testing.T, b []byte, part uint8) {
		d := newDigest(standard(t))
		for rest := b; ; {
			k := min(int(part)+1, len(rest))
			d.Write(rest[:k])
			if rest = rest[k:]; len(rest) == 0 {
				break
			}
		}
		want := sha256.Sum256(b)
		for range 2 { // a sum changes nothing
			if got := d.Sum([]byte("x")); !bytes.Equal(got[1:], want[:]) || got[0] != 'x' {
				t.Fatalf("%d bytes by %d: %x, want %x", len(b), part, got[1:], want)
			}
		}
		if d.Reset(); !bytes.Equal(d.Sum(nil), newDigest(standard(t)).Sum(nil)) {
			t.Fatal("a digest that was reset remembers")
		}
	})
}
