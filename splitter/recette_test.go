package splitter

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"

	"paye/compress"
)

// TestRepeatedLiteralsAreWhatCompressingGives: what was compressed for another
// book is the same, by content and level, whoever asks at the same time.
func TestRepeatedLiteralsAreWhatCompressingGives(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	var texts [][]byte
	for i := range 9 {
		text := bytes.Repeat([]byte("<Correspondance V=\"12\"/>"), 150+30*i)
		for range 200 {
			text[random.IntN(len(text))] = byte('a' + random.IntN(26))
		}
		texts = append(texts, text)
	}
	var all sync.WaitGroup
	for seed := range 8 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			for range 60 {
				r := newRecette(nil, []compress.Niveau{compress.Rapide, compress.Normal}[random.IntN(2)])
				text := texts[random.IntN(len(texts))]
				if got, want := r.literalChunk(text), r.compress(text); !reflect.DeepEqual(got, want) {
					t.Errorf("level %v, %d bytes: %+v, want %+v", r.niveau, len(text), got.block, want.block)
				}
				r.Close()
			}
		})
	}
	all.Wait()
}
