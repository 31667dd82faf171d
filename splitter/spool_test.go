package splitter

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"paye/compress"
)

// Blocks come back as they were added, in memory and in the file alike, whatever
// was forgotten between.
func TestSpoolGivesBackWhatItWasGiven(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		s, err := newSpool(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var chunks []chunk
		var want [][]byte
		for range 60 {
			if len(chunks) > 0 && r.IntN(5) == 0 { // the last ones
				n := r.IntN(len(chunks))
				s.forget(chunks[n].off)
				chunks, want = chunks[:n], want[:n]
			}
			data := bytes.Repeat([]byte{byte(r.Uint32())}, 1+r.IntN(60_000))
			off, err := s.add(data)
			if err != nil {
				t.Fatal(err)
			}
			chunks = append(chunks, chunk{off: off, block: compress.Block{Size: int64(len(data))}})
			want = append(want, data)
		}
		for i := range chunks {
			got, err := s.read(&chunks[i], nil)
			if err != nil || !bytes.Equal(got, want[i]) {
				t.Fatalf("seed %d, block %d: another one is read, %v", seed, i, err)
			}
			if got, err := io.ReadAll(s.reader(&chunks[i])); err != nil || !bytes.Equal(got, want[i]) {
				t.Fatalf("seed %d, block %d: another one is given, %v", seed, i, err)
			}
		}
	}
}

func TestSmallBookNeedsNoFile(t *testing.T) {
	s, err := newSpool("")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.add(make([]byte, maxHead)); err != nil || s.file != nil {
		t.Fatalf("%v, a file: %v", err, s.file != nil)
	}
	if _, err := s.add([]byte{1}); err != nil || s.file == nil {
		t.Fatalf("%v, a file: %v", err, s.file != nil)
	}
	if _, err := newSpool("absent"); err == nil {
		t.Error("a folder that is not there will do")
	}
}
