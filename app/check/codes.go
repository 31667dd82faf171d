package check

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package. LOT-1xx: what a file is. LOT-2xx:
// the pieces inside it. LOT-3xx: the files of a set together, and what was answered. LOT-4xx: the
// manifest.
const (
	GenreInconnu      = "LOT-101"
	LaisseDeCote      = "LOT-102"
	Introuvable       = "LOT-103"
	DossierVide       = "LOT-104"
	TropGrand         = "LOT-105"
	TropDeJournaux    = "LOT-106"
	FichierVide       = "LOT-107"
	HorsRacine        = "LOT-201"
	HorsPJ            = "LOT-202"
	AutreSiret        = "LOT-203"
	HorsDuFlux        = "LOT-205"
	PiecesAilleurs    = "LOT-206"
	TropDePieces      = "LOT-207"
	AutreEmployeur    = "LOT-301"
	AutrePeriode      = "LOT-302"
	AutreTrain        = "LOT-303"
	AutreBudget       = "LOT-304"
	AutreIdVer        = "LOT-305"
	AutreEntete       = "LOT-306"
	AutreNomenclature = "LOT-307"
	AutreEnteteFlux   = "LOT-308"
	RepartitionAutre  = "LOT-311"
	SousTotaux        = "LOT-312"
	BulletinDouble    = "LOT-321"
	MatriculeDouble   = "LOT-322"
	TropDeBulletins   = "LOT-323"
	IdUniqueDouble    = "LOT-331"
	NomFicDouble      = "LOT-332"
	NomJournalDouble  = "LOT-333"
	NomPieceDouble    = "LOT-334"
	NumeroAbsent      = "LOT-335"
	AutreFlux         = "LOT-341"
	PieceRefusee      = "LOT-342"
	FluxRefuse        = "LOT-343"
	SansReponse       = "LOT-344"
	ManifesteIllisib  = "LOT-401"
	ManifesteAbsent   = "LOT-402"
	ManifesteOctets   = "LOT-403"
	ManifesteCompte   = "LOT-404"
	ManifestePieces   = "LOT-405"
	ManifesteRepart   = "LOT-406"
	ManifesteIdentite = "LOT-407"
	ManifesteEnPlus   = "LOT-408"
	ManifesteLimite   = "LOT-409"
	SansManifeste     = "LOT-410"
	LivraisonEnCours  = "LOT-411"
)

const (
	sourceNote    = "note DGFiP CL2C, 30 novembre 2018"
	sourceXSD     = "XSD PES 5.30"
	sourceAcquit  = "PES_V2_Acquit_Autonome_V2.xsd ; CommunAck.xsd"
	sourceProduit = "[I]"
)

// Codes are the anomalies that this package finds.
var Codes = anomalie.NewRegistre(rules...)

var rules = []anomalie.Regle{
	illisible(GenreInconnu, "ce n'est ni un journal XHL, ni un PES_Aller, ni un acquittement, ni une archive zip : %s", "neither an XHL journal, nor a PES_Aller, nor an acquittal, nor a zip archive: %s",
		"donnez un .xhl, un .xml, un .zip, ou le dossier d'un lot", "give an .xhl, an .xml, a .zip, or the folder of a set"),
	info(LaisseDeCote, "fichier laissé de côté : %s", "file left aside: %s", "", ""),
	anomalie.Regle{Code: Introuvable, Gravite: anomalie.Erreur, Classe: anomalie.Introuvable, Source: sourceProduit,
		Message: lang.Text{FR: "%s ne peut pas être ouvert : %v", EN: "%s cannot be opened: %v"},
		Aide:    lang.Text{FR: "vérifiez le chemin", EN: "check the path"}},
	illisible(DossierVide, "le dossier ne contient rien à contrôler", "the folder holds nothing to check",
		"donnez le dossier des volumes eux-mêmes", "give the folder of the volumes themselves"),
	erreur(TropGrand, sourceProduit, "%d octets, %d au plus", "%d bytes, %d at most", "", ""),
	erreur(TropDeJournaux, sourceProduit, "plus de %d journaux dans un seul fichier ; les suivants ne sont pas contrôlés", "more than %d journals in one file; those that follow are not checked", "", ""),
	illisible(FichierVide, "le fichier est vide", "the file is empty", "reprenez le fichier d'origine", "take the original file"),

	erreur(HorsRacine, sourceProduit, "le journal n'est pas à la racine de l'archive", "the journal is not at the root of the archive",
		"l'archive contient un seul journal à sa racine, et les pièces sous PJ/SIRET", "the archive holds one journal at its root, and the pieces below PJ/SIRET"),
	avertissement(HorsPJ, sourceProduit, "fichier hors du dossier PJ de l'archive", "file outside the folder PJ of the archive", "", ""),
	avertissement(AutreSiret, sourceProduit, "le dossier des pièces n'est pas celui du SIRET de l'employeur", "the folder of the pieces is not that of the employer's SIRET", "", ""),
	avertissement(HorsDuFlux, sourceProduit, "pièce référencée par le journal et absente de ce fichier", "piece that the journal references and that is not in this file",
		"contrôlez le lot entier : elle peut voyager dans un autre volume, ou être déjà chez le comptable", "check the whole set: it may travel in another volume, or be with the accountant already"),
	info(PiecesAilleurs, "le journal référence %d pièce{s}, qui {n'est pas avec lui : elle n'est pas contrôlée|ne sont pas avec lui : elles ne sont pas contrôlées}", "the journal references %d piece{s}, which {is not with it: it is|are not with it: they are} not checked", "", ""),
	info(TropDePieces, "trop de pièces distinctes pour toutes les suivre (%d)", "too many distinct pieces to follow them all (%d)", "", ""),

	erreur(AutreEmployeur, sourceNote, "l'employeur (SIRET %s) n'est pas celui du premier fichier (%s)", "the employer (SIRET %s) is not that of the first file (%s)", "", ""),
	erreur(AutrePeriode, sourceNote, "la période (%s) n'est pas celle du premier fichier (%s)", "the period (%s) is not that of the first file (%s)", "", ""),
	erreur(AutreTrain, sourceNote, "le train de paye (%q) n'est pas celui du premier fichier (%q)", "the train de paye (%q) is not that of the first file (%q)",
		"un train n'est pas un volume : chaque train forme son propre lot", "a train is not a volume: each train is a set of its own"),
	erreur(AutreBudget, sourceNote, "le budget (%q) n'est pas celui du premier fichier (%q)", "the budget (%q) is not that of the first file (%q)", "", ""),
	erreur(AutreIdVer, sourceNote, "IdVer (%q) n'est pas celui du premier fichier (%q)", "IdVer (%q) is not that of the first file (%q)", "", ""),
	avertissement(AutreEntete, sourceProduit, "l'en-tête diffère de celui du premier fichier (nom ou adresse de l'employeur)", "the head differs from that of the first file (name or address of the employer)", "", ""),
	erreur(AutreNomenclature, sourceProduit, "les nomenclatures diffèrent de celles du premier fichier", "the nomenclatures differ from those of the first file",
		"chaque volume répète les nomenclatures du journal entier", "each volume repeats the nomenclatures of the whole journal"),
	erreur(AutreEnteteFlux, sourceXSD, "%s de l'en-tête du flux (%q) n'est pas celui du premier (%q)", "%s of the flux header (%q) is not that of the first (%q)",
		"un flux par budget : ne mêlez pas deux budgets dans un lot", "one flux a budget: do not mix two budgets in a set"),
	erreur(RepartitionAutre, sourceNote, "RepartitionParNature figure dans un volume qui n'est pas le premier", "RepartitionParNature stands in a volume that is not the first",
		"seul le premier fichier la porte, avec les totaux du lot entier", "only the first file carries it, with the totals of the whole set"),
	avertissement(SousTotaux, sourceNote, "chaque volume porte sa propre RepartitionParNature : le comptable devra les additionner", "each volume carries its own RepartitionParNature: the accountant will have to add them up", "", ""),
	erreur(BulletinDouble, sourceNote, "le bulletin est déjà dans %s", "the bulletin is already in %s", "", ""),
	avertissement(MatriculeDouble, "[S]", "ce matricule a un autre bulletin dans %s", "this matricule has another bulletin in %s",
		"c'est permis d'un établissement à l'autre ; vérifiez s'il ne s'agit pas d'un doublon", "legal from one établissement to another; check that it is not a duplicate"),
	info(TropDeBulletins, "plus de %d bulletins : au-delà, les doublons ne sont pas cherchés", "more than %d bulletins: beyond, duplicates are not looked for", "", ""),
	erreur(IdUniqueDouble, sourceXSD, "l'IdUnique %s est déjà dans %s", "IdUnique %s is already in %s",
		"Hélios refuse un IdUnique qu'il a déjà (anomalie 1984)", "Hélios refuses an IdUnique that it already has (anomaly 1984)"),
	erreur(NomFicDouble, sourceXSD, "NomFic %s est déjà celui de %s", "NomFic %s is already that of %s",
		"l'acquittement se rattache par NomFic : donnez un nom à chaque flux", "acquittals are matched by NomFic: give each flux its own"),
	erreur(NomJournalDouble, "[S]", "un journal du même nom est dans %s", "a journal of the same name is in %s",
		"XéMéLios remplace un import par le suivant de même nom", "XéMéLios replaces an import by the next one of the same name"),
	avertissement(NomPieceDouble, sourceProduit, "une pièce du même nom et d'un autre contenu est dans %s", "a piece of the same name and another content is in %s", "", ""),
	avertissement(NumeroAbsent, sourceProduit, "le numéro %d manque dans la suite des fichiers", "number %d is missing from the sequence of files", "vérifiez qu'aucun volume n'a été oublié", "check that no volume was left behind"),
	avertissement(AutreFlux, sourceXSD, "l'acquittement répond au flux %s, qui n'est pas dans ce lot", "the acquittal answers flux %s, which is not in this set", "", ""),
	erreur(PieceRefusee, sourceAcquit, "le comptable refuse la pièce %s : %s", "the accountant refuses piece %s: %s",
		"« xhl acquit » dit la cause et que faire ; « xhl resend » renvoie ce qui est refusé", "“xhl acquit” says the cause and what to do; “xhl resend” sends again what is refused"),
	erreur(FluxRefuse, sourceAcquit, "le comptable refuse le flux %s entier : %s", "the accountant refuses the whole flux %s: %s",
		"« xhl acquit » dit la cause et que faire ; « xhl resend » renvoie ce qui est refusé", "“xhl acquit” says the cause and what to do; “xhl resend” sends again what is refused"),
	avertissement(SansReponse, sourceAcquit, "l'acquittement ne dit rien de %d pièce{s} du flux %s", "the acquittal says nothing of %d piece{s} of flux %s", "", ""),

	illisible(ManifesteIllisib, "manifest.json est illisible", "manifest.json is unreadable", "reprenez celui que « xhl build » a écrit", "take the one that “xhl build” wrote"),
	erreur(ManifesteAbsent, sourceProduit, "le manifeste annonce %s, qui n'est pas là", "the manifest announces %s, which is not there", "", ""),
	erreur(ManifesteOctets, sourceProduit, "le fichier n'est plus celui du manifeste (taille ou SHA-256)", "the file is no longer that of the manifest (size or SHA-256)",
		"reprenez le fichier d'origine : un volume ne se modifie pas", "take the original file: a volume is not to be modified"),
	erreur(ManifesteCompte, sourceProduit, "%d bulletin{s}, le manifeste en annonce %d", "%d bulletin{s}, the manifest announces %d", "", ""),
	erreur(ManifestePieces, sourceProduit, "les pièces ne sont pas celles du manifeste (%d, %d annoncée{s})", "the pieces are not those of the manifest (%d, %d announced)", "", ""),
	erreur(ManifesteRepart, sourceProduit, "la présence de RepartitionParNature n'est pas celle du manifeste", "the presence of RepartitionParNature is not that of the manifest", "", ""),
	erreur(ManifesteIdentite, sourceProduit, "%s : %q, le manifeste dit %q", "%s: %q, the manifest says %q", "", ""),
	erreur(ManifesteEnPlus, sourceProduit, "le manifeste ne connaît pas ce fichier", "the manifest does not know this file", "retirez-le avant d'envoyer, s'il vient d'un autre lot", "remove it before sending, if it is of another set"),
	erreur(ManifesteLimite, sourceProduit, "%d octets, au-delà de la limite du manifeste (%d)", "%d bytes, beyond the limit of the manifest (%d)", "", ""),
	erreur(SansManifeste, sourceProduit, "des volumes sans manifest.json : rien ne dit que le lot est complet", "volumes without manifest.json: nothing says that the set is complete",
		"prenez le dossier que « xhl build » a écrit, avec son manifeste ; pour un volume seul, donnez le fichier et non le dossier", "take the folder that “xhl build” wrote, with its manifest; for a single volume, give the file and not the folder"),
	erreur(LivraisonEnCours, sourceProduit, "une livraison est en train d'apparaître dans ce dossier, ou y a été interrompue : ce qu'il contient n'est pas un lot", "a delivery is appearing in this folder, or was interrupted there: what it holds is no set",
		"attendez la fin de la commande qui y écrit, ou relancez-la : elle achève ce qui était commencé", "wait for the end of the command that writes there, or run it again: it completes what was begun"),
}

func regle(code string, g anomalie.Gravite, c anomalie.Classe, source, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Source: source,
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

func illisible(code, fr, en, aideFR, aideEN string) anomalie.Regle {
	return regle(code, anomalie.Erreur, anomalie.Illisible, sourceProduit, fr, en, aideFR, aideEN)
}

func erreur(code, source, fr, en, aideFR, aideEN string) anomalie.Regle {
	return regle(code, anomalie.Erreur, anomalie.Autre, source, fr, en, aideFR, aideEN)
}

func avertissement(code, source, fr, en, aideFR, aideEN string) anomalie.Regle {
	return regle(code, anomalie.Avertissement, anomalie.Autre, source, fr, en, aideFR, aideEN)
}

func info(code, fr, en, aideFR, aideEN string) anomalie.Regle {
	return regle(code, anomalie.Info, anomalie.Autre, sourceProduit, fr, en, aideFR, aideEN)
}
