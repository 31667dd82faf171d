package synthpdf

import (
	"fmt"
	"strings"
	"time"

	"paye/internal/group4"
)

// Contrat is what a contract says. The strings are printed as they are given;
// they should be short enough for a line of some eighty characters, and are
// cut into several lines when they are not.
type Contrat struct {
	Collectivite string    // COMMUNE DE VILLENEUVE
	Numero       string    // CDD-2026-0147
	Agent        string    // Mme Élodie Lefèvre
	Emploi       string    // adjoint technique territorial, 35 h
	Lieu         string    // Villeneuve
	Signataire   string    // Le Maire
	Date         time.Time // of the signature, and of the file
	Debut, Fin   time.Time // of the engagement; a zero Fin is an indefinite term
}

// The weight of a contract: that of a signed document of three pages scanned
// in black and white at 200 dpi, in the DGFiP note of 30 November 2018. A
// contract departs from it by its own whim, up to ±1 %.
const (
	PoidsContrat = 267_000 // bytes
	PagesContrat = 3
)

// AppendContrat appends the scan of a contract, a PDF file of about
// PoidsContrat bytes, to dst. The same press, seed and contract give the same
// bytes.
func (p *Presse) AppendContrat(dst []byte, seed uint64, c Contrat) []byte {
	a := newAlea(seed, 2)
	pages := p.compose(a, c)

	// What is proper to this contract weighs what it weighs; the wear of the
	// common lines is chosen so that the whole comes to its weight.
	goal := PoidsContrat + a.around(PoidsContrat/100) - surcharge
	rest, elastic := goal*8, 0
	for _, page := range pages {
		for _, s := range page {
			if s.clause == nil {
				rest -= s.bande.Bits
			} else {
				elastic += s.clause[usures/2].Bits
			}
		}
	}

	f := newFichier(dst)
	var images []int
	for _, page := range pages {
		fl := group4.Writer{Bytes: make([]byte, 0, PoidsContrat/PagesContrat*5/4)}
		for _, s := range page {
			if s.clause != nil {
				share := s.clause[usures/2].Bits
				s.bande = s.clause.voisine(share * max(rest, 0) / max(elastic, 1))
				rest -= s.bande.Bits
				elastic -= share
			}
			fl.Strip(s.bande)
		}
		images = append(images, f.flux(fl.Page(),
			"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1"+
				" /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %[1]d /Rows %[2]d >>", largeur, hauteur))
	}
	return p.relie(f, images, c)
}

// surcharge is what a contract weighs besides its images, in bytes.
const surcharge = 2_000

// voisine returns the strip of the clause whose weight is the nearest.
func (c *clause) voisine(nbits int) group4.Strip {
	best := 0
	for u := 1; u < usures; u++ {
		if abs(c[u].Bits-nbits) < abs(c[best].Bits-nbits) {
			best = u
		}
	}
	return c[best]
}

// relie writes the pages around their images and ends the file. An image fills
// its page.
func (p *Presse) relie(f *fichier, images []int, c Contrat) []byte {
	parent := f.prochain(2 * len(images))
	var kids []int
	for _, image := range images {
		content := f.flux([]byte("q 595.44 0 0 842.04 0 0 cm /Im0 Do Q"), "")
		kids = append(kids, f.objet("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595.44 842.04] /Contents %d 0 R"+
			" /Resources << /ProcSet [/PDF /ImageB] /XObject << /Im0 %d 0 R >> >> >>", parent, content, image))
	}
	f.objet("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), references(kids))
	root := f.objet("<< /Type /Catalog /Pages %d 0 R >>", parent)
	info := f.info("Contrat "+c.Numero, c.Collectivite, "Numérisation 200 ppp noir et blanc", c.Date)
	return f.fin(root, info)
}

// strip is a strip of a page: its own, or one of those of a common clause.
type strip struct {
	bande  group4.Strip
	clause *clause
}

// compose lays a contract out: for each page, strips that cover it exactly.
func (p *Presse) compose(a *alea, c Contrat) [PagesContrat][]strip {
	m := typesetter{presse: p, alea: a}
	titre := plume{unite: 58, epaisseur: 5}
	m.blanc(140)
	m.texte(titre, c.Collectivite)
	m.texte(corps, "Direction des ressources humaines")
	m.blanc(44)
	m.texte(titre, "CONTRAT D'ENGAGEMENT")
	m.texte(corps, "Numéro "+c.Numero)
	m.blanc(44)
	m.texte(corps, "Entre "+c.Collectivite+", représentée par "+c.Signataire+", dûment habilité,")
	m.texte(corps, "d'une part, et "+c.Agent+", ci-après « l'agent », d'autre part,")
	m.texte(corps, "il est convenu ce qui suit :")
	m.blanc(30)
	m.texte(corps, "Emploi : "+c.Emploi)
	terme := "pour une durée indéterminée"
	if !c.Fin.IsZero() {
		terme = "au " + dateLongue(c.Fin) + " inclus"
	}
	m.texte(corps, "Engagement du "+dateLongue(c.Debut)+" "+terme)
	m.blanc(30)

	// Room is kept for the initials on every page, and for the signatures.
	const pied, signatures = 190, 900
	clauses := p.clauses
	for n := range PagesContrat {
		limit := hauteur - pied
		if n == PagesContrat-1 {
			limit -= signatures
		}
		for len(clauses) > 0 && m.y+clauses[0][0].Rows <= limit {
			m.place(strip{clause: &clauses[0]})
			clauses = clauses[1:]
		}
		if n == PagesContrat-1 {
			m.signe(c)
		}
		m.blanc(hauteur - pied - m.y)
		m.paraphe(n+1, pied)
		m.pages[n] = m.strips
		if n < PagesContrat-1 {
			m.strips, m.y = nil, 0
			m.blanc(120)
		}
	}
	return m.pages
}

// metteur sets the strips of a page one under the other.
type typesetter struct {
	presse  *Presse
	alea    *alea
	encoder group4.Encoder
	strips  []strip
	y       int // the next row
	pages   [PagesContrat][]strip
}

func (m *typesetter) place(s strip) {
	h := s.bande.Rows
	if s.clause != nil {
		h = s.clause[0].Rows
	}
	m.strips = append(m.strips, s)
	m.y += h
}

// blanc leaves so many rows of paper, common strips first.
func (m *typesetter) blanc(rows int) {
	for ; rows >= interligne/2; rows -= interligne / 2 {
		m.place(strip{bande: m.presse.marges[m.alea.below(usures)]})
	}
	if rows > 0 {
		m.place(strip{bande: newTrame(rows).coded(&m.encoder)})
	}
}

// dessine poses a strip that draw has drawn, with the wear of the scanner.
func (m *typesetter) draw(rows int, draw func(*trame)) {
	t := newTrame(rows)
	draw(t)
	t.grain(m.alea, grains[usures/2].sixteenths, grains[usures/2].specks*rows/interligne)
	m.place(strip{bande: t.coded(&m.encoder)})
}

func (m *typesetter) texte(p plume, texte string) {
	for _, line := range coupe(p, texte, largeurTexte) {
		m.draw(interligne*p.unite/corps.unite, func(t *trame) {
			p.write(t, line, marge, base*p.unite/corps.unite, derive)
		})
	}
}

// paraphe poses the foot of a page: its number and the initials of the agent.
func (m *typesetter) paraphe(page, rows int) {
	m.draw(rows, func(t *trame) {
		corps.write(t, fmt.Sprintf("%d / %d", page, PagesContrat), largeur/2-40, 60, derive)
		m.scratch(t, largeur-marge-180, 80, 150, 60)
	})
}

// signe poses the end of the contract: the hand-written words, both signatures
// and the stamp of arrival.
func (m *typesetter) signe(c Contrat) {
	m.blanc(44)
	m.texte(corps, "Fait à "+c.Lieu+", le "+dateLongue(c.Date)+", en deux exemplaires originaux.")
	m.blanc(30)
	m.draw(interligne, func(t *trame) {
		corps.write(t, "L'agent,", marge, base, derive)
		corps.write(t, c.Signataire+",", largeur/2+60, base, derive)
	})
	main := plume{unite: 46, epaisseur: 4, pente: 5, jitter: 10, main: m.alea}
	m.draw(80, func(t *trame) { main.write(t, "Lu et approuvé", marge+20, 56, m.alea.around(160)) })
	m.draw(260, func(t *trame) {
		m.scratch(t, marge+40, 130, 420, 200)
		m.scratch(t, largeur/2+100, 130, 460, 220)
	})
	m.draw(170, func(t *trame) {
		x := marge + 60 + m.alea.below(500)
		t.cadre(x, 12, 560, 140, 5)
		tampon := plume{unite: 44, epaisseur: 5}
		tampon.write(t, "REÇU LE", x+30, 60, m.alea.around(80))
		tampon.write(t, strings.ToUpper(c.Date.AddDate(0, 0, 1+m.alea.below(5)).Format("02/01/2006")), x+30, 120, m.alea.around(80))
		corps.write(t, "courrier", x+390, 60, 0)
	})
}

// griffe draws a signature around a middle height: loops that advance, and a
// flourish under them.
func (m *typesetter) scratch(t *trame, x, y, width, height int) {
	a := m.alea
	n := 9 + a.below(6)
	points := []point{{x << 4, (y + a.around(height/4)) << 4}}
	for i := range n {
		up := height/2 - a.below(height/3)*i/n
		if i%2 == 1 {
			up = -up
		}
		points = append(points, point{(x + width*i/n + a.around(width/6)) << 4, (y - up) << 4})
	}
	points = append(points, point{(x + width) << 4, (y + a.around(height/4)) << 4})
	trace(t, smooth(points, 4), 3)
	trace(t, smooth([]point{
		{(x + width) << 4, (y + height/8) << 4},
		{(x + width/2) << 4, (y + height*2/5) << 4},
		{(x - width/20) << 4, (y + height/4 + a.below(height/8+1)) << 4},
	}, 3), 2+a.below(2))
}
