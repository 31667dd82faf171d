package input

import "paye/internal/lang"

// What is wrong with a table, for the anomalies of those who read tables.
var (
	Empty           = lang.Text{FR: "elle est vide", EN: "it is empty"}
	NoColumn        = lang.Text{FR: "la colonne « %s » manque à la première ligne", EN: "the first line lacks the column “%s”"}
	NoColumnInSheet = lang.Text{FR: "à la première ligne de la feuille « %s » manque la colonne « %s », et aucune autre feuille n'a les colonnes attendues", EN: "the first line of the sheet “%s” lacks the column “%s”, and no other sheet has the expected columns"}
	TwoColumns      = lang.Text{FR: "la colonne « %s » est deux fois à la première ligne : gardez-en une", EN: "the first line has the column “%s” twice: keep one"}
	NoCell          = lang.Text{FR: "la colonne « %s » est vide", EN: "the column “%s” is empty"}
	BadCell         = lang.Text{FR: "colonne « %s » : %s attendu", EN: "column “%s”: %s expected"}
	BadQuotes       = lang.Text{FR: "les guillemets du CSV ne se ferment pas", EN: "the quotes of the CSV do not close"}
)
