package run

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"paye/xhl"
)

// FuzzEncodeCSV holds that any four files give a journal that survives CSV, or
// an anomaly.
func FuzzEncodeCSV(f *testing.F) {
	whole := edited(f, "", "", "")
	f.Add(whole[CSVEntete].Data, whole[CSVAgents].Data, whole[CSVLignes].Data, whole[CSVNomenclatures].Data)
	f.Fuzz(func(t *testing.T, entete, agents, lignes, nomenclatures []byte) {
		dir := fstest.MapFS{CSVEntete: {Data: entete}, CSVAgents: {Data: agents}, CSVLignes: {Data: lignes}, CSVNomenclatures: {Data: nomenclatures}}
		var out bytes.Buffer
		err := EncodeCSV(context.Background(), dir, &out, EncodeOptions{Workers: 1, Run: xhl.Options{MaxTag: 64 << 10}})
		var a *xhl.Anomalie
		switch {
		case err == nil:
			sameRun(t, out.Bytes(), xhl.WriterOptions{})
		case !errors.As(err, &a):
			t.Errorf("not an anomaly: %v", err)
		case a.Fichier == "":
			t.Errorf("no file is named: %v", err)
		}
	})
}

// FuzzCells compares the cutting of a record with a plain one.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"", ";", "a;b", `"a";"b;c"`, `"a""b";`, `"`, `a"b`, `"a"b`, `"";"""";x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, record string) {
		r := &csvReader{sep: ';', opts: new(xhl.Options)}
		got, err := r.split(record, nil, csvPlace{})
		want, ok := plainCells(record)
		if ok != (err == nil) {
			t.Fatalf("%q: got %v, want it taken: %v", record, err, ok)
		}
		if !ok {
			return
		}
		if len(got) != len(want) {
			t.Fatalf("%q: got %d cells, want %d", record, len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q: cell %d is %q, want %q", record, i, got[i], want[i])
			}
			if raw := rawCell([]byte(record), ';', i); !bytes.ContainsRune([]byte(want[i]), '"') && string(raw) != want[i] {
				t.Errorf("%q: raw cell %d is %q, want %q", record, i, raw, want[i])
			}
		}
		if raw := rawCell([]byte(record), ';', len(want)); raw != nil {
			t.Errorf("%q: a raw cell after the last one: %q", record, raw)
		}
	})
}

// plainCells cuts a record character by character.
func plainCells(record string) ([]string, bool) {
	const (
		begin = iota
		bare
		quoted
		closed
	)
	var cells []string
	cell, state := "", begin
	for i := 0; i < len(record); i++ {
		c := record[i]
		switch {
		case state == quoted && c == '"':
			state = closed
		case state == quoted:
			cell += string(record[i : i+1])
		case c == ';':
			cells, cell, state = append(cells, cell), "", begin
		case state == closed && c == '"':
			cell, state = cell+`"`, quoted
		case state == closed:
			return nil, false
		case c == '"' && state == begin:
			state = quoted
		case c == '"':
			return nil, false
		default:
			cell, state = cell+string(record[i:i+1]), bare
		}
	}
	return append(cells, cell), state != quoted
}
