package folder

import (
	"errors"
	"io"
	"os"

	"paye/internal/sheet"
)

var errTooLong = errors.New("too many rows")

// readCSV reads a whole table.
func readCSV(f *os.File, wanted []string) (rows [][]string, choice sheet.Choice, err error) {
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, choice, err
	}
	r, choice, err := sheet.Delimited(text, maxFile, wanted...)
	if err != nil {
		return nil, choice, err
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return rows, choice, nil
		}
		if err != nil {
			return nil, choice, err
		}
		if len(rows) > maxRows {
			return nil, choice, errTooLong
		}
		rows = append(rows, row)
	}
}

// readXLSX reads the sheet that has the wanted columns.
func readXLSX(f *os.File, wanted []string) (rows [][]string, choice sheet.Choice, err error) {
	book, err := sheet.OpenWorkbook(f)
	if err != nil {
		return nil, choice, err
	}
	defer book.Close()
	if choice, err = book.Choose(wanted...); err != nil {
		return nil, choice, err
	}
	in, err := book.Rows(choice.Sheet)
	if err != nil {
		return nil, choice, err
	}
	defer in.Close()
	for {
		row, err := in.Next()
		if err == io.EOF {
			return rows, choice, nil
		}
		if err != nil {
			return nil, choice, err
		}
		if len(rows) > maxRows {
			return nil, choice, errTooLong
		}
		rows = append(rows, row)
	}
}
