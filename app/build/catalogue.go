package build

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"paye/internal/anomalie"
	"paye/pespj"
	"paye/splitter"
	"paye/xhl"
)

// piece is a justificatif on its way: what the index or the journal says of
// it, then what its file is.
type piece struct {
	splitter.Justificatif
	fichier   string // path in the folder of pieces; "" while it is looked for
	support   string
	generale  bool
	matricule string // one of those it justifies
	wanted    string // the NomPJ that is asked for
	inserted  string // the NomPJ of the PJRef that the index adds
	dejaUnId  bool   // the identifier is given, not made from the content
	reference bool   // some bulletin references it
}

// catalogue is the pieces of a request, known by path before they are read.
type catalogue struct {
	dem      *demand
	dossier  *dossier
	around   string             // folder of the journal; "" when there is none
	files    *directory         // of the folder; nil while no name had to be looked for
	used     map[string]bool    // paths of the folder that some piece is
	measured map[string]*mesure // by path
	pieces   []*piece
	byID     map[string]*piece
	refs     map[string][]*piece // by matricule, from the index
}

func newCatalogue(d *demand, dir *dossier, around string) *catalogue {
	return &catalogue{dem: d, dossier: dir, around: around, used: make(map[string]bool), measured: make(map[string]*mesure), byID: make(map[string]*piece), refs: make(map[string][]*piece)}
}

func (c *catalogue) Close() error {
	if c.dossier == nil {
		return nil
	}
	return c.dossier.close()
}

// forget drops what only looking for pieces needs: the plan wants the memory.
func (c *catalogue) forget() {
	c.files, c.used, c.measured, c.byID, c.refs = nil, nil, nil, nil, nil
}

// unreadable is the anomaly of a piece whose bytes cannot be had: it is no file,
// its archive is damaged, or its disk is.
func unreadable(p string, err error) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return Codes.New(PieceIllisible, p, a.Code)
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return Codes.New(PieceIllisible, p, err.Error())
}

// fromIndex measures the files of the index and gives every piece its
// identifier and its name.
func (c *catalogue) fromIndex(ctx context.Context, lines []IndexLigneLue, paye Paye) error {
	paths := make([]string, len(lines))
	var pending []string
	ids := make(map[string]string)
	places := make(map[string]string) // by Fichier: many agents share a piece
	var lost []*anomalie.Anomalie
	for i, l := range lines {
		if papier(l.Support) {
			continue
		}
		p, found := places[l.Fichier]
		if !found {
			p, found = c.find(l.Fichier)
			places[l.Fichier] = p
		}
		if !found {
			a := missing(cmp.Or(l.IdUnique, l.Nom, l.Fichier), l.Fichier)
			a.Fichier, a.Ligne, a.Matricule = c.dem.Index, int64(l.Ligne), l.Matricule
			lost = append(lost, a)
			continue
		}
		paths[i] = p
		ids[p] = cmp.Or(l.IdUnique, l.Fichier)
		pending = append(pending, p)
	}
	if err := c.gather(lost); err != nil {
		return err
	}
	c.dem.Progress.Begin(Pieces, c.weigh(pending))
	if err := c.measure(ctx, pending, func(p string) string { return ids[p] }); err != nil {
		return err
	}
	type attached struct {
		matricule string
		piece     *piece
	}
	taken, known := make(noms), make(map[attached]bool, len(lines))
	for i, l := range lines {
		q, err := c.line(l, paths[i], paye)
		if err != nil {
			return err
		}
		if taken[q.NomPJ].piece != q {
			q.NomPJ = taken.unique(q, c.reserved)
		}
		if q.generale = q.generale || l.Matricule == General; l.Matricule == General {
			continue
		}
		if at := (attached{l.Matricule, q}); !known[at] {
			known[at] = true
			// The key is a copy, for a field keeps the whole of its line.
			c.refs[strings.Clone(l.Matricule)] = append(c.refs[l.Matricule], q)
		}
	}
	for _, q := range c.pieces {
		q.inserted = q.NomPJ
	}
	c.sameContent()
	return nil
}

// line returns the piece of a line of the index, shared with the lines of the
// same identifier, or of the same content when they give none.
func (c *catalogue) line(l IndexLigneLue, p string, paye Paye) (*piece, error) {
	id, given := l.IdUnique, l.IdUnique != ""
	m := c.measured[p]
	if !given {
		var err error
		if id, err = pespj.NewIdUnique(paye.Siret, pespj.GenrePJ, paye.Annee, paye.Mois, m.sha[:]); err != nil {
			return nil, err
		}
	}
	if q := c.byID[id]; q != nil {
		if p != "" && q.fichier != "" && c.measured[q.fichier].sha != m.sha {
			a := Codes.New(IdUniqueDouble, id, q.fichier, p)
			a.Fichier, a.Ligne = c.dem.Index, int64(l.Ligne)
			return nil, a
		}
		return q, nil
	}
	q := &piece{fichier: p, support: cmp.Or(l.Support, "01"), dejaUnId: given, matricule: l.Matricule}
	q.IdUnique, q.Description = id, l.Description
	if q.wanted = l.Nom; q.wanted == "" {
		q.wanted = path.Base(l.Fichier)
	}
	q.NomPJ = c.safeName(q.wanted, m)
	c.fill(q)
	c.byID[id] = q
	c.pieces = append(c.pieces, q)
	return q, nil
}

// fill completes a piece whose file was measured.
func (c *catalogue) fill(q *piece) {
	if q.fichier == "" {
		return
	}
	m := c.measured[q.fichier]
	q.SHA256, q.Piece = m.sha, m.size
	q.MIMEType = cmp.Or(m.mime, pespj.TypeMIME(q.NomPJ))
	if q.Description == "" {
		q.Description = "Justificatif " + q.NomPJ
	}
	dir, file := c.dossier, q.fichier
	q.Open = func() (io.ReadCloser, error) { return dir.Open(file) }
}

// sameContent tells of documents that have two identifiers.
func (c *catalogue) sameContent() {
	first := make(map[[32]byte]*piece)
	for _, q := range c.pieces {
		if q.fichier == "" {
			continue
		}
		if other := first[q.SHA256]; other != nil {
			c.dem.Anomalie(Codes.New(MemeContenu, other.IdUnique, q.IdUnique))
			continue
		}
		first[q.SHA256] = q
	}
}

// references returns what the index adds to the bulletins of a matricule. It
// may be called while seek gives pieces the names of the journal.
func (c *catalogue) references(matricule string) []xhl.PJRef {
	list := c.refs[matricule]
	if list == nil {
		return nil
	}
	refs := make([]xhl.PJRef, len(list))
	for i, q := range list {
		refs[i] = xhl.PJRef{Support: q.support, IdUnique: q.IdUnique, NomPJ: xhl.Some(q.inserted)}
	}
	return refs
}

// resolve pairs the references of the book with pieces, looking for the files
// of those that only the journal knows.
func (c *catalogue) resolve(ctx context.Context, l *splitter.Livre) (out splitter.Pieces, err error) {
	fresh, err := c.seek(l, 0)
	if err != nil {
		return out, err
	}
	c.dem.Progress.Begin(Pieces, c.weighIfAny(fresh))
	if out.ParRef, err = c.take(ctx, l, 0, fresh); err != nil {
		return out, err
	}
	out.Generales = c.generales(l)
	c.unused()
	return out, nil
}

// seek finds the files of the references of the book, from the one given on,
// that were never heard of.
func (c *catalogue) seek(l *splitter.Livre, from int) ([]*piece, error) {
	var fresh []*piece
	var lost []*anomalie.Anomalie
	for i, id := range l.RefIDs[from:] {
		i += from
		q := c.byID[id]
		if q == nil {
			q = &piece{support: l.RefSupports[i], wanted: l.RefNoms[i], dejaUnId: true}
			q.IdUnique, q.NomPJ = id, cmp.Or(l.RefNoms[i], id)
			c.byID[id] = q
			c.pieces = append(c.pieces, q)
			if !papier(q.support) {
				p, found := c.find(q.NomPJ)
				if !found {
					p, found = c.find(id)
				}
				if !found {
					lost = append(lost, missing(id, q.NomPJ))
					continue
				}
				q.fichier = p
				fresh = append(fresh, q)
			}
		} else if name := l.RefNoms[i]; name != "" && name != q.NomPJ {
			// The journal's own name wins: bulletins are not rewritten.
			q.NomPJ = name
		}
		q.reference = true
	}
	return fresh, c.gather(lost)
}

// take measures the pieces that seek found, and returns those of the same
// references, nil for one without a file.
func (c *catalogue) take(ctx context.Context, l *splitter.Livre, from int, fresh []*piece) ([]*splitter.Justificatif, error) {
	var pending []string
	ids := make(map[string]string)
	for _, q := range fresh {
		pending = append(pending, q.fichier)
		ids[q.fichier] = q.IdUnique
	}
	if err := c.measure(ctx, pending, func(p string) string { return ids[p] }); err != nil {
		return nil, err
	}
	for _, q := range fresh {
		c.fill(q)
	}
	if err := c.checkNames(); err != nil {
		return nil, err
	}
	list := make([]*splitter.Justificatif, len(l.RefIDs)-from)
	for i := range list {
		if q := c.byID[l.RefIDs[from+i]]; q.fichier != "" {
			list[i] = &q.Justificatif
		}
	}
	return list, nil
}

// generales lists the pieces of general scope that no bulletin references, and
// tells of those that were meant for agents who have no bulletin.
func (c *catalogue) generales(l *splitter.Livre) []*splitter.Justificatif {
	var list []*splitter.Justificatif
	var padded map[string]string
	for _, q := range c.pieces {
		switch {
		case q.reference || q.fichier == "":
		case q.generale:
			q.General = true
			list = append(list, &q.Justificatif)
		default:
			if padded == nil {
				padded = withZeros(l)
			}
			a := Codes.New(MatriculeInconnu, q.NomPJ, q.matricule)
			if known := padded[strings.TrimLeft(q.matricule, "0")]; known != "" {
				a = Codes.New(ZeroPerdu, q.NomPJ, q.matricule, known)
			}
			a.Matricule = q.matricule
			c.dem.Anomalie(a)
		}
	}
	return list
}

// withZeros gives the matricules of the book that begin with a zero by what is
// left of them in a spreadsheet.
func withZeros(l *splitter.Livre) map[string]string {
	padded := make(map[string]string)
	for i := range l.Bulletins() {
		if m := l.Matricule(i); strings.HasPrefix(m, "0") {
			padded[strings.TrimLeft(m, "0")] = m
		}
	}
	return padded
}
