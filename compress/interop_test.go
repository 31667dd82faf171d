package compress

import (
	"bytes"
	stdgzip "compress/gzip"
	"testing"
)

// TestZipInAGzipOfLevelZeroIsNotTakenForTheZip: Python, unzip and ZipFile open
// such a file as the zip whose bytes they see in it, as long as it fits one
// stored block. The first bytes decide here, whatever the level and the length.
func TestZipInAGzipOfLevelZeroIsNotTakenForTheZip(t *testing.T) {
	for _, size := range []int{1000, 300_000} {
		inside := archive(t, noDate, deflated("b.xhl", noise(seeded(81), size)))
		var codes []string
		for _, level := range []int{stdgzip.NoCompression, stdgzip.BestCompression} {
			var out bytes.Buffer
			z, err := stdgzip.NewWriterLevel(&out, level)
			if err != nil {
				t.Fatal(err)
			}
			z.Write(inside)
			z.Close()
			_, _, err = readJournal(fileOf(t, "a.zip", out.Bytes()), Limits{})
			codes = append(codes, codeOf(err))
		}
		if codes[0] != codes[1] {
			t.Errorf("zip of %d bytes in a gzip: %q at level 0, %q at level 9", len(inside), codes[0], codes[1])
		}
	}
}

// TestGzipHasNeitherTimeNorName: klauspost writes July 2042 where ModTime was
// left out.
func TestGzipHasNeitherTimeNorName(t *testing.T) {
	for _, level := range []Niveau{Rapide, Normal, Dense} {
		file, _ := member(t, level, []byte("content"))
		r, err := stdgzip.NewReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if h := r.Header; !h.ModTime.IsZero() || h.Name != "" || h.Comment != "" || len(h.Extra) != 0 {
			t.Errorf("%v: header %+v", level, h)
		}
	}
}
