package build

import (
	"archive/zip"
	"io/fs"
	"os"
	"path"
	"strings"

	"paye/internal/input"
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
		if d, err := s.inside(); d != nil || err != nil {
			return d, err
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

// inside is the zip that the journal came in; nil when it did not.
func (s *source) inside() (*dossier, error) {
	if s.archive == nil {
		return nil, nil
	}
	in, length := s.archive()
	if in == nil {
		return nil, nil
	}
	z, err := zip.NewReader(in, length)
	if err != nil {
		return nil, Codes.New(ArchiveIllisible, err.Error()).At(s.name, -1, 0)
	}
	return &dossier{FS: z, name: s.name, close: func() error { return nil }}, nil
}

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
