package splitter

import (
	"bufio"
	"fmt"
	"html"
	"io"
)

// Legende is the text of a drawing, in the language of its reader.
type Legende struct {
	Titre                   string
	XHL, Propres, Partagees string
	Limite                  string
	Volume                  func(n int) string
	Octets                  func(n int64) string
}

// The drawing, in pixels.
const (
	dessinLargeur = 900
	dessinGauche  = 110
	dessinDroite  = 130
	dessinHaut    = 84
	dessinBarre   = 22
	dessinPas     = 32
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
	height := dessinHaut + dessinPas*len(p.Volumes) + 24
	width := dessinLargeur - dessinGauche - dessinDroite
	scale := func(n int64) float64 { return float64(n) / float64(p.Limit) * float64(width) }
	text := func(x, y float64, anchor, s string) {
		fmt.Fprintf(out, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, anchor, html.EscapeString(s))
	}
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" font-family="sans-serif" font-size="13" role="img">`+"\n", dessinLargeur, height)
	fmt.Fprintf(out, "<title>%s</title>\n", html.EscapeString(t.Titre))
	fmt.Fprintf(out, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", dessinLargeur, height)
	fmt.Fprintf(out, `<text x="16" y="26" font-size="16" font-weight="bold">%s</text>`+"\n", html.EscapeString(t.Titre))
	x := 16.0
	for _, item := range []struct{ colour, name string }{{couleurXHL, t.XHL}, {couleurPropres, t.Propres}, {couleurPartagees, t.Partagees}} {
		fmt.Fprintf(out, `<rect x="%.1f" y="42" width="14" height="14" fill="%s"/>`+"\n", x, item.colour)
		text(x+20, 54, "start", item.name)
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
		text(limit+10, y+dessinBarre-6, "start", t.Octets(v.Octets))
	}
	bottom := float64(dessinHaut + dessinPas*len(p.Volumes))
	fmt.Fprintf(out, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="2" stroke-dasharray="6 3"/>`+"\n", limit, dessinHaut-8, limit, bottom, couleurLimite)
	fmt.Fprintf(out, `<text x="%.1f" y="%d" text-anchor="end" fill="%s">%s</text>`+"\n", limit, dessinHaut-14, couleurLimite, html.EscapeString(t.Limite))
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}
