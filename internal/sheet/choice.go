package sheet

import (
	"strings"

	"paye/internal/lang"
)

// Choice is the sheet of a workbook that a table is read from. The zero Choice is
// that of a table which is no workbook.
type Choice struct {
	Sheet string
	other bool // people see another one first
	among bool // people see others
}

var severalSheets = lang.Text{FR: "les feuilles « %s » et « %s » ont toutes deux les colonnes attendues : gardez-en une, ou masquez l'autre",
	EN: "the sheets “%s” and “%s” both have the expected columns: keep one, or hide the other"}

// columnName is a name of a first line as it is compared.
func columnName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
