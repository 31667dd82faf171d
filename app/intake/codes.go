package intake

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	NoJournal   = "REC-101"
	TwoJournals = "REC-102"
	TooMany     = "REC-103"
	ZipBroken   = "REC-104"
	ZipHuge     = "REC-105"
)

func rule(code string, c anomalie.Classe, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: c, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are what keeps a drop from being worked on.
var Codes = anomalie.NewRegistre(
	rule(NoJournal, anomalie.Introuvable, "{sur|parmi les} %d fichier{s} déposé{s}, aucun n'est un journal de paye", "none of the %d file{s} that {was|were} dropped is a payroll journal",
		"déposez le journal .xhl ou .xml que produit votre logiciel de paye (seul ou dans un .zip), un run .jsonl, ou le dossier d'un run en CSV",
		"drop the journal .xhl or .xml that your payroll program makes (alone or in a .zip), a run .jsonl, or the folder of a run in CSV"),
	rule(TwoJournals, anomalie.Usage, "deux journaux ont été déposés : %s et %s", "two journals were dropped: %s and %s",
		"préparez une paye à la fois", "prepare one payroll at a time"),
	rule(TooMany, anomalie.TropGrand, "plus de %d fichiers ont été déposés", "more than %d files were dropped", "mettez les justificatifs dans un .zip", "put the justificatifs into a .zip"),
	rule(ZipBroken, anomalie.Illisible, "l'archive %s ne se lit pas", "the archive %s cannot be read", "refaites-la", "make it again"),
	rule(ZipHuge, anomalie.TropGrand, "l'archive %s contient plus que ce qui se traite ici", "the archive %s holds more than what is worked on here", "déposez un dossier, ou plusieurs archives", "drop a folder, or several archives"),
)
