package etats

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"VAR-101", "joignez la pièce, ou complétez justificatifs.csv",
		"attach the piece, or complete justificatifs.csv"},
	{"VAR-106", "complétez rubriques.csv",
		"complete rubriques.csv"},
	{"VAR-212", "complétez rubriques.csv",
		"complete rubriques.csv"},
	{"VAR-109", "joignez les pièces, ou complétez justificatifs.csv",
		"attach the pieces, or complete justificatifs.csv"},
	{"VAR-202", "donnez le mois ancien d'abord",
		"give the older month first"},
	{"VAR-226", "choisissez un classeur ou un CSV, ou un seul établissement",
		"choose a workbook or a CSV, or one établissement"},
}
