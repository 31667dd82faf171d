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
// an employer with a Faute, one that cannot be read is left to its work, which says
// so. Without are the folders, and the journals in no folder, that are no employer:
// somebody may be missed there. The output of a batch is none of them.
func Find(dir string) (list []Employeur, without []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, Codes.New(NoEmployers, dir)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("list the employers: %w", err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		st, err := os.Stat(path) // a link is what it leads to
		switch {
		case strings.HasPrefix(e.Name(), "."):
			continue
		case err == nil && !st.IsDir():
			if strings.EqualFold(filepath.Ext(e.Name()), ".xhl") {
				without = append(without, e.Name())
			}
			continue
		}
		found, err := inside(path)
		switch {
		case slices.Contains(ownNames, e.Name()): // of the report: it could not be written
			list = append(list, Employeur{Dossier: e.Name(), Faute: Codes.New(OwnName, e.Name())})
		case err != nil:
			list = append(list, Employeur{Dossier: e.Name(), Entree: path})
		case len(found) == 0:
			if !exists(filepath.Join(path, JournalName)) {
				without = append(without, e.Name())
			}
		case len(found) == 1:
			list = append(list, Employeur{Dossier: e.Name(), Entree: found[0]})
		default:
			a := Codes.New(SeveralJournals, len(found))
			a.Fichier = e.Name()
			list = append(list, Employeur{Dossier: e.Name(), Faute: a})
		}
	}
	switch {
	case len(list) == 0:
		return nil, nil, Codes.New(NoEmployers, dir)
	case len(list) > maxEmployers:
		return nil, nil, Codes.New(TooMany, maxEmployers)
	}
	return list, without, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
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
		case !regular(dir, e):
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

// regular reports whether an entry of a folder is a file, or a link to one.
func regular(dir string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	st, err := os.Stat(filepath.Join(dir, e.Name()))
	return err == nil && st.Mode().IsRegular()
}
