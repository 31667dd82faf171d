package pdfx

import (
	"paye/internal/anomalie"
	"paye/internal/langue"
)

// Codes of the anomalies of pieces.
const (
	Illisible  = "PJ-101"
	Chiffre    = "PJ-102"
	SansPage   = "PJ-103"
	TropGros   = "PJ-104"
	PagesLourd = "PJ-201"
)

const noteDGFiP = "note DGFiP du 30 novembre 2018, 3.1"

// Codes are the anomalies of pieces.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: Illisible, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "ISO 32000-1",
		Message: langue.Texte{FR: "PDF illisible : %s", EN: "unreadable PDF: %s"},
		Aide:    langue.Texte{FR: "ouvrez-le dans un lecteur et refaites-le", EN: "open it in a viewer and make it again"}},
	anomalie.Regle{Code: Chiffre, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "ISO 32000-1, 7.6",
		Message: langue.Texte{FR: "PDF protégé par un mot de passe", EN: "PDF protected by a password"},
		Aide:    langue.Texte{FR: "enregistrez-le sans mot de passe : le comptable doit pouvoir l'ouvrir", EN: "save it without a password: the accountant must be able to open it"}},
	anomalie.Regle{Code: SansPage, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "[I]",
		Message: langue.Texte{FR: "PDF sans page", EN: "PDF without a page"}},
	anomalie.Regle{Code: TropGros, Gravite: anomalie.Erreur, Classe: anomalie.PieceManquante, Source: "[I]",
		Message: langue.Texte{FR: "PDF de %d octets : au-delà de %d, il n'est pas examiné", EN: "PDF of %d bytes: above %d it is not looked at"},
		Aide:    langue.Texte{FR: "numérisez en noir et blanc à 200 dpi", EN: "scan in black and white at 200 dpi"}},
	anomalie.Regle{Code: PagesLourd, Gravite: anomalie.Info, Classe: anomalie.Autre, Source: noteDGFiP,
		Message: langue.Texte{FR: "%d octets par page : sans doute une numérisation en couleur ou à haute résolution", EN: "%d bytes a page: probably a scan in colour or at high resolution"},
		Aide:    langue.Texte{FR: "une page signée numérisée en noir et blanc à 200 dpi pèse environ 89 Ko", EN: "a signed page scanned in black and white at 200 dpi weighs about 89 Ko"}},
)
