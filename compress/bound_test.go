package compress

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestNoBlockExceedsItsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	noise := make([]byte, 400_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	digits := bytes.Map(func(r rune) rune { return '0' + r%10 }, noise)
	contents := map[string][]byte{"noise": noise, "digits": digits, "zeros": make([]byte, 400_000), "noise, then zeros": append(bytes.Clone(noise[:70_000]), make([]byte, 70_000)...)}
	for n := range niveaux {
		e := NewEncoder(Niveau(n))
		for name, content := range contents {
			for _, size := range []int{1, 2, 5, 63, 64, 257, 4096, 16_384, 65_535, 65_536, 131_071, len(content)} {
				raw := content[:min(size, len(content))]
				_, b := e.AppendBlock(nil, raw)
				if bound := BlockBound(int64(len(raw))); b.Size > bound.Size || b.Raw != bound.Raw {
					t.Errorf("%v, %d bytes of %s: %d bytes compressed, bound %d", Niveau(n), len(raw), name, b.Size, bound.Size)
				}
			}
		}
		e.Release()
	}
}

func FuzzBlockBound(f *testing.F) {
	f.Add([]byte("<Mt V=\"1900.10\"/>"), uint8(0), uint16(3000))
	f.Fuzz(func(t *testing.T, unit []byte, niveau uint8, times uint16) {
		e := NewEncoder(Niveau(int(niveau) % len(niveaux)))
		defer e.Release()
		raw := bytes.Repeat(unit, int(times)%(1+(1<<19)/(len(unit)+1)))
		_, b := e.AppendBlock(nil, raw)
		if bound := BlockBound(int64(len(raw))); b.Size > bound.Size {
			t.Errorf("%d bytes compressed, bound %d", b.Size, bound.Size)
		}
	})
}
