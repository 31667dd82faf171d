package payslip

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes are the anomalies of the rendering of bulletins.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: "BUL-001", Gravite: anomalie.Erreur, Classe: anomalie.Illisible, Source: "[I]",
		Message: lang.Text{FR: "le logo n'est ni un PNG ni un JPEG lisible", EN: "the logo is neither a PNG nor a JPEG that can be read"},
		Aide:    lang.Text{FR: "enregistrez-le en PNG, depuis un logiciel d'images", EN: "save it as a PNG from an image program"}},
	anomalie.Regle{Code: "BUL-002", Gravite: anomalie.Erreur, Classe: anomalie.Illisible, Source: "[I]",
		Message: lang.Text{FR: "le logo est trop grand : %d octets, %d × %d point{s} (au plus %d octets et %d points)", EN: "the logo is too large: %d bytes, %d × %d pixel{s} (at most %d bytes and %d pixels)"},
		Aide:    lang.Text{FR: "réduisez l'image : elle s'imprime sur 4 cm", EN: "reduce the image: it prints 4 cm wide"}},
	anomalie.Regle{Code: "BUL-005", Gravite: anomalie.Avertissement, Source: "[I]",
		Message: lang.Text{FR: "le nom de l'agent de matricule %s a des lettres que les polices du bulletin n'ont pas : la lettre sans accent, ou un carré, les remplace", EN: "the name of the agent of matricule %s has letters that the fonts of the bulletin lack: the letter without its accent, or a square, stands for them"},
		Aide:    lang.Text{FR: "vérifiez ce bulletin avant de le remettre", EN: "check this bulletin before you hand it over"}},
	anomalie.Regle{Code: "BUL-003", Gravite: anomalie.Erreur, Source: "[I]",
		Message: lang.Text{FR: "le matricule %s n'a pas de bulletin dans ce journal", EN: "matricule %s has no bulletin in this journal"}},
)
