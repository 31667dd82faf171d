package etats

import (
	"errors"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

func TestTableHasEachColumnOnceAndCellsWithoutTheirMark(t *testing.T) {
	for text, code := range map[string]string{
		"matricule;id_unique;Matricule\n1;A;2\n":   TableIllisible,
		"matricule;id_unique;type;type\n1;A;x;y\n": TableIllisible,
		"matricule\n1\n":                         TableIllisible,
		"matricule;id_unique;note;note\n1;A;;\n": "",
	} {
		_, err := readTable(strings.NewReader(text), "justificatifs.csv", justificatifsColumns, 2, nil)
		a := (*anomalie.Anomalie)(nil)
		if told := errors.As(err, &a) && a.Code == code; told != (code != "") || !told && err != nil {
			t.Errorf("%q: %v, want %q", text, err, code)
		}
	}
	table, err := readTable(strings.NewReader("matricule;id_unique\n;\n'061601;A\n"), "justificatifs.csv", justificatifsColumns, 2, nil)
	if err != nil || len(table.rows) != 1 || table.rows[0].get("matricule") != "061601" || table.rows[0].line != 3 {
		t.Errorf("%+v, %v", table, err)
	}
}
