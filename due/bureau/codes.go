package bureau

import (
	"paye/internal/anomalie"
	"paye/internal/langue"
)

// Codes is every anomaly of the office itself.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: "DUE-B01", Gravite: anomalie.Erreur, Classe: anomalie.Introuvable,
		Message: langue.Texte{FR: "le fichier n'existe pas", EN: "the file does not exist"}},
	anomalie.Regle{Code: "DUE-B02", Gravite: anomalie.Erreur, Classe: anomalie.Illisible,
		Message: langue.Texte{FR: "la réponse dépasse %d octets", EN: "the answer exceeds %d bytes"}},
	anomalie.Regle{Code: "DUE-B03", Gravite: anomalie.Erreur,
		Message: langue.Texte{FR: "la clé du destinataire n'est pas celle de cette étape", EN: "the recipient's key is not that of this step"},
		Aide:    langue.Texte{FR: "une nouvelle clé reprend la mise en place : « xhl due setup »", EN: "a new key goes back to the set-up: \"xhl due setup\""}},
	anomalie.Regle{Code: "DUE-B04", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: langue.Texte{FR: "les trois chemins ne sont pas encore confirmés", EN: "the three paths are not confirmed yet"},
		Aide:    langue.Texte{FR: "lancez « xhl due setup chemins »", EN: "run \"xhl due setup chemins\""}},
	anomalie.Regle{Code: "DUE-B05", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: langue.Texte{FR: "une clé existe déjà à cet endroit : elle n'est pas remplacée", EN: "a key already exists there: it is not replaced"}},
)
