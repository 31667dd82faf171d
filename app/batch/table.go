package batch

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xrash/smetrics"

	"paye/internal/input"
	"paye/internal/sheet"
	"paye/pespj"
)

// columns are those of the table, in the order in which it is proposed.
var columns = []string{"dossier", "entree", "siret", "idpost", "codcol", "codbud", "finjur", "limite", "mandats", "avant"}

// maxTable bounds the table, in bytes.
const maxTable = 64 << 20

// ReadTable reads a table of employers, a CSV or a workbook whose first line
// names its columns, of which "dossier" alone must be there. Paths are relative
// to the folder of the table. A row that is wrong is an employer with a Faute.
func ReadTable(path string) ([]Employeur, error) {
	text, err := input.ReadFile(path, maxTable)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Codes.New(NoEmployers, path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the table: %w", err)
	}
	r, _, err := sheet.Delimited(text, maxTable, "dossier")
	if err != nil {
		return nil, Codes.New(BadTable).At(path, -1, 1)
	}
	r.Comment = '#'
	head, err := r.Read()
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(name))
	}
	if err != nil || !slices.Contains(head, "dossier") {
		return nil, Codes.New(BadTable).At(path, -1, 1)
	}
	for i, name := range head {
		if meant := slip(name, head); meant != "" {
			return nil, Codes.New(UnknownColumn, name, meant).At(path, -1, 1)
		}
		if slices.Contains(columns, name) && slices.Contains(head[:i], name) {
			return nil, Codes.New(BadLine, input.TwoColumns.With(name)).At(path, -1, 1)
		}
	}
	var list []Employeur
	seen := make(map[string]bool)
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line := input.CSVLine(r, err)
		if err != nil {
			return nil, Codes.New(BadLine, input.BadQuotes).At(path, -1, int64(line))
		}
		if len(list) == maxEmployers {
			return nil, Codes.New(TooMany, maxEmployers).At(path, -1, int64(line))
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		e := rowOf(head, row, filepath.Dir(path))
		if e.Faute == nil && seen[e.Dossier] {
			e.Faute = Codes.New(SameFolder, e.Dossier)
		}
		if e.Faute != nil {
			e.Faute.At(path, -1, int64(line))
		}
		seen[e.Dossier] = true
		list = append(list, e)
	}
	if len(list) == 0 {
		return nil, Codes.New(NoEmployers, path)
	}
	return list, nil
}

// slip is the column that a name in head is a slip for, "" for one of the columns and
// for what somebody keeps beside them.
func slip(name string, head []string) string {
	if slices.Contains(columns, name) {
		return ""
	}
	for _, known := range columns {
		if !slices.Contains(head, known) && smetrics.JaroWinkler(name, known, 0.7, 4) > 0.9 {
			return known
		}
	}
	return ""
}

// rowOf reads a row.
func rowOf(head, row []string, dir string) (e Employeur) {
	get := func(name string) string {
		if i := slices.Index(head, name); i >= 0 && i < len(row) {
			return sheet.Unprotect(strings.TrimSpace(row[i]))
		}
		return ""
	}
	e = Employeur{Dossier: get("dossier"), Siret: get("siret"), IdPost: get("idpost"), CodCol: get("codcol"), CodBud: get("codbud"),
		FinJur: get("finjur"), Mandats: strings.FieldsFunc(get("mandats"), func(r rune) bool { return r == ',' || r == ' ' })}
	if !localName(e.Dossier) {
		e.Faute = Codes.New(BadRow, "dossier", e.Dossier)
		return e
	}
	if s := get("avant"); s != "" {
		e.Avant = below(dir, s)
	}
	if s := get("limite"); s != "" {
		limit, err := pespj.ParseLimit(s)
		if err != nil {
			e.Faute = Codes.New(BadRow, "limite", s)
			return e
		}
		e.Limit = limit
	}
	e.locate(dir, get("entree"))
	return e
}

// locate finds the input of a row: the one that it names, else what its folder
// holds.
func (e *Employeur) locate(dir, entree string) {
	if entree != "" {
		e.Entree = below(dir, entree)
		// A pipe would be waited for all night.
		if st, err := os.Stat(e.Entree); err == nil && !st.IsDir() && !st.Mode().IsRegular() {
			e.Faute = Codes.New(BadRow, "entree", entree)
		}
		return
	}
	folder := below(dir, e.Dossier)
	found, err := inside(folder)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		e.Entree = folder // its work says what is wrong
	case len(found) == 0:
		e.Faute = Codes.New(NoEmployers, folder)
	case len(found) > 1:
		e.Faute = Codes.New(SeveralJournals, len(found))
	default:
		e.Entree = found[0]
	}
}

// localName reports whether a folder can have the name below the output, beside
// the files of the batch itself.
func localName(name string) bool {
	return name != "" && name != "." && filepath.IsLocal(name) && !strings.HasPrefix(name, ".") && !slices.Contains(ownNames, name)
}

func below(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, filepath.FromSlash(path))
}

// mark tells a spreadsheet that a CSV is UTF-8.
const mark = "\ufeff"

// WriteTable proposes a table for employers that were found; base is the folder
// that it will stand in.
func WriteTable(w io.Writer, base string, list []Employeur) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.Write(columns); err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		limit := ""
		if e.Limit > 0 {
			limit = strconv.FormatInt(e.Limit, 10)
		}
		entree := e.Entree
		if rel, err := filepath.Rel(base, entree); err == nil && entree != "" {
			entree = filepath.ToSlash(rel)
		}
		err := out.Write([]string{e.Dossier, entree, e.Siret, e.IdPost, e.CodCol, e.CodBud, e.FinJur, limit, strings.Join(e.Mandats, ","), e.Avant})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
