package folder

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
)

var errTooLong = errors.New("too many rows")

// readCSV reads a whole table.
func readCSV(f *os.File) ([][]string, error) {
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		if text, err = charmap.Windows1252.NewDecoder().Bytes(text); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if r.Comma = ','; bytes.Count(first, []byte(";")) >= bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	var rows [][]string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if len(rows) > maxRows {
			return nil, errTooLong
		}
		rows = append(rows, row)
	}
}

// readXLSX reads the first sheet. Each cell is read twice, as it is stored and
// as it is shown: stored is right for digits, shown for the zeros that a format
// puts before them.
func readXLSX(f *os.File) ([][]string, error) {
	x, err := excelize.OpenReader(f, excelize.Options{UnzipSizeLimit: 1 << 30, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return nil, err
	}
	defer x.Close()
	sheets := x.GetSheetList()
	if len(sheets) == 0 {
		return nil, errors.New("no sheet")
	}
	stored, err := x.Rows(sheets[0])
	if err != nil {
		return nil, err
	}
	defer stored.Close()
	shown, err := x.Rows(sheets[0])
	if err != nil {
		return nil, err
	}
	defer shown.Close()
	t := &sheet{x: x, name: sheets[0], dates: make(map[int]bool)}
	if props, err := x.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		t.from1904 = *props.Date1904
	}
	var rows [][]string
	for stored.Next() && shown.Next() {
		raw, err1 := stored.Columns(excelize.Options{RawCellValue: true})
		look, err2 := shown.Columns()
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		if len(rows) > maxRows {
			return nil, errTooLong
		}
		row := make([]string, len(raw))
		for i := range raw {
			if row[i], err = t.cell(i+1, len(rows)+1, raw[i], cell(look, i)); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, errors.Join(stored.Error(), shown.Error())
}

// sheet is the sheet being read.
type sheet struct {
	x        *excelize.File
	name     string
	from1904 bool
	dates    map[int]bool // style → it shows a date
}

// cell chooses what a cell says.
func (t *sheet) cell(col, row int, raw, look string) (string, error) {
	if raw == look {
		return raw, nil
	}
	n, isNumber := new(big.Rat).SetString(raw)
	if !isNumber {
		return raw, nil
	}
	if padded(raw, look) {
		return look, nil
	}
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return "", err
	}
	style, err := t.x.GetCellStyle(t.name, name)
	if err != nil {
		return "", err
	}
	isDate, known := t.dates[style]
	if !known {
		s, err := t.x.GetStyle(style)
		if err != nil {
			return "", err
		}
		isDate = showsDate(s)
		t.dates[style] = isDate
	}
	if isDate {
		serial, _ := n.Float64()
		return date(serial, t.from1904)
	}
	if n.IsInt() {
		return n.Num().String(), nil // 2.85067511613189E+14
	}
	return raw, nil
}

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

func date(serial float64, from1904 bool) (string, error) {
	if serial < firstSerial && !from1904 || serial < 0 {
		return "", fmt.Errorf("day number %s", strconv.FormatFloat(serial, 'f', -1, 64))
	}
	d, err := excelize.ExcelDateToTime(serial, from1904)
	if err != nil {
		return "", err
	}
	return d.Format("2006-01-02"), nil
}
