package payslip

import (
	"strconv"
	"strings"

	"paye/xhl"
)

// mise is the layout of one bulletin.
type layout struct {
	*sheet
	r      *Renderer
	e      *xhl.Entete
	b      *xhl.Bulletin
	fond   couleur // the employer's, of what is filled
	accent couleur // the same, dark enough for text on white
}

var (
	petit   = style{regular, 650, gris}
	normal  = style{regular, 800, noir}
	gras    = style{bold, 800, noir}
	legende = style{regular, 620, gris}
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
	m.newPage()
	m.rappel()
	return true
}

func (m *layout) document() {
	m.newPage()
	m.entete()
	m.destinataire()
	m.situation()
	m.tableau()
	m.synthese()
	m.notes()
	m.feet()
}

func (m *layout) metadonnees() metadonnees {
	date, _ := m.b.DatePaiement.Time()
	return metadonnees{titre: "Bulletin de paie - " + mois(m.e), auteur: propre(m.e.Employeur.Nom), date: date}
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
	m.rectangle(0, 0, pageWidth, 700, m.fond)
	const half = (right - left) * 58 / 100
	x, y := left, top
	if l := m.r.logo; l != nil {
		// In a box of 110 × 48 points.
		width, height := 11000, 11000*l.height/l.width
		if height > 4800 {
			width, height = max(1, 4800*l.width/l.height), 4800
		}
		m.picture(x, y-600, width, max(1, height))
		x += width + 1000
	}
	width := left + half - x
	emp := &m.e.Employeur
	y += 700
	y += point(m.paragraph(style{bold, 1150, noir}, x, y, width, 1350, aGauche, 2, emp.Nom)) * 1350
	y -= 250
	for _, s := range lignesAdresse(&emp.Adresse) {
		y += point(m.paragraph(normal, x, y, width, leading, aGauche, 2, s)) * leading
	}
	ids := join("  ·  ", labelled("SIRET", groups(emp.Siret, 3, 3, 3, 5)), labelled("APE", emp.APE), labelled("Urssaf", emp.NumUrssaf))
	y += 100
	y += point(m.paragraph(petit, x, y, width, 850, aGauche, 2, ids)) * 850

	rx, rwidth := left+half, right-left-half
	ry := top + 1100
	m.text(style{bold, 1900, m.accent}, rx, ry, rwidth, aDroite, "Bulletin de paie")
	ry += 1900
	m.text(style{bold, 1250, noir}, rx, ry, rwidth, aDroite, capitale(mois(m.e)))
	ry += 1350
	if s := periode(&m.b.Periode); s != "" {
		m.text(normal, rx, ry, rwidth, aDroite, "Période "+s)
		ry += leading
	}
	if s := jour(m.b.DatePaiement); s != "" {
		m.text(normal, rx, ry, rwidth, aDroite, "Paiement le "+s)
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
	y += point(m.paragraph(style{bold, 980, noir}, window, y, right-window, 1250, aGauche, 2, nomAgent(a))) * 1250
	for _, s := range lignesAdresse(&a.Adresse) {
		y += point(m.paragraph(style{regular, 950, noir}, window, y, right-window, 1220, aGauche, 2, s)) * 1220
	}
	foot := y

	y = start + 800
	row := func(name, s string) {
		if strings.TrimSpace(s) == "" {
			return
		}
		m.text(petit, left+600, y, label-600, aGauche, name)
		y += point(m.paragraph(normal, left+label, y, value, leading, aGauche, 3, s))*leading + 130
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
	m.rectangle(left, start, 180, y-start-500, m.fond)
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
	m.rectangle(left, m.y, right-left, height, m.fond.over(9))
	for i, c := range cells {
		x := left + width*point(i)
		m.text(legende, x+400, m.y+900, width-600, aGauche, c[0])
		if c[1] = strings.TrimSpace(c[1]); c[1] == "" {
			c[1] = "—"
		}
		m.text(style{bold, 880, noir}, x+400, m.y+2000, width-600, aGauche, c[1])
	}
	m.y += height + 1000
}

// rappel is the head of the pages after the first.
func (m *layout) rappel() {
	m.rectangle(0, 0, pageWidth, 700, m.fond)
	const half = (right - left) / 2
	m.text(gras, left, m.y, half, aGauche, m.e.Employeur.Nom)
	m.text(gras, left+half, m.y, half, aDroite, "Bulletin de paie - "+mois(m.e))
	m.text(petit, left, m.y+leading, right-left, aGauche, join("  ·  ", labelled("Matricule", m.b.Agent.Matricule), nomAgent(&m.b.Agent)))
	m.y += 2200
}

// feet writes the foot of each page, once their number is known.
func (m *layout) feet() {
	m.closePage()
	for i := range m.pages {
		m.buf, m.fill = m.pages[i], couleur{1, 2, 3} // whatever it was, it is set again
		y := m.bottom() + 700
		m.rectangle(left, y, right-left, 40, filet)
		n := 0
		for _, s := range m.r.mentions {
			n += m.paragraph(petit, left, y+900+point(n)*mentionsLeading, mentionsWidth, mentionsLeading, aGauche, m.r.feet-n, s)
		}
		m.text(petit, right-numberWidth, y+900, numberWidth, aDroite, "Page "+strconv.Itoa(i+1)+"/"+strconv.Itoa(len(m.pages)))
		m.pages[i] = m.buf
	}
}
