package pdfx

import (
	"strconv"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Thresholds of the advice, all inferred from the figures of the DGFiP note.
const (
	// pageLourde is the weight of a page, in bytes, above which a scan is
	// likely to be in colour or above 200 dpi: one and a half times the 89 Ko
	// of the note, which a scan at 300 dpi exceeds.
	pageLourde = pageNote * 3 / 2
	pageNote   = 89_000
	// dpiScan is the resolution from which a picture is taken for the scan of
	// a page, and not for a logo; dpiTrop is well above the 200 of the note.
	dpiScan, dpiTrop = 90, 250
)

// Advice returns what would make the document lighter, the most telling first
// and alone; nil when it is as it should be. It is no fault: its gravity is
// info.
func (i Info) Advice() *anomalie.Anomalie {
	if i.PerPage() <= pageLourde {
		return nil
	}
	var a *anomalie.Anomalie
	switch scan := i.Heaviest; {
	case scan.DPI >= dpiScan && scan.BitsPerPixel() > 1:
		a = Codes.New(Couleur, lang.Octets(i.PerPage()), scan.BitsPerPixel(), scan.DPI)
	case scan.DPI > dpiTrop:
		a = Codes.New(Resolution, lang.Octets(i.PerPage()), scan.DPI)
	default:
		a = Codes.New(PagesLourd, lang.Octets(i.PerPage()))
	}
	a.Trouve, a.Attendu = strconv.FormatInt(i.PerPage(), 10), strconv.Itoa(pageNote)
	return a
}

// HeavyScan reports whether the document is a scan in more than black and
// white, or well above 200 dpi, that weighs accordingly.
func (i Info) HeavyScan() bool {
	scan := i.Heaviest
	return i.PerPage() > pageLourde && (scan.DPI >= dpiScan && scan.BitsPerPixel() > 1 || scan.DPI > dpiTrop)
}
