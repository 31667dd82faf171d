package durable

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of what stands in the way of an output.
const (
	NotRegular = "FIC-101"
	IsInput    = "FIC-102"
	FolderHeld = "FIC-103"
	Unrecorded = "FIC-104"
	FileHeld   = "FIC-105"
)

func rule(code string, c anomalie.Classe, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: c, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of this package.
var Codes = anomalie.NewRegistre(
	rule(NotRegular, anomalie.Usage,
		"%s existe et n'est pas un fichier ordinaire : il n'est pas remplacé", "%s exists and is not a regular file: it is not replaced",
		"donnez un autre nom à ce qui doit être écrit ; « -o - » écrit sur la sortie standard là où elle est admise", "give another name to what is to be written; “-o -” writes to standard output where that is possible"),
	rule(IsInput, anomalie.Usage,
		"%s est ce que la commande lit : il n'est pas remplacé", "%s is what the command reads: it is not replaced",
		"donnez un autre nom à ce qui doit être écrit", "give another name to what is to be written"),
	rule(FolderHeld, anomalie.Autre,
		"un autre processus écrit dans le dossier %s : %s", "another process is writing into folder %s: %s",
		"attendez sa fin et relancez, ou écrivez dans un autre dossier", "wait for its end and run again, or write to another folder"),
	rule(Unrecorded, anomalie.Autre,
		"le dossier %s contient une livraison qu'une autre commande n'a pas fini d'enregistrer", "folder %s holds a delivery that another command has not finished recording",
		"relancez cette commande-là, ou écrivez dans un autre dossier", "run that command again, or write to another folder"),
	rule(FileHeld, anomalie.Autre,
		"un autre programme tient le fichier %s ouvert : rien n'a été remplacé", "another program holds the file %s open: nothing was replaced",
		"fermez ce programme et relancez", "close that program and run again"),
)
