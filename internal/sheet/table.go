package sheet

import (
	"encoding/csv"
	"strings"

	"paye/internal/input"
)

// Table is a [Delimited] whose first line names its columns, in any order and case.
type Table struct {
	Choice
	rows   *csv.Reader
	column map[string]int
	twice  map[string]bool
	row    []string
}

// OpenTable reads the names. Of a workbook it takes the sheet that has the wanted
// ones (see [Workbook.Choose]). What is no table is a Refusal; io.EOF is a table
// without a line.
func OpenTable(data []byte, max int64, wanted ...string) (*Table, error) {
	r, choice, err := Delimited(data, max, wanted...)
	if err != nil {
		return nil, err
	}
	r.ReuseRecord = true
	names, err := r.Read()
	if err != nil {
		return nil, err
	}
	t := &Table{Choice: choice, rows: r, column: make(map[string]int, len(names)), twice: make(map[string]bool)}
	for i, name := range names {
		name = columnName(name)
		if _, there := t.column[name]; there {
			t.twice[name] = true
		}
		t.column[name] = i
	}
	return t, nil
}

// Has reports whether there are columns of these names.
func (t *Table) Has(names ...string) bool {
	for _, name := range names {
		if _, there := t.column[name]; !there {
			return false
		}
	}
	return true
}

// Twice reports whether there are two columns of a name, which may say two things.
func (t *Table) Twice(name string) bool { return t.twice[name] }

// Next goes to the next line and gives its number, from 1; io.EOF at the end. After
// another fault, the line is of no use, and the next one may be.
func (t *Table) Next() (line int, err error) {
	t.row, err = t.rows.Read()
	return input.CSVLine(t.rows, err), err
}

// Cell is a value of the line, trimmed and without the apostrophe that keeps it from
// a spreadsheet; "" where there is none.
func (t *Table) Cell(name string) string {
	if i, there := t.column[name]; there && i < len(t.row) {
		return Unprotect(strings.TrimSpace(t.row[i]))
	}
	return ""
}
