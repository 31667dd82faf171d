package build

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/synth"
)

func TestWorkbooksBesideAJournalAreToldWhereAnIndexIsMissed(t *testing.T) {
	for name, tc := range map[string]struct {
		pieces int
		files  []string // below the folder of the journal
		set    func(dem *demand, dir string)
		want   string
	}{
		"no piece":           {-1, []string{"liste.xlsx", "Suivi.ODS"}, nil, "VOL-255 (Suivi.ODS, liste.xlsx)"},
		"many":               {-1, []string{"a.xls", "b.xls", "c.xls", "d.xls"}, nil, "VOL-255 (a.xls, b.xls, c.xls, …)"},
		"scans of nobody":    {-1, []string{"liste.xlsx", "PJ/scan.pdf"}, nil, "VOL-243 scan.pdf VOL-255 (liste.xlsx)"},
		"scans in one heap":  {-1, []string{"liste.xlsx"}, func(dem *demand, dir string) { dem.PJ = dir }, "VOL-243 run.jsonl VOL-244 liste.xlsx"},
		"all in one heap":    {-1, nil, func(dem *demand, dir string) { dem.PJ, dem.Entree = dir, dir }, "VOL-243 journal.xhl"},
		"all that is asked":  {3, []string{"liste.xlsx"}, nil, ""},
		"nothing to be told": {-1, []string{"liste.xlsx"}, func(dem *demand, _ string) { dem.IgnoreUnused = true }, ""},
		"no workbook":        {-1, []string{"~$liste.xlsx", ".liste.xlsx", "lettre.docx"}, nil, ""},
		"the index itself":   {3, []string{"autre.xlsx", "PJ/scan.pdf"}, func(dem *demand, dir string) { dem.Index = filepath.Join(dir, "justificatifs.csv") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := paye(t, synth.Options{Bulletins: 4, Pieces: tc.pieces, Journal: true})
			if tc.pieces < 0 { // its index has no line
				if err := os.Remove(filepath.Join(dir, indexName)); err != nil {
					t.Fatal(err)
				}
			}
			for _, f := range tc.files {
				path := filepath.Join(dir, filepath.FromSlash(f))
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "envoi"), 4_000_000)
			if tc.set != nil {
				tc.set(dem, dir)
			}
			var told []string
			dem.Anomalie = func(a *anomalie.Anomalie) {
				switch message := a.Message(lang.English); a.Code {
				case ClasseurVoisin:
					told = append(told, a.Code+" "+message[strings.LastIndex(message, "("):])
				case ClasseurSansIndex, FichierInutile:
					told = append(told, a.Code+" "+a.Args[0].(string))
				}
			}
			if _, _, err := build(t.Context(), dem); err != nil {
				t.Fatal(err)
			}
			slices.Sort(told)
			if got := strings.Join(told, " "); got != tc.want {
				t.Errorf("told %q, want %q", got, tc.want)
			}
		})
	}
}
