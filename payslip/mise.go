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
	titres []string // of the groups of rows
	impots []*xhl.LigneP
	filets [][4]point // of the rows of the page
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
	m.Aside(m.rappel)
	return true
}

func (m *layout) page() {
	m.NewPage()
	m.y = top
}

// document lays the bulletin out, its parts in the order in which they are read
// aloud.
func (m *layout) document() {
	m.page()
	m.Open(pdfw.Document, "")
	m.entete()
	m.destinataire()
	m.situation()
	m.tableau()
	m.synthese()
	m.notes()
	m.legal()
	m.Close()
	m.feet()
}

// put writes a text as a part of its own.
func (m *layout) put(tag pdfw.Tag, st pdfw.Style, x, y, width point, at pdfw.Align, text string) {
	m.Open(tag, "")
	m.Text(st, x, y, width, at, text)
	m.Close()
}

// cell writes a text as a cell of a table: attr is that of a heading, empty for
// a figure.
func (m *layout) cell(attr pdfw.Attr, st pdfw.Style, x, y, width point, at pdfw.Align, text string) {
	tag := pdfw.TD
	if attr != "" {
		tag = pdfw.TH
	}
	m.Open(tag, attr)
	m.Text(st, x, y, width, at, text)
	m.Close()
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

// half is where the head of the first page is cut in two.
const half = (right - left) * 58 / 100

// entete is the head of the first page: the month, the employer.
func (m *layout) entete() {
	m.Rectangle(0, 0, pageWidth, 700, m.fond)
	m.y = max(m.titre(), m.employeur(), 11800)
}

// titre is the title and the dates, on the right. It returns where they end.
func (m *layout) titre() point {
	x, width, y := left+half, right-left-half, top+1100
	m.Open(pdfw.H1, "")
	m.Text(bold(1900, m.accent), x, y, width, pdfw.Right, "Bulletin de paie")
	m.Text(bold(1250, pdfw.Black), x, y+1900, width, pdfw.Right, capitale(mois(m.e)))
	m.Close()
	y += 3250
	for _, s := range [...]string{labelled("Période", periode(&m.b.Periode)), labelled("Paiement le", jour(m.b.DatePaiement))} {
		if s != "" {
			m.put(pdfw.P, normal, x, y, width, pdfw.Right, s)
			y += leading
		}
	}
	return y
}

// employeur is the employer, on the left. It returns where he ends.
func (m *layout) employeur() point {
	emp := &m.e.Employeur
	x, y := left, top
	if l := m.r.logo; l != nil {
		// In a box of 110 × 48 points.
		width, height := 11000, 11000*l.Height/l.Width
		if height > 4800 {
			width, height = max(1, 4800*l.Width/l.Height), 4800
		}
		m.Figure(x, y-600, width, max(1, height), "Logo : "+propre(emp.Nom))
		x += width + 1000
	}
	width := left + half - x
	y += 700
	m.Open(pdfw.P, "")
	y += m.Paragraph(bold(1150, pdfw.Black), x, y, width, 1350, pdfw.Left, 2, emp.Nom) * 1350
	y -= 250
	for _, s := range lignesAdresse(&emp.Adresse) {
		y += m.Paragraph(normal, x, y, width, leading, pdfw.Left, 2, s) * leading
	}
	m.Close()
	ids := join("  ·  ", labelled("SIRET", groups(emp.Siret, 3, 3, 3, 5)), labelled("APE", emp.APE), labelled("Urssaf", emp.NumUrssaf))
	y += 100
	m.Open(pdfw.P, "")
	y += m.Paragraph(petit, x, y, width, 850, pdfw.Left, 2, ids) * 850
	m.Close()
	return y
}

// nomAgent is the agent's name as an envelope has it.
func nomAgent(a *xhl.Agent) string {
	return join(" ", a.Civilite.V.Reveal(), a.Prenom.V.Reveal(), a.Nom.Reveal(), a.ComplNom.V.Reveal())
}

// The window of an envelope, and the labels beside it.
const (
	window     point = 31500
	labelWidth point = 7600
	valueWidth point = window - left - labelWidth - 1600
)

// destinataire has the identity on the left, and the address on the right
// where the window of an envelope shows it.
func (m *layout) destinataire() {
	start := m.y
	foot := m.identite(start + 800)
	m.Rectangle(left, start, 180, foot-start-500, m.fond)
	a := &m.b.Agent
	y := max(start, 14200) + 500
	m.Open(pdfw.P, "")
	y += m.Paragraph(bold(980, pdfw.Black), window, y, right-window, 1250, pdfw.Left, 2, nomAgent(a)) * 1250
	for _, s := range lignesAdresse(&a.Adresse) {
		y += m.Paragraph(regular(950, pdfw.Black), window, y, right-window, 1220, pdfw.Left, 2, s) * 1220
	}
	m.Close()
	m.y = max(y, foot) + 100
}

// identite is who the agent is. It returns where that ends.
func (m *layout) identite(y point) point {
	a := &m.b.Agent
	m.Open(pdfw.L, "")
	row := func(name, s string) {
		if strings.TrimSpace(s) == "" {
			return
		}
		m.Open(pdfw.LI, "")
		m.put(pdfw.Lbl, petit, left+600, y, labelWidth-600, pdfw.Left, name)
		m.Open(pdfw.LBody, "")
		y += m.Paragraph(normal, left+labelWidth, y, valueWidth, leading, pdfw.Left, 3, s)*leading + 130
		m.Close()
		m.Close()
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
	m.Close()
	return y
}

var situationSummary = pdfw.Summary("Situation de l'agent")

// situation is the strip of what the pay is worked out from.
func (m *layout) situation() {
	b := m.b
	var nbi []string
	for _, d := range b.NBI {
		if !rien(d) {
			nbi = append(nbi, nombre(d))
		}
	}
	some := func(d xhl.Decimal, unit string) string {
		if rien(d) {
			return ""
		}
		return taux(d) + unit
	}
	percent := ""
	if b.QuotiteTrav != "" {
		percent = nombre(b.QuotiteTrav) + " %"
	}
	cells := [...][2]string{
		{"Échelon", b.Agent.Echelon}, {"Indice", b.Agent.Indice}, {"NBI", join(" + ", nbi...)}, {"Quotité", percent},
		{"Heures", some(b.NbHeureTotal, "")}, {"Heures sup.", some(b.NbHeureSup, "")}, {"Taux horaire", some(b.TauxHor, " €")}, {"Enfants à charge", b.Agent.NbEnfants.Reveal()},
	}
	const width, height = (right - left) / point(len(cells)), point(2500)
	m.room(height)
	m.Rectangle(left, m.y, right-left, height, m.fond.Over(9))
	m.Open(pdfw.Table, situationSummary)
	m.Open(pdfw.TR, "")
	for i, c := range cells {
		m.cell(pdfw.ColumnHead, legende, left+width*i+400, m.y+900, width-600, pdfw.Left, c[0])
	}
	m.Close()
	m.Open(pdfw.TR, "")
	for i, c := range cells {
		if c[1] = strings.TrimSpace(c[1]); c[1] == "" {
			c[1] = "—"
		}
		m.cell("", bold(880, pdfw.Black), left+width*i+400, m.y+2000, width-600, pdfw.Left, c[1])
	}
	m.Close()
	m.Close()
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

// legal writes the notes at the foot of the last page, where they are read.
func (m *layout) legal() {
	m.Open(pdfw.Note, "")
	m.mentions()
	m.Close()
}

func (m *layout) mentions() {
	n := 0
	for _, s := range m.r.mentions {
		n += m.Paragraph(petit, left, m.bottom()+1600+n*mentionsLeading, mentionsWidth, mentionsLeading, pdfw.Left, m.r.feet-n, s)
	}
}

// feet writes the foot of each page, once their number is known.
func (m *layout) feet() {
	m.EachPage(func(page, pages int) {
		y := m.bottom() + 700
		m.Rectangle(left, y, right-left, 40, pdfw.Rule)
		if page < pages {
			m.mentions()
		}
		m.Text(petit, right-numberWidth, y+900, numberWidth, pdfw.Right, "Page "+strconv.Itoa(page)+"/"+strconv.Itoa(pages))
	})
}
