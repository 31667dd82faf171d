package intake

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/sheet/sheettest"
)

const journal = `<?xml version="1.0"?><DocumentPaye/>`

// drop lays files down; a name ending in .zip! holds further files after "|".
func drop(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// archive makes the bytes of a zip.
func archive(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte("%PDF-"))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const index = "matricule;id_unique;fichier;nom;description;support\n1;;a.pdf;;;\n"

func TestSortTellsWhatWasDropped(t *testing.T) {
	for name, tc := range map[string]struct {
		files             map[string]string
		entree, pj, index string
	}{
		"a journal alone":          {map[string]string{"paye.xml": journal}, "paye.xml", "", ""},
		"a journal in UTF-16":      {map[string]string{"paye.xml": "D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00P\x00a\x00y\x00e\x00"}, "paye.xml", "", ""},
		"a run with its folder":    {map[string]string{"p/run.jsonl": "{}", "p/justificatifs.csv": index, "p/justificatifs/a.pdf": "x"}, "p/run.jsonl", "p/justificatifs", "p/justificatifs.csv"},
		"all in one heap":          {map[string]string{"run.jsonl": "{}", "justificatifs.csv": index, "a.pdf": "x"}, "run.jsonl", ".", "justificatifs.csv"},
		"a zip of pieces":          {map[string]string{"paye.xhl": journal, "justificatifs.csv": index, "p.zip": archive(t, "deep/a.pdf")}, "paye.xhl", "extrait/p/deep", "justificatifs.csv"},
		"an index in a workbook":   {map[string]string{"p/run.jsonl": "{}", "p/Justificatifs.xlsx": string(sheettest.Workbook(t, []byte(index))), "p/justificatifs/a.pdf": "x"}, "p/run.jsonl", "p/justificatifs", "p/Justificatifs.xlsx"},
		"a workbook beside a CSV":  {map[string]string{"run.jsonl": "{}", "a/justificatifs.xlsx": string(sheettest.Workbook(t, []byte(index))), "justificatifs.csv": index, "a.pdf": "x"}, "run.jsonl", ".", "justificatifs.csv"},
		"an index with commas":     {map[string]string{"p/run.jsonl": "{}", "p/justificatifs.csv": "\ufeffMatricule,Fichier,id_unique\n1,a.pdf,\n", "p/justificatifs/a.pdf": "x"}, "p/run.jsonl", "p/justificatifs", "p/justificatifs.csv"},
		"an index that is an .ods": {map[string]string{"run.jsonl": "{}", "justificatifs.ods": "PK\x03\x04", "a.pdf": "x"}, "run.jsonl", ".", "justificatifs.ods"},
		"a zip that is a payroll":  {map[string]string{"paye.zip": archive(t, "paye.xhl", "PJ/1/a.pdf")}, "paye.zip", "", ""},
		"a CSV run":                {map[string]string{"r/agents.csv": "", "r/entete.csv": "", "r/lignes.csv": ""}, "r", "", ""},
		"pieces without index":     {map[string]string{"paye.xhl": journal, "arrete.pdf": "x", "note.xml": "<a/>"}, "paye.xhl", ".", ""},
	} {
		dir := drop(t, tc.files)
		for range 2 { // the second time as the first
			d, err := Sort(t.Context(), dir)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for _, c := range []struct{ what, got, want string }{{"entree", d.Entree, tc.entree}, {"pj", d.PJ, tc.pj}, {"index", d.Index, tc.index}} {
				want := c.want
				if want != "" {
					want = filepath.Join(dir, filepath.FromSlash(want))
				}
				if c.got != want {
					t.Errorf("%s: %s is %q, want %q", name, c.what, c.got, want)
				}
			}
		}
	}
}

func TestSortSaysWhatIsWrong(t *testing.T) {
	for code, files := range map[string]map[string]string{
		NoJournal:   {"lettre.docx": "x"},
		TwoJournals: {"a.xhl": journal, "b.xhl": journal},
		ZipBroken:   {"a.xhl": journal, "b.zip": "no zip"},
	} {
		_, err := Sort(t.Context(), drop(t, files))
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Code != code {
			t.Errorf("want %s, got %v", code, err)
		}
	}
}

func TestArchiveStaysBelowItsFolder(t *testing.T) {
	dir := drop(t, map[string]string{"a.xhl": journal, "b.zip": archive(t, "../../dehors.pdf")})
	if _, err := Sort(t.Context(), dir); err == nil || !strings.Contains(err.Error(), ZipBroken) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(dir), "dehors.pdf")); err == nil {
		t.Error("a file was written outside")
	}
}

func TestCodesSpeakBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}
