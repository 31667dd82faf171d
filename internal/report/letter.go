package report

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode/qr"
	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"golang.org/x/image/font/sfnt"
)

// Letter is one letter of a batch, on one page.
type Letter struct {
	From   []string // lines of the sender
	To     []string // lines of the addressee
	Date   string
	Title  string
	Text   []string // paragraphs before the box
	Box    []Fait   // what has to be read well
	After  []string // paragraphs after the box
	QR     string   // an address, empty for none
	Footer string
}

// Missing gives the characters of s that the letters' font does not have, in
// order: they are printed as "?".
func Missing(s string) (list []rune) {
	f, err := sfnt.Parse(dejavusanscondensed.TTF)
	if err != nil {
		panic("report: the font of the letters is damaged: " + err.Error())
	}
	var b sfnt.Buffer
	for _, r := range s {
		if i, err := f.GlyphIndex(&b, r); err != nil || i == 0 {
			list = append(list, r)
		}
	}
	return list
}

// WriteLetters writes letters as one PDF to print, A4 portrait, a page each.
// The same letters and date give the same bytes.
func WriteLetters(w io.Writer, title string, date time.Time, letters []Letter) error {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetCatalogSort(true)
	p.SetCreationDate(date.UTC())
	p.SetModificationDate(date.UTC())
	p.SetProducer("xhl", true)
	p.SetTitle(title, true)
	p.SetMargins(22, 20, 22)
	p.SetAutoPageBreak(false, 15)
	p.AddUTF8FontFromBytes("lettre", "", dejavusanscondensed.TTF)
	p.AddUTF8FontFromBytes("lettre", "B", dejavusanscondensedbold.TTF)
	for i := range letters {
		if err := letters[i].page(p); err != nil {
			return err
		}
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write letters as PDF: %w", err)
	}
	return nil
}

func (l *Letter) page(p *fpdf.Fpdf) error {
	p.AddPage()
	write := func(size float64, style string, height float64, text string) {
		p.SetFont("lettre", style, size)
		p.MultiCell(0, height, printable(text), "", "L", false)
	}
	for _, line := range l.From {
		write(10, "", 5, line)
	}
	p.SetY(50) // where the window of a French envelope is
	for _, line := range l.To {
		p.SetX(110)
		write(11, "", 5.5, line)
	}
	p.SetY(92)
	write(10, "", 5, l.Date)
	p.Ln(4)
	write(13, "B", 7, l.Title)
	p.Ln(2)
	for _, text := range l.Text {
		write(10, "", 5, text)
		p.Ln(2.5)
	}
	if err := l.box(p); err != nil {
		return err
	}
	for _, text := range l.After {
		write(10, "", 5, text)
		p.Ln(2.5)
	}
	p.SetY(-18)
	write(8, "", 4, l.Footer)
	return nil
}

// Measures of the square code, in millimetres.
const qrSide = 30.0

// box frames what has to be read well, with the square code beside it.
func (l *Letter) box(p *fpdf.Fpdf) error {
	if len(l.Box) == 0 {
		return nil
	}
	top, height := p.GetY()+1, max(float64(len(l.Box))*11+5, qrSide+6)
	p.SetDrawColor(90, 90, 90)
	p.Rect(22, top, 166, height, "D")
	p.SetY(top + 3)
	for _, f := range l.Box {
		p.SetX(27)
		p.SetFont("lettre", "", 8.5)
		p.CellFormat(110, 4, printable(f.Nom), "", 2, "L", false, 0, "")
		p.SetFont("lettre", "B", 13)
		p.CellFormat(110, 7, printable(f.Valeur), "", 1, "L", false, 0, "")
	}
	if l.QR != "" {
		code, err := qr.Encode(l.QR, qr.M, qr.Auto)
		if err != nil {
			return fmt.Errorf("draw the code of a letter: %w", err)
		}
		n := code.Bounds().Dx()
		unit := qrSide / float64(n)
		p.SetFillColor(0, 0, 0)
		for y := range n {
			for x := range n {
				if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
					p.Rect(153+float64(x)*unit, top+3+float64(y)*unit, unit*1.02, unit*1.02, "F")
				}
			}
		}
	}
	p.SetY(top + height + 5)
	return nil
}

// printable puts "?" where the font has no character.
func printable(s string) string {
	missing := map[rune]bool{}
	for _, r := range Missing(s) {
		missing[r] = r != '\n'
	}
	if len(missing) == 0 {
		return s
	}
	out := []rune(s)
	for i, r := range out {
		if missing[r] {
			out[i] = '?'
		}
	}
	return string(out)
}
