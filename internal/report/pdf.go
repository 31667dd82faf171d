package report

import (
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of the page, in millimetres: A4 landscape.
const (
	marge   = 12.0
	bas     = 14.0
	interne = 1.2
	hauteur = 4.4 // of a line of a table
)

// WritePDF writes the report to print, A4 landscape, the headings of a table
// again on each page.
func (d *Document) WritePDF(w io.Writer) error {
	p := fpdf.New("L", "mm", "A4", "")
	p.SetCatalogSort(true)
	p.SetCreationDate(d.Date.UTC())
	p.SetModificationDate(d.Date.UTC())
	p.SetProducer("xhl", true)
	p.SetTitle(d.Titre, true)
	p.SetMargins(marge, marge, marge)
	p.SetAutoPageBreak(false, bas)
	p.AliasNbPages("{pages}")
	f := &feuille{p: p, tr: p.UnicodeTranslatorFromDescriptor("cp1252")}
	p.SetFooterFunc(func() {
		p.SetY(-bas + 4)
		p.SetFont("Helvetica", "", 8)
		p.CellFormat(0, 4, f.tr(d.Titre), "", 0, "L", false, 0, "")
		p.CellFormat(0, 4, fmt.Sprintf("%d / {pages}", p.PageNo()), "", 0, "R", false, 0, "")
	})
	if d.Bandeau != "" {
		p.SetHeaderFunc(func() {
			p.SetFont("Helvetica", "", 7)
			p.MultiCell(0, 3.4, f.tr(d.Bandeau), "", "L", false)
			p.Ln(1)
		})
	}
	p.AddPage()
	f.line(16, "B", 8, d.Titre)
	if d.SousTitre != "" {
		f.line(10, "", 5, d.SousTitre)
	}
	p.Ln(2)
	for _, fait := range d.Faits {
		p.SetFont("Helvetica", "", 9)
		p.CellFormat(60, 4.6, f.tr(fait.Nom), "", 0, "L", false, 0, "")
		p.CellFormat(0, 4.6, f.tr(fait.Valeur), "", 1, "L", false, 0, "")
	}
	for i := range d.Tables {
		f.table(&d.Tables[i])
	}
	for _, n := range d.Notes {
		f.room(10)
		p.Ln(2)
		p.SetFont("Helvetica", "", 9)
		p.MultiCell(0, 4.4, f.tr(n), "", "L", false)
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write the report as PDF: %w", err)
	}
	return nil
}

// feuille is the page being filled.
type feuille struct {
	p  *fpdf.Fpdf
	tr func(string) string
}

func (f *feuille) line(size float64, style string, height float64, text string) {
	f.p.SetFont("Helvetica", style, size)
	f.p.MultiCell(0, height, f.tr(text), "", "L", false)
}

// room starts a page when less than height is left, and reports whether it
// did.
func (f *feuille) room(height float64) bool {
	_, page := f.p.GetPageSize()
	if f.p.GetY()+height <= page-bas {
		return false
	}
	f.p.AddPage()
	return true
}

func (f *feuille) table(t *Table) {
	const title = 9.0
	f.room(title + 3*hauteur)
	f.p.Ln(3)
	f.line(11, "B", 6, t.Titre)
	if len(t.Lignes) == 0 {
		f.line(9, "", 5, t.Vide)
		return
	}
	widths := f.widths(t.Colonnes)
	f.row(widths, t.headings(), "B")
	for _, row := range t.Lignes {
		if f.room(f.height(widths, row)) {
			f.row(widths, t.headings(), "B")
		}
		f.row(widths, row, "")
	}
}

func (f *feuille) widths(columns []Colonne) []float64 {
	page, _ := f.p.GetPageSize()
	sum := 0.0
	for _, c := range columns {
		sum += c.Poids
	}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = (page - 2*marge) * c.Poids / sum
	}
	return widths
}

// maxLines is how many lines a cell may take: a page holds more.
const maxLines = 30

func (f *feuille) split(width float64, cell string) [][]byte {
	lines := f.p.SplitLines([]byte(f.tr(cell)), width-interne)
	return lines[:min(len(lines), maxLines)]
}

func (f *feuille) height(widths []float64, row []string) float64 {
	f.p.SetFont("Helvetica", "", 8)
	n := 1
	for i, cell := range row {
		n = max(n, len(f.split(widths[i], cell)))
	}
	return float64(n)*hauteur + interne
}

func (f *feuille) row(widths []float64, row []string, style string) {
	f.p.SetFont("Helvetica", style, 8)
	x, y := f.p.GetXY()
	bottom := y
	for i, cell := range row {
		for n, line := range f.split(widths[i], cell) {
			f.p.SetXY(x, y+float64(n)*hauteur)
			f.p.CellFormat(widths[i], hauteur, string(line), "", 0, "L", false, 0, "")
			bottom = max(bottom, y+float64(n+1)*hauteur)
		}
		x += widths[i]
	}
	bottom = max(bottom, y+hauteur)
	page, _ := f.p.GetPageSize()
	f.p.SetLineWidth(map[string]float64{"B": 0.4, "": 0.1}[style])
	f.p.Line(marge, bottom+interne/2, page-marge, bottom+interne/2)
	f.p.SetXY(marge, bottom+interne)
}
