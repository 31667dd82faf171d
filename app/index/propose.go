package index

import (
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
	"slices"
	"strings"

	"paye/app/build"
	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/internal/pdfx"
	"paye/xhl"
)

// Limits of a folder.
const (
	MaxFiles = 100_000
	maxRead  = 64 << 20 // bytes of a file whose text is looked into
)

// Confidence is how sure a line is.
type Confidence string

const (
	Sure     Confidence = "sure"
	Probable Confidence = "probable"
	Check    Confidence = "a verifier"
)

// Line is a file and the agent that it justifies.
type Line struct {
	Matricule  string // "*" for all
	IdUnique   string // of the journal; "" to have one made from the content
	Fichier    string // below the folder, with slashes
	Nom        string
	Support    string
	Confidence Confidence
	Why        lang.Phrase
}

// Stray is a file that is not placed.
type Stray struct {
	Fichier string
	Why     lang.Phrase
}

// Proposal is what a folder and a journal give, in the order of the files.
type Proposal struct {
	Lines  []Line
	Known  []string // files that the journal names itself: they need no line
	Strays []Stray
}

// ToCheck counts the lines that a person has to look at.
func (p *Proposal) ToCheck() int {
	n := 0
	for _, l := range p.Lines {
		if l.Confidence == Check {
			n++
		}
	}
	return n
}

// Anomalies are what is to be told of a proposal.
func (p *Proposal) Anomalies() []*anomalie.Anomalie {
	var list []*anomalie.Anomalie
	for _, s := range p.Strays {
		a := Codes.New(Unplaced, s.Fichier, s.Why)
		a.Fichier = s.Fichier
		list = append(list, a)
	}
	if n := p.ToCheck(); n > 0 {
		list = append(list, Codes.New(ToCheck, n))
	}
	return list
}

// Why a file is not placed.
var (
	noTrace  = lang.Text{FR: "ni son nom ni son texte ne donnent un matricule du journal", EN: "neither its name nor its text gives a matricule of the journal"}
	noText   = lang.Text{FR: "son nom ne donne pas de matricule du journal, et c'est un document sans texte (un scan)", EN: "its name gives no matricule of the journal, and it is a document without text (a scan)"}
	unopened = lang.Text{FR: "le document ne s'ouvre pas", EN: "the document does not open"}
	empty    = lang.Text{FR: "le fichier est vide", EN: "the file is empty"}
	isSheet  = lang.Text{FR: "c'est un classeur, non une pièce : enregistrez-le en « CSV UTF-8 » ou en .xlsx si c'est votre liste", EN: "it is a workbook, no piece: save it as “CSV UTF-8” or .xlsx if it is your list"}
)

// Propose reads the journal at entree and looks at the files below the folder.
func Propose(ctx context.Context, entree, folder string) (*Proposal, error) {
	book, err := readAgents(ctx, entree)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, Codes.New(NoFolder, folder)
	}
	defer root.Close()
	files, err := list(ctx, root)
	if err != nil {
		return nil, err
	}
	p := new(Proposal)
	placed := make(map[[sha256.Size]byte]*answer) // what the first file of a content is
	for _, name := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.place(ctx, root, name, book, placed); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// list gives the files below a folder, but those that systems hide, lists and
// journals.
func list(ctx context.Context, root *os.Root) ([]string, error) {
	var files []string
	err := fs.WalkDir(input.Below(root), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := strings.ToLower(path.Base(p))
		switch {
		case e.IsDir() && base == "__macosx":
			return fs.SkipDir
		case !e.Type().IsRegular(), strings.HasPrefix(base, ".") && p != ".", base == "thumbs.db", base == "desktop.ini", strings.HasPrefix(base, "justificatifs."), base == "manifest.json":
			return ctx.Err()
		}
		if files = append(files, p); len(files) > MaxFiles {
			return Codes.New(TooMany, MaxFiles)
		}
		return ctx.Err()
	})
	slices.Sort(files)
	return files, err
}

// answer is what was found of a content.
type answer struct {
	name  string
	known bool // the journal names it
	lines []Line
}

// sameAs is the reason of a file whose content is that of another.
var sameAs = lang.Text{FR: "même contenu que %s", EN: "the same content as %s"}

// place says what one file justifies.
func (p *Proposal) place(ctx context.Context, root *os.Root, name string, book *agents, placed map[[sha256.Size]byte]*answer) error {
	f, err := input.OpenIn(root, name)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer f.Close()
	size := f.Info().Size()
	if size == 0 {
		p.Strays = append(p.Strays, Stray{name, empty.With()})
		return nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	sum := [sha256.Size]byte(hash.Sum(nil))
	if ref, known := book.ref(path.Base(name)); known {
		p.Known = append(p.Known, name)
		placed[sum] = &answer{name: name, known: true, lines: []Line{{IdUnique: ref.IdUnique, Fichier: name, Nom: ref.NomPJ.Or("")}}}
		return nil
	}
	before := placed[sum]
	found := book.inName(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	if before != nil {
		p.same(name, before, found)
		return nil
	}
	content, err := pdfx.ContentOf(ctx, f, size)
	if err != nil {
		return err
	}
	why := noTrace
	switch {
	case slices.Contains([]string{".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"}, strings.ToLower(path.Ext(name))) && len(found) == 0:
		why = isSheet
	case content.Fault != nil:
		p.Strays = append(p.Strays, Stray{name, unopened.With()})
		return nil
	case content.Type == pdfx.PDF && !sure(found):
		text, err := pdfx.ReadText(ctx, f, size)
		if err != nil {
			return fmt.Errorf("read the text of %s: %w", name, err)
		}
		if strings.TrimSpace(text) == "" {
			why = noText
		}
		found = merge(found, book.inText(text))
	case content.Type == pdfx.Text && !sure(found) && size <= maxRead:
		var text bytes.Buffer
		if _, err := io.Copy(&text, io.NewSectionReader(f, 0, size)); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		found = merge(found, book.inText(text.String()))
	}
	if len(found) == 0 {
		p.Strays = append(p.Strays, Stray{name, why.With()})
		return nil
	}
	a := &answer{name: name}
	for _, g := range found {
		a.lines = append(a.lines, Line{Matricule: g.matricule, Fichier: name, Confidence: g.confidence, Why: g.why})
	}
	p.Lines = append(p.Lines, a.lines...)
	placed[sum] = a
	return nil
}

// same places a file whose content another has: one document, whose first file
// serves for the agents that this name gives.
func (p *Proposal) same(name string, before *answer, found []guess) {
	has := func(matricule string) bool {
		return slices.ContainsFunc(before.lines, func(l Line) bool { return l.Matricule == matricule })
	}
	added := false
	for _, g := range found {
		if has(g.matricule) {
			continue
		}
		l := Line{Matricule: g.matricule, Fichier: before.name, Confidence: g.confidence, Why: sameAs.With(name)}
		if before.known {
			l.IdUnique, l.Nom = before.lines[0].IdUnique, before.lines[0].Nom
		}
		before.lines = append(before.lines, l)
		p.Lines = append(p.Lines, l)
		added = true
	}
	if !added {
		p.Strays = append(p.Strays, Stray{name, sameAs.With(before.name)})
	}
}

// agents are those of a journal, and what it says of pieces itself.
type agents struct {
	order      []string          // matricules, as they come
	matricules map[string]string // by what they are in a file name: folded
	bare       map[string]string // without the zeros they begin with; "" when two share it
	names      map[string]string // nom and prenom, folded, to the matricule; "" when two share them
	refs       map[string]xhl.PJRef
}

// ref is the PJRef that names a file.
func (a *agents) ref(base string) (xhl.PJRef, bool) {
	if r, known := a.refs[fold(base)]; known {
		return r, true
	}
	r, known := a.refs[fold(strings.TrimSuffix(base, path.Ext(base)))]
	return r, known
}

// readAgents reads a journal, or a run as the journal that it encodes to.
func readAgents(ctx context.Context, entree string) (*agents, error) {
	in, err := build.OpenEntry(ctx, entree, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r, err := xhl.NewReader(in, xhl.Options{Fichier: entree})
	if err != nil {
		return nil, located(err, entree)
	}
	a := &agents{matricules: make(map[string]string), bare: make(map[string]string), names: make(map[string]string), refs: make(map[string]xhl.PJRef)}
	for b, err := range xhl.NotEmpty(entree, r.Bulletins()) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, located(err, entree)
		}
		a.add(b)
	}
	return a, nil
}

func (a *agents) add(b *xhl.Bulletin) {
	m := strings.Clone(b.Agent.Matricule)
	if m == "" {
		return
	}
	if _, twice := a.matricules[fold(m)]; !twice {
		a.order = append(a.order, m)
	}
	a.matricules[fold(m)] = m
	once(a.bare, strings.TrimLeft(fold(m), "0"), m)
	if nom, prenom := fold(b.Agent.Nom.Reveal()), fold(b.Agent.Prenom.Or("").Reveal()); nom != "" && prenom != "" {
		once(a.names, nom+"|"+prenom, m)
	}
	for _, r := range b.PJRef {
		ref := xhl.PJRef{Support: strings.Clone(r.Support), IdUnique: strings.Clone(r.IdUnique), NomPJ: r.NomPJ}
		a.refs[fold(cmp.Or(r.NomPJ.Or(""), r.IdUnique))] = ref
		a.refs[fold(r.IdUnique)] = ref
	}
}

// once keeps what a key stands for, "" when it stands for two.
func once(m map[string]string, key, value string) {
	if was, known := m[key]; known && was != value {
		value = ""
	}
	m[key] = value
}

// located adds the file to an anomaly that lacks it.
func located(err error, fichier string) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Fichier == "" {
		a.Fichier = fichier
	}
	return err
}
