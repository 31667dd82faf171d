// Package sheettest makes workbooks for tests.
package sheettest

import (
	"bytes"
	"errors"
	"testing"

	"github.com/xuri/excelize/v2"

	"paye/internal/sheet"
)

// Sheet is a sheet of a workbook: the cells of a CSV, all as text.
type Sheet struct {
	Name, CSV string
	Hidden    bool
}

// Workbook is a workbook whose one sheet, Feuille1, has the cells of a CSV, all
// as text.
func Workbook(t testing.TB, csv []byte) []byte {
	t.Helper()
	return Sheets(t, Sheet{Name: "Feuille1", CSV: string(csv)})
}

// Sheets is a workbook with several sheets.
func Sheets(t testing.TB, list ...Sheet) []byte {
	t.Helper()
	book, err := sheet.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for _, one := range list {
		s, err := book.Sheet(one.Name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Write([]byte(one.CSV))
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return hide(t, out.Bytes(), list)
}

// hide hides the sheets that are to be.
func hide(t testing.TB, data []byte, list []Sheet) []byte {
	t.Helper()
	x, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for i, one := range list {
		if !one.Hidden {
			x.SetActiveSheet(i) // the one that people work in cannot be hidden
		}
	}
	for _, one := range list {
		if one.Hidden {
			if err := x.SetSheetVisible(one.Name, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
