// Package sheettest makes workbooks for tests.
package sheettest

import (
	"bytes"
	"errors"
	"testing"

	"paye/internal/sheet"
)

// Workbook is a workbook whose one sheet, Feuille1, has the cells of a CSV, all
// as text.
func Workbook(t testing.TB, csv []byte) []byte {
	t.Helper()
	book, err := sheet.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	s, err := book.Sheet("Feuille1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Write(csv)
	var out bytes.Buffer
	if err := errors.Join(err, s.Close(), book.Write(&out)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
