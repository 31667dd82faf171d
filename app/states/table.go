package states

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"paye/etats"
	"paye/internal/lang"
	"paye/internal/sheet"
	"paye/xhl"
)

// Kind is what the cells of a column are.
type Kind uint8

const (
	Text   Kind = iota
	Money       // centimes
	Number      // thousandths
	Count       // a whole number
)

// Column is a column of a Table. Key is the same in every language, and is the
// heading of files for machines.
type Column struct {
	Key   string
	Title lang.Text
	Kind  Kind
	Width float64 // a share of the page, and of the sheet
}

// Cell is a value: a text, or a number of the kind of its column. A number that
// is not known has a text that says so.
type Cell struct {
	Text   string
	Number int64
	Set    bool // Number is the value
}

func text(s string) Cell       { return Cell{Text: s} }
func money(m xhl.Montant) Cell { return Cell{Number: int64(m), Set: true} }
func number(n int64) Cell      { return Cell{Number: n, Set: true} }
func count(n int) Cell         { return Cell{Number: int64(n), Set: true} }
func value(v etats.Valeur) Cell {
	if v.Nombre {
		return money(v.Montant)
	}
	return text(v.Texte)
}

// Table is rows under columns. Rows can be walked several times.
type Table struct {
	Name    string // of its sheet, and of its lines in JSON
	Title   lang.Text
	Columns []Column
	Rows    iter.Seq[[]Cell]
	Len     int
	Empty   lang.Text // said when there is no row
}

// plain writes a cell for a file: no grouping, a decimal comma.
func (c *Column) plain(v Cell) string {
	if !v.Set {
		return v.Text
	}
	switch c.Kind {
	case Number:
		return thousandths(v.Number)
	case Count:
		return strconv.FormatInt(v.Number, 10)
	}
	return etats.Virgule(xhl.Montant(v.Number))
}

// shown writes a cell for people.
func (c *Column) shown(v Cell, narrow string) string {
	if !v.Set {
		return v.Text
	}
	return grouped(c.plain(v), narrow)
}

// Shown gives the rows as texts for people, with space between the thousands.
func (t *Table) Shown(space string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for cells := range t.Rows {
			row := make([]string, len(cells))
			for i, v := range cells {
				row[i] = t.Columns[i].shown(v, space)
			}
			if !yield(row) {
				return
			}
		}
	}
}

func thousandths(n int64) string {
	s := strings.Replace(xhl.Montant(n/10).Reveal(), ".", ",", 1)
	if n%10 != 0 {
		sign := ""
		if n < 0 {
			sign, n = "-", -n
		}
		return fmt.Sprintf("%s%d,%03d", sign, n/1000, n%1000)
	}
	return strings.TrimSuffix(s, ",00")
}

// grouped puts a space between the thousands of a number, and the true minus
// before it.
func grouped(s, space string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "\u2212", s[1:]
	}
	whole, rest, comma := strings.Cut(s, ",")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(space)
		}
		b.WriteRune(r)
	}
	if comma {
		b.WriteString("," + rest)
	}
	return sign + b.String()
}

// Amount writes an amount for people: 1 234,56 with the narrow space.
func Amount(m xhl.Montant) string { return grouped(etats.Virgule(m), "\u202f") }

// SignedAmount is Amount with its sign.
func SignedAmount(m xhl.Montant) string {
	if m > 0 {
		return "+" + Amount(m)
	}
	return Amount(m)
}

// WriteCSV writes tables with ";" between columns, as UTF-8 with its mark. The
// first column names the table when there are several.
func WriteCSV(w io.Writer, tables ...*Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	cw := csv.NewWriter(w)
	cw.Comma = ';'
	var cells []string
	for _, t := range tables {
		cells = cells[:0]
		if len(tables) > 1 {
			cells = append(cells, "table")
		}
		for i := range t.Columns {
			cells = append(cells, t.Columns[i].Key)
		}
		if err := cw.Write(cells); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
		for row := range t.Rows {
			cells = cells[:0]
			if len(tables) > 1 {
				cells = append(cells, t.Name)
			}
			for i := range t.Columns {
				s := t.Columns[i].plain(row[i])
				if !row[i].Set {
					s = sheet.Inert(s)
				}
				cells = append(cells, s)
			}
			if err := cw.Write(cells); err != nil {
				return fmt.Errorf("write CSV: %w", err)
			}
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// JSON gives the rows of a table as objects, in the order of the columns, each
// with its type.
func (t *Table) JSON(yield func(any) error) error {
	for row := range t.Rows {
		b := []byte(`{"type":` + quoted(t.Name))
		for i := range t.Columns {
			c := &t.Columns[i]
			b = append(append(b, ','), quoted(c.Key)...)
			b = append(b, ':')
			switch v := row[i]; {
			case v.Set && c.Kind == Count:
				b = strconv.AppendInt(b, v.Number, 10)
			case v.Set:
				b = append(b, quoted(strings.Replace(c.plain(v), ",", ".", 1))...)
			default:
				b = append(b, quoted(v.Text)...)
			}
		}
		if err := yield(json.RawMessage(append(b, '}'))); err != nil {
			return err
		}
	}
	return nil
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}
