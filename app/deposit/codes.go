package deposit

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of a deposit.
const (
	AnnexesIntrouvables = "DEP-001"
	AnnexesTropLongues  = "DEP-002"
	AnnexeIntrouvable   = "DEP-003"
	AnnexesSansCSV      = "DEP-004"
	AnnexesSansColonnes = "DEP-005"
	AnnexesLigne        = "DEP-006"
	ArchiveManquante    = "DEP-007"
	LotRefuse           = "DEP-008"
	RectificatifRefuse  = "DEP-009"
)

func usage(code, fr, en string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Usage, Message: lang.Text{FR: fr, EN: en}, Source: "[I]"}
}

// missing is a file that was asked for and is not there.
func missing(code, fr, en string) anomalie.Regle {
	r := usage(code, fr, en)
	r.Classe = anomalie.Introuvable
	return r
}

// Codes is the registry of this package.
var Codes = anomalie.NewRegistre(
	missing(AnnexesIntrouvables, "les annexes %s ne peuvent pas être lues : %v", "the annexes %s cannot be read: %v"),
	usage(AnnexesTropLongues, "plus de %d annexes", "more than %d annexes"),
	missing(AnnexeIntrouvable, "l'annexe %s n'est pas un fichier lisible", "the annexe %s is not a file that can be read"),
	usage(AnnexesSansCSV, "la liste d'annexes %s (matricule;fichier;titre) ne peut pas être lue : %v", "the list of annexes %s (matricule;fichier;titre) cannot be read: %v"),
	usage(AnnexesSansColonnes, "%s doit avoir les colonnes matricule;fichier, et titre si l'on veut, une fois chacune", "%s must have the columns matricule;fichier, and titre if wanted, once each"),
	usage(AnnexesLigne, "un matricule et un fichier voisin de la liste sont attendus", "a matricule and a file beside the list are expected"),
	usage(ArchiveManquante, "les PDF seuls s'écrivent dans une archive : --archive DOSSIER", "PDFs alone are written to an archive: --archive FOLDER"),
	usage(LotRefuse, "un lot a de 1 à %d documents", "a batch has from 1 to %d documents"),
	usage(RectificatifRefuse, "un rectificatif est le 1er, le 2e…, pas le %d", "a rectificatif is the 1st, the 2nd…, not the %d"),
)
