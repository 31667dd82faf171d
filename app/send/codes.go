package send

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	Introuvable   = "FLX-201"
	PasUnFichier  = "FLX-202"
	PasANous      = "FLX-203"
	DejaRecu      = "FLX-204"
	Contraire     = "FLX-205"
	NoteIllisible = "FLX-206"
)

func regle(code string, g anomalie.Gravite, c anomalie.Classe, message, aide lang.Text) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Message: message, Aide: aide, Source: "[I]"}
}

// Codes are the anomalies of sending and of answers.
var Codes = anomalie.NewRegistre(
	regle(Introuvable, anomalie.Erreur, anomalie.Introuvable,
		lang.Text{FR: "%s n'existe pas", EN: "%s does not exist"}, lang.Text{}),
	regle(PasUnFichier, anomalie.Erreur, anomalie.Illisible,
		lang.Text{FR: "%s n'est pas un fichier ordinaire", EN: "%s is no regular file"}, lang.Text{}),
	regle(PasANous, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "l'acquittement répond au flux %s, qui n'est pas dans le registre", EN: "the acquittal answers flux %s, which is not in the ledger"},
		lang.Text{FR: "il est gardé, et sera appliqué si ce flux est enregistré puis l'acquittement relu ; sinon rendez-le à qui il revient", EN: "it is kept, and will be applied when that flux is recorded and the acquittal read again; else give it to whom it belongs"}),
	regle(DejaRecu, anomalie.Info, anomalie.Autre,
		lang.Text{FR: "cet acquittement était déjà reçu : rien ne change", EN: "this acquittal was received before: nothing changes"}, lang.Text{}),
	regle(NoteIllisible, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "ce qui devait être inscrit au registre à côté de la livraison ne se lit plus", EN: "what was to be recorded beside the delivery can no longer be read"},
		lang.Text{FR: "refaites la livraison avec la version du programme qui l'a commencée", EN: "make the delivery again with the version of the program that began it"}),
	regle(Contraire, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "un acquittement précédent disait autre chose de la pièce %s", EN: "an earlier acquittal said something else of piece %s"},
		lang.Text{FR: "le dernier compte, sauf s'il est plus ancien ou qu'il refuse comme doublon ce qui était accepté", EN: "the last one counts, unless it is older or refuses as a duplicate what was accepted"}),
)
