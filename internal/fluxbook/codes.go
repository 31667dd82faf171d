package fluxbook

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of what the book refuses, or finds in itself.
const (
	Inconnu         = "FLX-101"
	Ambigu          = "FLX-102"
	Transition      = "FLX-103"
	DejaParti       = "FLX-104"
	AutreContenu    = "FLX-105"
	PartieAilleurs  = "FLX-106"
	PasRefusee      = "FLX-107"
	NomFicPris      = "FLX-108"
	PasVide         = "FLX-111"
	ExportIllisible = "FLX-112"
	ExportCoupe     = "FLX-113"
	ExportVersion   = "FLX-114"
	FichierAbsent   = "FLX-121"
	FichierChange   = "FLX-122"
	Incoherent      = "FLX-123"
	EnvoiCoupe      = "FLX-124"
	AcquitAbime     = "FLX-125"
	VolumeDisparu   = "FLX-126"
	SansRegistre    = "FLX-127"
)

func regle(code string, g anomalie.Gravite, c anomalie.Classe, message, aide lang.Text) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Message: message, Aide: aide, Source: "[I]"}
}

// Codes are the anomalies of the book.
var Codes = anomalie.NewRegistre(
	regle(Inconnu, anomalie.Erreur, anomalie.Introuvable,
		lang.Text{FR: "le flux %s n'est pas dans le registre", EN: "flux %s is not in the ledger"},
		lang.Text{FR: "« xhl status --detail » donne les noms", EN: "`xhl status --detail` gives the names"}),
	regle(Ambigu, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "plusieurs flux s'appellent %s", EN: "several fluxes are named %s"},
		lang.Text{FR: "donnez --codcol", EN: "give --codcol"}),
	regle(Transition, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "le flux %s ne passe pas de l'état %s à %s", EN: "flux %s does not go from state %s to %s"}, lang.Text{}),
	regle(DejaParti, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "le flux %s est déjà parti, ou peut-être : son état est %s", EN: "flux %s has left already, or may have: its state is %s"},
		lang.Text{FR: "un flux ne part qu'une fois ; pour un envoi coupé : xhl send --resume, --transaction ou --not-there", EN: "a flux leaves once; for a sending that was cut: xhl send --resume, --transaction or --not-there"}),
	regle(AutreContenu, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "l'IdUnique %s désigne déjà un autre contenu : paye %s, volume %d, flux %s", EN: "IdUnique %s stands for another content already: payroll %s, volume %d, flux %s"},
		lang.Text{FR: "un IdUnique est pris pour toujours : donnez-en un autre à cette pièce dans justificatifs.csv", EN: "an IdUnique is taken for ever: give this piece another one in justificatifs.csv"}),
	regle(PartieAilleurs, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "la pièce %[2]s du flux %[1]s est déjà partie dans le flux %[3]s : Hélios la refuserait", EN: "piece %[2]s of flux %[1]s has left in flux %[3]s already: Hélios would refuse it"},
		lang.Text{FR: "refaites les volumes (xhl build) : ce qui est accepté n'y sera plus", EN: "make the volumes again (xhl build): what is accepted will be left out"}),
	regle(PasRefusee, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "la pièce %s du flux %s n'est pas refusée, ou elle est déjà renvoyée", EN: "piece %s of flux %s is not refused, or is sent again already"}, lang.Text{}),
	regle(NomFicPris, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "le nom de flux %s est déjà pris : une autre livraison l'a inscrit entre-temps", EN: "the name of flux %s is taken: another delivery recorded it meanwhile"},
		lang.Text{FR: "relancez la commande : elle en prendra un autre", EN: "run the command again: it will take another one"}),

	regle(PasVide, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "le registre contient déjà des flux : un export se relit dans un registre vide", EN: "the ledger has fluxes already: an export is read into an empty one"},
		lang.Text{FR: "donnez un autre --state ou --ledger", EN: "give another --state or --ledger"}),
	regle(ExportIllisible, anomalie.Erreur, anomalie.Illisible,
		lang.Text{FR: "la ligne %d de l'export ne se lit pas, ou contredit les autres", EN: "line %d of the export cannot be read, or contradicts the others"}, lang.Text{}),
	regle(ExportCoupe, anomalie.Erreur, anomalie.Illisible,
		lang.Text{FR: "l'export est coupé : sa dernière ligne n'en compte pas les autres", EN: "the export is cut short: its last line does not count the others"}, lang.Text{}),
	regle(ExportVersion, anomalie.Erreur, anomalie.Illisible,
		lang.Text{FR: "ce fichier n'est pas un export de la version %d", EN: "this file is no export of version %d"}, lang.Text{}),

	regle(FichierAbsent, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "le fichier du flux %s n'est plus là ; ses pièces ne pourront pas être renvoyées", EN: "the file of flux %s is no longer there; its pieces cannot be sent again"}, lang.Text{}),
	regle(VolumeDisparu, anomalie.Erreur, anomalie.Introuvable,
		lang.Text{FR: "le volume %[2]d, flux %[1]s, produit et pas encore parti, n'est plus dans son dossier", EN: "volume %[2]d, flux %[1]s, produced and not sent yet, is no longer in its folder"},
		lang.Text{FR: "refaites les volumes (xhl build), ou dites qu'ils ne partiront pas : xhl send --abandon NOMFIC --motif …", EN: "make the volumes again (xhl build), or say that they will not leave: xhl send --abandon NOMFIC --motif …"}),
	regle(SansRegistre, anomalie.Erreur, anomalie.Introuvable,
		lang.Text{FR: "il n'y a pas de registre des flux dans %s", EN: "there is no book of fluxes in %s"},
		lang.Text{FR: "vérifiez --state ou --ledger ; « xhl build » en crée un avec les premiers volumes PES", EN: "check --state or --ledger; `xhl build` makes one with the first PES volumes"}),
	regle(FichierChange, anomalie.Erreur, anomalie.Verification,
		lang.Text{FR: "le fichier du flux %s n'est plus celui qui a été produit", EN: "the file of flux %s is no longer the one that was produced"},
		lang.Text{FR: "remettez-le d'une sauvegarde, ou refaites les volumes s'il n'est pas parti", EN: "put it back from a backup, or make the volumes again if it has not left"}),
	regle(Incoherent, anomalie.Erreur, anomalie.Verification,
		lang.Text{FR: "flux %s : %s", EN: "flux %s: %s"}, lang.Text{}),
	regle(EnvoiCoupe, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "l'envoi du flux %s a été coupé : la plateforme l'a peut-être", EN: "the sending of flux %s was cut: the platform may have it"},
		lang.Text{FR: "demandez à la plateforme, puis xhl send --resume, --transaction ou --not-there", EN: "ask the platform, then xhl send --resume, --transaction or --not-there"}),
	regle(AcquitAbime, anomalie.Erreur, anomalie.Verification,
		lang.Text{FR: "l'acquittement %s n'est plus celui qui a été reçu", EN: "acknowledgment %s is no longer the one that was received"}, lang.Text{}),
).OnPages(onPages)
