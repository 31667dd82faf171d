package etats

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	PieceAbsente        = "VAR-101"
	AVerifierCode       = "VAR-102"
	IncoherentCode      = "VAR-103"
	ExceptionCode       = "VAR-104"
	InexpliqueCode      = "VAR-105"
	ClasseInconnue      = "VAR-106"
	TotauxSansLigneCode = "VAR-107"
	VariationCode       = "VAR-108"
	PiecesManquantes    = "VAR-109"
	AutreEmployeur      = "VAR-201"
	MoisInverses        = "VAR-202"
	MemeMois            = "VAR-203"
	MoisManquants       = "VAR-204"
	SansBulletin        = "VAR-205"
	MoisMelanges        = "VAR-206"
	VolumeAbsent        = "VAR-207"
	NIRInutilisables    = "VAR-208"
	TrainSeul           = "VAR-209"
	AutreSchema         = "VAR-210"
	TropDeRubriques     = "VAR-211"
	TropDInconnues      = "VAR-212"
	ClasseRefusee       = "VAR-221"
	CleDouble           = "VAR-222"
	RubriqueDisparue    = "VAR-223"
	TableIllisible      = "VAR-224"
	LigneDeTable        = "VAR-225"
	TropDeLignes        = "VAR-226"
)

func regle(code string, g anomalie.Gravite, c anomalie.Classe, source, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Source: source,
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of états and variations.
var Codes = anomalie.NewRegistre(rules...).OnPages(onPages)

var rules = []anomalie.Regle{
	regle(PieceAbsente, anomalie.Erreur, anomalie.Autre, "CGCT annexe I",
		"variation sans la pièce que la liste demande", "variation without the piece that the list asks for",
		"joignez la pièce, ou complétez justificatifs.csv (--template écrit les lignes à remplir)", "attach the piece, or complete justificatifs.csv (--template writes the lines to fill in)"),
	regle(AVerifierCode, anomalie.Avertissement, anomalie.Autre, "[I]",
		"variation à vérifier : le montant n'est pas celui que la cause laisse attendre, ou la pièce attendue n'est pas connue d'une liste officielle", "variation to check: the amount is not what the cause lets expect, or the piece is not known from an official list", "", ""),
	regle(IncoherentCode, anomalie.Avertissement, anomalie.Autre, "[I]",
		"variation incohérente : enfants et supplément familial ne vont pas ensemble", "inconsistent variation: children and supplément familial do not go together", "", ""),
	regle(ExceptionCode, anomalie.Avertissement, anomalie.Autre, "[I]",
		"cet agent n'a pas suivi une cause générale", "this agent did not follow a general cause", "", ""),
	regle(InexpliqueCode, anomalie.Avertissement, anomalie.Autre, "[I]",
		"écart que rien n'explique", "difference that nothing explains", "", ""),
	regle(ClasseInconnue, anomalie.Avertissement, anomalie.Autre, "[I]",
		"variation d'une rubrique dont la classe n'est pas connue", "variation of a rubrique whose class is not known",
		"complétez rubriques.csv : xhl etat rubriques", "complete rubriques.csv: xhl etat rubriques"),
	regle(TotauxSansLigneCode, anomalie.Avertissement, anomalie.Autre, "[I]",
		"un total déclaré change alors que les lignes sont les mêmes", "a declared total changes while the lines are the same", "", ""),
	regle(VariationCode, anomalie.Info, anomalie.Autre, "[I]",
		"variation", "variation", "", ""),
	regle(PiecesManquantes, anomalie.Avertissement, anomalie.Autre, "CGCT annexe I",
		"%d variation{s} du mois {n'a|n'ont} pas la pièce que la liste demande", "%d variation{s} of the month {lacks|lack} the piece that the list asks for",
		"xhl variations les nomme ; --template écrit les lignes de justificatifs.csv à remplir", "xhl variations names them; --template writes the lines of justificatifs.csv to fill in"),
	regle(AutreEmployeur, anomalie.Erreur, anomalie.Usage, "[I]",
		"les journaux ne sont pas du même employeur : %s et %s", "the journals are not of the same employer: %s and %s",
		"comparez deux mois d'un même SIRET", "compare two months of one SIRET"),
	regle(MoisInverses, anomalie.Erreur, anomalie.Usage, "[I]",
		"les mois sont inversés : %s vient après %s", "the months are swapped: %s comes after %s",
		"donnez le mois ancien d'abord : xhl variations AVANT APRES", "give the older month first: xhl variations BEFORE AFTER"),
	regle(MemeMois, anomalie.Erreur, anomalie.Usage, "[I]",
		"les deux journaux sont du même mois, %s", "both journals are of the same month, %s",
		"donnez le mois précédent d'abord", "give the month before first"),
	regle(MoisManquants, anomalie.Avertissement, anomalie.Autre, "[I]",
		"%d mois {sépare|séparent} les deux journaux : ce qui a changé entre eux est compté ensemble", "%d month{s} {is|are} between the two journals: what changed between them is counted together", "", ""),
	regle(SansBulletin, anomalie.Erreur, anomalie.Illisible, "[I]",
		"aucun bulletin dans %s", "no bulletin in %s", "vérifiez le fichier", "check the file"),
	regle(MoisMelanges, anomalie.Erreur, anomalie.Usage, "[I]",
		"%s n'est pas du mois %s des autres fichiers", "%s is not of the month %s of the other files",
		"donnez les volumes d'un seul mois", "give the volumes of one month"),
	regle(VolumeAbsent, anomalie.Erreur, anomalie.Illisible, "[I]",
		"il manque un volume : %s", "a volume is missing: %s",
		"donnez tous les volumes du mois, ou leur dossier", "give all the volumes of the month, or their folder"),
	regle(NIRInutilisables, anomalie.Info, anomalie.Autre, "[I]",
		"les NIR ne distinguent pas les agents (masqués ou absents) : un changement de matricule n'est pas reconnu", "the NIR do not tell the agents apart (masked or absent): a change of matricule is not recognised", "", ""),
	regle(TrainSeul, anomalie.Avertissement, anomalie.Autre, "[I]",
		"les trains diffèrent (%s, puis %s) : une paye complémentaire seule n'est pas un mois entier", "the trains differ (%s, then %s): a complementary payroll alone is not a whole month",
		"donnez tous les trains du mois", "give all the trains of the month"),
	regle(AutreSchema, anomalie.Info, anomalie.Autre, "[I]",
		"les journaux ne disent pas la même version : %s, puis %s", "the journals do not tell the same version: %s, then %s", "", ""),
	regle(TropDeRubriques, anomalie.Erreur, anomalie.Illisible, "[I]",
		"plus de %d rubriques de paye", "more than %d pay items", "vérifiez le fichier", "check the file"),
	regle(TropDInconnues, anomalie.Avertissement, anomalie.Autre, "[I]",
		"%d rubrique{s} de classe inconnue {pèse|pèsent} plus de 5 %% du brut", "%d rubrique{s} of unknown class {weighs|weigh} more than 5%% of the gross",
		"complétez rubriques.csv : xhl etat rubriques", "complete rubriques.csv: xhl etat rubriques"),
	regle(ClasseRefusee, anomalie.Erreur, anomalie.Illisible, "[I]",
		"rubriques.csv, ligne %d : la classe %s n'existe pas", "rubriques.csv, line %d: there is no class %s",
		"les classes sont dans le guide, page « Ce qui doit être joint ce mois-ci »", "the classes are in the guide, page “What must be attached this month”"),
	regle(CleDouble, anomalie.Erreur, anomalie.Illisible, "[I]",
		"rubriques.csv, ligne %d : le code %s y est deux fois pour la même nature", "rubriques.csv, line %d: code %s is there twice for one nature",
		"gardez une seule ligne", "keep one line"),
	regle(RubriqueDisparue, anomalie.Info, anomalie.Autre, "[I]",
		"la rubrique %s de rubriques.csv n'est plus dans le journal", "rubrique %s of rubriques.csv is no longer in the journal", "", ""),
	regle(TableIllisible, anomalie.Erreur, anomalie.Illisible, "[I]",
		"la table n'a pas la forme attendue : %s", "the table has not the expected form: %s", "", ""),
	regle(LigneDeTable, anomalie.Erreur, anomalie.Illisible, "[I]",
		"ligne %d : %s", "line %d: %s", "", ""),
	regle(TropDeLignes, anomalie.Erreur, anomalie.TropGrand, "[I]",
		"%d ligne{s} : un PDF en porte %d au plus", "%d line{s}: a PDF holds %d at most",
		"choisissez --format xlsx ou csv, ou un seul établissement (--etablissement)", "choose --format xlsx or csv, or one établissement (--etablissement)"),
}
