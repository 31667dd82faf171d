package payslip

import (
	"errors"
	"fmt"
	"sync"

	"golang.org/x/text/unicode/norm"

	"paye/internal/pdfw"
	"paye/xhl"
)

// CouleurDefaut is the colour of an employer that has chosen none.
const CouleurDefaut = "1F4E79"

// ErrCouleur is the error of a colour that is not six hexadecimal digits.
var ErrCouleur = pdfw.ErrColor

// Options are how the bulletins of an employer look. The zero value works.
type Options struct {
	Couleur  string   // RRGGBB, of titles and of the net to pay; CouleurDefaut when empty
	Logo     []byte   // a PNG or a JPEG; none when nil
	Mentions []string // notes at the foot of each page, after those of MentionsDefaut
	// Classe is what a rubriques.csv says of a line; nil when there is none.
	Classe func(*xhl.LigneP) Classe
}

// MentionsDefaut returns the notes that the law wants on a bulletin: article
// R3243-5 and 16° of article R3243-1 of the code du travail, which authorities
// follow for their agents [S].
func MentionsDefaut() []string {
	return []string{
		"Dans votre intérêt, et pour vous aider à faire valoir vos droits, conservez ce bulletin de paie sans limitation de durée.",
		"Les termes qui y sont employés sont expliqués sur www.service-public.fr, rubrique « bulletin de paie ».",
	}
}

// maxMentions is how many lines the notes may take at the foot of a page.
const maxMentions = 10

// Renderer makes the bulletins of one employer. Several goroutines may use it.
type Renderer struct {
	press   *pdfw.Press
	couleur pdfw.Color
	logo    *pdfw.Picture
	classe  func(*xhl.LigneP) Classe
	// mentions take feet lines at the foot of each page.
	mentions []string
	feet     int
	pool     sync.Pool
}

// New prepares a Renderer. The fault of a logo is an anomaly; that of a colour
// is ErrCouleur.
func New(o Options) (*Renderer, error) {
	r := &Renderer{classe: o.Classe}
	r.pool.New = func() any { return &layout{paires: make(map[uint64]int)} }
	var err error
	if o.Couleur == "" {
		o.Couleur = CouleurDefaut
	}
	if r.couleur, err = pdfw.ParseColor(o.Couleur); err != nil {
		return nil, fmt.Errorf("%w: %q", err, o.Couleur)
	}
	if o.Logo != nil {
		if r.logo, err = newLogo(o.Logo); err != nil {
			return nil, err
		}
	}
	if r.press, err = pdfw.New(r.logo); err != nil {
		return nil, err
	}
	sheet := r.press.Sheet(pageWidth, pageHeight)
	defer r.press.Release(sheet)
	for _, m := range append(MentionsDefaut(), o.Mentions...) {
		if n := sheet.Wrap(petit, mentionsWidth, m, maxMentions-r.feet); n > 0 {
			r.mentions = append(r.mentions, m)
			r.feet += n
		}
		if r.feet == maxMentions {
			break
		}
	}
	return r, nil
}

// Sorted is r with what a rubriques.csv says of the lines of one journal; r
// itself when there is none. The two may be used at the same time.
func (r *Renderer) Sorted(classe func(*xhl.LigneP) Classe) *Renderer {
	if classe == nil {
		return r
	}
	sorted := &Renderer{press: r.press, couleur: r.couleur, logo: r.logo, classe: classe, mentions: r.mentions, feet: r.feet}
	sorted.pool.New = r.pool.New
	return sorted
}

// Append appends to dst the PDF file of a bulletin of the journal that e is the
// head of. The bulletin's Lieu gives its établissement.
func (r *Renderer) Append(dst []byte, e *xhl.Entete, b *xhl.Bulletin) ([]byte, error) {
	if e == nil || b == nil {
		return dst, errors.New("render a bulletin: it has no content")
	}
	m := r.pool.Get().(*layout)
	m.Sheet = r.press.Sheet(pageWidth, pageHeight)
	defer func() {
		r.press.Release(m.Sheet)
		m.reset()
		r.pool.Put(m)
	}()
	m.r, m.e, m.b, m.fond, m.accent = r, e, b, r.couleur.Visible(), r.couleur.Readable()
	m.document()
	return m.Append(dst, m.meta()), nil
}

// reset forgets the bulletin.
func (m *layout) reset() {
	clear(m.rangs)
	clear(m.ordre)
	clear(m.impots)
	m.Sheet, m.r, m.e, m.b = nil, nil, nil, nil
}

// Lacks reports whether the name of an agent has letters that the fonts of
// bulletins lack: a letter without its accents or a square stands for them.
func (r *Renderer) Lacks(b *xhl.Bulletin) bool {
	for _, name := range []xhl.Nominatif{b.Agent.Nom, b.Agent.ComplNom.Or(""), b.Agent.Prenom.Or("")} {
		if r.press.Lacks(norm.NFC.String(name.Reveal())) {
			return true
		}
	}
	return false
}
