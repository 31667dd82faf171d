package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"paye/internal/pdfw"
)

// press has the fonts of all reports and letters. They come with the program,
// so that a fault in one is a fault of the build.
var press = sync.OnceValue(func() *pdfw.Press {
	p, err := pdfw.New(nil)
	if err != nil {
		panic("report: " + err.Error())
	}
	return p
})

// Measures of the page, A4 lying.
const (
	pageWidth  = pdfw.A4Height
	pageHeight = pdfw.A4Width
	left       = pdfw.Point(3400)
	right      = pageWidth - left
	top        = pdfw.Point(3400)
	bottom     = pageHeight - 4000
	cellPad    = pdfw.Point(170)
	rowLeading = pdfw.Point(1150)
)

var accent = pdfw.Color{R: 0x1f, G: 0x4e, B: 0x79}

func plain(size pdfw.Point) pdfw.Style { return pdfw.Style{Size: size} }

func strong(size pdfw.Point) pdfw.Style { return pdfw.Style{Face: pdfw.Bold, Size: size} }

// WritePDF writes the report to print, A4 lying, the headings of a table again
// on each page.
func (d *Document) WritePDF(w io.Writer) error {
	f := &feuille{Sheet: press().Sheet(pageWidth, pageHeight), d: d}
	defer press().Release(f.Sheet)
	f.NewPage()
	f.Open(pdfw.Document, "")
	f.head()
	for i := range d.Tables {
		f.table(&d.Tables[i])
	}
	for _, n := range d.Notes {
		f.y += 600
		f.prose(pdfw.P, plain(900), 1250, n)
	}
	f.Close()
	f.EachPage(func(page, pages int) {
		f.Text(plain(800), left, pageHeight-2600, right-left-6000, pdfw.Left, d.Titre)
		f.Text(plain(800), right-6000, pageHeight-2600, 6000, pdfw.Right, strconv.Itoa(page)+" / "+strconv.Itoa(pages))
	})
	meta := pdfw.Meta{Title: oneLine(d.Titre), Author: "xhl", Date: d.Date.UTC()}
	if d.Langue == "en" {
		meta.Language = "en"
	}
	if _, err := w.Write(f.Append(nil, meta)); err != nil {
		return fmt.Errorf("write the report as PDF: %w", err)
	}
	return nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// feuille is the report being laid out.
type feuille struct {
	*pdfw.Sheet
	d *Document
	y pdfw.Point
}

// head is what stands above the tables.
func (f *feuille) head() {
	f.y = top
	f.banner()
	f.prose(pdfw.H1, pdfw.Style{Face: pdfw.Bold, Size: 1600, Color: accent}, 2100, f.d.Titre)
	if f.d.SousTitre != "" {
		f.prose(pdfw.P, plain(1000), 1400, f.d.SousTitre)
	}
	f.y += 500
	if len(f.d.Faits) == 0 {
		return
	}
	f.Open(pdfw.L, "")
	for _, fait := range f.d.Faits {
		const label = pdfw.Point(17000)
		lines := max(1, f.Wrap(plain(900), right-left-label, fait.Valeur, pdfw.MaxLines))
		f.room(lines * 1300)
		f.Open(pdfw.LI, "")
		f.Open(pdfw.Lbl, "")
		f.Text(plain(900), left, f.y+1000, label-500, pdfw.Left, fait.Nom)
		f.Close()
		f.Open(pdfw.LBody, "")
		f.Paragraph(plain(900), left+label, f.y+1000, right-left-label, 1300, pdfw.Left, pdfw.MaxLines, fait.Valeur)
		f.Close()
		f.Close()
		f.y += lines * 1300
	}
	f.Close()
}

// banner is what each page begins with.
func (f *feuille) banner() {
	if f.d.Bandeau != "" {
		f.prose(pdfw.P, pdfw.Style{Size: 700, Color: pdfw.Gray}, 950, f.d.Bandeau)
		f.y += 400
	}
}

// room begins a page when less than height is left, and reports whether it did.
func (f *feuille) room(height pdfw.Point) bool {
	if f.y+height <= bottom {
		return false
	}
	f.NewPage()
	f.y = top
	f.Aside(f.banner)
	return true
}

// maxProse is how many characters of a text are laid out at once.
const maxProse = 1000

// prose writes a text of any length over the width of the page, each of its
// lines as a part.
func (f *feuille) prose(tag pdfw.Tag, st pdfw.Style, leading pdfw.Point, text string) {
	for line := range strings.Lines(text) {
		for len(line) > 0 {
			piece := line
			if len(line) > maxProse {
				if at := strings.LastIndexByte(line[:maxProse], ' '); at > 0 {
					piece = line[:at]
				}
			}
			line = line[len(piece):]
			lines := f.Wrap(st, right-left, piece, pdfw.MaxLines)
			if lines == 0 {
				continue
			}
			f.room(lines * leading)
			f.Open(tag, "")
			f.Paragraph(st, left, f.y+leading*4/5, right-left, leading, pdfw.Left, pdfw.MaxLines, piece)
			f.Close()
			f.y += lines * leading
		}
	}
}

func (f *feuille) table(t *Table) {
	f.room(2500 + 4*rowLeading)
	f.y += 900
	f.prose(pdfw.H2, strong(1100), 1700, t.Titre)
	if len(t.Lignes) == 0 {
		f.prose(pdfw.P, plain(900), 1400, t.Vide)
		return
	}
	widths := widths(t.Colonnes)
	f.Open(pdfw.Table, "")
	f.Open(pdfw.THead, "")
	f.row(widths, t.headings(), true)
	f.Close()
	f.Open(pdfw.TBody, "")
	for _, row := range t.Lignes {
		if f.room(f.height(widths, row, plain(800))) {
			f.Aside(func() { f.row(widths, t.headings(), true) })
		}
		f.row(widths, row, false)
	}
	f.Close()
	f.Close()
}

func widths(columns []Colonne) []pdfw.Point {
	sum := 0.0
	for _, c := range columns {
		sum += c.Poids
	}
	list := make([]pdfw.Point, len(columns))
	for i, c := range columns {
		list[i] = pdfw.Point(float64(right-left) * c.Poids / sum)
	}
	return list
}

func (f *feuille) height(widths []pdfw.Point, row []string, st pdfw.Style) pdfw.Point {
	lines := 1
	for i, cell := range row {
		lines = max(lines, f.Wrap(st, widths[i]-2*cellPad, cell, pdfw.MaxLines))
	}
	return lines*rowLeading + 300
}

func (f *feuille) row(widths []pdfw.Point, row []string, heading bool) {
	st, tag, attr := plain(800), pdfw.TD, pdfw.Attr("")
	if heading {
		st, tag, attr = pdfw.Style{Face: pdfw.Bold, Size: 800, Color: accent}, pdfw.TH, pdfw.ColumnHead
	}
	height := f.height(widths, row, st)
	rule, color := pdfw.Point(25), pdfw.Rule
	if heading {
		rule, color = 80, accent
	}
	f.Rectangle(left, f.y+height-rule, right-left, rule, color)
	f.Open(pdfw.TR, "")
	x := left
	for i, cell := range row {
		f.Open(tag, attr)
		f.Paragraph(st, x+cellPad, f.y+900, widths[i]-2*cellPad, rowLeading, pdfw.Left, pdfw.MaxLines, cell)
		f.Close()
		x += widths[i]
	}
	f.Close()
	f.y += height
}
