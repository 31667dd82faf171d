package build

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"paye/internal/anomalie"
)

func TestInputIsWhatAFolderHolds(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		path  string // what is given, in the folder
		at    string
		isRun bool
		code  string
	}{
		"a journal":              {[]string{"paye.xhl"}, "paye.xhl", "paye.xhl", false, ""},
		"a run":                  {[]string{"run.jsonl"}, "run.jsonl", "run.jsonl", true, ""},
		"a workbook":             {[]string{"paye.xlsx"}, "paye.xlsx", "paye.xlsx", true, ""},
		"its run":                {[]string{"run.jsonl", "journal.xhl", "a.xml"}, ".", "run.jsonl", true, ""},
		"its journal":            {[]string{"journal.xhl", "a.xml"}, ".", "journal.xhl", false, ""},
		"the only journal in it": {[]string{"mai.XML", "a.pdf", "justificatifs.csv"}, ".", "mai.XML", false, ""},
		"a folder of tables":     {[]string{"entete.csv", "agents.csv", "mai.xml"}, ".", ".", true, ""},
		"two journals":           {[]string{"mai.xml", "juin.xhl"}, ".", "", false, PlusieursJournaux},
		"nothing":                {[]string{"a.pdf"}, ".", "", false, EntreeInconnue},
		"no such file":           {nil, "paye.xhl", "", false, EntreeIntrouvable},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range c.files {
				if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			at, isRun, err := InputAt(filepath.Join(dir, c.path))
			var a *anomalie.Anomalie
			if errors.As(err, &a); c.code != "" {
				if a == nil || a.Code != c.code {
					t.Errorf("%v, want %s", err, c.code)
				}
				return
			}
			if err != nil || at != filepath.Join(dir, c.at) || isRun != c.isRun {
				t.Errorf("%s, %v, %v; want %s, %v", at, isRun, err, c.at, c.isRun)
			}
		})
	}
}
