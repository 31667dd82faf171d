package build

import (
	"paye/internal/lang"
	"paye/splitter"
)

// evenWithin is the difference of sizes, in hundredths of the largest volume,
// above which a plan that was to be even says why it is not.
const evenWithin = 3

// tellUneven says why volumes that were to be of even sizes are not.
func (d *Job) tellUneven() {
	if !d.dem.Equilibre || d.Plan == nil {
		return
	}
	least, most := d.Plan.Volumes[0].Octets, d.Plan.Volumes[0].Octets
	for _, v := range d.Plan.Volumes {
		least, most = min(least, v.Octets), max(most, v.Octets)
	}
	if (most-least)*100 > most*evenWithin {
		d.dem.Anomalie(Codes.New(Inegaux, lang.Octets(least), lang.Octets(most), d.unevenness()))
	}
}

// unevenness is the reason: a wish that comes first, or what no plan cuts.
func (d *Job) unevenness() lang.Phrase {
	switch {
	case d.dem.Mode != "" && d.dem.Mode != splitter.Optimise:
		return lang.Text{FR: "le mode %s fixe ce que porte chacun", EN: "mode %s says what each holds"}.With(string(d.dem.Mode))
	case d.dem.Ensemble != splitter.SansClasse:
		return lang.Text{FR: "ce que --by demande de ne pas couper passe d'abord", EN: "what --by asks not to cut comes first"}.With()
	case d.dem.GardeOrdre:
		return lang.Text{FR: "--keep-order ne laisse bouger que les coupes", EN: "--keep-order lets only the cuts move"}.With()
	}
	var piece int64
	for _, v := range d.Plan.Volumes {
		for _, p := range v.Pieces {
			piece = max(piece, p.Piece.GzipSize())
		}
	}
	if piece == 0 {
		return lang.Text{FR: "un bulletin reste entier", EN: "a bulletin stays whole"}.With()
	}
	return lang.Text{FR: "un bulletin reste entier avec ses pièces, dont la plus lourde a %v, et celles que plusieurs partagent ne sont pas répétées",
		EN: "a bulletin stays whole with its pieces, the heaviest of which has %v, and those that several share are not repeated"}.With(lang.Octets(piece))
}
