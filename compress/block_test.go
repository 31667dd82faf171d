package compress

import (
	"bytes"
	stdflate "compress/flate"
	"hash/crc32"
	"io"
	"testing"
)

func inflated(t *testing.T, deflated []byte) []byte {
	t.Helper()
	r := bytes.NewReader(deflated)
	got, err := io.ReadAll(stdflate.NewReader(r))
	if err != nil {
		t.Fatalf("inflate: %v", err)
	}
	if r.Len() > 0 {
		t.Errorf("%d bytes after the deflate stream", r.Len())
	}
	return got
}

func TestBlocksInAnyOrderMakeADeflateStream(t *testing.T) {
	r := seeded(1)
	for _, n := range []Niveau{Rapide, Normal, Dense} {
		e := NewEncoder(n)
		a, b, c := bulletins(r, 300_000), noise(r, 70_000), []byte("x")
		var blocks []Block
		var bytesOf [][]byte
		for _, raw := range [][]byte{a, b, c, nil} {
			out, block := e.AppendBlock(nil, raw)
			if block.Size != int64(len(out)) || block.Raw != int64(len(raw)) || block.CRC != crc32.ChecksumIEEE(raw) {
				t.Errorf("%v: block %+v of %d bytes deflated to %d", n, block, len(raw), len(out))
			}
			blocks, bytesOf = append(blocks, block), append(bytesOf, out)
		}
		stream := bytes.Join([][]byte{bytesOf[2], bytesOf[0], bytesOf[3], bytesOf[1], bytesOf[0], []byte(End)}, nil)
		want := bytes.Join([][]byte{c, a, b, a}, nil)
		if got := inflated(t, stream); !bytes.Equal(got, want) {
			t.Errorf("%v: %d bytes inflated, want the %d of c, a, b, a", n, len(got), len(want))
		}
		z := NewBlockReader(bytes.NewReader(bytesOf[2]), bytes.NewReader(bytesOf[0]), bytes.NewReader(bytesOf[1]))
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, want[:len(want)-len(a)]) {
			t.Errorf("%v: a BlockReader gives %d bytes, %v, want the %d of c, a, b", n, len(got), err, len(want)-len(a))
		}
		z.Release()
		if got := DeflateSize(blocks[2], blocks[0], blocks[3], blocks[1], blocks[0]); got != int64(len(stream)) {
			t.Errorf("%v: DeflateSize %d, stream of %d", n, got, len(stream))
		}
		e.Release()
	}
}

func TestEndAloneIsAnEmptyStream(t *testing.T) {
	if got := inflated(t, []byte(End)); len(got) != 0 {
		t.Errorf("inflated to %q", got)
	}
}

func TestBlockBytesDoNotDependOnTheEncoderOrItsPast(t *testing.T) {
	r := seeded(2)
	book := bulletins(r, 1<<20)
	for _, n := range []Niveau{Rapide, Normal, Dense} {
		used, past := NewEncoder(n), 0
		for i := range 25 {
			from := r.IntN(len(book) - 1)
			raw := book[from:min(len(book), from+1+r.IntN(100_000))]
			fresh := newEncoder(n)
			want, wantBlock := fresh.AppendBlock(nil, raw)
			got, gotBlock := used.AppendBlock([]byte("before"), raw)
			if !bytes.Equal(got[len("before"):], want) || gotBlock != wantBlock {
				t.Fatalf("%v: piece %d after %d bytes differs from that of a fresh encoder: %+v, want %+v", n, i, past, gotBlock, wantBlock)
			}
			past += len(raw)
		}
		used.Release()
	}
}

func TestAppendBlockDoesNotAllocate(t *testing.T) {
	raw := bulletins(seeded(3), BlockRaw)
	e := NewEncoder(Normal)
	defer e.Release()
	dst, _ := e.AppendBlock(nil, raw)
	if got := testing.AllocsPerRun(3, func() { dst, _ = e.AppendBlock(dst[:0], raw) }); got != 0 {
		t.Errorf("%v allocations a block, want 0", got)
	}
}

func TestJoinIsTheBlockOfTheConcatenation(t *testing.T) {
	r := seeded(4)
	for range 200 {
		var all []byte
		var parts []Block
		for range r.IntN(6) {
			p := noise(r, r.IntN(1<<r.IntN(16)))
			all = append(all, p...)
			parts = append(parts, Block{int64(len(p)), int64(r.IntN(1000)), crc32.ChecksumIEEE(p)})
		}
		var size int64
		for _, p := range parts {
			size += p.Size
		}
		want := Block{int64(len(all)), size, crc32.ChecksumIEEE(all)}
		if got := joinAll(parts...); got != want {
			t.Fatalf("%d parts: got %+v, want %+v", len(parts), got, want)
		}
	}
}

func TestCombineCRCReachesBeyondFourGigabytes(t *testing.T) {
	// Zeros are cheap to append one power of two at a time: the CRC of 2^k
	// zeros combined with itself is that of 2^(k+1), down to a real checksum.
	zeros := make([]byte, 1<<20)
	crc, n := crc32.ChecksumIEEE(zeros), int64(1<<20)
	for n < 1<<34 {
		crc, n = CombineCRC(crc, crc, n), 2*n
	}
	// 16 GiB of zeros the plain way, a bit at a time over the polynomial's
	// matrix squared 37 times.
	want := ^zerosByMatrix(^uint32(0), 34)
	if crc != want {
		t.Errorf("CRC of 2^34 zeros: got %08x, want %08x", crc, want)
	}
}

// zerosByMatrix moves the register of a CRC past 2^k zero bytes with a 32 x 32
// matrix over GF(2): the plain twin of CombineCRC.
func zerosByMatrix(register uint32, k int) uint32 {
	apply := func(m *[32]uint32, v uint32) (sum uint32) {
		for i := range 32 {
			if v>>i&1 != 0 {
				sum ^= m[i]
			}
		}
		return sum
	}
	var m [32]uint32 // one zero bit
	m[0] = crc32.IEEE
	for i := 1; i < 32; i++ {
		m[i] = 1 << (i - 1)
	}
	for range k + 3 {
		var squared [32]uint32
		for i := range squared {
			squared[i] = apply(&m, m[i])
		}
		m = squared
	}
	return apply(&m, register)
}

func TestNiveauNamesRoundTrip(t *testing.T) {
	for _, n := range []Niveau{Rapide, Normal, Dense} {
		if got, err := ParseNiveau(n.String()); got != n || err != nil {
			t.Errorf("ParseNiveau(%q) = %v, %v", n, got, err)
		}
	}
	if _, err := ParseNiveau("maximal"); err == nil {
		t.Error("an unknown niveau was taken")
	}
}

func TestDenserIsSmaller(t *testing.T) {
	raw := bulletins(seeded(5), 200_000)
	size := func(n Niveau) int64 {
		e := NewEncoder(n)
		defer e.Release()
		_, b := e.AppendBlock(nil, raw)
		return b.Size
	}
	if r, n, d := size(Rapide), size(Normal), size(Dense); !(d < n && n < r) {
		t.Errorf("rapide %d, normal %d, dense %d: not in order", r, n, d)
	}
}

func BenchmarkAppendBlock(b *testing.B) {
	raw := bulletins(seeded(6), BlockRaw)
	for _, n := range []Niveau{Rapide, Normal, Dense} {
		b.Run("niveau="+n.String(), func(b *testing.B) {
			e := NewEncoder(n)
			defer e.Release()
			b.SetBytes(int64(len(raw)))
			var dst []byte
			for b.Loop() {
				dst, _ = e.AppendBlock(dst[:0], raw)
			}
		})
	}
}

// joinAll describes the blocks one after the other.
func joinAll(blocks ...Block) Block {
	var all Block
	for _, b := range blocks {
		all = Join(all, b)
	}
	return all
}
