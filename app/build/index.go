package build

import (
	"errors"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/input"
)

// IndexLigneLue is a line of justificatifs.csv: a piece, and the agent that it
// justifies.
type IndexLigneLue struct {
	Ligne       int    // from 1
	Matricule   string // "*" for a piece of general scope
	IdUnique    string // "" to have one made from the content
	Fichier     string // below the folder of pieces
	Nom         string // NomPJ; "" for that of the file
	Description string
	Support     string // "01" when empty
}

// General is the matricule of the pieces of general scope.
const General = "*"

// indexName is the name of an index that is found by itself.
const indexName = "justificatifs.csv"

// indexNames are those of an index: a workbook serves where there is no CSV, and
// one that is not read is said to be.
var indexNames = []string{indexName, "justificatifs.xlsx", "justificatifs.xlsm", "justificatifs.xlsb", "justificatifs.ods", "justificatifs.xls"}

// IndexRank is 0 for a file that is called as an index is, more for one that only
// serves where those of a lower rank are not there, -1 for any other file.
func IndexRank(name string) int {
	return slices.IndexFunc(indexNames, func(known string) bool { return strings.EqualFold(path.Base(filepath.ToSlash(name)), known) })
}

// indexBeside finds the index of a folder.
func indexBeside(dir string) string {
	for _, name := range indexNames {
		if path := beside(dir, name); path != "" {
			return path
		}
	}
	return ""
}

// indexColumns are the columns of justificatifs.csv; the first three must be
// there.
var indexColumns = []string{"matricule", "id_unique", "fichier", "nom", "description", "support"}

// supports are those of a PJRef.
var supports = []string{"00", "01", "02", "03", "10"}

// readIndex reads a justificatifs.csv, and tells which sheet of a workbook it is.
func readIndex(path string, blank *int, tell func(*anomalie.Anomalie)) ([]IndexLigneLue, error) {
	t, err := openTable(path, indexColumns, 3, tableFaults{IndexIllisible, IndexLigne})
	if err != nil {
		return nil, err
	}
	t.tell(tell)
	return indexLines(t, blank)
}

// parseIndex reads the index of the bytes of the file called path.
func parseIndex(path string, data []byte, blank *int) ([]IndexLigneLue, error) {
	t, err := parseTable(path, data, indexColumns, 3, tableFaults{IndexIllisible, IndexLigne})
	if err != nil {
		return nil, err
	}
	return indexLines(t, blank)
}

// indexLines reads the lines. Those that a person left without a file, as the
// template has them, are counted in blank and passed over.
func indexLines(t *tableCSV, blank *int) ([]IndexLigneLue, error) {
	t.codes = []codeColumn{{"matricule", nil}, {"id_unique", nil}, {"support", supports}}
	var list []IndexLigneLue
	for {
		line, get, err := t.next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		l := IndexLigneLue{Ligne: line, Matricule: get("matricule"), IdUnique: get("id_unique"), Fichier: get("fichier"),
			Nom: get("nom"), Description: get("description"), Support: get("support")}
		var wrong any
		switch {
		case l.Matricule == "" && l.Fichier == "":
			continue
		case l.Fichier+l.IdUnique+l.Nom+l.Description+l.Support == "":
			*blank++
			continue
		case l.Matricule == "":
			wrong = input.NoCell.With("matricule")
		case l.Fichier == "" && (l.Nom == "" || l.IdUnique == ""):
			wrong = input.NoCell.With("fichier")
		case l.Support != "" && !slices.Contains(supports, l.Support):
			wrong = input.BadCell.With("support", strings.Join(supports, ", "))
		}
		if wrong != nil {
			return nil, t.wrong(line, wrong)
		}
		l.Fichier = filepath.ToSlash(strings.ReplaceAll(l.Fichier, `\`, "/"))
		list = append(list, l)
	}
}

// papier reports whether a support has no file that travels.
func papier(support string) bool { return support == "02" || support == "03" }
