package sheet

import "testing"

func TestCharactersOfATableAreToldByItsMark(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"UTF-8", "a;\u00c9t\u00e9\n", "\u00c9t\u00e9"},
		{"marked UTF-8", "\ufeffa;\u00c9t\u00e9\n", "\u00c9t\u00e9"},
		{"windows-1252", "a;\xc9t\xe9\n", "\u00c9t\u00e9"},
		{"marked UTF-8 with a byte of another", "\ufeffa;\u00c9t\xe9\n", "\u00c9t\u00e9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Delimited([]byte(c.text), 1<<10)
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
