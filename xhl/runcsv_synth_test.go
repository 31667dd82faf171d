package xhl_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"testing/fstest"

	"paye/internal/synth"
	"paye/internal/xmlw"
	"paye/xhl"
)

type memoryFile struct{ bytes.Buffer }

func (*memoryFile) Close() error { return nil }

func TestSyntheticRunsSurviveCSVByteForByte(t *testing.T) {
	for _, o := range []synth.Options{
		{Bulletins: 400, Seed: 1, Etablissements: 3},
		{Bulletins: 400, Seed: 2, Profil: synth.Dense, Charset: xmlw.Windows1252},
		{Bulletins: 50, Seed: 3, Version: xhl.V12b, Charset: xmlw.UTF8},
	} {
		run, err := synth.Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		var doc, again bytes.Buffer
		if err := run.WriteXHL(context.Background(), &doc, new(synth.Suivi)); err != nil {
			t.Fatal(err)
		}
		files := make(map[string]*memoryFile)
		err = xhl.DecodeCSV(context.Background(), bytes.NewReader(doc.Bytes()), xhl.Options{}, func(name string) (io.WriteCloser, error) {
			files[name] = new(memoryFile)
			return files[name], nil
		})
		if err != nil {
			t.Fatal(err)
		}
		dir := make(fstest.MapFS)
		for name, f := range files {
			dir[name] = &fstest.MapFile{Data: f.Bytes()}
		}
		w := xhl.WriterOptions{Version: o.Version, Charset: o.Charset, Compact: o.Profil == synth.Dense}
		if err := xhl.EncodeCSV(context.Background(), dir, &again, xhl.EncodeOptions{Writer: w}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Bytes(), doc.Bytes()) {
			t.Errorf("seed %d: %d bytes came back from %d, not the same", o.Seed, again.Len(), doc.Len())
		}
	}
}
