package batch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"paye/xhl/run"
)

// maxEmployers bounds a batch.
const maxEmployers = 100_000

// Find lists the employers of a folder: each folder in it that holds a run or a
// journal, in the order of the names. A folder that holds several journals is
// an employer with a Faute; one that holds none is left out.
func Find(dir string) ([]Employeur, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Codes.New(NoEmployers, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("list the employers: %w", err)
	}
	var list []Employeur
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		found, err := inside(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		switch len(found) {
		case 0:
		case 1:
			list = append(list, Employeur{Dossier: e.Name(), Entree: found[0]})
		default:
			a := Codes.New(SeveralJournals, len(found))
			a.Fichier = e.Name()
			list = append(list, Employeur{Dossier: e.Name(), Faute: a})
		}
	}
	if len(list) == 0 || len(list) > maxEmployers {
		return nil, Codes.New(NoEmployers, dir)
	}
	return list, nil
}

// inside lists what of a folder can be worked on: a run or the journal of synth,
// which go before any other, else the journals, else the workbooks that are none of
// the tables that stand beside a payroll.
func inside(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look into an employer's folder: %w", err)
	}
	var journals, workbooks []string
	for _, e := range entries {
		name := strings.ToLower(e.Name())
		switch {
		case !e.Type().IsRegular():
		case slices.Contains([]string{"run.jsonl", "journal.xhl", run.CSVEntete}, name):
			return []string{dir}, nil
		case slices.Contains([]string{".xhl", ".xml", ".zip", ".gz"}, filepath.Ext(name)):
			journals = append(journals, filepath.Join(dir, e.Name()))
		case filepath.Ext(name) == ".xlsx" && !slices.Contains([]string{"justificatifs", "mandats", "rubriques"}, strings.TrimSuffix(name, ".xlsx")) && !strings.HasPrefix(name, "~$"):
			workbooks = append(workbooks, filepath.Join(dir, e.Name()))
		}
	}
	if len(journals) == 0 {
		return workbooks, nil
	}
	return journals, nil
}
