package folder

import (
	"errors"
	"io"
	"os"

	"paye/internal/sheet"
)

var errTooLong = errors.New("too many rows")

// readCSV reads a whole table.
func readCSV(f *os.File) ([][]string, error) {
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, err
	}
	r, err := sheet.Delimited(text, maxFile)
	if err != nil {
		return nil, err
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

// readXLSX reads the first sheet that is shown.
func readXLSX(f *os.File) ([][]string, error) {
	book, err := sheet.OpenWorkbook(f)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	first := book.First()
	if first == "" {
		return nil, errors.New("no sheet")
	}
	in, err := book.Rows(first)
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
