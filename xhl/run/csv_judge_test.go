package run_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/sheet"
	"paye/synth"
	"paye/xhl"
	"paye/xhl/run"
)

// codesOf lists what identifies things in a journal, bulletin by bulletin.
func codesOf(t *testing.T, doc []byte) []string {
	t.Helper()
	in, err := xhl.NewReader(bytes.NewReader(doc), xhl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for b, err := range in.Bulletins() {
		if err != nil {
			t.Fatal(err)
		}
		a := &b.Agent
		codes := []string{a.Matricule, a.NIR.Reveal(), a.Adresse.CP.Reveal(), a.Echelon, a.Indice, string(b.Periode.DateDebut), string(b.DatePaiement)}
		if c := a.CptBancaire; c != nil {
			codes = append(codes, c.CodeEtab.Reveal(), c.CodeGuic.Reveal(), c.IdCpte.Reveal(), c.CleRib.Reveal())
		}
		for _, l := range b.Remuneration.Lignes {
			codes = append(codes, l.Code)
		}
		for _, r := range b.RepartitionBudget {
			codes = append(codes, r.CodeBudget)
		}
		for _, r := range b.PJRef {
			codes = append(codes, r.Support, r.IdUnique, r.NomPJ.Or(""))
		}
		list = append(list, strings.Join(codes, "|"))
	}
	return list
}

// through opens a file in a spreadsheet program and saves it, as to.
type through struct {
	name, program string
	convert       func(dir, from, to string) *exec.Cmd
}

// spreadsheets are the programs that the files of a run are shown to, in both
// locales that an office has.
func spreadsheets(t *testing.T) []through {
	profile := "-env:UserInstallation=file://" + filepath.ToSlash(t.TempDir())
	office := func(language string) func(dir, from, to string) *exec.Cmd {
		return func(dir, from, to string) *exec.Cmd {
			filter := "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false"
			if strings.HasSuffix(to, ".xlsx") {
				filter = "xlsx"
			}
			args := []string{profile, "--headless"}
			if strings.HasSuffix(from, ".csv") {
				args = append(args, "--infilter=CSV:59,34,76,1,,"+language+",false")
			}
			return exec.Command("soffice", append(args, "--convert-to", filter, "--outdir", dir, from)...)
		}
	}
	return []through{
		{"LibreOffice in French", "soffice", office("1036")},
		{"LibreOffice in English", "soffice", office("1033")},
		{"Gnumeric", "ssconvert", func(dir, from, to string) *exec.Cmd {
			if strings.HasSuffix(from, ".csv") {
				from = withCommas(t, from)
			}
			return exec.Command("ssconvert", "-O", "separator=; format=automatic", "--export-type=Gnumeric_stf:stf_assistant", from, to)
		}},
	}
}

// withCommas is a copy of a CSV with commas, which Gnumeric wants in a locale
// without French.
func withCommas(t *testing.T, path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// synthetic is a journal with the codes that spreadsheets break.
func synthetic(t *testing.T) []byte {
	t.Helper()
	made, err := synth.Generate(synth.Options{Bulletins: 30, Seed: 5, Pieces: 12})
	if err != nil {
		t.Fatal(err)
	}
	var doc bytes.Buffer
	if err := made.WriteXHL(context.Background(), &doc, new(synth.Progress)); err != nil {
		t.Fatal(err)
	}
	text := doc.String()
	in, err := xhl.NewReader(strings.NewReader(text), xhl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range in.Bulletins() {
		if err != nil {
			t.Fatal(err)
		}
		text = strings.ReplaceAll(text, `<Matricule V="`+b.Agent.Matricule+`"`, `<Matricule V="0`+b.Agent.Matricule+`"`)
		for _, r := range b.PJRef { // digits only, and digits E digits
			text = strings.ReplaceAll(text, r.IdUnique, strings.NewReplacer("ARR", "017", "DEL", "E", "CTR", "E").Replace(r.IdUnique))
		}
	}
	return []byte(text)
}

func TestSpreadsheetsKeepTheCodesOfARun(t *testing.T) {
	if testing.Short() {
		t.Skip("starts spreadsheet programs")
	}
	doc := synthetic(t)
	want := codesOf(t, doc)
	from := t.TempDir()
	err := run.DecodeCSV(context.Background(), bytes.NewReader(doc), xhl.Options{}, run.CSVKept, func(name string) (io.WriteCloser, error) {
		return os.Create(filepath.Join(from, name))
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spreadsheets(t) {
		t.Run(s.name, func(t *testing.T) {
			if _, err := exec.LookPath(s.program); err != nil {
				t.Skipf("%s is not installed", s.program)
			}
			to := t.TempDir()
			for _, name := range []string{run.CSVEntete, run.CSVAgents, run.CSVLignes, run.CSVNomenclatures} {
				if out, err := s.convert(to, filepath.Join(from, name), filepath.Join(to, name)).CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", s.program, err, out)
				}
			}
			var again bytes.Buffer
			o := run.EncodeOptions{Run: xhl.Options{Fichier: to, Anomalie: func(a *xhl.Anomalie) { t.Errorf("%v", a) }}}
			if err := run.EncodeCSV(context.Background(), os.DirFS(to), &again, o); err != nil {
				t.Fatal(err)
			}
			got := codesOf(t, again.Bytes())
			for i := range max(len(got), len(want)) {
				if i >= len(got) || i >= len(want) || got[i] != want[i] {
					t.Fatalf("bulletin %d: codes changed: %d came back of %d\ngot  %s\nwant %s", i+1, len(got), len(want), got[min(i, len(got)-1)], want[min(i, len(want)-1)])
				}
			}
		})
	}
}

// TestSpreadsheetsKeepAWorkbook: the workbook of a journal is opened, saved as
// a workbook, and gives the same journal to the byte.
func TestSpreadsheetsKeepAWorkbook(t *testing.T) {
	if testing.Short() {
		t.Skip("starts spreadsheet programs")
	}
	doc := synthetic(t)
	book, err := sheet.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	err = run.DecodeCSV(context.Background(), bytes.NewReader(doc), xhl.Options{}, run.CSVExact, func(name string) (io.WriteCloser, error) {
		return book.Sheet(strings.TrimSuffix(name, ".csv"))
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(t.TempDir(), "run.xlsx")
	if err := os.WriteFile(from, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	encoded := func(t *testing.T, path string) []byte {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		book, err := sheet.OpenWorkbook(f)
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		var again bytes.Buffer
		if err := run.EncodeCSV(context.Background(), book, &again, run.EncodeOptions{Run: xhl.Options{Fichier: path}}); err != nil {
			t.Fatal(err)
		}
		return again.Bytes()
	}
	want := encoded(t, from)
	if a, b := codesOf(t, want), codesOf(t, doc); strings.Join(a, "\n") != strings.Join(b, "\n") {
		t.Error("the codes of the workbook are not those of the journal")
	}
	for _, s := range spreadsheets(t) {
		if s.name == "LibreOffice in English" {
			continue // the same as in French, for a workbook says its types
		}
		t.Run(s.name, func(t *testing.T) {
			if _, err := exec.LookPath(s.program); err != nil {
				t.Skipf("%s is not installed", s.program)
			}
			to := filepath.Join(t.TempDir(), "run.xlsx")
			cmd := s.convert(filepath.Dir(to), from, to)
			if s.program == "ssconvert" {
				cmd = exec.Command("ssconvert", from, to)
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", s.program, err, out)
			}
			if !bytes.Equal(encoded(t, to), want) {
				t.Error("another journal came back")
			}
		})
	}
}
