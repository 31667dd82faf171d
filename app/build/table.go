package build

import (
	"errors"
	"io"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/sheet"
)

// maxIndex bounds the size of a table, in bytes.
const maxIndex = 256 << 20

// tableCSV is a table that a person keeps beside the payroll.
type tableCSV struct {
	*sheet.Table
	path   string
	faults tableFaults
	codes  []codeColumn
}

// codeColumn is a column of identifiers, with their values where these are a
// list.
type codeColumn struct {
	name string
	list []string
}

// tableFaults are the codes of what is wrong with a table as a whole, and with
// one of its lines.
type tableFaults struct{ table, line string }

// openTable reads the headings of a table. Of its columns each may be there once,
// and as many as required, the first of them, must be.
func openTable(path string, columns []string, required int, faults tableFaults) (*tableCSV, error) {
	data, err := input.ReadFile(path, maxIndex)
	if err != nil {
		return nil, notFound(path, err)
	}
	return parseTable(path, data, columns, required, faults)
}

// parseTable is openTable for the bytes of the file called path.
func parseTable(path string, data []byte, columns []string, required int, faults tableFaults) (*tableCSV, error) {
	malformed := func(what any) error {
		a := Codes.New(faults.table, what)
		a.Fichier, a.Ligne = path, 1
		return a
	}
	if len(data) > maxIndex {
		return nil, malformed("256 Mio")
	}
	t, err := sheet.OpenTable(data, maxIndex, columns[:required]...)
	if refusal := (sheet.Refusal{}); errors.As(err, &refusal) {
		return nil, malformed(refusal.Phrase)
	}
	if err != nil {
		return nil, malformed(input.Empty)
	}
	for i, name := range columns {
		switch {
		case i < required && !t.Has(name):
			return nil, malformed(t.Missing(name))
		case t.Twice(name):
			return nil, malformed(input.TwoColumns.With(name))
		}
	}
	return &tableCSV{Table: t, path: path, faults: faults}, nil
}

// tell tells which sheet of a workbook the table is, where people see another first.
func (t *tableCSV) tell(f func(*anomalie.Anomalie)) {
	if a := t.Notice(t.path); a != nil {
		f(a)
	}
}

// next returns the number of the next line, and its cells by heading; io.EOF
// at the end.
func (t *tableCSV) next() (line int, get func(string) string, err error) {
	line, err = t.Next()
	if errors.Is(err, io.EOF) {
		return 0, nil, err
	}
	if err != nil {
		return line, nil, t.wrong(line, input.BadQuotes)
	}
	return line, t.Cell, t.damaged(line, t.Cell)
}

// damaged says what a spreadsheet did to an identifier of a line.
func (t *tableCSV) damaged(line int, get func(string) string) error {
	for _, c := range t.codes {
		cell := get(c.name)
		damage := sheet.LostZero(cell, c.list)
		if !damage.Damaged() {
			_, damage = sheet.Code.Read(cell)
		}
		if damage.Damaged() {
			a := Codes.New(CelluleAbimee, line, c.name, damage.Phrase)
			a.Fichier, a.Ligne, a.Chemin = t.path, int64(line), c.name
			return a
		}
	}
	return nil
}

// wrong says what is wrong with a line.
func (t *tableCSV) wrong(line int, what any) error {
	a := Codes.New(t.faults.line, line, what)
	a.Fichier, a.Ligne = t.path, int64(line)
	return a
}
