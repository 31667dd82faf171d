package check

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/input"
	"paye/internal/manifest"
	"paye/pespj"
	xhlcheck "paye/xhl/check"
)

// inventaire is what there is to judge, in the order of the set.
type inventaire struct {
	entrees   []*entree
	lot       bool
	each      bool     // files are judged by themselves, in folders of folders too
	constats  Constats // of the set, before anything is judged
	manifeste *manifest.Manifest
	chemin    string   // the path of the manifest, readable or not
	pieces    []string // folders of loose pieces beside the journals
}

// entree is a file to judge.
type entree struct {
	nom    string // as it is shown
	chemin string // as it is opened, when that is another
	genre  Genre
	trouve string // what it looks like when it is none of ours
	gzip   bool
	octets int64
	role   xhlcheck.PartieDeLot
	dedans bool // of a folder that was given, not given by itself
	numero int  // in the manifest; 0 when it is not there
}

// inventorie lists the files of paths and tells what they are.
func takeInventory(paths []string, o *Options) (*inventaire, error) {
	paths = distinct(paths)
	inv := &inventaire{lot: len(paths) > 1, each: o.Each, constats: Constats{max: o.Max}}
	seen := make(map[string]bool)
	for _, p := range paths {
		shown := p
		switch {
		case o.Journal != "":
			p = o.Journal
		case p == Standard && o.Standard != "":
			p = o.Standard
		}
		st, err := os.Stat(p)
		if err != nil {
			return nil, Codes.Opening(Introuvable, p, err)
		}
		if p != shown {
			if err := inv.add(&entree{nom: shown, chemin: p, octets: st.Size()}, seen); err != nil {
				return nil, err
			}
			continue
		}
		if st.IsDir() {
			inv.lot = true
			if err := inv.folder(p, seen); err != nil {
				return nil, err
			}
			continue
		}
		if err := inv.add(&entree{nom: p, octets: st.Size()}, seen); err != nil {
			return nil, err
		}
	}
	inv.lot = inv.lot && !inv.each
	inv.order()
	return inv, nil
}

// Standard is the path that stands for the standard input.
const Standard = "-"

// distinct leaves out the paths that lead to a file that another one leads to.
func distinct(paths []string) (list []string) {
	var infos []os.FileInfo
	for _, p := range paths {
		info, err := os.Stat(p)
		if err == nil && slices.ContainsFunc(infos, func(other os.FileInfo) bool { return os.SameFile(info, other) }) {
			continue
		}
		if err == nil {
			infos = append(infos, info)
		}
		list = append(list, p)
	}
	return list
}

// opened is the path of the file itself.
func (e *entree) opened() string {
	if e.chemin != "" {
		return e.chemin
	}
	return e.nom
}

// voisins are the folders of pieces that may stand beside a bare journal.
var voisins = []string{"PJ", "justificatifs"}

// folder adds the files of a folder, those of its subfolders left aside.
func (inv *inventaire) folder(dir string, seen map[string]bool) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read folder: %w", err)
	}
	before := len(inv.entrees)
	for _, d := range list {
		name := d.Name()
		p := filepath.Join(dir, name)
		switch {
		case d.IsDir() && inv.each && !slices.Contains(voisins, name) && !strings.HasPrefix(name, "."):
			if err := inv.folder(p, seen); err != nil && !anomalie.Is(err, DossierVide) {
				return err
			}
		case d.IsDir() && slices.Contains(voisins, name):
			inv.pieces = append(inv.pieces, p)
		case !d.Type().IsRegular(), strings.HasPrefix(name, "."):
		default:
			st, err := d.Info()
			if err != nil {
				return fmt.Errorf("read folder: %w", err)
			}
			if err := inv.add(&entree{nom: p, octets: st.Size(), dedans: true}, seen); err != nil {
				return err
			}
		}
	}
	interrupted := durable.Interrupted(dir)
	if interrupted {
		inv.constats.add(Codes.New(LivraisonEnCours).At(dir, -1, 0))
	}
	found, listed := inv.entrees[before:], inv.chemin != "" && filepath.Dir(inv.chemin) == filepath.Clean(dir)
	if len(found) == 0 && !listed && !interrupted {
		return Codes.New(DossierVide).At(dir, -1, 0)
	}
	if !listed && slices.ContainsFunc(found, (*entree).volume) {
		inv.constats.add(Codes.New(SansManifeste).At(dir, -1, 0))
	}
	return nil
}

// nomDeVolume is how the volumes of a delivery are named.
var nomDeVolume = regexp.MustCompile(`^volume-[0-9]{2,}\.(xml|xhl|zip)$`)

// volume reports whether a file bears the name of one that a manifest lists.
func (e *entree) volume() bool { return nomDeVolume.MatchString(filepath.Base(e.nom)) }

// companions are the lists that stand beside a journal for others to read.
var companions = map[string]bool{"justificatifs.csv": true, "justificatifs.xlsx": true, "mandats.csv": true, "rubriques.csv": true}

func (inv *inventaire) add(e *entree, seen map[string]bool) error {
	abs, err := filepath.Abs(e.nom)
	if err != nil {
		return fmt.Errorf("find %s: %w", e.nom, err)
	}
	if seen[abs] {
		return nil
	}
	seen[abs] = true
	if filepath.Base(e.nom) == manifest.Name && inv.each {
		return nil
	}
	if filepath.Base(e.nom) == manifest.Name {
		return inv.readManifest(e, seen)
	}
	if err := e.sniff(); err != nil {
		return err
	}
	if e.genre == Inconnu && e.dedans && companions[strings.ToLower(filepath.Base(e.nom))] {
		return nil
	}
	if e.genre == Inconnu && e.dedans {
		inv.constats.add(Codes.New(LaisseDeCote, e.trouve).At(e.nom, -1, 0))
		return nil
	}
	inv.entrees = append(inv.entrees, e)
	return nil
}

// maxManifeste is the size, in bytes, of the largest manifest that is read: a
// hundred thousand pieces take some five million.
const maxManifeste = 64 << 20

// readManifest reads the manifest of a set; given by itself, it stands for the
// files beside it that it names.
func (inv *inventaire) readManifest(e *entree, seen map[string]bool) error {
	inv.lot, inv.chemin = true, e.nom
	dir := filepath.Dir(e.nom)
	m := (*manifest.Manifest)(nil)
	err := errors.New("too large")
	if e.octets <= maxManifeste {
		m, err = manifest.Read(dir)
	}
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("read the manifest: %w", err)
	case err != nil:
		inv.constats.add(Codes.New(ManifesteIllisib).At(e.nom, -1, 0))
		return nil
	}
	inv.manifeste = m
	if e.dedans {
		return nil
	}
	for _, v := range m.Volumes {
		if filepath.Base(v.Fichier) != v.Fichier {
			continue
		}
		p := filepath.Join(dir, v.Fichier)
		if st, err := os.Lstat(p); err == nil && st.Mode().IsRegular() {
			if err := inv.add(&entree{nom: p, octets: st.Size(), dedans: true}, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

// sniff opens the file to tell what it is.
func (e *entree) sniff() error {
	file, err := input.Open(e.opened())
	if a := (*anomalie.Anomalie)(nil); errors.As(err, &a) {
		return a
	}
	if err != nil {
		return Codes.Opening(Introuvable, e.nom, err)
	}
	defer file.Close()
	head := make([]byte, tete)
	if head, err = readHead(file, head); err != nil {
		return fmt.Errorf("read %s: %w", e.nom, err)
	}
	e.genre, e.trouve = genreDe(head)
	if e.genre != gzippe {
		return nil
	}
	e.gzip, e.genre, e.trouve = true, Inconnu, "gzip"
	g, err := compress.NewGunzipFile(io.NewSectionReader(file, 0, e.octets), compress.Limits{})
	if err != nil {
		return nil // said when it is judged
	}
	inside, _ := readHead(g, make([]byte, tete))
	if genre, _ := genreDe(inside); genre != gzippe {
		e.genre = genre
	}
	return nil
}

// readHead fills buf as far as r goes.
func readHead(r io.Reader, buf []byte) ([]byte, error) {
	n, err := io.ReadFull(r, buf)
	var a *anomalie.Anomalie
	if err == io.EOF || err == io.ErrUnexpectedEOF || errors.As(err, &a) {
		err = nil
	}
	return buf[:n], err
}

// order sorts the files as the set is: by the numbers of the manifest, else by
// their names, numbers in them being compared as numbers; and gives each its
// role.
func (inv *inventaire) order() {
	if m := inv.manifeste; m != nil {
		byName := make(map[string]int, len(m.Volumes))
		for _, v := range m.Volumes {
			byName[v.Fichier] = v.N
		}
		for _, e := range inv.entrees {
			e.numero = byName[filepath.Base(e.nom)]
		}
	}
	slices.SortStableFunc(inv.entrees, func(a, b *entree) int {
		return cmp.Or(cmp.Compare(uint(a.numero-1), uint(b.numero-1)), compareNames(a.nom, b.nom))
	})
	if !inv.lot {
		return
	}
	first := true
	for _, e := range inv.entrees {
		e.role = xhlcheck.Suite
		if first && e.bearsJournal() {
			e.role, first = xhlcheck.Premiere, false
		}
	}
}

// bearsJournal reports whether the first volume of a set may be this file: a
// flux of pieces is not, nor a head without bulletins that goes with pieces.
func (e *entree) bearsJournal() bool {
	if e.gzip {
		return e.genre != Acquit && e.genre != Inconnu
	}
	file, err := input.Open(e.opened())
	if err != nil {
		return false
	}
	defer file.Close()
	return bears(bufio.NewReaderSize(file, tete), e.genre)
}

// bears looks at the beginning of what r gives: the journal comes first.
func bears(r *bufio.Reader, genre Genre) bool {
	switch genre {
	case XHL:
		return !headOnly(r)
	case Archive:
		z := compress.NewZipStream(r, compress.Limits{})
		defer z.Release()
		for range maxAvantJournal {
			if _, err := z.Next(); err != nil {
				return true // said when it is judged
			}
			in := bufio.NewReaderSize(z, tete)
			head, _ := in.Peek(tete)
			if inside, _ := genreDe(head); inside == XHL {
				return bears(in, XHL)
			}
		}
		return true
	case PES:
		flux, err := pespj.NewReader(r, pespj.ReaderOptions{})
		if err != nil {
			return true
		}
		for pj, err := range flux.PJ() {
			if err != nil {
				return true
			}
			in := bufio.NewReaderSize(pj, tete)
			head, _ := in.Peek(tete)
			inside, _ := genreDe(head)
			return (inside == XHL || inside == Archive) && bears(in, inside)
		}
	}
	return false
}

// maxAvantJournal is how many entries of an archive are looked at for its
// journal.
const maxAvantJournal = 4

// compareNames orders names as people do: volume-2 before volume-10.
func compareNames(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na == 0 || nb == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
		a, b = a[na:], b[nb:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits counts the digits that s begins with.
func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}
