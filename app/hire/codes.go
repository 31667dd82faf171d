package hire

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// NoMemory is a book of declarations that was not made yet.
const NoMemory = "DUE-B07"

// Codes is every anomaly of the office itself.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: "DUE-B01", Gravite: anomalie.Erreur, Classe: anomalie.Introuvable,
		Message: lang.Text{FR: "%s ne peut pas être ouvert : %v", EN: "%s cannot be opened: %v"},
		Aide:    lang.Text{FR: "vérifiez le chemin", EN: "check the path"}},
	anomalie.Regle{Code: "DUE-B06", Gravite: anomalie.Erreur, Classe: anomalie.Introuvable,
		Message: lang.Text{FR: "le fichier de réglages %s n'existe pas", EN: "there is no settings file %s"},
		Aide:    lang.Text{FR: "« xhl due init » en écrit un à remplir ; --settings en désigne un autre", EN: "“xhl due init” writes one to fill in; --settings names another"}},
	anomalie.Regle{Code: NoMemory, Gravite: anomalie.Erreur, Classe: anomalie.Introuvable,
		Message: lang.Text{FR: "il n'y a pas encore de registre des déclarations dans %s", EN: "there is no book of declarations in %s yet"},
		Aide:    lang.Text{FR: "vérifiez --state ou --ledger ; « xhl due export » et « xhl due send » en créent un avec les premières déclarations", EN: "check --state or --ledger; “xhl due export” and “xhl due send” make one with the first declarations"}},
	anomalie.Regle{Code: "DUE-B02", Gravite: anomalie.Erreur, Classe: anomalie.Illisible,
		Message: lang.Text{FR: "la réponse dépasse %d octets", EN: "the answer exceeds %d bytes"}},
	anomalie.Regle{Code: "DUE-B03", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "la clé du destinataire n'est pas celle de cette étape", EN: "the recipient's key is not that of this step"},
		Aide:    lang.Text{FR: "une nouvelle clé reprend la mise en place : « xhl due setup »", EN: "a new key goes back to the set-up: \"xhl due setup\""}},
	anomalie.Regle{Code: "DUE-B04", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "les trois chemins ne sont pas encore confirmés", EN: "the three paths are not confirmed yet"},
		Aide:    lang.Text{FR: "lancez « xhl due setup chemins »", EN: "run \"xhl due setup chemins\""}},
	anomalie.Regle{Code: "DUE-B05", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "une clé existe déjà à cet endroit : elle n'est pas remplacée", EN: "a key already exists there: it is not replaced"}},
).OnPages(onPages)
