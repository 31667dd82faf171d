package gestion

import (
	"paye/app/build"
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// adviceHere is what to do where the files were dropped on a page: the advice
// of the anomaly names options of the command line, which the page has not.
var adviceHere = map[string]lang.Text{
	build.PieceManquante: {FR: "déposez-le avec le journal et les autres pièces, ou corrigez la liste des justificatifs",
		EN: "drop it with the journal and the other pieces, or correct the list of the justificatifs"},
	build.PiecesManquantes: {FR: "déposez-les avec le journal et les autres pièces, ou corrigez la liste des justificatifs",
		EN: "drop them with the journal and the other pieces, or correct the list of the justificatifs"},
	build.FichierInutile: {FR: "ajoutez-le à la liste des justificatifs (justificatifs.csv ou .xlsx), ou ne le déposez pas",
		EN: "add it to the list of the justificatifs (justificatifs.csv or .xlsx), or do not drop it"},
	build.ClasseurSansIndex: {FR: "si c'est la liste des justificatifs, nommez-le justificatifs.xlsx, puis déposez de nouveau le tout dans « Journal et justificatifs »",
		EN: "if it is the list of the justificatifs, call it justificatifs.xlsx, then drop everything again in “Journal and justificatifs”"},
	build.ClasseurVoisin: {FR: "si c'est la liste des justificatifs, nommez-le justificatifs.xlsx, puis déposez de nouveau le tout dans « Journal et justificatifs » ; sinon, ne le déposez pas",
		EN: "if it is the list of the justificatifs, call it justificatifs.xlsx, then drop everything again in “Journal and justificatifs”; else do not drop it"},
}

// advice says what to do about an anomaly of files that were dropped.
func advice(a *anomalie.Anomalie) lang.Text {
	if here, ok := adviceHere[a.Code]; ok {
		return here
	}
	return lang.Text{FR: a.Aide(lang.French), EN: a.Aide(lang.English)}
}
