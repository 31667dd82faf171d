package run

import (
	"bytes"
	"context"

	"io"
	"io/fs"
	"os"

	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"paye/internal/refdata"
	"paye/xhl"
)

// memory is a file of a run that stays in memory.
type memory struct{ bytes.Buffer }

func (*memory) Close() error { return nil }

// csvOf decodes a journal into the files of a CSV run.
func csvOf(t testing.TB, doc []byte) fstest.MapFS {
	t.Helper()
	files := make(map[string]*memory)
	var decoded atomic.Int64
	err := DecodeCSV(context.Background(), bytes.NewReader(doc), xhl.Options{}, CSVKept, func(name string) (io.WriteCloser, error) {
		files[name] = new(memory)
		return files[name], nil
	}, &decoded)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := int(decoded.Load()), bytes.Count(doc, []byte("<PayeIndivMensuel>")); got != want {
		t.Errorf("%d bulletins were counted, want %d", got, want)
	}
	dir := make(fstest.MapFS)
	for name, f := range files {
		dir[name] = &fstest.MapFile{Data: f.Bytes()}
	}
	return dir
}

func encodeCSV(dir fs.FS, o xhl.WriterOptions) ([]byte, error) {
	var out bytes.Buffer
	err := EncodeCSV(context.Background(), dir, &out, EncodeOptions{Writer: o, Run: xhl.Options{Fichier: "run"}})
	return out.Bytes(), err
}

// edited returns the CSV run of minimalRun with one replacement in a file.
func edited(t testing.TB, file, from, to string) fstest.MapFS {
	t.Helper()
	doc, err := encode(minimalRun(), xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	dir := csvOf(t, []byte(doc))
	if file == "" {
		return dir
	}
	was := string(dir[file].Data)
	now := strings.Replace(was, from, to, 1)
	if now == was && from != to {
		t.Fatalf("%s does not hold %q:\n%s", file, from, was)
	}
	dir[file] = &fstest.MapFile{Data: []byte(now)}
	return dir
}

// sameRun fails unless the journal, taken through CSV, gives the same run.
func sameRun(t *testing.T, doc []byte, o xhl.WriterOptions) {
	t.Helper()
	want := runOf(t, doc)
	again, err := encodeCSV(csvOf(t, doc), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := runOf(t, again); !bytes.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		from := max(0, at-80)
		t.Errorf("the journal changed on its way through CSV:\ngot  %q\nwant %q", got[from:min(len(got), at+80)], want[from:min(len(want), at+80)])
	}
}

func TestOfficialSamplesSurviveCSV(t *testing.T) {
	for _, tc := range officialSamples {
		t.Run(tc.file, func(t *testing.T) {
			doc, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", tc.file))
			if err != nil {
				t.Fatal(err)
			}
			sameRun(t, doc, xhl.WriterOptions{Version: tc.version})
		})
	}
}

func TestMinimalRunSurvivesCSV(t *testing.T) {
	doc, err := encode(minimalRun(), xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sameRun(t, []byte(doc), xhl.WriterOptions{})
}
