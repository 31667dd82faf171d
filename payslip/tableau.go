package payslip

import (
	"strings"

	"paye/internal/pdfw"
	"paye/xhl"
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
	m.room(3 * rowHeight)
	m.headings()
	if len(m.rangs) == 0 {
		m.Text(regular(800, pdfw.Gray), left, m.y+800, right-left, pdfw.Center, "Ce bulletin ne comporte aucune ligne.")
		m.y += rowHeight
	}
	for i, r := range m.rangs {
		m.row(r, i%2 == 1)
	}
	m.totals()
}

func (m *layout) headings() {
	const height = 2300
	m.Rectangle(left, m.y, right-left, height, m.fond)
	ink := bold(680, m.fond.Ink())
	x := left
	for i, c := range colonnes {
		foot := m.y + 1900
		if i < cTaux {
			foot = m.y + 1400 // in the middle: no other heading stands above
		}
		m.Text(ink, x+cellPad, foot, c.width-2*cellPad, c.at, c.titre)
		x += c.width
	}
	for _, part := range [...]struct {
		titre    string
		from, to int
	}{{"Part de l'agent", cTaux, cRetenu}, {"Part de l'employeur", cTauxPatronal, cPatronal}} {
		x, end := ends(part.from, part.to)
		m.Text(ink, x, m.y+850, end-x, pdfw.Center, part.titre)
		m.Rectangle(x+500, m.y+1080, end-x-700, 40, ink.Color)
	}
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

// cells are the texts of a row.
func cells(r rang) [nbColonnes]string {
	var c [nbColonnes]string
	l := r.ligne()
	c[cCode], c[cLibelle] = l.Code, l.Libelle
	if l.PeriodeRef != nil {
		c[cLibelle] = join(" ", l.Libelle, labelled("–", periode(l.PeriodeRef)))
	}
	units := !rien(l.NbUnite)
	switch {
	case !rien(l.Base):
		c[cBase] = montant(l.Base)
		if units {
			c[cLibelle] += " (× " + nombre(l.NbUnite) + ")"
		}
	case units:
		c[cBase] = nombre(l.NbUnite)
	}
	if p := r.patronal; p != nil {
		if !rien(p.Taux) {
			c[cTauxPatronal] = taux(p.Taux)
		}
		c[cPatronal] = montant(p.Mt)
	}
	if a := r.agent; a != nil {
		if !rien(a.Taux) {
			c[cTaux] = taux(a.Taux)
		}
		if versee(a.Nature) {
			c[cVerse] = montant(a.Mt)
		} else {
			c[cRetenu] = montant(a.Mt)
		}
		if p := r.patronal; p != nil && rien(a.Base) && !rien(p.Base) {
			c[cBase] = montant(p.Base)
		}
	}
	return c
}

func (m *layout) row(r rang, shaded bool) {
	text := cells(r)
	lines := 1
	for i, c := range colonnes {
		// No character of a byte is wider than 800: a cell that is surely narrow
		// enough needs no measure.
		if 800*len(text[i]) > c.width-2*cellPad {
			lines = max(lines, m.Wrap(rowStyle, c.width-2*cellPad, text[i], pdfw.MaxLines))
		}
	}
	height := rowHeight + point(lines-1)*rowLeading
	if m.room(height) {
		m.headings()
	}
	if shaded {
		m.Rectangle(left, m.y, right-left, height, m.fond.Over(5))
	}
	x := left
	for i, c := range colonnes {
		st := rowStyle
		if i == cCode || i == cTauxPatronal || i == cPatronal {
			st.Color = pdfw.Gray
		}
		if i == cTauxPatronal {
			m.Rectangle(x, m.y, 40, height, pdfw.Rule)
		}
		m.Paragraph(st, x+cellPad, m.y+830, c.width-2*cellPad, rowLeading, c.at, pdfw.MaxLines, text[i])
		x += c.width
	}
	m.y += height
}

// totals is the last row: the sums of the columns of amounts.
func (m *layout) totals() {
	const height = 1500
	if m.room(height) {
		m.headings()
	}
	t := sums(m.b.Remuneration.Lignes)
	m.Rectangle(left, m.y, right-left, height, m.fond.Over(18))
	text := [nbColonnes]string{cLibelle: "Totaux", cVerse: t.verse.String(), cRetenu: t.retenu.String(), cPatronal: t.patronal.String()}
	x := left
	for i, c := range colonnes {
		m.Text(bold(780, pdfw.Black), x+cellPad, m.y+1000, c.width-2*cellPad, c.at, text[i])
		x += c.width
	}
	m.y += height + 900
}

// synthese is the foot of the bulletin: what the journal says of the month and
// of the year, and the net to pay set apart.
func (m *layout) synthese() {
	b := m.b
	const (
		width  point = 27800
		gap    point = 1400
		height point = 7900
	)
	m.room(height)
	start := m.y
	// The month and the year.
	const label, column = width - 2*7200, point(7200)
	m.Text(bold(700, m.accent), left+cellPad, start+1000, label, pdfw.Left, "Cumuls")
	m.Text(bold(700, m.accent), left+label, start+1000, column-cellPad, pdfw.Right, "Mois")
	m.Text(bold(700, m.accent), left+label+column, start+1000, column-cellPad, pdfw.Right, "Cumul annuel")
	m.Rectangle(left, start+1500, width, 60, m.fond)
	y := start + 1560
	for _, row := range [...]struct {
		name        string
		month, year xhl.Decimal
	}{
		{"Brut", b.MtBrut, b.CumulMtBrut},
		{"Base de sécurité sociale", "", b.CumulBaseSS},
		{"Net imposable", b.MtImposable, b.CumulMtImposable},
		{"Net", b.MtNet, ""},
	} {
		m.Text(normal, left+cellPad, y+1000, label-cellPad, pdfw.Left, row.name)
		m.Text(normal, left+label, y+1000, column-cellPad, pdfw.Right, montant(row.month))
		m.Text(normal, left+label+column, y+1000, column-cellPad, pdfw.Right, montant(row.year))
		y += 1400
		m.Rectangle(left, y, width, 30, pdfw.Rule)
	}

	// The net to pay.
	x, box := left+width+gap, right-left-width-gap
	const boxHeight = 3560
	m.Rectangle(x, start, box, boxHeight, m.fond)
	ink := m.fond.Ink()
	m.Text(bold(900, ink), x+900, start+1200, box-1800, pdfw.Left, "NET À PAYER")
	net := montant(b.MtNetAPayer)
	if _, ok := b.MtNetAPayer.Montant(); ok {
		net += " €"
	} else if strings.TrimSpace(net) == "" {
		net = "—"
	}
	m.Text(bold(1900, ink), x+900, start+2700, box-1800, pdfw.Right, net)
	y = start + boxHeight + 1260
	for _, s := range m.paiement() {
		m.Text(normal, x+900, y, box-900, pdfw.Left, s)
		y += 1300
	}
	m.y = start + height
}

// paiement says how and when the net is paid, as far as the journal tells.
func (m *layout) paiement() []string {
	var list []string
	how := labelled("Payé le", jour(m.b.DatePaiement))
	if c := m.b.Agent.CptBancaire; c != nil {
		how = join(" ", "Virement", labelled("le", jour(m.b.DatePaiement)))
		list = append(list, how, join("  ·  ", "Compte "+compte(c), c.LibBanc.V.Reveal()))
		return list
	}
	if how != "" {
		list = append(list, how)
	}
	return append(list, "Aucun compte bancaire dans le journal")
}
