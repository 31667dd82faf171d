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
	OwnRights      = "WEB-209"
	OtherEmployer  = "WEB-210"
	NoArchive      = "WEB-211"
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
	rule(OwnRights, "on ne ferme pas son propre compte et on ne se retire pas le droit « comptes »", "nobody shuts his own account or takes the right “comptes” from himself", "demandez-le à un autre administrateur", "ask another administrator"),
	rule(OtherEmployer, "le journal est celui de l'employeur %s", "the journal is that of employer %s", "ouvrez le coffre-fort de cet employeur, ou déposez l'autre journal", "open the vault of that employer, or drop the other journal"),
	rule(NoArchive, "le dossier d'archivage de l'employeur n'est pas choisi", "the archive folder of the employer is not chosen", "un administrateur le choisit dans Employeurs, Archivage de documents", "an administrator chooses it in Employers, Document archive"),
)
