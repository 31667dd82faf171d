package build

import (
	"archive/zip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xrash/smetrics"
	"golang.org/x/text/unicode/norm"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
)

// dossier is where the files of pieces are: a folder that nothing escapes, or
// the zip archive that the journal came in.
type dossier struct {
	fs.FS
	name    string
	archive bool // the zip that the journal came in
	close   func() error
}

// Stat looks at a file without opening it, where that is possible.
func (d *dossier) Stat(name string) (fs.FileInfo, error) { return fs.Stat(d.FS, name) }

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
	return &dossier{FS: z, name: s.name, archive: true, close: func() error { return nil }}, nil
}

// directory is the files of a folder of pieces by their base names: as they
// are written, and folded.
type directory struct {
	exact  map[string][]string
	folded map[string][]string
	other  map[string]fs.FileMode // what is neither a file nor a folder, by its folded base name
}

// fold makes alike what only case and the form of accents tell apart.
func fold(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// directory lists the files of the folder, once.
func (c *catalogue) directory() *directory {
	if c.files != nil {
		return c.files
	}
	c.files = &directory{exact: make(map[string][]string), folded: make(map[string][]string), other: make(map[string]fs.FileMode)}
	fs.WalkDir(c.dossier, ".", func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			c.files.exact[e.Name()] = append(c.files.exact[e.Name()], p)
			c.files.folded[fold(e.Name())] = append(c.files.folded[fold(e.Name())], p)
		} else if err == nil && !e.IsDir() {
			c.files.other[fold(e.Name())] = e.Type()
		}
		return nil
	})
	return c.files
}

// find returns the path of the file called name: as it stands, or by its base
// name anywhere below the folder; then in the same order for a name that only
// case or the form of accents tell apart, with a note.
func (c *catalogue) find(name string) (string, bool) {
	if c.dossier == nil || name == "" {
		return "", false
	}
	clean := path.Clean(strings.TrimPrefix(name, "./"))
	if fs.ValidPath(clean) {
		if st, err := fs.Stat(c.dossier, clean); err == nil && st.Mode().IsRegular() {
			return c.use(clean), true
		}
	}
	dir := c.directory()
	switch found := dir.exact[path.Base(clean)]; len(found) {
	case 0:
	case 1:
		return c.use(found[0]), true
	default:
		return "", false
	}
	found := dir.folded[fold(path.Base(clean))]
	if len(found) > 1 { // several folders: the one that was asked for
		found = slices.DeleteFunc(slices.Clone(found), func(p string) bool { return fold(p) != fold(clean) })
	}
	if len(found) != 1 {
		return "", false
	}
	c.dem.Anomalie(Codes.New(NomApproche, name, found[0]))
	return c.use(found[0]), true
}

// use remembers that a file serves.
func (c *catalogue) use(p string) string {
	c.used[p] = true
	return p
}

// plusProche is the end of the message of a missing file.
var plusProche = lang.Text{FR: " ; le nom le plus proche est %s", EN: "; the nearest name is %s"}

// What bears the name of a piece and is no file of one.
var (
	isLink    = lang.Text{FR: " est là, mais c'est un lien symbolique, qui n'est suivi que sous le dossier des pièces", EN: " is there, but it is a symbolic link, which is followed below the folder of pieces only"}
	isSpecial = lang.Text{FR: " est là, mais ce n'est pas un fichier ordinaire (tube, prise ou périphérique)", EN: " is there, but it is not a regular file (pipe, socket or device)"}
)

// nearest ends the message of a missing file: what bears its name and is no
// file, else the file whose name is nearest.
func (c *catalogue) nearest(name string) lang.Phrase {
	if c.dossier != nil {
		if mode, there := c.directory().other[fold(path.Base(name))]; there && mode&fs.ModeSymlink != 0 {
			return isLink.With()
		} else if there {
			return isSpecial.With()
		}
	}
	best, score := "", 0.90
	if c.dossier != nil {
		wish := fold(path.Base(name))
		for folded, paths := range c.directory().folded {
			if c.used[paths[0]] {
				continue
			}
			s := smetrics.JaroWinkler(wish, folded, 0.7, 4)
			if s > score || s == score && paths[0] < best {
				best, score = paths[0], s
			}
		}
	}
	if best == "" {
		return lang.Phrase{}
	}
	return plusProche.With(best)
}

// missing is the fault of a piece without its file.
func missing(id, name string) *anomalie.Anomalie {
	return Codes.New(PieceManquante, id, name, lang.Phrase{})
}

// gather makes one error of what is missing: the fault itself when it is alone,
// else each is told and they are counted. Each gets the nearest name of a file
// that serves nobody.
func (c *catalogue) gather(missing []*anomalie.Anomalie) error {
	for _, a := range missing {
		a.Args[2] = c.nearest(a.Args[1].(string))
	}
	if len(missing) < 2 {
		for _, a := range missing {
			return a
		}
		return nil
	}
	for _, a := range missing {
		c.dem.Anomalie(a)
	}
	return Codes.New(PiecesManquantes, len(missing))
}

// unused tells of the files that justify nobody.
func (c *catalogue) unused() {
	if c.dem.IgnoreUnused {
		return
	}
	index, stray := c.dem.Index, c.stray()
	for _, p := range stray {
		if index == "" && isWorkbook(p) {
			c.dem.Anomalie(Codes.New(ClasseurSansIndex, p))
			continue
		}
		c.dem.Anomalie(Codes.New(FichierInutile, p))
	}
	c.unread(len(stray))
}

// stray are the files of the folder of pieces that no piece is, nor a part of the
// input, which stands among the pieces where all was put in one heap.
func (c *catalogue) stray() (stray []string) {
	if c.dossier == nil {
		return nil
	}
	input := c.input()
	for _, paths := range c.directory().exact {
		for _, p := range paths {
			if !c.used[p] && !input[p] && !c.dossier.aside(p, c.dem.Index) {
				stray = append(stray, p)
			}
		}
	}
	slices.Sort(stray)
	return stray
}

// aside reports whether a file of the folder is none of its pieces: the index,
// the journal of an archive, what systems hide.
func (d *dossier) aside(p, index string) bool {
	base := path.Base(p)
	switch {
	case strings.HasPrefix(base, "."), strings.EqualFold(base, "Thumbs.db"), strings.EqualFold(base, "desktop.ini"):
		return true
	case strings.HasPrefix(p, "__MACOSX/"):
		return true
	case strings.EqualFold(base, indexName), index != "" && base == filepath.Base(index):
		return true
	case d.archive && !strings.Contains(p, "/"):
		ext := strings.ToLower(path.Ext(p))
		return ext == ".xhl" || ext == ".xml" || base == "manifest.json"
	}
	return false
}

// input are the files of the input that stand in the folder of pieces, by the
// names that they have there.
func (c *catalogue) input() map[string]bool {
	list := make(map[string]bool)
	at, _, err := InputAt(c.dem.Entree)
	if err != nil || c.dossier.archive {
		return list
	}
	dir, err := filepath.Abs(c.dossier.name)
	if err != nil {
		return list
	}
	for _, file := range RunFiles(at) {
		if abs, err := filepath.Abs(file); err == nil {
			if rel, err := filepath.Rel(dir, abs); err == nil {
				list[filepath.ToSlash(rel)] = true
			}
		}
	}
	return list
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
