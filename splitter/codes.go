package splitter

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	PieceTropGrande    = "VOL-101"
	BulletinTropGrand  = "VOL-102"
	LimiteTropPetite   = "VOL-103"
	NombreTropGrand    = "VOL-104"
	GeneralesTropLourd = "VOL-105"
	RepartitionTardive = "VOL-106"
	MargeTropGrande    = "VOL-107"
	EnteteTropGrand    = "VOL-108"
)

// Codes are the anomalies of volumes.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: PieceTropGrande, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand, Source: "[I]",
		Message: lang.Text{FR: "la pièce %s, de %d octets, ferait à elle seule un fichier de %d octets : la limite est de %d", EN: "piece %s, of %d bytes, would make by itself a file of %d bytes: the limit is %d"},
		Aide:    lang.Text{FR: "numérisez en noir et blanc à 200 dpi, ou passez le PDF par « xhl pdf optimise » ; sinon demandez une limite plus grande", EN: "scan in black and white at 200 dpi, or pass the PDF through “xhl pdf optimise”; else ask for a larger limit"}},
	anomalie.Regle{Code: BulletinTropGrand, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand, Source: "[I]",
		Message: lang.Text{FR: "un bulletin et ses pièces feraient à eux seuls un fichier de %d octets : la limite est de %d (pièces : %s)", EN: "one bulletin and its pieces would make by themselves a file of %d bytes: the limit is %d (pieces: %s)"},
		Aide:    lang.Text{FR: "allégez ces pièces, ou envoyez-les à part avec « --mode separe »", EN: "lighten these pieces, or send them apart with “--mode separe”"}},
	anomalie.Regle{Code: LimiteTropPetite, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand, Source: "[I]",
		Message: lang.Text{FR: "la limite de %d octets est trop petite : un seul bulletin sans pièce, avec l'en-tête et les nomenclatures, fait un fichier de %d octets", EN: "the limit of %d bytes is too small: one bulletin without pieces, with head and nomenclatures, makes a file of %d bytes"},
		Aide:    lang.Text{FR: "donnez une limite plus grande (--limit)", EN: "give a larger limit (--limit)"}},
	anomalie.Regle{Code: NombreTropGrand, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand, Source: "note DGFiP du 30 novembre 2018, 3.2",
		Message: lang.Text{FR: "avec %d bulletin{s} par volume, le volume %d pèse %d octets pour une limite de %d", EN: "with %d bulletin{s} a volume, volume %d weighs %d bytes for a limit of %d"},
		Aide:    lang.Text{FR: "donnez un nombre plus petit (--per), ou laissez « --mode optimise » choisir", EN: "give a smaller number (--per), or let “--mode optimise” choose"}},
	anomalie.Regle{Code: GeneralesTropLourd, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand, Source: "[I]",
		Message: lang.Text{FR: "%d pièce{s} de portée générale {ne tient|ne tiennent} dans aucun volume à côté des bulletins", EN: "%d piece{s} of general scope {fits|fit} in no volume beside the bulletins"},
		Aide:    lang.Text{FR: "allégez-les, ou envoyez-les à part", EN: "lighten them, or send them apart"}},
	anomalie.Regle{Code: RepartitionTardive, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand, Source: "[I]",
		Message: lang.Text{FR: "la répartition par nature, donnée après les bulletins, porte le premier volume à %d octets pour une limite de %d", EN: "the répartition par nature, given after the bulletins, brings the first volume to %d bytes for a limit of %d"},
		Aide:    lang.Text{FR: "donnez-la avant les bulletins, ou laissez de la place par « --margin »", EN: "give it before the bulletins, or leave room with “--margin”"}},
	anomalie.Regle{Code: MargeTropGrande, Gravite: anomalie.Erreur, Classe: anomalie.Usage, Source: "[I]",
		Message: lang.Text{FR: "la marge de %d octets ne laisse rien de la limite de %d", EN: "the margin of %d bytes leaves nothing of the limit of %d"},
		Aide:    lang.Text{FR: "donnez une marge plus petite (--margin)", EN: "give a smaller margin (--margin)"}},
	anomalie.Regle{Code: EnteteTropGrand, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand, Source: "[I]",
		Message: lang.Text{FR: "la limite de %d octets est trop petite pour les fichiers de pièces : avec leur en-tête, ils font au moins %d octets", EN: "the limit of %d bytes is too small for the files of pieces: with their head they have at least %d bytes"},
		Aide:    lang.Text{FR: "donnez une limite plus grande (--limit)", EN: "give a larger limit (--limit)"}},
).OnPages(onPages)
