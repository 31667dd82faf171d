package payslip

import (
	"strconv"
	"strings"

	"paye/internal/pdfw"
	"paye/xhl"
)

// layout is the layout of one bulletin. It is reused for the next.
type layout struct {
	*pdfw.Sheet
	y      point // where the page goes on
	r      *Renderer
	e      *xhl.Entete
	b      *xhl.Bulletin
	fond   pdfw.Color // the employer's, of what is filled
	accent pdfw.Color // the same, dark enough for text on white

	rangs  []rang
	ordre  []indexed
	paires map[uint64]int
}

type point = pdfw.Point

// The page, and its margins.
const (
	pageWidth  = pdfw.A4Width
	pageHeight = pdfw.A4Height
	left       = point(3400)
	right      = pageWidth - 3400
	top        = point(3400)
)

func regular(size point, c pdfw.Color) pdfw.Style {
	return pdfw.Style{Face: pdfw.Regular, Size: size, Color: c}
}

func bold(size point, c pdfw.Color) pdfw.Style {
	return pdfw.Style{Face: pdfw.Bold, Size: size, Color: c}
}

var (
	petit   = regular(650, pdfw.Gray)
	normal  = regular(800, pdfw.Black)
	gras    = bold(800, pdfw.Black)
	legende = regular(620, pdfw.Gray)
)

const (
	leading         point = 1020 // between two lines of normal text
	mentionsLeading point = 800
	numberWidth     point = 6000 // of the number of the page
	mentionsWidth   point = right - left - numberWidth
)

// bottom is where the content of a page ends.
func (m *layout) bottom() point {
	return pageHeight - 3400 - point(max(1, m.r.feet))*mentionsLeading
}

// room begins a page when less than height is left on this one.
func (m *layout) room(height point) bool {
	if m.y+height <= m.bottom() {
		return false
	}
	m.page()
	m.rappel()
	return true
}

func (m *layout) page() {
	m.NewPage()
	m.y = top
}

func (m *layout) document() {
	m.page()
	m.entete()
	m.destinataire()
	m.situation()
	m.tableau()
	m.synthese()
	m.notes()
	m.feet()
}

func (m *layout) meta() pdfw.Meta {
	date, _ := m.b.DatePaiement.Time()
	return pdfw.Meta{Title: "Bulletin de paie - " + mois(m.e), Author: propre(m.e.Employeur.Nom), Date: date}
}

func join(sep string, list ...string) string {
	var b strings.Builder
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			if b.Len() > 0 {
				b.WriteString(sep)
			}
			b.WriteString(s)
		}
	}
	return b.String()
}

// labelled is "label value", nothing without a value.
func labelled(label, value string) string {
	if strings.TrimSpace(value) == "" {
		return ""
	}
	return label + " " + value
}

// lignesAdresse are the lines of a postal address, without empty ones.
func lignesAdresse(a *xhl.Adresse) []string {
	var list []string
	for _, s := range []string{a.Adr1.V.Reveal(), a.Adr2.V.Reveal(), a.Adr3.V.Reveal(), join(" ", a.CP.Reveal(), a.Ville.V.Reveal())} {
		if strings.TrimSpace(s) != "" {
			list = append(list, s)
		}
	}
	return list
}

// entete is the head of the first page: the employer, the month.
func (m *layout) entete() {
	m.Rectangle(0, 0, pageWidth, 700, m.fond)
	const half = (right - left) * 58 / 100
	x, y := left, top
	if l := m.r.logo; l != nil {
		// In a box of 110 × 48 points.
		width, height := 11000, 11000*l.Height/l.Width
		if height > 4800 {
			width, height = max(1, 4800*l.Width/l.Height), 4800
		}
		m.Picture(x, y-600, width, max(1, height))
		x += width + 1000
	}
	width := left + half - x
	emp := &m.e.Employeur
	y += 700
	y += point(m.Paragraph(bold(1150, pdfw.Black), x, y, width, 1350, pdfw.Left, 2, emp.Nom)) * 1350
	y -= 250
	for _, s := range lignesAdresse(&emp.Adresse) {
		y += point(m.Paragraph(normal, x, y, width, leading, pdfw.Left, 2, s)) * leading
	}
	ids := join("  ·  ", labelled("SIRET", groups(emp.Siret, 3, 3, 3, 5)), labelled("APE", emp.APE), labelled("Urssaf", emp.NumUrssaf))
	y += 100
	y += point(m.Paragraph(petit, x, y, width, 850, pdfw.Left, 2, ids)) * 850

	rx, rwidth := left+half, right-left-half
	ry := top + 1100
	m.Text(bold(1900, m.accent), rx, ry, rwidth, pdfw.Right, "Bulletin de paie")
	ry += 1900
	m.Text(bold(1250, pdfw.Black), rx, ry, rwidth, pdfw.Right, capitale(mois(m.e)))
	ry += 1350
	if s := periode(&m.b.Periode); s != "" {
		m.Text(normal, rx, ry, rwidth, pdfw.Right, "Période "+s)
		ry += leading
	}
	if s := jour(m.b.DatePaiement); s != "" {
		m.Text(normal, rx, ry, rwidth, pdfw.Right, "Paiement le "+s)
		ry += leading
	}
	m.y = max(y, ry, 11800)
}

// nomAgent is the agent's name as an envelope has it.
func nomAgent(a *xhl.Agent) string {
	return join(" ", a.Civilite.V.Reveal(), a.Prenom.V.Reveal(), a.Nom.Reveal(), a.ComplNom.V.Reveal())
}

// destinataire has the identity on the left, and the address on the right
// where the window of an envelope shows it.
func (m *layout) destinataire() {
	const (
		window point = 31500
		label  point = 7600
		value  point = window - left - label - 1600
	)
	a := &m.b.Agent
	start := m.y
	y := max(start, 14200) + 500
	y += point(m.Paragraph(bold(980, pdfw.Black), window, y, right-window, 1250, pdfw.Left, 2, nomAgent(a))) * 1250
	for _, s := range lignesAdresse(&a.Adresse) {
		y += point(m.Paragraph(regular(950, pdfw.Black), window, y, right-window, 1220, pdfw.Left, 2, s)) * 1220
	}
	foot := y

	y = start + 800
	row := func(name, s string) {
		if strings.TrimSpace(s) == "" {
			return
		}
		m.Text(petit, left+600, y, label-600, pdfw.Left, name)
		y += point(m.Paragraph(normal, left+label, y, value, leading, pdfw.Left, 3, s))*leading + 130
	}
	row("Matricule", a.Matricule)
	row("Agent", nomAgent(a))
	row("N° sécurité sociale", groups(a.NIR.Reveal(), 1, 2, 2, 2, 3, 3, 2))
	if etab := m.b.Lieu.Etablissement; etab != nil {
		name := etab.Nom
		if etab.Siret != "" && etab.Siret != m.e.Employeur.Siret {
			name = join(" · SIRET ", name, groups(etab.Siret, 3, 3, 3, 5))
		}
		row("Établissement", name)
	}
	row("Service", m.b.Service)
	row("Emploi", a.EmploiMetier)
	row("Grade", a.Grade)
	row("Statut", statut(a.Statut))
	m.Rectangle(left, start, 180, y-start-500, m.fond)
	m.y = max(y, foot) + 100
}

// situation is the strip of what the pay is worked out from.
func (m *layout) situation() {
	b := m.b
	var nbi []string
	for _, d := range b.NBI {
		if !rien(d) {
			nbi = append(nbi, nombre(d))
		}
	}
	heures := func(d xhl.Decimal) string {
		if rien(d) {
			return ""
		}
		return taux(d)
	}
	percent := ""
	if b.QuotiteTrav != "" {
		percent = nombre(b.QuotiteTrav) + " %"
	}
	cells := [...][2]string{
		{"Échelon", b.Agent.Echelon}, {"Indice", b.Agent.Indice}, {"NBI", join(" + ", nbi...)}, {"Quotité", percent},
		{"Heures", heures(b.NbHeureTotal)}, {"Heures sup.", heures(b.NbHeureSup)}, {"Taux horaire", heures(b.TauxHor)}, {"Enfants à charge", b.Agent.NbEnfants.Reveal()},
	}
	const width, height = (right - left) / point(len(cells)), point(2500)
	m.room(height)
	m.Rectangle(left, m.y, right-left, height, m.fond.Over(9))
	for i, c := range cells {
		x := left + width*point(i)
		m.Text(legende, x+400, m.y+900, width-600, pdfw.Left, c[0])
		if c[1] = strings.TrimSpace(c[1]); c[1] == "" {
			c[1] = "—"
		}
		m.Text(bold(880, pdfw.Black), x+400, m.y+2000, width-600, pdfw.Left, c[1])
	}
	m.y += height + 1000
}

// rappel is the head of the pages after the first.
func (m *layout) rappel() {
	m.Rectangle(0, 0, pageWidth, 700, m.fond)
	const half = (right - left) / 2
	m.Text(gras, left, m.y, half, pdfw.Left, m.e.Employeur.Nom)
	m.Text(gras, left+half, m.y, half, pdfw.Right, "Bulletin de paie - "+mois(m.e))
	m.Text(petit, left, m.y+leading, right-left, pdfw.Left, join("  ·  ", labelled("Matricule", m.b.Agent.Matricule), nomAgent(&m.b.Agent)))
	m.y += 2200
}

// feet writes the foot of each page, once their number is known.
func (m *layout) feet() {
	m.EachPage(func(page, pages int) {
		y := m.bottom() + 700
		m.Rectangle(left, y, right-left, 40, pdfw.Rule)
		n := 0
		for _, s := range m.r.mentions {
			n += m.Paragraph(petit, left, y+900+n*mentionsLeading, mentionsWidth, mentionsLeading, pdfw.Left, m.r.feet-n, s)
		}
		m.Text(petit, right-numberWidth, y+900, numberWidth, pdfw.Right, "Page "+strconv.Itoa(page)+"/"+strconv.Itoa(pages))
	})
}
