package ledger

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of what keeps a ledger from being opened.
const (
	Damaged     = "LED-101"
	Newer       = "LED-102"
	Differs     = "LED-103"
	Unreachable = "LED-104"
	BadURL      = "LED-105"
)

// Codes are the anomalies of the ledger.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{
		Code: Damaged, Gravite: anomalie.Erreur, Classe: anomalie.Illisible,
		Message: lang.Text{FR: "le registre est abîmé, ou ce fichier n'en est pas un", EN: "the ledger is damaged, or this file is none"},
		Aide: lang.Text{
			FR: "remettez la dernière sauvegarde du dossier d'état, ou écartez le fichier et rejouez un export par `xhl ledger import`",
			EN: "put the last backup of the state folder back, or set the file aside and replay an export with `xhl ledger import`",
		},
		Source: "SQLite",
	},
	anomalie.Regle{
		Code: Newer, Gravite: anomalie.Erreur, Classe: anomalie.Illisible,
		Message: lang.Text{FR: "le registre a été écrit par une version plus récente du programme : %s y est au numéro %d, celle-ci connaît le numéro %d", EN: "the ledger was written by a newer version of the program: %s is at number %d in it, this one knows number %d"},
		Aide:    lang.Text{FR: "utilisez la version récente du programme", EN: "use the newer program"},
		Source:  "[I]",
	},
	anomalie.Regle{
		Code: Differs, Gravite: anomalie.Erreur, Classe: anomalie.Illisible,
		Message: lang.Text{FR: "la migration %s de %s n'est pas celle qui a été appliquée à ce registre", EN: "migration %s of %s differs from the one that was applied to this ledger"},
		Aide:    lang.Text{FR: "utilisez le programme qui l'a écrit, et exportez-le par `xhl ledger export`", EN: "use the program that wrote it, and export it with `xhl ledger export`"},
		Source:  "[I]",
	},
	anomalie.Regle{
		Code: Unreachable, Gravite: anomalie.Erreur, Classe: anomalie.Introuvable,
		Message: lang.Text{FR: "la base du registre, %s, ne répond pas ou refuse la connexion", EN: "the database of the ledger, %s, does not answer or refuses the connection"},
		Aide:    lang.Text{FR: "vérifiez le serveur PostgreSQL, le nom, le mot de passe et l'adresse de --ledger", EN: "check the PostgreSQL server, the name, the password and the address of --ledger"},
		Source:  "[I]",
	},
	anomalie.Regle{
		Code: BadURL, Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "--ledger n'est pas l'adresse d'une base PostgreSQL", EN: "--ledger is not the address of a PostgreSQL database"},
		Aide:    lang.Text{FR: "écrivez postgres://NOM@HÔTE/BASE ; le mot de passe peut être dans ~/.pgpass ou $PGPASSWORD", EN: "write postgres://NAME@HOST/DATABASE; the password may be in ~/.pgpass or $PGPASSWORD"},
		Source:  "libpq",
	},
).OnPages(onPages)
