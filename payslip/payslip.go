package payslip

import (
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"paye/xhl"
)

// Options are how the bulletins of an employer look. The zero value works.
type Options struct {
	Couleur  string   // RRGGBB, of titles and of the net to pay; CouleurDefaut when empty
	Logo     []byte   // a PNG or a JPEG; none when empty
	Mentions []string // notes at the foot of each page, after those of MentionsDefaut
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
	polices [nbPolices]*font
	couleur couleur
	logo    *logo
	// mentions take feet lines at the foot of each page.
	mentions []string
	feet     int
	begins   [nbJeux]begin // what documents begin with
	pool     sync.Pool
}

// begin is the part of a file that does not depend on the bulletin.
type begin struct {
	data      []byte
	offsets   []int
	intent    int // the number of the output intent
	resources int // and of the resources of the pages
}

// New prepares a Renderer. The fault of a logo is an anomaly; that of a colour
// is ErrCouleur.
func New(o Options) (*Renderer, error) {
	r := &Renderer{}
	var err error
	if o.Couleur == "" {
		o.Couleur = CouleurDefaut
	}
	if r.couleur, err = parseCouleur(o.Couleur); err != nil {
		return nil, fmt.Errorf("%w: %q", err, o.Couleur)
	}
	if len(o.Logo) > 0 {
		if r.logo, err = newLogo(o.Logo); err != nil {
			return nil, err
		}
	}
	for i, font := range []struct {
		name string
		data []byte
	}{regular: {"GoRegular", goregular.TTF}, bold: {"GoBold", gobold.TTF}} {
		if r.polices[i], err = newPolice(font.name, font.data); err != nil {
			return nil, err
		}
	}
	for i := range r.begins {
		r.begins[i] = r.newBegin(jeu(i))
	}
	r.pool.New = func() any {
		z, _ := zlib.NewWriterLevel(io.Discard, contentLevel) // the level is a valid one
		return &sheet{polices: &r.polices, zip: z, paires: make(map[uint64]int)}
	}
	f := r.pool.Get().(*sheet)
	for _, m := range append(MentionsDefaut(), o.Mentions...) {
		if n := f.wrap(petit, mentionsWidth, m, maxMentions-r.feet); n > 0 {
			r.mentions = append(r.mentions, m)
			r.feet += n
		}
		if r.feet == maxMentions {
			break
		}
	}
	return r, nil
}

// contentLevel is the deflate level of the pages: the next ones are slower by
// more than they save.
const contentLevel = 3

func (r *Renderer) newBegin(j jeu) begin {
	f := &fichier{buf: []byte(firstLines)}
	var fonts [nbPolices]int
	for i, p := range r.polices {
		fonts[i] = p.write(f, j)
	}
	icc := f.stream(deflated(profile()), "/N 3 /Filter /FlateDecode")
	intent := f.object("<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB primaries, gamma 2.2) /DestOutputProfile %d 0 R >>", icc)
	picture := ""
	if r.logo != nil {
		picture = fmt.Sprintf(" /XObject << /Logo %d 0 R >>", r.logo.write(f))
	}
	resources := f.object("<< /Font << /F1 %d 0 R /F2 %d 0 R >>%s >>", fonts[regular], fonts[bold], picture)
	return begin{f.buf, f.offsets, intent, resources}
}

// Append appends to dst the PDF file of a bulletin of the journal that e is the
// head of. The bulletin's Lieu gives its établissement.
func (r *Renderer) Append(dst []byte, e *xhl.Entete, b *xhl.Bulletin) ([]byte, error) {
	if e == nil || b == nil {
		return dst, errors.New("render a bulletin: it has no content")
	}
	f := r.pool.Get().(*sheet)
	defer func() {
		f.reset()
		r.pool.Put(f)
	}()
	m := &layout{sheet: f, r: r, e: e, b: b, fond: r.couleur.visible(), accent: r.couleur.readable()}
	m.document()
	return f.write(dst, &r.begins[f.jeu], m.metadonnees())
}

// write appends the file of the pages.
func (f *sheet) write(dst []byte, start *begin, meta metadonnees) ([]byte, error) {
	file := fichier{buf: append(dst, start.data...), start: len(dst), offsets: append(f.offsets[:0], start.offsets...)}
	pages := file.next() + 3
	f.scratch = meta.appendXMP(f.scratch[:0])
	xmp := file.stream(f.scratch, "/Type /Metadata /Subtype /XML")
	f.scratch = meta.appendInfo(f.scratch[:0])
	info := file.open()
	file.buf = append(append(file.buf, f.scratch...), "\nendobj\n"...)
	root := file.object("<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /OutputIntents [%d 0 R] /Lang (fr-FR) /ViewerPreferences << /DisplayDocTitle true >> >>", pages, xmp, start.intent)
	kids := f.scratch[:0]
	for i := range f.pages {
		kids = strconv.AppendInt(kids, int64(pages+1+2*i), 10)
		kids = append(kids, " 0 R "...)
	}
	f.scratch = kids
	file.object("<< /Type /Pages /Count %d /Kids [%s] /Resources %d 0 R /MediaBox [0 0 595.28 841.89] >>", len(f.pages), kids, start.resources)
	for _, content := range f.pages {
		n := file.next()
		file.object("<< /Type /Page /Parent %d 0 R /Contents %d 0 R >>", pages, n+1)
		f.packed.Reset()
		f.zip.Reset(&f.packed)
		if _, err := f.zip.Write(content); err != nil {
			return dst, fmt.Errorf("compress a page: %w", err)
		}
		if err := f.zip.Close(); err != nil {
			return dst, fmt.Errorf("compress a page: %w", err)
		}
		file.stream(f.packed.Bytes(), "/Filter /FlateDecode")
	}
	f.offsets = file.offsets
	return file.end(root, info, len(start.data)), nil
}
