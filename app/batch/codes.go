package batch

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of a batch.
const (
	UnknownStep     = "LOTS-001"
	NoEmployers     = "LOTS-002"
	BadTable        = "LOTS-003"
	BadRow          = "LOTS-004"
	SeveralJournals = "LOTS-005"
	SameFolder      = "LOTS-006"
	HeaderMissing   = "LOTS-007"
	CheckFailed     = "LOTS-008"
	PiecesMissing   = "LOTS-009"
	NoMonthBefore   = "LOTS-010"
	NoVault         = "LOTS-011"
	NoPlatform      = "LOTS-012"
	NotSent         = "LOTS-013"
	Running         = "LOTS-014"
	LimitMissing    = "LOTS-015"
	SlipsRefused    = "LOTS-016"
	WatchUnreadable = "LOTS-017"
	SamePayroll     = "LOTS-018"
	GivenUp         = "LOTS-019"
	Withdrawn       = "LOTS-020"
	TooLong         = "LOTS-021"
	BadJob          = "LOTS-022"
	ProgramFault    = "LOTS-023"
	NoDatabase      = "LOTS-024"
	BadLine         = "LOTS-025"
	TooMany         = "LOTS-026"
	OwnName         = "LOTS-027"
	OutInInput      = "LOTS-028"
	UnknownColumn   = "LOTS-029"
)

func rule(code string, c anomalie.Classe, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: c, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of this package.
var Codes = anomalie.NewRegistre(
	rule(UnknownStep, anomalie.Usage, "étape inconnue : %q", "unknown step: %q",
		"les étapes sont check, variations, build, bulletins, deposit, send", "the steps are check, variations, build, bulletins, deposit, send"),
	rule(NoEmployers, anomalie.Introuvable, "%s ne contient aucun employeur", "%s holds no employer",
		"chaque sous-dossier contient un run (run.jsonl, entete.csv…) ou un journal", "each folder below holds a run (run.jsonl, entete.csv…) or a journal"),
	rule(BadTable, anomalie.Illisible, "le tableau n'est pas un CSV avec une colonne « dossier »", "the table is no CSV with a column “dossier”",
		"« xhl batch init DOSSIER » en propose un", "“xhl batch init FOLDER” proposes one"),
	rule(BadRow, anomalie.Illisible, "colonne %s : %q n'est pas admis", "column %s: %q is not allowed",
		"corrigez la ligne et relancez : ce qui est fait ne se refait pas", "mend the row and run again: what is done is not done again"),
	rule(SeveralJournals, anomalie.Usage, "le dossier contient %d journ{al|aux}", "the folder holds %d journal{s}",
		"dites lequel dans la colonne « entree » du tableau, ou n'en laissez qu'un", "say which one in the column “entree” of the table, or leave one only"),
	rule(SameFolder, anomalie.Usage, "deux lignes du tableau ont le dossier %q", "two rows of the table have the folder %q",
		"donnez à chacune son dossier, et son entrée dans la colonne « entree »", "give each its own folder, and its input in the column “entree”"),
	rule(HeaderMissing, anomalie.Usage, "l'en-tête du PES est incomplet : %s manque", "the PES header is incomplete: %s is missing",
		"le comptable donne idpost, codcol et codbud : remplissez les colonnes du tableau", "the accountant gives idpost, codcol and codbud: fill in the columns of the table"),
	rule(CheckFailed, anomalie.Autre, "le contrôle a trouvé %d erreur{s} (la première : %s)", "the check found %d error{s} (the first: %s)",
		"« xhl check » sur ce journal les montre toutes ; corrigez-le dans le logiciel de paye, puis relancez", "“xhl check” on this journal shows all of them; mend it in the payroll program, then run again"),
	rule(PiecesMissing, anomalie.Autre, "%d variation{s} {n'a pas sa|n'ont pas leur} pièce", "%d variation{s} {lacks its|lack their} piece",
		"« xhl variations » sur ces deux mois dit lesquelles ; joignez-les, puis relancez", "“xhl variations” on these two months says which; attach them, then run again"),
	rule(NoMonthBefore, anomalie.Usage, "le mois précédent n'est pas donné", "the month before is not given",
		"remplissez la colonne « avant » du tableau, ou donnez --avant DOSSIER", "fill in the column “avant” of the table, or give --avant FOLDER"),
	rule(NoVault, anomalie.Coffre, "aucun coffre n'est ouvert pour le dépôt", "no vault is open for the deposit",
		"donnez --user et son mot de passe, ou retirez deposit des étapes", "give --user and its password, or take deposit out of the steps"),
	rule(NoPlatform, anomalie.Usage, "aucune plateforme ou aucun registre n'est réglé : rien ne part", "no platform or no ledger is set: nothing leaves",
		"donnez tdt et tdt-url dans la configuration, ou retirez send des étapes", "give tdt and tdt-url in the configuration, or take send out of the steps"),
	rule(NotSent, anomalie.Autre, "%d flux {n'est pas parti|ne sont pas partis} : %s", "%d flux{|es} did not leave: %s",
		"« xhl send » dit pourquoi et reprend l'envoi", "“xhl send” says why and takes the sending up again"),
	rule(Running, anomalie.Autre, "un autre lot écrit dans %s", "another batch is writing into %s",
		"attendez sa fin, ou choisissez un autre dossier de sortie", "wait for its end, or choose another output folder"),
	rule(LimitMissing, anomalie.Usage, "la limite du canal d'envoi manque", "the limit of the channel is missing",
		"donnez --limit, ou remplissez la colonne « limite » du tableau", "give --limit, or fill in the column “limite” of the table"),
	rule(SlipsRefused, anomalie.Autre, "%d bulletin{s} {n'est pas déposé|ne sont pas déposés}", "%d slip{s} {is|are} not deposited",
		"« xhl vault track --detail » dit lesquels et pourquoi", "“xhl vault track --detail” says which and why"),
	rule(WatchUnreadable, anomalie.Introuvable, "%s n'est pas un dossier qui puisse être surveillé", "%s is no folder that can be watched",
		"vérifiez le chemin et les droits", "check the path and the rights"),
	rule(SamePayroll, anomalie.Usage, "la même paye (employeur, budget, mois et train) est celle du dossier %s", "the same payroll (employer, budget, month and train) is that of the folder %s",
		"n'en laissez qu'une, ou attendez que l'autre soit finie", "leave one only, or wait until the other is done"),
	rule(GivenUp, anomalie.Autre, "la file a abandonné ce travail après toutes ses tentatives", "the queue gave this work up after all its attempts",
		"voyez dans le journal des ouvriers ce qui les arrête, puis relancez", "see in the log of the workers what stops them, then run again"),
	rule(Withdrawn, anomalie.Autre, "le travail a été annulé", "the work was cancelled",
		"relancez si c'était par erreur", "run again if that was a mistake"),
	rule(TooLong, anomalie.Autre, "le travail a dépassé le temps qui lui est donné", "the work took longer than it may",
		"relancez avec un --timeout plus grand", "run again with a larger --timeout"),
	rule(BadJob, anomalie.Illisible, "ce travail de la file n'est pas lisible", "this job of the queue cannot be read",
		"faites tourner partout la même version de xhl, puis relancez", "run the same version of xhl everywhere, then run again"),
	rule(ProgramFault, anomalie.Autre, "le programme a une faute que cette paye révèle (%s)", "the program has a fault that this payroll brings out (%s)",
		"les autres employeurs sont faits ; envoyez la trace du journal à qui maintient xhl", "the other employers are done; send the trace of the log to who maintains xhl"),
	rule(NoDatabase, anomalie.Usage, "la file de travaux demande une base PostgreSQL", "the queue of jobs wants a PostgreSQL database",
		"donnez --database postgres://…, ou réglez ledger sur cette base", "give --database postgres://…, or set ledger to that database"),
	rule(BadLine, anomalie.Illisible, "une ligne du tableau n'est pas lisible : %v", "a row of the table cannot be read: %v",
		"corrigez la ligne dans un tableur, ou avec un éditeur de texte, et relancez", "mend the row in a spreadsheet, or in a text editor, and run again"),
	rule(TooMany, anomalie.Usage, "plus de %d employeurs en un lot", "more than %d employers in one batch",
		"faites-en plusieurs lots, chacun avec son dossier de sortie", "make several batches of them, each with an output folder of its own"),
	rule(OwnName, anomalie.Usage, "un dossier de sortie ne peut pas s'appeler %s : c'est un fichier du lot", "no output folder can be called %s: that is a file of the batch",
		"donnez un autre nom au dossier de cet employeur", "give the folder of this employer another name"),
	rule(OutInInput, anomalie.Usage, "les volumes iraient dans le dossier de la paye : %s", "the volumes would go into the folder of the payroll: %s",
		"donnez à -o un dossier à part", "give -o a folder apart"),
	rule(UnknownColumn, anomalie.Illisible, "le tableau a une colonne %q, et pas de colonne %s", "the table has a column %q, and no column %s",
		"corrigez le nom de la colonne ; celles d'un tout autre nom sont à vous, et ne sont pas lues", "mend the name of the column; those of quite another name are yours, and are not read"),
)
