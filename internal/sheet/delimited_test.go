package sheet

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestCharactersOfATableAreToldByItsMark(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"UTF-8", "a;\u00c9t\u00e9\n", "\u00c9t\u00e9"},
		{"marked UTF-8", "\ufeffa;\u00c9t\u00e9\n", "\u00c9t\u00e9"},
		{"windows-1252", "a;\xc9t\xe9\n", "\u00c9t\u00e9"},
		{"marked UTF-8 with a byte of another", "\ufeffa;\u00c9t\xe9\n", "\u00c9t\u00e9"},
		{"Unicode text of a spreadsheet", "\xff\xfea\x00\t\x00\xc9\x00t\x00\xe9\x00\r\x00\n\x00", "\u00c9t\u00e9"},
		{"the other order of bytes", "\xfe\xff\x00a\x00;\x00\xc9\x00t\x00\xe9\x00\n", "\u00c9t\u00e9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _, err := Delimited([]byte(c.text), 1<<10)
			if err != nil {
				t.Fatal(err)
			}
			row, err := r.Read()
			if err != nil || len(row) != 2 || row[1] != c.want {
				t.Errorf("%q, %v; want %q", row, err, c.want)
			}
		})
	}
}

func TestSeparatorAndLinesAreThoseOfTheProgramThatWroteThem(t *testing.T) {
	for name, text := range map[string]string{
		"semicolons":         "matricule;fichier\n061601;a,b.pdf\n",
		"commas":             "matricule,fichier\r\n061601,\"a,b.pdf\"\r\n",
		"tabs":               "matricule\tfichier\n061601\ta,b.pdf\n",
		"a line for Excel":   "sep=;\r\nmatricule;fichier\r\n061601;a,b.pdf\r\n",
		"a bar, told":        "sep=|\nmatricule|fichier\n061601|a,b.pdf\n",
		"lines of old Macs":  "matricule;fichier\r061601;a,b.pdf\r",
		"names in capitals":  " MATRICULE ;Fichier\n061601;a,b.pdf\n",
		"kept as a text":     "fichier;matricule\na,b.pdf;'061601\n",
		"a column of others": "note;matricule;fichier\n;061601; a,b.pdf \n",
	} {
		t.Run(name, func(t *testing.T) {
			table, err := OpenTable([]byte(text), 1<<10)
			if err != nil {
				t.Fatal(err)
			}
			want := 2
			if strings.HasPrefix(text, "sep=") {
				want = 3
			}
			line, err := table.Next()
			if err != nil || line != want || table.Cell("matricule") != "061601" || table.Cell("fichier") != "a,b.pdf" || table.Cell("titre") != "" {
				t.Errorf("line %d: %q, %q, %v", line, table.Cell("matricule"), table.Cell("fichier"), err)
			}
			if _, err := table.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("a third line: %v", err)
			}
		})
	}
}
