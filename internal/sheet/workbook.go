//go:build !js

package sheet

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook that is read.
const (
	maxUnzipped = 4 << 30  // bytes of all its parts
	inMemory    = 32 << 20 // bytes of a part that is kept in memory; more goes to a temporary file
)

// Workbook is an .xlsx whose sheets are read as CSV, one row after the other.
// Rows of one sheet may be read beside those of another.
type Workbook struct {
	x        *excelize.File
	from1904 bool
	dates    map[int]bool // style → it shows a date
}

// readWorkbook reads the list of the sheets. Close frees what it keeps.
func readWorkbook(r Source, head []byte) (*Workbook, error) {
	in := &counted{r: io.MultiReader(bytes.NewReader(head), r)}
	x, err := excelize.OpenReader(in, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: inMemory})
	if err == nil && x.SheetCount == 0 {
		err = errors.Join(errNoSheet, x.Close())
	}
	if err != nil {
		return nil, cmp.Or(other(r, in.n), err)
	}
	w := &Workbook{x: x, dates: make(map[int]bool)}
	if props, err := x.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.from1904 = *props.Date1904
	}
	return w, nil
}

// Close frees the workbook.
func (w *Workbook) Close() error { return w.x.Close() }

// names are the sheets that are shown, all where all are hidden.
func (w *Workbook) names() []string {
	all := w.x.GetSheetList()
	var list []string
	for _, name := range all {
		if shown, err := w.x.GetSheetVisible(name); err == nil && shown {
			list = append(list, name)
		}
	}
	if list == nil {
		return all
	}
	return list
}

// firstRow gives the cells of the first line of a sheet, none where it is empty.
func (w *Workbook) firstRow(name string) ([]string, error) {
	rows, err := w.x.Rows(name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Error()
	}
	return rows.Columns()
}

// Rows gives the rows of a sheet. Each cell is read twice, as it is stored and
// as it is shown: stored is right for digits, shown for the zeros that a format
// puts before them.
func (w *Workbook) Rows(name string) (*Rows, error) {
	stored, err := w.x.Rows(name)
	if err != nil {
		return nil, err
	}
	shown, err := w.x.Rows(name)
	if err != nil {
		return nil, errors.Join(err, stored.Close())
	}
	return &Rows{w: w, name: name, stored: stored, shown: shown}, nil
}

// Rows is a sheet being read.
type Rows struct {
	w             *Workbook
	name          string
	stored, shown *excelize.Rows
	n             int
}

// Next returns the cells of the next row, io.EOF after the last one.
func (r *Rows) Next() ([]string, error) {
	if !r.stored.Next() || !r.shown.Next() {
		if err := errors.Join(r.stored.Error(), r.shown.Error()); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	r.n++
	raw, err1 := r.stored.Columns(excelize.Options{RawCellValue: true})
	look, err2 := r.shown.Columns()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	row := make([]string, len(raw))
	for i := range raw {
		shown := ""
		if i < len(look) {
			shown = look[i]
		}
		var err error
		if row[i], err = r.w.cell(r.name, i+1, r.n, raw[i], shown); err != nil {
			return nil, err
		}
	}
	return row, nil
}

// Close frees the sheet.
func (r *Rows) Close() error { return errors.Join(r.stored.Close(), r.shown.Close()) }

// cell chooses what a cell says.
func (w *Workbook) cell(sheet string, col, row int, raw, look string) (string, error) {
	if d, ok := midnight(raw); ok {
		return d, nil
	}
	if raw == look {
		return raw, nil
	}
	n, isNumber := new(big.Rat).SetString(raw)
	if !isNumber || len(raw) > 40 {
		return raw, nil
	}
	if digits := grouped.Replace(look); padded(raw, digits) {
		return digits, nil
	}
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return "", err
	}
	style, err := w.x.GetCellStyle(sheet, name)
	if err != nil {
		return "", err
	}
	isDate, known := w.dates[style]
	if !known {
		s, err := w.x.GetStyle(style)
		if err != nil {
			return "", err
		}
		isDate = showsDate(s)
		w.dates[style] = isDate
	}
	if isDate {
		serial, _ := n.Float64()
		return day(serial, w.from1904)
	}
	if n.IsInt() {
		return n.Num().String(), nil // 2.85067511613189E+14
	}
	if strings.ContainsAny(raw, "eE") {
		f, _ := n.Float64()
		return strconv.FormatFloat(f, 'f', -1, 64), nil // 1.5E-2
	}
	return raw, nil
}

// midnight returns the day of an instant in ISO 8601 that begins it: what a
// cell of type d holds, as the strict form of Excel and openpyxl write it.
func midnight(raw string) (string, bool) {
	if len(raw) < len("2006-01-02T00:00:00") || raw[10] != 'T' {
		return "", false
	}
	t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(raw, "Z"))
	return raw[:10], err == nil && t.Equal(t.Truncate(24*time.Hour))
}

// grouped takes out the blanks that a format sets between the digits of a code.
var grouped = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")

// padded reports whether look is raw with zeros before it.
func padded(raw, look string) bool {
	return len(look) > len(raw) && strings.TrimLeft(look, "0") == strings.TrimLeft(raw, "0") && strings.Trim(look, "0123456789") == ""
}

// showsDate reports whether a style writes a number as a date.
func showsDate(s *excelize.Style) bool {
	if s == nil {
		return false
	}
	if s.CustomNumFmt != nil {
		format, _, _ := strings.Cut(strings.ToLower(*s.CustomNumFmt), ";")
		return strings.Contains(format, "yy") || strings.Contains(format, "aa") || strings.Contains(format, "jj") || strings.Contains(format, "dd") || strings.Contains(format, "d/m")
	}
	n := s.NumFmt
	return n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58
}

// firstSerial is the first day that every program counts alike: Excel has a
// 29 February 1900.
const firstSerial = 61

func day(serial float64, from1904 bool) (string, error) {
	if serial < firstSerial && !from1904 || serial < 0 {
		return "", fmt.Errorf("day number %s", strconv.FormatFloat(serial, 'f', -1, 64))
	}
	d, err := excelize.ExcelDateToTime(serial, from1904)
	if err != nil {
		return "", err
	}
	return d.Format("2006-01-02"), nil
}

// CSV gives the rows of a sheet as CSV with semicolons, in UTF-8 with its mark.
func (w *Workbook) CSV(name string) (io.ReadCloser, error) {
	rows, err := w.Rows(name)
	if err != nil {
		return nil, err
	}
	return &csvFile{rows: rows, name: name, buf: []byte("\ufeff")}, nil
}

// csvFile is a sheet as a file of a folder.
type csvFile struct {
	rows    *Rows
	name    string
	buf     []byte
	at      int
	err     error
	columns int // of the first row, which names them
}

func (f *csvFile) Read(p []byte) (int, error) {
	for f.at == len(f.buf) {
		if f.err != nil {
			return 0, f.err
		}
		f.buf, f.at = f.buf[:0], 0
		var cells []string
		if cells, f.err = f.rows.Next(); f.err != nil {
			continue
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1] // a format reaches further than the values
		}
		if f.columns == 0 {
			f.columns = len(cells)
		}
		for len(cells) < f.columns {
			cells = append(cells, "")
		}
		for i, c := range cells {
			if i > 0 {
				f.buf = append(f.buf, ';')
			}
			f.buf = AppendCell(f.buf, c)
		}
		f.buf = append(f.buf, '\n')
	}
	n := copy(p, f.buf[f.at:])
	f.at += n
	return n, nil
}

func (f *csvFile) Close() error { return f.rows.Close() }

func (f *csvFile) Stat() (fs.FileInfo, error) { return f, nil }

func (f *csvFile) Name() string     { return f.name + ".csv" }
func (*csvFile) Size() int64        { return 0 }
func (*csvFile) Mode() fs.FileMode  { return 0o400 }
func (*csvFile) ModTime() time.Time { return time.Time{} }
func (*csvFile) IsDir() bool        { return false }
func (*csvFile) Sys() any           { return nil }

// Open gives the sheet called name, without its .csv, as a file: a workbook is
// a folder of CSV files. Sheets that continue it, "name (2)" and so on, follow
// without their first row.
func (w *Workbook) Open(name string) (fs.File, error) {
	sheet, is := strings.CutSuffix(name, ".csv")
	if at, err := w.x.GetSheetIndex(sheet); !is || err != nil || at < 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	rows, err := w.Rows(sheet)
	if err != nil {
		return nil, err
	}
	return &continued{csvFile: csvFile{rows: rows, name: sheet, buf: []byte("\ufeff")}, w: w}, nil
}

// continued goes on to the sheets that continue one.
type continued struct {
	csvFile
	w *Workbook
	n int
}

func (f *continued) Read(p []byte) (int, error) {
	for {
		n, err := f.csvFile.Read(p)
		if n > 0 || err != io.EOF {
			return n, err
		}
		f.n++
		next := Continuation(f.name, f.n)
		if at, err := f.w.x.GetSheetIndex(next); err != nil || at < 0 {
			return 0, io.EOF
		}
		if err := f.rows.Close(); err != nil {
			return 0, err
		}
		if f.rows, err = f.w.Rows(next); err != nil {
			return 0, err
		}
		if _, err = f.rows.Next(); err != nil && err != io.EOF { // its heading
			return 0, err
		}
		f.err = nil
	}
}

// Continuation is the name of the n-th sheet that continues one that is full,
// from 1; the sheet itself for 0.
func Continuation(name string, n int) string {
	if n > 0 {
		return fmt.Sprintf("%s (%d)", name, n+1)
	}
	return name
}

// AppendCell appends a cell of a CSV, between quotes when it has to be.
func AppendCell(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, ";\"\r\n") {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for {
		quote := strings.IndexByte(s, '"')
		if quote < 0 {
			return append(append(dst, s...), '"')
		}
		dst = append(append(dst, s[:quote+1]...), '"')
		s = s[quote+1:]
	}
}
