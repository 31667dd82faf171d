package build

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/pdfx"
	"paye/pespj"
	"paye/splitter"
	"paye/xhl"
)

// dossier is where the files of pieces are: a folder that nothing escapes, or
// the zip archive that the journal came in.
type dossier struct {
	fs.FS
	name  string
	close func() error
}

// openDossier opens the folder of pieces of a request; nil when there is none.
func openDossier(d *demand, s *source) (*dossier, error) {
	dir := d.PJ
	if dir == "" {
		if strings.EqualFold(path.Ext(s.name), ".zip") {
			z, err := zip.OpenReader(s.name)
			if err != nil {
				return nil, Codes.New(ArchiveIllisible, err.Error()).At(s.name, -1, 0)
			}
			return &dossier{FS: z, name: s.name, close: z.Close}, nil
		}
		for _, name := range []string{"justificatifs", "PJ"} {
			candidate := path.Join(s.dir, name)
			if s.dir == "" {
				break
			}
			if st, err := os.Stat(candidate); err == nil && st.IsDir() {
				dir = candidate
				break
			}
		}
		if dir == "" {
			return nil, nil
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, notFound(dir, err)
	}
	return &dossier{FS: input.Below(root), name: dir, close: root.Close}, nil
}

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
	names    map[string][]string // base name -> paths; filled when a name has to be looked for
	measured map[string]*mesure  // by path
	pieces   []*piece
	byID     map[string]*piece
	refs     map[string][]*piece // by matricule, from the index
}

// mesure is what the bytes of a file are.
type mesure struct {
	sha  [32]byte
	size compress.Piece
	mime string
	ext  string

	findings []*anomalie.Anomalie // what there is to say of it
}

func newCatalogue(d *demand, dir *dossier) *catalogue {
	return &catalogue{dem: d, dossier: dir, measured: make(map[string]*mesure), byID: make(map[string]*piece), refs: make(map[string][]*piece)}
}

func (c *catalogue) Close() error {
	if c.dossier == nil {
		return nil
	}
	return c.dossier.close()
}

// forget drops what only looking for pieces needs: the plan wants the memory.
func (c *catalogue) forget() { c.names, c.measured, c.byID, c.refs = nil, nil, nil, nil }

// find returns the path of the file called name: as it stands, or by its base
// name anywhere below the folder.
func (c *catalogue) find(name string) (string, bool) {
	if c.dossier == nil || name == "" {
		return "", false
	}
	clean := path.Clean(strings.TrimPrefix(name, "./"))
	if fs.ValidPath(clean) {
		if st, err := fs.Stat(c.dossier, clean); err == nil && st.Mode().IsRegular() {
			return clean, true
		}
	}
	if c.names == nil {
		c.names = make(map[string][]string)
		fs.WalkDir(c.dossier, ".", func(p string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				c.names[e.Name()] = append(c.names[e.Name()], p)
			}
			return nil
		})
	}
	if found := c.names[path.Base(clean)]; len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// measure reads the files at paths, several at a time, and keeps what they
// are. What is missing or unreadable is an anomaly of class PieceManquante.
func (c *catalogue) measure(ctx context.Context, paths []string, id func(path string) string) error {
	var pending []string
	for _, p := range paths {
		if c.measured[p] == nil {
			c.measured[p] = new(mesure)
			pending = append(pending, p)
		}
	}
	workers := c.dem.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for _, p := range pending {
		m := c.measured[p]
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return c.measureOne(ctx, p, id(p), m)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, p := range pending {
		for _, a := range c.measured[p].findings {
			c.dem.Anomalie(a)
		}
	}
	return nil
}

// beginning is how much of a piece is kept while it is looked at, in bytes: most
// pieces are read once.
const beginning = 1 << 20

var beginnings = sync.Pool{New: func() any { return new([beginning]byte) }}

func (c *catalogue) measureOne(ctx context.Context, p, id string, m *mesure) error {
	missing := func(err error) error {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrInvalid) {
			a := Codes.New(PieceManquante, id, p)
			return a
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return unreadable(p, err)
	}
	f, err := c.dossier.Open(p)
	if err != nil {
		return missing(err)
	}
	defer f.Close()
	buf := beginnings.Get().(*[beginning]byte)
	defer beginnings.Put(buf)
	k, err := io.ReadFull(f, buf[:])
	small := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !small {
		return missing(err)
	}
	content := io.Reader(bytes.NewReader(buf[:k]))
	if !small {
		content = io.MultiReader(content, f)
	}
	enc := compress.NewEncoder(splitter.NiveauPieces)
	defer enc.Release()
	h := sha256.New()
	n := counting{Writer: h, count: func(n int) { c.dem.Progress.Add(int64(n)) }}
	if m.size, err = enc.Measure(io.TeeReader(content, n)); err != nil {
		return missing(err)
	}
	m.sha = [32]byte(h.Sum(nil))
	kind := pdfx.Sniff(buf[:min(k, pdfx.SniffSize)])
	m.mime, m.ext = kind.MIME(), kind.Extension()
	if m.size.Raw == 0 {
		a := Codes.New(PieceVide, id)
		a.Fichier = p
		return a
	}
	at, seekable := f.(io.ReaderAt)
	switch {
	case small, !kind.MayOpen():
		at = pdfx.Bytes(buf[:k])
	case seekable:
	default: // what may be a PDF inside a zip
		if at, err = c.whole(p, m.size.Raw); err != nil {
			return err
		}
	}
	return c.examine(ctx, p, id, at, m)
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

// whole reads a file that cannot be read at any place. What is too large to be
// looked at is not read to its end.
func (c *catalogue) whole(p string, size int64) (io.ReaderAt, error) {
	f, err := c.dossier.Open(p)
	if err != nil {
		return nil, unreadable(p, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, min(size, pdfx.MaxSize)))
	if err != nil {
		return nil, unreadable(p, err)
	}
	return bytes.NewReader(data), nil
}

// examine opens a piece as its readers will: what keeps it from being opened
// stops the work, what else there is to say waits in m.
func (c *catalogue) examine(ctx context.Context, p, id string, at io.ReaderAt, m *mesure) error {
	found, err := pdfx.Examine(ctx, p, at, m.size.Raw)
	if err != nil {
		return fmt.Errorf("piece %s: %w", id, err)
	}
	for _, a := range found.Anomalies {
		if a.Gravite == anomalie.Erreur {
			a.Trouve = id
			return a
		}
	}
	m.findings = found.Anomalies
	return nil
}

// counting tells how many bytes go through it.
type counting struct {
	io.Writer
	count func(int)
}

func (c counting) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.count(n)
	return n, err
}

// fromIndex measures the files of the index and gives every piece its
// identifier and its name.
func (c *catalogue) fromIndex(ctx context.Context, lines []IndexLigneLue, paye Paye) error {
	paths := make([]string, len(lines))
	var pending []string
	ids := make(map[string]string)
	places := make(map[string]string) // by Fichier: many agents share a piece
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
			a := Codes.New(PieceManquante, cmp.Or(l.IdUnique, l.Nom, l.Fichier), l.Fichier)
			a.Fichier, a.Ligne, a.Matricule = c.dem.Index, int64(l.Ligne), l.Matricule
			return a
		}
		paths[i] = p
		ids[p] = cmp.Or(l.IdUnique, l.Fichier)
		pending = append(pending, p)
	}
	c.dem.Progress.Begin(Pieces, c.weigh(pending))
	if err := c.measure(ctx, pending, func(p string) string { return ids[p] }); err != nil {
		return err
	}
	taken := make(noms)
	for i, l := range lines {
		q, err := c.line(l, paths[i], paye)
		if err != nil {
			return err
		}
		if taken[q.NomPJ].piece != q {
			q.NomPJ = taken.unique(q)
		}
		if q.generale = q.generale || l.Matricule == General; l.Matricule == General {
			continue
		}
		if !slices.Contains(c.refs[l.Matricule], q) {
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

// weigh returns the bytes of files; a file that cannot be told weighs nothing.
func (c *catalogue) weigh(paths []string) int64 {
	seen := make(map[string]bool)
	var total int64
	for _, p := range paths {
		if seen[p] {
			continue
		}
		seen[p] = true
		if st, err := fs.Stat(c.dossier, p); err == nil {
			total += st.Size()
		}
	}
	return total
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

// safeName makes a name that PES takes, with the extension of the content when
// the name has none.
func (c *catalogue) safeName(name string, m *mesure) string {
	if m != nil && m.ext != "" && path.Ext(name) == "" {
		name += m.ext
	}
	return pespj.NomPJSur(name)
}

// noms are the pieces by name. Of a name that many pieces ask for, next is the
// first number that may be free.
type noms map[string]struct {
	piece *piece
	next  int
}

// unique gives q its name, or the first of name-2, name-3… that no other piece
// has.
func (n noms) unique(q *piece) string {
	wish, name := q.NomPJ, q.NomPJ
	ext := path.Ext(wish)
	base := strings.TrimSuffix(wish, ext)
	number := max(2, n[wish].next)
	for ; n[name].piece != nil && n[name].piece != q; number++ {
		suffix := fmt.Sprintf("-%d", number)
		name = base[:min(len(base), 100-len(suffix)-len(ext))] + suffix + ext
	}
	first := n[wish]
	first.next = number
	n[wish] = first
	taken := n[name]
	taken.piece = q
	n[name] = taken
	return name
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
	out.Generales = c.generales()
	return out, nil
}

// seek finds the files of the references of the book, from the one given on,
// that were never heard of.
func (c *catalogue) seek(l *splitter.Livre, from int) ([]*piece, error) {
	var fresh []*piece
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
					return nil, Codes.New(PieceManquante, id, q.NomPJ)
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
	return fresh, nil
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
func (c *catalogue) generales() []*splitter.Justificatif {
	var list []*splitter.Justificatif
	for _, q := range c.pieces {
		switch {
		case q.reference || q.fichier == "":
		case q.generale:
			q.General = true
			list = append(list, &q.Justificatif)
		default:
			a := Codes.New(MatriculeInconnu, q.NomPJ, q.matricule)
			a.Matricule = q.matricule
			c.dem.Anomalie(a)
		}
	}
	return list
}

func (c *catalogue) weighIfAny(list []*piece) int64 {
	if len(list) == 0 {
		return 0
	}
	var paths []string
	for _, q := range list {
		paths = append(paths, q.fichier)
	}
	return c.weigh(paths)
}

// checkNames refuses names that cannot be files of an archive, or that stand
// for two documents.
func (c *catalogue) checkNames() error {
	byName := make(map[string]*piece)
	for _, q := range c.pieces {
		if q.fichier == "" {
			continue
		}
		if !fs.ValidPath(q.NomPJ) || strings.ContainsAny(q.NomPJ, "/\\:\x00") || len(q.NomPJ) > 255 {
			return Codes.New(NomPJRefuse, q.NomPJ)
		}
		if other := byName[q.NomPJ]; other != nil && other.SHA256 != q.SHA256 {
			return Codes.New(NomDouble, q.NomPJ)
		}
		byName[q.NomPJ] = q
	}
	return nil
}
