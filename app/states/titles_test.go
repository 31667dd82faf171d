package states

import (
	"strings"
	"testing"

	"paye/etats"
)

// TestRubriquesAreReadInWords: a person reads no raw column name; the table that
// is handed back as rubriques.csv or .xlsx keeps them.
func TestRubriquesAreReadInWords(t *testing.T) {
	c := new(etats.Classement)
	for i, col := range titled(RubriqueTable(c)).Columns {
		if err := col.Title.Verify(); err != nil || strings.Contains(col.Title.FR+col.Title.EN, "_") {
			t.Errorf("column %s: title %q, %v", col.Key, col.Title, err)
		}
		if raw := RubriqueTable(c).Columns[i]; raw.Title.FR != raw.Key || raw.Key != etats.RubriquesHeader[i] {
			t.Errorf("column %d of rubriques.csv is called %q", i, raw.Title.FR)
		}
	}
}
