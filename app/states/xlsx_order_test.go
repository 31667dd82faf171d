//go:build !js

package states

import (
	"bytes"
	"testing"

	"paye/internal/lang"
)

func TestSameTablesGiveTheSameWorkbook(t *testing.T) {
	tables := make([]*Table, 6)
	for i := range tables {
		name := string(rune('A' + i))
		tables[i] = &Table{Name: name, Title: lang.Text{FR: name, EN: name}, Columns: []Column{{}}, Rows: func(yield func([]Cell) bool) { yield([]Cell{{}}) }, Len: 1}
	}
	write := func() []byte {
		var b bytes.Buffer
		if err := WriteXLSX(&b, lang.French, tables...); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	want := write()
	for range 20 {
		if !bytes.Equal(write(), want) {
			t.Fatal("the bytes differ from one writing to the next")
		}
	}
}
