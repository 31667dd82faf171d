package payslip

import (
	"paye/internal/pdfw"
)

// colonne is a column of the table.
type colonne struct {
	titre string
	width point
	at    pdfw.Align
}

var colonnes = [...]colonne{
	{"Code", 3500, pdfw.Left},
	{"Désignation", 17528, pdfw.Left},
	{"Base ou nombre", 6300, pdfw.Right},
	{"Taux", 4500, pdfw.Right},
	{"À payer", 5800, pdfw.Right},
	{"À déduire", 5800, pdfw.Right},
	{"Taux", 4200, pdfw.Right},
	{"Montant", 5100, pdfw.Right},
}

// The columns by their place.
const (
	cCode = iota
	cLibelle
	cBase
	cTaux
	cVerse
	cRetenu
	cTauxPatronal
	cPatronal
	nbColonnes
)

const (
	cellPad    point = 250
	rowLeading point = 880
	rowHeight  point = 1180 // of a row of one line
)

var rowStyle = regular(760, pdfw.Black)

// tableau is the table of the lines, its headings again on each page.
func (m *layout) tableau() {
	m.arrange(m.b.Remuneration.Lignes)
	m.group()
	m.room(3 * rowHeight)
	m.Open(pdfw.Table, summary)
	m.Open(pdfw.THead, "")
	m.headings()
	m.Close()
	m.Open(pdfw.TBody, "")
	if len(m.rangs) == 0 {
		m.Open(pdfw.TR, "")
		m.cell(wholeRow, regular(800, pdfw.Gray), left, m.y+800, right-left, pdfw.Center, "Ce bulletin ne comporte aucune ligne.")
		m.Close()
		m.y += rowHeight
	}
	for i, r := range m.rangs {
		if i == 0 || r.groupe != m.rangs[i-1].groupe {
			m.groupHead(m.titres[r.groupe])
		}
		m.row(r)
	}
	m.Close()
	m.totals()
	m.Close()
}

// headings are the two rows of headings. The second has those of the columns
// that stand below a common one.
func (m *layout) headings() {
	const height = 2300
	m.Rectangle(left, m.y, right-left, height, m.fond)
	ink := bold(680, m.fond.Ink())
	parts := [...]struct {
		titre    string
		from, to int
		span     pdfw.Attr
	}{{"Part de l'agent", cTaux, cRetenu, threeColumns}, {"Part de l'employeur", cTauxPatronal, cPatronal, twoColumns}}
	for _, part := range parts {
		x, end := ends(part.from, part.to)
		m.Rectangle(x+500, m.y+1080, end-x-700, 40, ink.Color)
	}
	m.Open(pdfw.TR, "")
	for i, c := range colonnes[:cTaux] {
		x, _ := ends(i, i)
		m.cell(twoRows, ink, x+cellPad, m.y+1400, c.width-2*cellPad, c.at, c.titre)
	}
	for _, part := range parts {
		x, end := ends(part.from, part.to)
		m.cell(part.span, ink, x, m.y+850, end-x, pdfw.Center, part.titre)
	}
	m.Close()
	m.Open(pdfw.TR, "")
	for i, c := range colonnes[cTaux:] {
		x, _ := ends(cTaux+i, cTaux+i)
		m.cell(pdfw.ColumnHead, ink, x+cellPad, m.y+1900, c.width-2*cellPad, c.at, c.titre)
	}
	m.Close()
	m.y += height
}

// ends returns where the columns from to to begin and end.
func ends(from, to int) (x, end point) {
	x = left
	for i, c := range colonnes {
		if i < from {
			x += c.width
		}
		if i <= to {
			end += c.width
		}
	}
	return x, left + end
}

// roomInTable is room, with the headings again on a page that it begins.
func (m *layout) roomInTable(height point) {
	if m.y+height > m.bottom() {
		m.rule()
	}
	if m.room(height) {
		m.Aside(m.headings)
	}
}

// groupHead is the row that names a group. It stays with the first of its rows.
func (m *layout) groupHead(titre string) {
	m.roomInTable(2 * rowHeight)
	m.Rectangle(left, m.y, right-left, rowHeight, m.fond.Over(9))
	m.Open(pdfw.TR, "")
	m.cell(wholeRow, bold(720, m.accent), left+cellPad, m.y+830, right-left-2*cellPad, pdfw.Left, titre)
	m.Close()
	m.y += rowHeight
}

var (
	wholeRow     = pdfw.Span(nbColonnes, 1)
	twoRows      = pdfw.Span(1, 2)
	threeColumns = pdfw.Span(3, 1)
	twoColumns   = pdfw.Span(2, 1)
	filet, _     = ends(cTauxPatronal, cTauxPatronal)
	summary      = pdfw.Summary("Détail de la paie")
)

// rule draws the thin lines of the rows of the page, all at once.
func (m *layout) rule() {
	m.Boxes(pdfw.Rule, m.filets)
	m.filets = m.filets[:0]
}

// cells are the texts of a row.
func cells(r rang) [nbColonnes]string {
	var c [nbColonnes]string
	l := r.ligne()
	c[cCode], c[cLibelle] = l.Code, l.Libelle
	if l.PeriodeRef != nil {
		c[cLibelle] = join(" ", l.Libelle, labelled("–", periode(l.PeriodeRef)))
	}
	base := l.Base
	if r.agent != nil && r.patronal != nil && rien(base) {
		base = r.patronal.Base
	}
	var ofAgent, ofEmployer unite
	if p := r.patronal; p != nil {
		ofEmployer = uniteDe(p, base)
		c[cTauxPatronal], c[cPatronal] = tauxDe(p, ofEmployer), montant(p.Mt)
	}
	if a := r.agent; a != nil {
		ofAgent = uniteDe(a, base)
		c[cTaux] = tauxDe(a, ofAgent)
		if versee(a.Nature) {
			c[cVerse] = montant(a.Mt)
		} else {
			c[cRetenu] = montant(a.Mt)
		}
	}
	units := !rien(l.NbUnite)
	switch {
	case !rien(base):
		c[cBase] = baseEn(base, ofAgent, ofEmployer)
		if units {
			c[cLibelle] += " (× " + nombre(l.NbUnite) + ")"
		}
	case units:
		c[cBase] = nombre(l.NbUnite) + " ×"
	}
	return c
}

func (m *layout) row(r rang) {
	text := cells(r)
	lines := 1
	for i, c := range colonnes {
		// No character of a byte is wider than 800: a cell that is surely narrow
		// enough needs no measure.
		if 800*len(text[i]) > c.width-2*cellPad {
			lines = max(lines, m.Wrap(rowStyle, c.width-2*cellPad, text[i], pdfw.MaxLines))
		}
	}
	height := rowHeight + (lines-1)*rowLeading
	m.roomInTable(height)
	m.filets = append(m.filets, [4]point{left, m.y + height - 30, right - left, 30}, [4]point{filet, m.y, 40, height})
	m.Open(pdfw.TR, "")
	x := left
	for i, c := range colonnes {
		st, tag, attr := rowStyle, pdfw.TD, pdfw.Attr("")
		switch i {
		case cLibelle:
			tag, attr = pdfw.TH, pdfw.RowHead
		case cCode:
			st.Color = pdfw.Gray
		}
		m.Open(tag, attr)
		m.Paragraph(st, x+cellPad, m.y+830, c.width-2*cellPad, rowLeading, c.at, pdfw.MaxLines, text[i])
		m.Close()
		x += c.width
	}
	m.Close()
	m.y += height
}

// totals is the last row: the sums of the columns of amounts.
func (m *layout) totals() {
	const height = 1500
	m.roomInTable(height)
	m.rule()
	t := sums(m.b.Remuneration.Lignes)
	m.Rectangle(left, m.y, right-left, height, m.fond.Over(18))
	text := [nbColonnes]string{cLibelle: "Totaux", cVerse: t.verse.String(), cRetenu: t.retenu.String(), cPatronal: t.patronal.String()}
	m.Open(pdfw.TFoot, "")
	m.Open(pdfw.TR, "")
	x := left
	for i, c := range colonnes {
		attr := pdfw.Attr("")
		if i == cLibelle {
			attr = pdfw.RowHead
		}
		m.cell(attr, bold(780, pdfw.Black), x+cellPad, m.y+1000, c.width-2*cellPad, c.at, text[i])
		x += c.width
	}
	m.Close()
	m.Close()
	m.y += height + 900
}
