package payslip

import (
	"strings"

	"paye/internal/pdfw"
	"paye/xhl"
)

// The foot of the bulletin: two columns.
const (
	cumulsWidth point = 27800
	netX              = left + cumulsWidth + 1400
	netWidth          = right - netX
	synthRow    point = 1400
	boxHeight   point = 3560
)

// calcule says that a figure is not the journal's own.
const calcule = "* Calculé d'après les lignes : le journal ne porte pas ce montant."

var (
	cumulsSummary = pdfw.Summary("Montants du mois et de l'année")
	impotSummary  = pdfw.Summary("Impôt sur le revenu prélevé à la source")
)

// cumul is a row of the table of the month and the year.
type cumul struct {
	name        string
	month, year string
}

// synthese is the foot of the bulletin: what the journal says of the month and
// of the year, the tax, and the net to pay set apart.
func (m *layout) synthese() {
	sign := sens(m.b)
	f := m.search(m.b.Remuneration.Lignes)
	rows := m.cumuls(f, sign)
	avant, taxed := avantImpot(m.b, f.impot, sign)
	computed := taxed || strings.HasSuffix(rows[len(rows)-1].name, "*")
	tax := m.taxHeight(len(f.impot), taxed)
	table := 1560 + synthRow*len(rows)
	height := max(table+leading, tax+boxHeight+2600)
	m.room(height)
	start := m.y
	m.cumulTable(start, rows)
	m.y = start
	m.tax(f, avant, taxed)
	m.net()
	if computed {
		m.put(pdfw.Note, petit, left+cellPad, start+table+900, cumulsWidth, pdfw.Left, calcule)
	}
	m.y = start + height + 300
}

// cumuls are the rows of the month and the year that have something to say.
func (m *layout) cumuls(f found, sign xhl.Montant) []cumul {
	b := m.b
	rows := []cumul{
		{"Brut", montant(b.MtBrut), montant(b.CumulMtBrut)},
		{"Base de sécurité sociale", "", montant(b.CumulBaseSS)},
		{"Net imposable", montant(b.MtImposable), montant(b.CumulMtImposable)},
		{"Net", montant(b.MtNet), ""},
	}
	if !rien(f.netSocial) {
		rows = append(rows, cumul{"Montant net social", montant(f.netSocial), ""})
	}
	if total, known := verseEmployeur(b, sums(b.Remuneration.Lignes).patronal, sign); known {
		rows = append(rows, cumul{"Total versé par l'employeur *", centimes(total), ""})
	}
	return rows
}

func (m *layout) cumulTable(y point, rows []cumul) {
	const column = point(7200)
	const label = cumulsWidth - 2*column
	head := bold(700, m.accent)
	m.Rectangle(left, y+1500, cumulsWidth, 60, m.fond)
	m.Open(pdfw.Table, cumulsSummary)
	row := func(attr pdfw.Attr, st pdfw.Style, foot point, c cumul) {
		heads := attr
		if attr == pdfw.RowHead {
			heads = ""
		}
		m.Open(pdfw.TR, "")
		m.cell(attr, st, left+cellPad, foot, label-cellPad, pdfw.Left, c.name)
		m.cell(heads, st, left+label, foot, column-cellPad, pdfw.Right, c.month)
		m.cell(heads, st, left+label+column, foot, column-cellPad, pdfw.Right, c.year)
		m.Close()
	}
	row(pdfw.ColumnHead, head, y+1000, cumul{"Cumuls", "Mois", "Cumul annuel"})
	y += 1560
	for _, c := range rows {
		m.Rectangle(left, y+synthRow, cumulsWidth, 30, pdfw.Rule)
		row(pdfw.RowHead, normal, y+1000, c)
		y += synthRow
	}
	m.Close()
}

// taxHeight is what the tax takes above the net.
func (m *layout) taxHeight(lines int, before bool) point {
	height := point(0)
	if before {
		height += 1700
	}
	if lines > 0 {
		height += 1560 + min(lines, maxImpots)*synthRow + 500
	}
	return height
}

// maxImpots is how many lines of tax have their row; all of them stand in the
// table of the lines.
const maxImpots = 3

// tax is the net before the income tax, and how the tax is worked out.
func (m *layout) tax(f found, avant xhl.Montant, before bool) {
	if before {
		m.Open(pdfw.P, "")
		m.Text(gras, netX+cellPad, m.y+1000, netWidth-6500, pdfw.Left, "Net à payer avant impôt *")
		m.Text(gras, right-6500, m.y+1000, 6500-cellPad, pdfw.Right, centimes(avant))
		m.Close()
		m.y += 1700
	}
	if len(f.impot) == 0 {
		return
	}
	columns := []string{"Impôt sur le revenu", "Base", "Taux", "Montant"}
	figure := point(4600)
	if !rien(f.annuel) {
		columns, figure = append(columns, "Cumul annuel"), 4300
	}
	label := netWidth - figure*(len(columns)-1)
	row := func(first, attr pdfw.Attr, st pdfw.Style, texts []string) {
		m.Open(pdfw.TR, "")
		m.cell(first, st, netX+cellPad, m.y+1000, label-cellPad, pdfw.Left, texts[0])
		for i, s := range texts[1:] {
			m.cell(attr, st, netX+label+figure*i, m.y+1000, figure-cellPad, pdfw.Right, s)
		}
		m.Close()
	}
	m.Rectangle(netX, m.y+1500, netWidth, 60, m.fond)
	m.Open(pdfw.Table, impotSummary)
	row(pdfw.ColumnHead, pdfw.ColumnHead, bold(700, m.accent), columns)
	m.y += 1560
	for i, l := range f.impot[:min(len(f.impot), maxImpots)] {
		name, annuel := l.Libelle, ""
		if !rien(f.annuel) {
			name = "PAS" // where a label has no room
			if i == 0 {
				annuel = montant(f.annuel)
			}
		}
		m.Rectangle(netX, m.y+synthRow, netWidth, 30, pdfw.Rule)
		row(pdfw.RowHead, "", normal, []string{name, some(l.Base, montant), tauxDe(l, uniteDe(l, l.Base)), montant(l.Mt), annuel}[:len(columns)])
		m.y += synthRow
	}
	m.Close()
	m.y += 500
}

// some writes a value that says something.
func some(d xhl.Decimal, write func(xhl.Decimal) string) string {
	if rien(d) {
		return ""
	}
	return write(d)
}

// net is the net to pay, and how it is paid.
func (m *layout) net() {
	m.Rectangle(netX, m.y, netWidth, boxHeight, m.fond)
	ink := m.fond.Ink()
	net := montant(m.b.MtNetAPayer)
	if _, ok := m.b.MtNetAPayer.Montant(); ok {
		net += " €"
	} else if strings.TrimSpace(net) == "" {
		net = "—"
	}
	m.Open(pdfw.P, "")
	m.Text(bold(900, ink), netX+900, m.y+1200, netWidth-1800, pdfw.Left, "NET À PAYER")
	m.Text(bold(1900, ink), netX+900, m.y+2700, netWidth-1800, pdfw.Right, net)
	m.Close()
	y := m.y + boxHeight + 1260
	for _, s := range m.paiement() {
		m.put(pdfw.P, normal, netX+900, y, netWidth-900, pdfw.Left, s)
		y += 1300
	}
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
