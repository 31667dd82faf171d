package report

import (
	"fmt"
	"io"
	"time"

	"github.com/boombuler/barcode/qr"

	"paye/internal/pdfw"
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

// Lacks reports whether s has characters that no font of the letters has: a
// letter without its accents or a square stands for them.
func Lacks(s string) bool { return press().Lacks(s) }

// WriteLetters writes letters as one PDF to print, A4 standing, a page each.
// The same letters and date give the same bytes.
func WriteLetters(w io.Writer, title string, date time.Time, letters []Letter) error {
	s := press().Sheet(pdfw.A4Width, pdfw.A4Height)
	defer press().Release(s)
	s.Open(pdfw.Document, "")
	for i := range letters {
		f := &courrier{Sheet: s}
		f.NewPage()
		if err := f.letter(&letters[i]); err != nil {
			return err
		}
	}
	s.Close()
	meta := pdfw.Meta{Title: oneLine(title), Author: "xhl", Date: date.UTC()}
	if _, err := w.Write(s.Append(nil, meta)); err != nil {
		return fmt.Errorf("write letters as PDF: %w", err)
	}
	return nil
}

// Measures of a letter.
const (
	letterLeft  = pdfw.Point(6236)
	letterWidth = pdfw.A4Width - 2*letterLeft
	window      = pdfw.Point(31200) // where the window of a French envelope is
	windowTop   = pdfw.Point(14200)
	qrSide      = pdfw.Point(8504)
	boxRow      = pdfw.Point(3100)
)

// courrier is the letter being laid out.
type courrier struct {
	*pdfw.Sheet
	y pdfw.Point
}

// write writes a text from x on, as a part.
func (f *courrier) write(tag pdfw.Tag, st pdfw.Style, x, leading pdfw.Point, text string) {
	f.Open(tag, "")
	n := f.Paragraph(st, x, f.y+leading*4/5, letterLeft+letterWidth-x, leading, pdfw.Left, pdfw.MaxLines, text)
	f.Close()
	f.y += n * leading
}

func (f *courrier) letter(l *Letter) error {
	text, leading := plain(1000), pdfw.Point(1420)
	f.y = 5669
	for _, line := range l.From {
		f.write(pdfw.P, text, letterLeft, leading, line)
	}
	f.y = windowTop
	for _, line := range l.To {
		f.write(pdfw.P, plain(1100), window, 1560, line)
	}
	f.y = 26080
	f.write(pdfw.P, text, letterLeft, leading, l.Date)
	f.y += 1130
	f.write(pdfw.H1, strong(1300), letterLeft, 1990, l.Title)
	f.y += 570
	for _, s := range l.Text {
		f.write(pdfw.P, text, letterLeft, leading, s)
		f.y += 700
	}
	if err := f.box(l); err != nil {
		return err
	}
	for _, s := range l.After {
		f.write(pdfw.P, text, letterLeft, leading, s)
		f.y += 700
	}
	f.y = pdfw.A4Height - 5100
	f.write(pdfw.P, plain(800), letterLeft, 1130, l.Footer)
	return nil
}

// box frames what has to be read well, with the square code beside it.
func (f *courrier) box(l *Letter) error {
	if len(l.Box) == 0 {
		return nil
	}
	height := max(len(l.Box)*boxRow+1400, qrSide+1700)
	f.y += 300
	x, y, thin := letterLeft, f.y, pdfw.Point(60)
	f.Boxes(pdfw.Gray, [][4]pdfw.Point{{x, y, letterWidth, thin}, {x, y + height - thin, letterWidth, thin}, {x, y, thin, height}, {x + letterWidth - thin, y, thin, height}})
	if l.QR != "" {
		if err := f.square(l.QR, x+letterWidth-qrSide-1000, y+850); err != nil {
			return err
		}
	}
	const width = letterWidth - qrSide - 3400
	f.Open(pdfw.L, "")
	for i, fait := range l.Box {
		foot := y + 1700 + i*boxRow
		f.Open(pdfw.LI, "")
		f.Open(pdfw.Lbl, "")
		f.Text(plain(850), x+1400, foot, width, pdfw.Left, fait.Nom)
		f.Close()
		f.Open(pdfw.LBody, "")
		f.Text(strong(1300), x+1400, foot+1500, width, pdfw.Left, fait.Valeur)
		f.Close()
		f.Close()
	}
	f.Close()
	f.y = y + height + 1400
	return nil
}

// square draws a square code; the address that it holds stands beside it.
func (f *courrier) square(address string, x, y pdfw.Point) error {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("draw the code of a letter: %w", err)
	}
	n := code.Bounds().Dx()
	var boxes [][4]pdfw.Point
	for row := range n {
		for column := range n {
			if r, _, _, _ := code.At(column, row).RGBA(); r == 0 {
				fromX, fromY := x+column*qrSide/n, y+row*qrSide/n
				boxes = append(boxes, [4]pdfw.Point{fromX, fromY, x + (column+1)*qrSide/n - fromX, y + (row+1)*qrSide/n - fromY})
			}
		}
	}
	f.Boxes(pdfw.Black, boxes)
	return nil
}
