package index

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	Exists   = "IDX-101"
	TooMany  = "IDX-102"
	NoFolder = "IDX-103"
	Unplaced = "IDX-201"
	ToCheck  = "IDX-202"
)

func rule(code string, g anomalie.Gravite, c anomalie.Classe, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of this package.
var Codes = anomalie.NewRegistre(
	rule(Exists, anomalie.Erreur, anomalie.Usage,
		"%s existe déjà : il n'est pas remplacé", "%s exists already: it is not replaced",
		"dites --replace pour le remplacer, ou donnez un autre nom", "say --replace to replace it, or give another name"),
	rule(TooMany, anomalie.Erreur, anomalie.TropGrand,
		"le dossier contient plus de %d fichiers", "the folder holds more than %d files",
		"donnez un dossier par mois", "give one folder a month"),
	rule(NoFolder, anomalie.Erreur, anomalie.Introuvable,
		"le dossier des pièces %s n'existe pas ou ne peut pas être ouvert", "the folder of pieces %s does not exist or cannot be opened",
		"donnez-le par --pj", "give it with --pj"),
	rule(Unplaced, anomalie.Erreur, anomalie.Autre,
		"%s n'a pas été placé : %v", "%s was not placed: %v",
		"ajoutez sa ligne à la main, avec le matricule de l'agent (ou * pour tous), ou retirez-le du dossier", "add its line by hand, with the matricule of the agent (or * for all), or take it out of the folder"),
	rule(ToCheck, anomalie.Avertissement, anomalie.Autre,
		"%d ligne{s} proposée{s} {est|sont} à vérifier : voyez la colonne confiance", "%d line{s} that {is|are} proposed {wants|want} checking: see the column confiance",
		"ouvrez ces documents avant de construire les volumes", "open these documents before you build the volumes"),
)
