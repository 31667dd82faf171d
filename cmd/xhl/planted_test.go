package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// planted is a fault of one employer: what makes it, and the gesture that mends
// it. Both act on the employer's folder, its output, and its row of the table.
type planted struct {
	name    string
	code    string // "" of a fault of the machine
	gesture string // what the report says of the gesture
	make    func(e *plot)
	mend    func(e *plot) // nil: what was made is undone
}

// plot is an employer of the test.
type plot struct {
	t   *testing.T
	dir string // of the payroll
	out string
	row []string // of the table, see plotColumns
}

var plotColumns = []string{"dossier", "entree", "siret", "idpost", "codcol", "codbud", "limite", "mandats"}

func (e *plot) set(column, value string) {
	for i, name := range plotColumns {
		if name == column {
			e.row[i] = value
		}
	}
}

// edit replaces the first old of a file.
func (e *plot) edit(name, old, with string) {
	e.t.Helper()
	path := filepath.Join(e.dir, name)
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(text, []byte(old)) {
		e.t.Fatalf("no %q in %s (%v)", old, name, err)
	}
	e.write(name, strings.Replace(string(text), old, with, 1))
}

func (e *plot) write(name, text string) {
	e.t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, name), []byte(text), 0o600); err != nil {
		e.t.Fatal(err)
	}
}

func (e *plot) remove(name string) {
	e.t.Helper()
	if err := os.Remove(filepath.Join(e.dir, name)); err != nil {
		e.t.Fatal(err)
	}
}

// restore puts the files of the payroll back as synth made them.
func (e *plot) restore(files map[string]string) {
	e.t.Helper()
	if err := os.RemoveAll(e.dir); err != nil {
		e.t.Fatal(err)
	}
	for path, text := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			e.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			e.t.Fatal(err)
		}
	}
}

const onePDF = "justificatifs/arr-202605-000001.pdf"

var plantedFaults = []planted{
	{"journal cut short", "XHL-001", "new export", func(e *plot) {
		text, _ := os.ReadFile(filepath.Join(e.dir, "journal.xhl"))
		e.write("journal.xhl", string(text[:len(text)/2]))
	}, nil},
	{"journal that is none", "LOT-101", "give an .xhl", func(e *plot) { e.write("journal.xhl", "%PDF-1.4 no journal") }, nil},
	{"empty journal", "LOT-107", "original file", func(e *plot) { e.write("journal.xhl", "") }, nil},
	{"another document", "LOT-101", "give an .xhl", func(e *plot) { e.write("journal.xhl", "<Facture><Montant V=\"1\"/></Facture>") }, nil},
	{"month that is none", "XHL-141", "xhl check", func(e *plot) { e.edit("journal.xhl", `<Mois V="05"/>`, `<Mois V="13"/>`) }, nil},
	{"number where a run has texts", "XHL-306", "strings", func(e *plot) {
		e.remove("journal.xhl")
		e.write("run.jsonl", `{"entete":{"IdVer":"1.4","Annee":2026}}`)
	}, nil},
	{"piece missing", "VOL-203", "put it into the folder of pieces", func(e *plot) { e.remove(onePDF) }, nil},
	{"piece that is no PDF", "PJ-109", "save it as PDF", func(e *plot) { e.write(onePDF, "no PDF at all") }, nil},
	{"piece that justifies nobody", "VOL-243", "add it to justificatifs.csv", func(e *plot) { e.write("justificatifs/autre.pdf", "%PDF-1.4") }, nil},
	{"index that is no table", "VOL-205", "the first line is", func(e *plot) { e.write("justificatifs.csv", "rien;du;tout\n1;2;3\n") }, nil},
	{"piece outside of the folder", "VOL-203", "correct justificatifs.csv", func(e *plot) { e.edit("justificatifs.csv", "-000001.pdf", "/../../../x.pdf") }, nil},
	{"two journals", "LOTS-005", "say which one", func(e *plot) {
		text, _ := os.ReadFile(filepath.Join(e.dir, "journal.xhl"))
		e.remove("journal.xhl")
		e.write("a.xml", string(text))
		e.write("b.xml", string(text))
	}, nil},
	{"folder that is not there", "LOTS-002", "holds a run", func(e *plot) { os.RemoveAll(e.dir) }, nil},
	{"limit that is no size", "LOTS-004", "mend the row", func(e *plot) { e.set("limite", "beaucoup") }, func(e *plot) { e.set("limite", "") }},
	{"limit below one bulletin", "VOL-101", "larger limit", func(e *plot) { e.set("limite", "10000") }, func(e *plot) { e.set("limite", "") }},
	{"no code of the authority", "LOTS-007", "fill in the columns", func(e *plot) { e.set("codcol", "") }, func(e *plot) { e.set("codcol", "123") }},
	{"journal that was packed and cut", "CMP-102", "transfer the file again", func(e *plot) {
		text, _ := os.ReadFile(filepath.Join(e.dir, "journal.xhl"))
		e.remove("journal.xhl")
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(text)
		z.Close()
		e.write("paye.xhl.gz", packed.String()[:packed.Len()/2])
	}, nil},
	{"SIRET that is none", "VOL-211", "--siret", func(e *plot) { e.set("siret", "123") }, func(e *plot) { e.set("siret", "") }},
	{"output that is a file", "", "rename it", func(e *plot) { os.WriteFile(e.out, nil, 0o600) }, func(e *plot) { os.Remove(e.out) }},
	{"delivery of another payroll", "VOL-246", "take another folder", func(e *plot) {
		os.MkdirAll(e.out, 0o700)
		os.WriteFile(filepath.Join(e.out, "manifest.json"), []byte(`{"siret":"20000000000001","annee":"2025","mois":"01","volumes":[]}`), 0o600)
	}, func(e *plot) { os.RemoveAll(e.out) }},
}

// TestReportOfTheNightListsTheFaultsThatWerePlanted plants twenty faults: the
// report begins with exactly those, each with the gesture that mends it. Once the
// gestures are made nothing waits, and nothing else is done again.
func TestReportOfTheNightListsTheFaultsThatWerePlanted(t *testing.T) {
	sound := 3
	n := sound + len(plantedFaults)
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	plots, files := make([]*plot, n), make([]map[string]string, n)
	for i := range plots {
		name := fmt.Sprintf("e%02d", i)
		e := &plot{t: t, dir: filepath.Join(dir, "in", name), out: filepath.Join(out, name), row: []string{name, "", "", "006111", "123", "00", "", ""}}
		if code, _, stderr := inProcess(context.Background(), "synth", "-q", "--bulletins", "4", "--pieces", "2", "--xhl", "--seed", strconv.Itoa(i+1), "-o", e.dir); code != exitOK {
			t.Fatalf("synth: exit %d, %s", code, stderr)
		}
		e.remove("run.jsonl") // it would go before the journal
		files[i], plots[i] = contents(t, e.dir), e
	}
	night := func(want int) map[string]nightOutcome {
		t.Helper()
		rows := []string{strings.Join(plotColumns, ";")}
		for _, e := range plots {
			rows = append(rows, `"`+strings.Join(e.row, `";"`)+`"`)
		}
		table := filepath.Join(dir, "in", "employeurs.csv")
		if err := os.WriteFile(table, []byte(strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, stderr := inProcess(context.Background(), "batch", "-q", "--lang", "en", "--no-ledger", "--limit", "1Mo", "--date", "2026-06-01", "-o", out, table)
		if code != want {
			t.Fatalf("batch: exit %d, want %d, %s", code, want, stderr)
		}
		return outcomesIn(t, filepath.Join(out, "rapport.json"))
	}
	for k, f := range plantedFaults {
		f.make(plots[sound+k])
	}
	first := night(exitAnomalies)
	for i, e := range plots {
		o := first[e.row[0]]
		if i < sound {
			if o.Etat != "fait" {
				t.Errorf("%s is sound, and said to be %s: %s %s", e.row[0], o.Etat, o.Code, o.Message)
			}
			continue
		}
		f := plantedFaults[i-sound]
		if !o.waits() || o.Code != f.code || o.Exit == 0 || !strings.Contains(o.Geste, f.gesture) {
			t.Errorf("%s: got %s %s, exit %d, gesture %q; want %s and %q", f.name, o.Etat, o.Code, o.Exit, o.Geste, f.code, f.gesture)
		}
	}
	for k, f := range plantedFaults {
		if f.mend != nil {
			f.mend(plots[sound+k])
		} else {
			plots[sound+k].restore(files[sound+k])
		}
	}
	second := night(exitOK)
	for i, e := range plots {
		want := "fait"
		if i < sound {
			want = "deja"
		}
		if o := second[e.row[0]]; o.Etat != want {
			t.Errorf("%s, mended: got %s, want %s", e.row[0], o.Etat, want)
		}
	}
}

// nightOutcome is an employer of the report.
type nightOutcome struct {
	Dossier, Etat, Code, Message, Geste string
	Exit                                int
}

func (o nightOutcome) waits() bool { return o.Etat == "echec" || o.Etat == "anomalies" }

// outcomesIn reads a report by folder. Those that wait for a person come first in
// the table that people read.
func outcomesIn(t *testing.T, path string) map[string]nightOutcome {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ Employeurs []nightOutcome }
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]nightOutcome)
	waiting := 0
	for _, o := range report.Employeurs {
		all[o.Dossier] = o
		if o.waits() {
			waiting++
		}
	}
	table, err := os.ReadFile(strings.TrimSuffix(path, ".json") + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		etat := strings.Split(line, ";")[1]
		if waits := (nightOutcome{Etat: etat}).waits(); waits != (i < waiting) {
			t.Errorf("line %d of the report is %s: %d wait for a person", i+1, etat, waiting)
		}
	}
	return all
}
