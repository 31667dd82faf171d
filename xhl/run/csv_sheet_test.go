package run

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"paye/internal/lang"
	"paye/internal/sheet"
	"paye/xhl"
)

// TestWhatASpreadsheetBrokeIsRefused: the cell is named, and what happened to it.
func TestWhatASpreadsheetBrokeIsRefused(t *testing.T) {
	for _, tc := range []struct {
		name, file, from, to string
		column               string
		ligne                int64
		says                 string
	}{
		{"matricule in scientific notation", CSVAgents, ";A1;", ";2,19675642000172E+031;", "Agent.Matricule", 2, "scientific notation"},
		{"matricule that refers to nothing", CSVAgents, ";A1;", ";#REF!;", "Agent.Matricule", 2, "formula error (#REF!)"},
		{"amount in scientific notation", CSVAgents, ";1900.10;", ";1,9E+03;", "MtBrut", 2, "first digits of the number only"},
		{"day and month swapped", CSVAgents, "2026-11-01", "11/30/2026", "Periode.DateDebut", 2, "swapped"},
		{"code of a line", CSVLignes, ";100;", ";#N/A;", "Code", 3, "#N/A"},
		{"status of the list", CSVNomenclatures, ";100;", ";1E+12;", "Code", 3, "scientific"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := encodeCSV(edited(t, tc.file, tc.from, tc.to), xhl.WriterOptions{})
			var a *xhl.Anomalie
			if !errors.As(err, &a) {
				t.Fatalf("got %v, want an anomaly", err)
			}
			if a.Code != "XHL-311" || a.Ligne != tc.ligne || a.Fichier != "run/"+tc.file || a.Chemin != tc.column {
				t.Errorf("got %v of column %s\nwant XHL-311, run/%s, line %d, %s", err, a.Chemin, tc.file, tc.ligne, tc.column)
			}
			if msg := a.Message(lang.English); !strings.Contains(msg, tc.says) || !strings.Contains(msg, tc.column) {
				t.Errorf("got %q, want it to say %q", msg, tc.says)
			}
		})
	}
}

// TestASheetThatSaysTheSameIsRead: what people and spreadsheets write otherwise
// gives the same journal.
func TestASheetThatSaysTheSameIsRead(t *testing.T) {
	want, err := encodeCSV(edited(t, "", "", ""), xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ from, to string }{
		{";1900.10;", ";1 900,10;"},
		{";1900.10;", ";1\u00a0900,10;"},
		{";1900.10;", ";1\u202f900,10;"},
		{";1900.10;", ";1900.10000000000000013;"},
		{"2026-11-01", "01/11/2026"},
		{"2026-11-01", "1/11/2026"},
	} {
		got, err := encodeCSV(edited(t, CSVAgents, tc.from, tc.to), xhl.WriterOptions{})
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q instead of %q: %v, or another journal", tc.to, tc.from, err)
		}
	}
}

// agentsOf is a CSV run whose agents have the matricules given.
func agentsOf(t *testing.T, matricules ...string) fstest.MapFS {
	t.Helper()
	dir := edited(t, "", "", "")
	agents := strings.SplitAfter(string(dir[CSVAgents].Data), "\n")
	lignes := strings.SplitAfter(string(dir[CSVLignes].Data), "\n")
	a, l := agents[0], lignes[0]
	for i, m := range matricules {
		rank := string(rune('1' + i))
		a += strings.Replace(strings.Replace(agents[1], "1;", rank+";", 1), ";A1;", ";"+m+";", 1)
		for _, line := range lignes[1:] {
			if line != "" {
				l += strings.Replace(line, "1;", rank+";", 1)
			}
		}
	}
	dir[CSVAgents], dir[CSVLignes] = &fstest.MapFile{Data: []byte(a)}, &fstest.MapFile{Data: []byte(l)}
	return dir
}

func suspicionsOf(t *testing.T, dir fstest.MapFS, past Past) []string {
	t.Helper()
	var said []string
	o := EncodeOptions{Past: past, Run: xhl.Options{Fichier: "run", Anomalie: func(a *xhl.Anomalie) {
		if a.Code == "XHL-312" {
			said = append(said, a.Chemin+": "+a.Message(lang.English))
		}
	}}}
	if err := EncodeCSV(context.Background(), dir, io.Discard, o); err != nil {
		t.Fatal(err)
	}
	return said
}

func TestLostZerosOfARunAreTold(t *testing.T) {
	said := suspicionsOf(t, agentsOf(t, "114702", "61601", "129615", "151960"), nil)
	if len(said) != 1 || !strings.Contains(said[0], "Agent.Matricule: ") || !strings.Contains(said[0], "1 value has fewer than 6 digits") || !strings.Contains(said[0], "line 3") {
		t.Errorf("got %q", said)
	}
	if said := suspicionsOf(t, agentsOf(t, "114702", "061601", "129615"), nil); len(said) > 0 {
		t.Errorf("zeros that are there: got %q", said)
	}
}

func TestLastMonthTellsLostZeros(t *testing.T) {
	doc, err := encodeCSV(agentsOf(t, "0012", "0340", "1200"), xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	past, err := ReadPast(context.Background(), bytes.NewReader(doc), xhl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	said := suspicionsOf(t, agentsOf(t, "12", "340", "1200"), past)
	if len(said) != 1 || !strings.Contains(said[0], "Agent.Matricule: ") || !strings.Contains(said[0], "2 values are known with zeros before them") {
		t.Errorf("got %q", said)
	}
	if said := suspicionsOf(t, agentsOf(t, "0012", "0340", "1200"), past); len(said) > 0 {
		t.Errorf("the same matricules: got %q", said)
	}
}

// TestNoCellOfARunIsAFormula: whatever a journal holds, no cell is run by a
// spreadsheet, and the journal comes back; nor is one changed by who asks for
// cells as they stand.
func TestNoCellOfARunIsAFormula(t *testing.T) {
	for seed := range uint64(40) {
		doc := tree{rand.New(rand.NewPCG(seed, 11))}.journal(t)
		for _, cells := range []CSVCells{CSVKept, CSVExact} {
			dir := make(fstest.MapFS)
			files := make(map[string]*memory)
			err := DecodeCSV(context.Background(), bytes.NewReader(doc), xhl.Options{}, cells, func(name string) (io.WriteCloser, error) {
				files[name] = new(memory)
				return files[name], nil
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name, f := range files {
				dir[name] = &fstest.MapFile{Data: f.Bytes()}
				for _, cell := range strings.FieldsFunc(f.String(), func(r rune) bool { return r == ';' || r == '\n' }) {
					if cell = strings.Trim(cell, `"`); cells == CSVKept && sheet.Runs(cell) && strings.HasPrefix(cell, "=") {
						t.Fatalf("seed %d: %s has the cell %q", seed, name, cell)
					}
				}
			}
			again, err := encodeCSV(dir, xhl.WriterOptions{})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if !bytes.Equal(runOf(t, again), runOf(t, doc)) {
				t.Fatalf("seed %d: the journal changed, cells %d", seed, cells)
			}
		}
	}
}
