//go:build !js

package states

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"paye/internal/lang"
	"paye/internal/sheet"
)

const (
	maxSheetRows = sheet.MaxRows
	maxCellText  = sheet.MaxCellText
)

// WriteXLSX writes tables as the sheets of a workbook, which a table that does
// not fit continues on further ones. Texts stay texts, whatever they look like;
// amounts are numbers with two decimals.
func WriteXLSX(w io.Writer, l lang.Language, tables ...*Table) error {
	f := excelize.NewFile()
	defer f.Close()
	b, err := newWorkbook(f)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := b.table(t, l); err != nil {
			return fmt.Errorf("write sheet %s: %w", t.Name, err)
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	f.SetActiveSheet(0)
	if err := f.SetDocProps(&excelize.DocProperties{Created: noTime, Modified: noTime}); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return sheet.InOrder(w, f)
}

// noTime stands where a workbook has the time of its making: the same tables
// give the same bytes.
const noTime = "2000-01-01T00:00:00Z"

type workbook struct {
	f      *excelize.File
	styles map[Kind]int
	bold   int
}

func newWorkbook(f *excelize.File) (*workbook, error) {
	b := &workbook{f: f, styles: make(map[Kind]int)}
	var err error
	if b.bold, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return nil, fmt.Errorf("make style: %w", err)
	}
	for _, style := range [...]struct {
		kind   Kind
		format string
	}{{Text, "@"}, {Money, "#,##0.00"}, {Number, "#,##0.###"}, {Count, "#,##0"}} {
		kind, format := style.kind, style.format
		if b.styles[kind], err = f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, fmt.Errorf("make style: %w", err)
		}
	}
	return b, nil
}

// table writes a table, on as many sheets as it needs.
func (b *workbook) table(t *Table, l lang.Language) error {
	var out *excelize.StreamWriter
	sheets, row := 0, 0
	var failed error
	begin := func() error {
		name := sheetName(t.Title.In(l), sheets)
		sheets++
		row = 1
		if _, err := b.f.NewSheet(name); err != nil {
			return err
		}
		var err error
		if out, err = b.begin(name, t, l); err != nil {
			return err
		}
		return nil
	}
	if err := begin(); err != nil {
		return err
	}
	values := make([]any, len(t.Columns))
	for cells := range t.Rows {
		if row == maxSheetRows {
			if failed = out.Flush(); failed == nil {
				failed = begin()
			}
			if failed != nil {
				break
			}
		}
		row++
		for i, v := range cells {
			values[i] = b.cell(&t.Columns[i], v)
		}
		if failed = out.SetRow(fmt.Sprintf("A%d", row), values); failed != nil {
			break
		}
	}
	if failed != nil {
		return failed
	}
	return out.Flush()
}

// begin writes the heading of a sheet. Excel's remark on numbers kept as texts
// is silenced, which has to be said before the rows.
func (b *workbook) begin(sheet string, t *Table, l lang.Language) (*excelize.StreamWriter, error) {
	last, err := excelize.ColumnNumberToName(len(t.Columns))
	if err != nil {
		return nil, err
	}
	if err := b.f.AddIgnoredErrors(sheet, fmt.Sprintf("A1:%s%d", last, maxSheetRows), excelize.IgnoredErrorsNumberStoredAsText); err != nil {
		return nil, err
	}
	out, err := b.f.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	for i := range t.Columns {
		if err := out.SetColWidth(i+1, i+1, 6+6*t.Columns[i].Width); err != nil {
			return nil, err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	heading := make([]any, len(t.Columns))
	for i := range t.Columns {
		heading[i] = excelize.Cell{StyleID: b.bold, Value: t.Columns[i].Title.In(l)}
	}
	return out, out.SetRow("A1", heading)
}

// cell is a value for the stream writer. An amount becomes a float only here,
// with the digits that it has; an amount that a double cannot hold is a text.
func (b *workbook) cell(c *Column, v Cell) any {
	if !v.Set {
		return excelize.Cell{StyleID: b.styles[Text], Value: clean(v.Text)}
	}
	const exact = 1 << 53
	if v.Number > exact || v.Number < -exact {
		return excelize.Cell{StyleID: b.styles[Text], Value: c.plain(v)}
	}
	switch c.Kind {
	case Money:
		return excelize.Cell{StyleID: b.styles[Money], Value: float64(v.Number) / 100}
	case Number:
		return excelize.Cell{StyleID: b.styles[Number], Value: float64(v.Number) / 1000}
	}
	return excelize.Cell{StyleID: b.styles[Count], Value: v.Number}
}

// clean is a text that the format can hold whole: without the characters that
// XML has no way to write, and cut in sight where the writer would cut it in
// silence.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) <= maxCellText {
		return s
	}
	runes := []rune(s)
	return string(runes[:maxCellText-1]) + "…"
}

// sheetName is a name that the format takes: 31 characters, some of which are
// refused.
func sheetName(title string, n int) string {
	title = strings.NewReplacer("/", "-", `\`, "-", "?", "", "*", "", "[", "(", "]", ")", ":", " ").Replace(title)
	suffix := ""
	if n > 0 {
		suffix = fmt.Sprintf(" (%d)", n+1)
	}
	runes := []rune(title)
	return string(runes[:min(len(runes), 31-len(suffix))]) + suffix
}
