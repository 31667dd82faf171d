package api

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// zipped is the example as one archive, journal at the root, pieces below PJ.
func zipped(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, file string) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(text)
	}
	add("journal.xhl", exemple+"journal.xhl")
	pieces, err := filepath.Glob(exemple + "justificatifs/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pieces {
		add("PJ/21967564200017/"+filepath.Base(p), p)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
