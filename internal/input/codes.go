package input

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of what stands in the way of an input.
const (
	NotRegular = "FIC-201"
	Changed    = "FIC-202"
	OtherSheet = "FIC-203"
)

func rule(code string, c anomalie.Classe, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: c, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of this package.
var Codes = anomalie.NewRegistre(
	rule(NotRegular, anomalie.Illisible,
		"%s n'est pas un fichier ordinaire : il ne peut pas être lu ainsi", "%s is not a regular file: it cannot be read this way",
		"copiez-en le contenu dans un fichier, et donnez celui-ci", "copy its content to a file, and give that one"),
	rule(Changed, anomalie.Verification,
		"%s a changé pendant sa lecture : ce qui en a été lu n'est peut-être ni l'ancien ni le nouveau", "%s changed while it was read: what was read of it may be neither the former nor the new one",
		"rien n'a été remis : relancez quand plus personne n'y écrit", "nothing was delivered: run again when nobody writes to it any more"),
	anomalie.Regle{Code: OtherSheet, Gravite: anomalie.Info, Source: "[I]",
		Message: lang.Text{FR: "c'est la feuille « %s » qui est lue : elle seule a les colonnes attendues", EN: "the sheet “%s” is read: it alone has the expected columns"}},
)
