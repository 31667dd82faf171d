package pespj

import (
	"errors"
	"fmt"
	"io"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/xmlw"
)

// Size returns the length, in bytes, of the file that a Writer makes of the
// flux and the pieces. It is Flux.Size plus the PJ.Size of each.
func Size(f *Flux, pieces ...*PJ) (int64, error) {
	total, err := f.Size()
	for _, p := range pieces {
		if err != nil {
			return 0, err
		}
		var n int64
		n, err = p.Size()
		total += n
	}
	return total, err
}

// Size returns the length, in bytes, of the file without any piece. The error
// is a character that XML cannot hold.
func (f *Flux) Size() (int64, error) {
	var w markup
	head, err := w.head(f)
	if err != nil {
		return 0, err
	}
	n := len(head)
	tail, err := w.tail()
	return int64(n + len(tail)), err
}

// Size returns how many bytes the piece adds to a file, from Gzip and the
// encoded lengths of its values.
func (p *PJ) Size() (int64, error) {
	var w markup
	w.Reset(nil, xmlw.ISO88591)
	before, err := w.before(p)
	if err != nil {
		return 0, err
	}
	n := len(before)
	after, err := w.after(p)
	return int64(n+len(after)) + compress.Base64Size(p.Gzip), err
}

// Writer writes a flux, piece after piece, in ISO-8859-1, compact, on one
// line. The same calls write the same bytes.
type Writer struct {
	w      io.Writer
	markup markup
	n      int64
	vus    map[string]bool
	err    error
}

// NewWriter checks the flux and writes its head to w. The error joins the
// anomalies of Flux.Check, or comes from w.
func NewWriter(w io.Writer, f *Flux) (*Writer, error) {
	if err := join(f.Check()); err != nil {
		return nil, err
	}
	out := &Writer{w: w, vus: map[string]bool{}}
	head, err := out.markup.head(f)
	if err != nil {
		return nil, fmt.Errorf("write the head of flux %s: %w", f.NomFic, err)
	}
	return out, out.write(head)
}

func join(faults []*anomalie.Anomalie) error {
	list := make([]error, len(faults))
	for i, a := range faults {
		list[i] = a
	}
	return errors.Join(list...)
}

// WritePJ checks the piece, writes it, and verifies that its Contenu wrote a
// gzip stream of exactly Gzip bytes. After an error the file is worth nothing.
func (w *Writer) WritePJ(p *PJ) error {
	if w.err != nil {
		return w.err
	}
	if err := join(p.Check()); err != nil {
		return err
	}
	if w.vus[p.IdUnique] {
		return Codes.New(codePJDouble, p.IdUnique)
	}
	w.vus[p.IdUnique] = true
	if w.err = w.piece(p); w.err != nil {
		w.err = fmt.Errorf("write piece %s: %w", p.IdUnique, w.err)
	}
	return w.err
}

func (w *Writer) piece(p *PJ) error {
	before, err := w.markup.before(p)
	if err == nil {
		err = w.write(before)
	}
	if err != nil {
		return err
	}
	text := compress.NewBase64Writer(tally{w})
	gz := &announced{w: text, left: p.Gzip}
	if err := p.Contenu(gz); err != nil {
		return err
	}
	if gz.left != 0 {
		return fmt.Errorf("its gzip stream has %d bytes, %d were announced", p.Gzip-gz.left, p.Gzip)
	}
	if err := text.Close(); err != nil {
		return err
	}
	after, err := w.markup.after(p)
	if err != nil {
		return err
	}
	return w.write(after)
}

// Close ends the document; it does not close the writer below.
func (w *Writer) Close() error {
	if w.err != nil {
		return w.err
	}
	tail, err := w.markup.tail()
	if err == nil {
		err = w.write(tail)
	}
	w.err = err
	if err == nil {
		w.err = errors.New("flux is closed")
	}
	return err
}

// Size returns how many bytes were written.
func (w *Writer) Size() int64 { return w.n }

func (w *Writer) write(b []byte) error {
	n, err := w.w.Write(b)
	w.n += int64(n)
	if err != nil {
		return fmt.Errorf("write flux at offset %d: %w", w.n, err)
	}
	return nil
}

// tally counts what goes through it into the file.
type tally struct{ *Writer }

func (t tally) Write(b []byte) (int, error) { return len(b), t.write(b) }

// announced refuses to take more than what was announced, or a stream that
// does not open as gzip does.
type announced struct {
	w    io.Writer
	left int64
	seen int
}

var gzipMagic = [2]byte{0x1f, 0x8b}

func (a *announced) Write(b []byte) (int, error) {
	for i := 0; i < len(b) && a.seen < len(gzipMagic); i++ {
		if b[i] != gzipMagic[a.seen] {
			return 0, errors.New("its content is not a gzip stream")
		}
		a.seen++
	}
	if int64(len(b)) > a.left {
		return 0, errors.New("its gzip stream is longer than announced")
	}
	n, err := a.w.Write(b)
	a.left -= int64(n)
	return n, err
}

// markup makes what surrounds the contents. The same code is measured and
// written, so that sizes are exact.
type markup struct{ xmlw.Writer }

// pending returns what was made since the last call.
func (m *markup) pending() ([]byte, error) { return m.Pending(nil) }

func (m *markup) head(f *Flux) ([]byte, error) {
	m.Reset(make([]byte, 0, 2048), xmlw.ISO88591)
	m.Declaration()
	m.Start("n:PES_Aller")
	m.Attr("xmlns:n", NSAller)
	m.Start("Enveloppe")
	m.Start("Parametres")
	m.leaf("Version", "2")
	m.leaf("TypFic", f.typFic())
	m.leaf("NomFic", f.NomFic)
	m.End()
	m.Start("Emetteur")
	m.leaf("Sigle", f.EmetteurSigle)
	m.leaf("Adresse", f.EmetteurAdresse)
	m.End()
	m.Start("Recepteur")
	m.leaf("Sigle", f.recepteur())
	m.optional("Adresse", f.RecepteurAdresse)
	m.End()
	m.End()
	m.Start("EnTetePES")
	m.leaf("DteStr", f.DteStr)
	m.leaf("IdPost", f.IdPost)
	m.optional("LibellePoste", f.LibellePoste)
	m.leaf("IdColl", f.IdColl)
	m.optional("FinJur", f.FinJur)
	m.leaf("CodCol", f.CodCol)
	m.leaf("CodBud", f.CodBud)
	m.optional("LibelleColBud", f.LibelleColBud)
	m.End()
	m.Start("PES_PJ")
	m.Start("EnTetePES_PJ")
	m.leaf("IdVer", "1")
	m.End()
	return m.pending()
}

func (m *markup) before(p *PJ) ([]byte, error) {
	m.Start("PJ")
	m.Start("Contenu")
	m.Start("Fichier")
	m.Attr("MIMEType", p.MIMEType)
	return m.pending()
}

func (m *markup) after(p *PJ) ([]byte, error) {
	m.End()
	m.End()
	m.leaf("IdUnique", p.IdUnique)
	m.leaf("NomPJ", p.NomPJ)
	m.optional("TypePJ", p.TypePJ)
	m.leaf("Description", p.Description)
	for i := range p.RefCompta {
		r := &p.RefCompta[i]
		m.Start("RefCompta")
		m.leaf("Domaine", r.Domaine)
		m.leaf("Exercice", r.Exercice)
		m.leaf("TypeObjet", r.TypeObjet)
		m.leaf("Identifiant", r.Identifiant)
		m.optional("ComplementIdentifiant", r.ComplementIdentifiant)
		m.optional("IdTiers", r.IdTiers)
		m.End()
	}
	m.End()
	return m.pending()
}

func (m *markup) tail() ([]byte, error) {
	m.End()
	m.End()
	return m.pending()
}

func (m *markup) leaf(name, value string) { m.Leaf(name, "V", value) }

func (m *markup) optional(name, value string) {
	if value != "" {
		m.leaf(name, value)
	}
}
