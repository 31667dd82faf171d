package splitter

import (
	"bufio"
	"fmt"
	"html"
	"io"
)

// Legende is the text of a drawing, in the language of its reader.
type Legende struct {
	Titre, SousTitre        string // whose payroll it is, and which
	XHL, Propres, Partagees string
	Limite, Axe             string
	Volume                  func(n int) string
	Octets                  func(n int64) string
	Bulletins               func(n int) string
}

// The drawing, in pixels.
const (
	dessinLargeur = 900
	dessinGauche  = 110
	dessinDroite  = 190
	dessinHaut    = 108
	dessinBarre   = 22
	dessinPas     = 32
	dessinBas     = 56 // for the axis
	dessinParts   = 4  // of the axis
)

// The colours of the journal, of the pieces and of the limit: apart for those
// who do not see red from green, and in grey.
const (
	couleurXHL       = "#1f4e79"
	couleurPropres   = "#7fb2dd"
	couleurPartagees = "#f0a830"
	couleurLimite    = "#b00020"
)

// SVG draws the plan: one bar a volume, its journal, its own pieces and the
// shared ones in colours, the limit as a line.
func (p *Plan) SVG(w io.Writer, f Format, t Legende) error {
	out := bufio.NewWriter(w)
	height := dessinHaut + dessinPas*len(p.Volumes) + dessinBas
	width := dessinLargeur - dessinGauche - dessinDroite
	scale := func(n int64) float64 { return float64(n) / float64(p.Limit) * float64(width) }
	text := func(x, y float64, anchor, s string) {
		fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, anchor, html.EscapeString(s))
	}
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" font-family="sans-serif" font-size="13" role="img">`+"\n", dessinLargeur, height)
	fmt.Fprintf(out, "<title>%s, %s</title>\n", html.EscapeString(t.Titre), html.EscapeString(t.SousTitre))
	fmt.Fprintf(out, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", dessinLargeur, height)
	fmt.Fprintf(out, `<text x="16" y="26" font-size="16" font-weight="bold">%s</text>`+"\n", html.EscapeString(t.Titre))
	text(16, 46, "start", t.SousTitre)
	x := 16.0
	for _, item := range []struct{ colour, name string }{{couleurXHL, t.XHL}, {couleurPropres, t.Propres}, {couleurPartagees, t.Partagees}} {
		fmt.Fprintf(out, `<rect x="%.1f" y="60" width="14" height="14" fill="%s"/>`+"\n", x, item.colour)
		text(x+20, 72, "start", item.name)
		x += 60 + 7.5*float64(len([]rune(item.name)))
	}
	limit := float64(dessinGauche + width)
	for i, parts := range p.Parts(f) {
		v := p.Volumes[i]
		y := float64(dessinHaut + dessinPas*i)
		text(dessinGauche-10, y+dessinBarre-6, "end", t.Volume(v.N))
		at := float64(dessinGauche)
		for _, part := range []struct {
			colour string
			bytes  int64
		}{{couleurXHL, parts.XHL}, {couleurPropres, parts.Propres}, {couleurPartagees, parts.Partagees}} {
			if part.bytes > 0 {
				fmt.Fprintf(out, `<rect x="%.1f" y="%.1f" width="%.2f" height="%d" fill="%s"/>`+"\n", at, y, scale(part.bytes), dessinBarre, part.colour)
				at += scale(part.bytes)
			}
		}
		text(limit+10, y+dessinBarre-6, "start", t.Octets(v.Octets)+", "+t.Bulletins(v.Bulletins()))
	}
	bottom := float64(dessinHaut + dessinPas*len(p.Volumes))
	fmt.Fprintf(out, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="2" stroke-dasharray="6 3"/>`+"\n", limit, dessinHaut-8, limit, bottom, couleurLimite)
	fmt.Fprintf(out, `<text x="%.1f" y="%d" text-anchor="end" fill="%s">%s</text>`+"\n", limit, dessinHaut-14, couleurLimite, html.EscapeString(t.Limite))
	p.axis(out, t, bottom, float64(width))
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

// axis draws the scale of sizes below the bars, from nothing to the limit.
func (p *Plan) axis(out io.Writer, t Legende, y, width float64) {
	fmt.Fprintf(out, `<line x1="%d" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#444444"/>`+"\n", dessinGauche, y, dessinGauche+width, y)
	for k := range dessinParts + 1 {
		x := dessinGauche + width*float64(k)/dessinParts
		fmt.Fprintf(out, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#444444"/>`+"\n", x, y, x, y+5)
		fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="middle" font-size="11">%s</text>`+"\n", x, y+18, html.EscapeString(t.Octets(p.Limit*int64(k)/dessinParts)))
	}
	fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="middle" font-size="11">%s</text>`+"\n", dessinGauche+width/2, y+36, html.EscapeString(t.Axe))
}
