package gestion

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	UploadCut      = "WEB-201"
	UploadTooLarge = "WEB-202"
	TooManyFiles   = "WEB-203"
	TwiceTheName   = "WEB-204"
	NothingDropped = "WEB-205"
	Erased         = "WEB-206"
	UnderWay       = "WEB-207"
	NotReady       = "WEB-208"
)

func rule(code, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Usage, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of the console.
var Codes = anomalie.NewRegistre(
	rule(UploadCut, "les fichiers ne sont pas arrivés en entier", "the files did not arrive whole", "vérifiez la connexion et déposez-les à nouveau", "check the connection and drop them again"),
	rule(UploadTooLarge, "plus de %d Gio ont été déposés d'un coup", "more than %d GiB were dropped at once", "déposez le journal et les justificatifs d'une seule paye", "drop the journal and the justificatifs of one payroll"),
	rule(TooManyFiles, "plus de %d fichiers ont été déposés d'un coup", "more than %d files were dropped at once", "mettez les justificatifs dans un .zip", "put the justificatifs into a .zip"),
	rule(TwiceTheName, "deux fichiers déposés s'appellent %s", "two of the files that were dropped are called %s", "déposez leur dossier : chaque fichier garde alors sa place", "drop their folder: each file then keeps its place"),
	rule(NothingDropped, "aucun fichier n'a été choisi", "no file was chosen", "choisissez-en un, ou faites-le glisser sur le cadre", "choose one, or drag it onto the frame"),
	rule(Erased, "les fichiers déposés ont été effacés à leur échéance", "the files that were dropped were erased at their end", "déposez-les à nouveau", "drop them again"),
	rule(UnderWay, "un travail est déjà en cours sur ce dossier", "work is under way on this dossier already", "attendez sa fin, ou annulez-le", "wait for its end, or cancel it"),
	rule(NotReady, "ce travail n'est pas terminé", "this work is not done", "revenez quand il l'est", "come back when it is"),
)
