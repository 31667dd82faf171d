package pdfx

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of pieces.
const (
	Illisible   = "PJ-101"
	Encrypted   = "PJ-102"
	SansPage    = "PJ-103"
	TropGros    = "PJ-104"
	Vide        = "PJ-105"
	TypeInconnu = "PJ-106"
	Extension   = "PJ-107"
	NotPDF      = "PJ-109"
	RepairedPDF = "PJ-110"
	PagesLourd  = "PJ-201"
	Couleur     = "PJ-202"
	Resolution  = "PJ-203"
)

const noteDGFiP = "note DGFiP du 30 novembre 2018, 3.1 ; seuil [I]"

// Codes are the anomalies of pieces.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: Illisible, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "ISO 32000-1",
		Message: lang.Text{FR: "PDF illisible : il est tronqué ou abîmé", EN: "unreadable PDF: it is truncated or damaged"},
		Aide:    lang.Text{FR: "reprenez l'original, ou refaites le document : aucun lecteur ne l'ouvrira à coup sûr", EN: "take the original, or make the document again: no viewer is sure to open it"}},
	anomalie.Regle{Code: Encrypted, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "ISO 32000-1, 7.6",
		Message: lang.Text{FR: "PDF protégé par un mot de passe", EN: "PDF protected by a password"},
		Aide:    lang.Text{FR: "enregistrez-le sans mot de passe : le comptable doit pouvoir l'ouvrir", EN: "save it without a password: the accountant must be able to open it"}},
	anomalie.Regle{Code: SansPage, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "[I]",
		Message: lang.Text{FR: "PDF sans page", EN: "PDF without a page"}},
	anomalie.Regle{Code: TropGros, Gravite: anomalie.Avertissement, Classe: anomalie.Autre, Source: "[I]",
		Message: lang.Text{FR: "PDF de %d octets : au-delà de %d, il n'est pas examiné", EN: "PDF of %d bytes: above %d it is not looked at"},
		Aide:    lang.Text{FR: "numérisez en noir et blanc à 200 dpi", EN: "scan in black and white at 200 dpi"}},
	anomalie.Regle{Code: Vide, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "[I]",
		Message: lang.Text{FR: "fichier vide", EN: "empty file"},
		Aide:    lang.Text{FR: "refaites le document", EN: "make the document again"}},
	anomalie.Regle{Code: TypeInconnu, Gravite: anomalie.Avertissement, Classe: anomalie.PieceManquante, Source: "[I]",
		Message: lang.Text{FR: "le contenu n'est d'aucun format connu", EN: "the content is of no known format"},
		Aide:    lang.Text{FR: "enregistrez le document en PDF", EN: "save the document as PDF"}},
	anomalie.Regle{Code: Extension, Gravite: anomalie.Avertissement, Classe: anomalie.Autre, Source: "[I]",
		Message: lang.Text{FR: "l'extension %s n'est pas celle du contenu (%s)", EN: "extension %s is not that of the content (%s)"},
		Aide:    lang.Text{FR: "renommez le fichier : le comptable l'ouvre d'après son extension", EN: "rename the file: the accountant opens it by its extension"}},
	anomalie.Regle{Code: NotPDF, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "[I]",
		Message: lang.Text{FR: "le fichier s'appelle .pdf et n'en est pas un (contenu : %s)", EN: "the file is called .pdf and is none (content: %s)"},
		Aide:    lang.Text{FR: "ouvrez-le dans le programme qui l'a fait et enregistrez-le en PDF, ou rendez-lui son extension", EN: "open it in the program that made it and save it as PDF, or give it its extension back"}},
	anomalie.Regle{Code: RepairedPDF, Gravite: anomalie.Avertissement, Classe: anomalie.Autre, Source: "ISO 32000-1, 7.5",
		Message: lang.Text{FR: "PDF abîmé : les lecteurs l'ouvrent en le réparant, et peuvent en montrer moins que l'original", EN: "damaged PDF: viewers open it by repairing it, and may show less than the original"},
		Aide:    lang.Text{FR: "regardez qu'aucune page ne manque, ou reprenez l'original", EN: "see that no page is missing, or take the original"}},
	anomalie.Regle{Code: PagesLourd, Gravite: anomalie.Info, Classe: anomalie.Autre, Source: noteDGFiP,
		Message: lang.Text{FR: "%v par page : sans doute une numérisation en couleur ou à haute résolution", EN: "%v a page: probably a scan in colour or at high resolution"},
		Aide:    lang.Text{FR: "une page signée numérisée en noir et blanc à 200 dpi pèse environ 89 Ko ; un document sans signature s'exporte en PDF, compression activée", EN: "a signed page scanned in black and white at 200 dpi weighs about 89 Ko; a document without a signature is exported as PDF, with compression on"}},
	anomalie.Regle{Code: Couleur, Gravite: anomalie.Info, Classe: anomalie.Autre, Source: noteDGFiP,
		Message: lang.Text{FR: "%v par page : numérisation de %d bit{s} par point à environ %d dpi", EN: "%v a page: scan of %d bit{s} a pixel at about %d dpi"},
		Aide:    lang.Text{FR: "numérisez en noir et blanc (1 bit par point) : trois pages signées pèsent 267 Ko à 200 dpi", EN: "scan in black and white (1 bit a pixel): three signed pages weigh 267 Ko at 200 dpi"}},
	anomalie.Regle{Code: Resolution, Gravite: anomalie.Info, Classe: anomalie.Autre, Source: noteDGFiP,
		Message: lang.Text{FR: "%v par page : numérisation à environ %d dpi", EN: "%v a page: scan at about %d dpi"},
		Aide:    lang.Text{FR: "numérisez à 200 dpi : trois pages signées pèsent 769 Ko à 400 dpi, 480 à 300, 267 à 200", EN: "scan at 200 dpi: three signed pages weigh 769 Ko at 400 dpi, 480 at 300, 267 at 200"}},
)
