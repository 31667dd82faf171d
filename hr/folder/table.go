package folder

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/sheet"
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

// readXLSX reads the first sheet.
func readXLSX(f *os.File) ([][]string, error) {
	book, err := sheet.OpenWorkbook(f)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	sheets := book.Sheets()
	if len(sheets) == 0 {
		return nil, errors.New("no sheet")
	}
	in, err := book.Rows(sheets[0])
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var rows [][]string
	for {
		row, err := in.Next()
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
