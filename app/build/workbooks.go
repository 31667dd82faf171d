package build

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// workbooks are what a list of justificatifs is kept in before it is a CSV.
var workbooks = []string{".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}

func isWorkbook(name string) bool {
	return slices.Contains(workbooks, strings.ToLower(filepath.Ext(name)))
}

// maxWorkbooks is how many workbooks are named.
const maxWorkbooks = 3

// unread tells of the workbooks beside the journal, one of which may be the list
// of the justificatifs under a name of its own. They are not opened: a folder
// may hold any workbook, and the large one of a decoded month. So they are told
// only where an index is missed, as no piece travels or some justify nobody, and
// those of the folder of pieces are told with its files.
func (c *catalogue) unread(stray int) {
	if c.dem.Index != "" || c.around == "" || c.covers(c.around) || len(c.pieces) > 0 && stray == 0 {
		return
	}
	entries, err := os.ReadDir(c.around)
	if err != nil {
		return // the journal could be read there: a note is not worth a failure
	}
	entree := filepath.Base(c.dem.Entree)
	var names []string
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || !isWorkbook(name) || name == entree || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
			continue
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return
	}
	if len(names) > maxWorkbooks {
		names = append(names[:maxWorkbooks], "…")
	}
	c.dem.Anomalie(Codes.New(ClasseurVoisin, strings.Join(names, ", ")))
}

// covers reports whether a folder is that of the pieces, or lies below it.
func (c *catalogue) covers(dir string) bool {
	if c.dossier == nil || c.dossier.archive {
		return false
	}
	top, err1 := filepath.Abs(c.dossier.name)
	below, err2 := filepath.Abs(dir)
	rel, err3 := filepath.Rel(top, below)
	return errors.Join(err1, err2, err3) == nil && filepath.IsLocal(rel)
}
