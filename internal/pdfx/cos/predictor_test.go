package cos

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestTIFFPredictorIsUndoneAtEveryDepth writes rows of samples, and their
// differences from the sample of the same colour on their left.
func TestTIFFPredictorIsUndoneAtEveryDepth(t *testing.T) {
	for _, bits := range []int{1, 2, 4, 8, 16} {
		for _, colors := range []int{1, 3, 4} {
			t.Run(fmt.Sprint(bits, " ", colors), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(bits), uint64(colors)))
				var want, data []byte
				const columns = 16 // of whole bytes at every depth
				for range 3 {
					samples := make([]uint32, columns*colors)
					differences := make([]uint32, len(samples))
					for i := range samples {
						samples[i] = r.Uint32N(1 << bits)
						differences[i] = samples[i]
						if i >= colors {
							differences[i] = (samples[i] - samples[i-colors]) & (1<<bits - 1)
						}
					}
					want, data = append(want, packed(samples, bits)...), append(data, packed(differences, bits)...)
				}
				if got := undoTIFF(data, columns*colors*bits/8, colors, bits); !bytes.Equal(got, want) {
					t.Errorf("%x, want %x", got, want)
				}
			})
		}
	}
}

func packed(samples []uint32, bits int) []byte {
	out := make([]byte, len(samples)*bits/8)
	for i, s := range samples {
		for b := range bits {
			at := i*bits + b
			out[at/8] |= byte(s>>(bits-1-b)&1) << (7 - at%8)
		}
	}
	return out
}
