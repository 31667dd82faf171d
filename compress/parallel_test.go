package compress

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"testing/iotest"
)

func TestParallelBlocksAreThoseOfOneEncoderInOrder(t *testing.T) {
	r := seeded(90)
	book := bulletins(r, 2<<20)
	var pieces [][]byte
	for range 50 {
		from := r.IntN(len(book))
		pieces = append(pieces, book[from:min(len(book), from+r.IntN(100_000))])
	}
	e := NewEncoder(Normal)
	defer e.Release()
	var want []byte
	var wantBlocks []Block
	for _, raw := range pieces {
		var b Block
		if want, b = e.AppendBlock(want, raw); b.Raw > 0 {
			wantBlocks = append(wantBlocks, b)
		}
	}
	for _, workers := range []int{0, 1, 2, 7} {
		var got []byte
		var blocks []Block
		p := NewParallelEncoder(Normal, workers, func(b Block, data []byte) error {
			got, blocks = append(got, data...), append(blocks, b)
			return nil
		})
		scratch := make([]byte, 100_000)
		for _, raw := range pieces {
			if err := p.Add(scratch[:copy(scratch, raw)]); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) || fmt.Sprint(blocks) != fmt.Sprint(wantBlocks) {
			t.Errorf("%d workers: %d bytes in %d blocks, want %d in %d", workers, len(got), len(blocks), len(want), len(wantBlocks))
		}
	}
}

func TestParallelEncoderStopsAtTheFirstError(t *testing.T) {
	for at := range 6 {
		emitted := 0
		p := NewParallelEncoder(Rapide, 2, func(Block, []byte) error {
			if emitted++; emitted > at {
				return iotest.ErrTimeout
			}
			return nil
		})
		for range 6 {
			p.Add([]byte("content"))
		}
		if err := p.Close(); !errors.Is(err, iotest.ErrTimeout) {
			t.Errorf("emit %d failed, Close said %v", at, err)
		}
		if emitted != at+1 {
			t.Errorf("emit %d failed, %d calls", at, emitted)
		}
	}
}

func BenchmarkParallelEncoder(b *testing.B) {
	raw := bulletins(seeded(91), 16*BlockRaw)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		p := NewParallelEncoder(Normal, 0, func(Block, []byte) error { return nil })
		for rest := raw; len(rest) > 0; rest = rest[min(len(rest), BlockRaw):] {
			p.Add(rest[:min(len(rest), BlockRaw)])
		}
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
