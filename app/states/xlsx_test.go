//go:build !js

package states

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/sheet"
	"paye/synth"
)

// example writes a small payroll and returns its folder.
func example(t *testing.T, o synth.Options) string {
	t.Helper()
	dir := t.TempDir()
	r, err := synth.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	o.Journal = true
	if err := r.Write(context.Background(), dir, new(synth.Progress)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestTheWorkbookOfLibreOfficeIsTheCSV has LibreOffice open the workbook and
// write it as CSV again: zeros kept, amounts to the centime.
func TestTheWorkbookOfLibreOfficeIsTheCSV(t *testing.T) {
	if os.Getenv("XHL_FULL") == "" {
		t.Skip("LibreOffice takes seconds: XHL_FULL=1 plays it")
	}
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := example(t, synth.Options{Bulletins: 60, Seed: 8, Pieces: synth.AucunePiece, Journal: true})
	look := &Look{Language: lang.French}
	e, err := Make(context.Background(), &EtatRequest{Kind: Liquidatif, Journals: []string{dir}}, look, &Watch{Anomalie: func(*anomalie.Anomalie) {}})
	if err != nil {
		t.Fatal(err)
	}
	table := e.Tables[0]
	for i := range table.Columns { // LibreOffice shows numbers as their format does
		if table.Columns[i].Kind == Number {
			table.Columns[i].Kind = Text
		}
		table.Columns[i].Title = lang.Text{FR: table.Columns[i].Key, EN: table.Columns[i].Key}
	}
	asText := *table
	asText.Rows = func(yield func([]Cell) bool) {
		for row := range table.Rows {
			cells := make([]Cell, len(row))
			for i, v := range row {
				cells[i] = v
				if v.Set && table.Columns[i].Kind == Text {
					cells[i] = text(thousandths(v.Number))
				}
			}
			if !yield(cells) {
				return
			}
		}
	}
	var want, book bytes.Buffer
	if err := WriteCSV(&want, &asText); err != nil {
		t.Fatal(err)
	}
	if err := WriteXLSX(&book, lang.French, &asText); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "etat.xlsx")
	if err := os.WriteFile(path, book.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("soffice", "--headless", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1,,1036,false,false", "--outdir", dir, path)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v: %s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "etat.csv"))
	if err != nil {
		t.Fatal(err)
	}
	unquoted := func(b []byte) []byte {
		b = bytes.TrimPrefix(b, []byte("\ufeff"))
		b = groups.ReplaceAll(b, []byte("$1$2"))
		b = bytes.ReplaceAll(b, []byte(","), []byte("."))
		return shortAmounts.ReplaceAll(bytes.ReplaceAll(b, []byte("\""), nil), []byte("$1$2"))
	}
	a, b := bytes.Split(unquoted(want.Bytes()), []byte("\n")), bytes.Split(unquoted(got), []byte("\n"))
	if len(a) != len(b) {
		t.Fatalf("%d lines, want %d", len(b), len(a))
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			t.Fatalf("line %d is\n%s\nwant\n%s", i+1, b[i], a[i])
		}
	}
}

// groups are the thousands that the format of an amount sets apart.
var groups = regexp.MustCompile(`(\d),(\d{3}\.)`)

// shortAmounts are amounts whose last zeros a number does not keep.
var shortAmounts = regexp.MustCompile(`(\.[1-9])0\b|\.00(\b)`)

func TestACellKeepsWhatTheFormatWouldChange(t *testing.T) {
	for in, want := range map[string]string{"007": "007", "=1+1": "=1+1", "a\x00b": "ab", "é": "é"} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := sheet.Inert("=1+1"); got != "'=1+1" {
		t.Errorf("a formula leaves as %q", got)
	}
	if got := sheet.Inert("-186,38"); got != "-186,38" {
		t.Errorf("an amount leaves as %q", got)
	}
	if got := len([]rune(clean(string(make([]rune, 40_000))))); got != 0 {
		t.Errorf("%d characters of nothing", got)
	}
}
