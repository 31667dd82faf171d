package run_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"testing/fstest"

	"paye/internal/xmlw"
	"paye/synth"
	"paye/xhl"
	"paye/xhl/run"
)

type memoryFile struct{ bytes.Buffer }

func (*memoryFile) Close() error { return nil }

func TestSyntheticRunsSurviveCSVByteForByte(t *testing.T) {
	for _, o := range []synth.Options{
		{Bulletins: 400, Seed: 1, Etablissements: 3},
		{Bulletins: 400, Seed: 2, Profil: synth.Dense, Charset: xmlw.Windows1252},
		{Bulletins: 50, Seed: 3, Version: xhl.V12b, Charset: xmlw.UTF8},
	} {
		made, err := synth.Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		var doc, again bytes.Buffer
		if err := made.WriteXHL(context.Background(), &doc, new(synth.Progress)); err != nil {
			t.Fatal(err)
		}
		files := make(map[string]*memoryFile)
		err = run.DecodeCSV(context.Background(), bytes.NewReader(doc.Bytes()), xhl.Options{}, run.CSVKept, func(name string) (io.WriteCloser, error) {
			files[name] = new(memoryFile)
			return files[name], nil
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		dir := make(fstest.MapFS)
		for name, f := range files {
			dir[name] = &fstest.MapFile{Data: f.Bytes()}
		}
		w := xhl.WriterOptions{Version: o.Version, Charset: o.Charset, Compact: o.Profil == synth.Dense}
		if err := run.EncodeCSV(context.Background(), dir, &again, run.EncodeOptions{Writer: w}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Bytes(), doc.Bytes()) {
			t.Errorf("seed %d: %d bytes came back from %d, not the same", o.Seed, again.Len(), doc.Len())
		}
	}
}

func BenchmarkRuns(b *testing.B) {
	made, err := synth.Generate(synth.Options{Bulletins: 2000, Seed: 1, Profil: synth.Dense})
	if err != nil {
		b.Fatal(err)
	}
	var doc, jsonl bytes.Buffer
	if err := made.WriteXHL(context.Background(), &doc, new(synth.Progress)); err != nil {
		b.Fatal(err)
	}
	if err := run.DecodeJSON(context.Background(), bytes.NewReader(doc.Bytes()), &jsonl, xhl.Options{}, nil); err != nil {
		b.Fatal(err)
	}
	dir := make(fstest.MapFS)
	decode := func() error {
		files := make(map[string]*memoryFile)
		err := run.DecodeCSV(context.Background(), bytes.NewReader(doc.Bytes()), xhl.Options{}, run.CSVKept, func(name string) (io.WriteCloser, error) {
			files[name] = new(memoryFile)
			return files[name], nil
		}, nil)
		for name, f := range files {
			dir[name] = &fstest.MapFile{Data: f.Bytes()}
		}
		return err
	}
	if err := decode(); err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name string
		work func() error
	}{
		{"encode=jsonl", func() error {
			return run.EncodeJSON(context.Background(), bytes.NewReader(jsonl.Bytes()), io.Discard, run.EncodeOptions{})
		}},
		{"encode=csv", func() error { return run.EncodeCSV(context.Background(), dir, io.Discard, run.EncodeOptions{}) }},
		{"decode=csv", decode},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(doc.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if err := bench.work(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
