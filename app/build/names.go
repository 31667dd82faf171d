package build

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"paye/pespj"
)

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
func (n noms) unique(q *piece, reserved func(*piece, string) bool) string {
	wish, name := q.NomPJ, q.NomPJ
	ext := path.Ext(wish)
	base := strings.TrimSuffix(wish, ext)
	number := max(2, n[wish].next)
	for ; n[name].piece != nil && n[name].piece != q || reserved(q, name); number++ {
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

// named reports whether the name of a piece is that which the index gave it.
func (q *piece) named() bool { return q.inserted != "" && q.NomPJ == q.inserted }

// reserve lists the names that the journal gives, with what they stand for.
func (c *catalogue) reserve() map[string][32]byte {
	names := make(map[string][32]byte)
	for _, q := range c.pieces {
		if q.fichier != "" && !q.named() {
			names[q.NomPJ] = q.SHA256
		}
	}
	return names
}

// reserved reports whether the journal gives the name of q to another document.
func (c *catalogue) reserved(q *piece, name string) bool {
	sum, taken := c.dem.reserved[name]
	return taken && sum != q.SHA256
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
			if c.dem.reserved == nil && (q.named() || other.named()) {
				c.dem.reserved = c.reserve()
			}
			return Codes.New(NomDouble, q.NomPJ)
		}
		byName[q.NomPJ] = q
	}
	return nil
}
