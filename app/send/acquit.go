package send

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/pespj"
)

// maxAcquit is how many bytes an acknowledgment may have.
const maxAcquit = 64 << 20

// batch is how many acknowledgments are applied in one transaction.
const batch = 200

// Lecture is one acknowledgment that was read.
type Lecture struct {
	Fichier string
	Acquit  *pespj.Acquit      // nil when it could not be read
	Constat *fluxbook.Constat  // nil when it could not be read
	Faute   *anomalie.Anomalie // why it could not be read
	// Avis is what a person should know, in the order in which it was found.
	Avis   []*anomalie.Anomalie
	Octets []byte
}

// Refus reports whether anything that it answers is refused.
func (l *Lecture) Refus() bool {
	return l.Constat != nil && slices.ContainsFunc(l.Constat.Pieces, func(p fluxbook.PieceAcquittee) bool { return p.Etat == fluxbook.Refusee })
}

// Passed counts the files of folders that were passed over.
type Passed struct {
	Already int // acknowledgments that the book has
	Others  int // what is none
}

// Acquit reads the acknowledgments of paths, files or folders, and applies
// them to the book; each is given to result, in the order of the paths. A file
// that is no acknowledgment is told when it was named, and passed over in a
// folder, as is an acknowledgment of a folder that the book has.
func Acquit(ctx context.Context, late *fluxbook.LateBook, paths []string, result func(*Lecture) error) (passed Passed, err error) {
	files, err := acquitFiles(paths)
	if err != nil {
		return passed, err
	}
	var known map[string]bool
	if late.Book != nil && slices.ContainsFunc(files, func(f acquitFile) bool { return !f.named }) {
		if known, err = late.Book.Acquits(ctx); err != nil {
			return passed, err
		}
	}
	for part := range slices.Chunk(files, batch) {
		read, err := readAcquits(ctx, part, known, &passed)
		if err != nil {
			return passed, err
		}
		if err := apply(ctx, late, read); err != nil {
			return passed, err
		}
		for _, l := range read {
			if l == nil {
				continue
			}
			if err := result(l); err != nil {
				return passed, err
			}
		}
	}
	return passed, nil
}

// AcquitBytes applies one acknowledgment that a platform gave.
func AcquitBytes(ctx context.Context, b *fluxbook.Book, name string, text []byte) (*Lecture, error) {
	l := parse(acquitFile{path: name, named: true}, text)
	return l, apply(ctx, &fluxbook.LateBook{Book: b}, []*Lecture{l})
}

// acquitFile is a file to read; named tells that the user gave its name.
type acquitFile struct {
	path  string
	named bool
}

func acquitFiles(paths []string) ([]acquitFile, error) {
	var files []acquitFile
	for _, path := range paths {
		info, err := os.Stat(path)
		if anomalie.Unreachable(err) {
			return nil, Codes.Opening(Introuvable, path, err)
		}
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", path, err)
		}
		if !info.IsDir() {
			files = append(files, acquitFile{path, true})
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", path, err)
		}
		for _, e := range entries {
			if e.Type().IsRegular() && e.Name()[0] != '.' {
				files = append(files, acquitFile{filepath.Join(path, e.Name()), false})
			}
		}
	}
	return files, nil
}

// readAcquits reads files, several at a time; what is to be passed over is nil, and
// counted.
func readAcquits(ctx context.Context, files []acquitFile, known map[string]bool, passed *Passed) ([]*Lecture, error) {
	read := make([]*Lecture, len(files))
	var already, others atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			text, err := readBounded(f)
			if err != nil {
				return err
			}
			if text == nil {
				others.Add(1)
				return nil
			}
			if !f.named && known[fluxbook.Digest(text)] {
				already.Add(1)
				return nil
			}
			l := parse(f, text)
			if l.Faute != nil && !f.named && !pespj.AnnouncesAcquit(text) {
				others.Add(1) // a folder may hold anything
				return nil
			}
			read[i] = l
			return nil
		})
	}
	err := group.Wait()
	passed.Already += int(already.Load())
	passed.Others += int(others.Load())
	return read, err
}

// readBounded reads a file; nil for one of a folder that is too long to be an
// acknowledgment.
func readBounded(f acquitFile) ([]byte, error) {
	text, err := input.ReadFile(f.path, maxAcquit)
	if a := (*anomalie.Anomalie)(nil); errors.As(err, &a) {
		return nil, Codes.New(PasUnFichier, f.path)
	}
	if err != nil {
		return nil, err
	}
	if len(text) > maxAcquit && !f.named {
		return nil, nil
	}
	return text, nil
}

func parse(f acquitFile, text []byte) *Lecture {
	l := &Lecture{Fichier: f.path, Octets: text}
	a, err := pespj.ReadAcquit(bytes.NewReader(text), pespj.ReaderOptions{Fichier: f.path, Limites: pespj.Limites{Acquit: maxAcquit}})
	if errors.As(err, &l.Faute) {
		return l
	}
	l.Acquit = a
	l.Avis = append(l.Avis, a.Anomalies...)
	return l
}

// apply gives what was read to the book, in one transaction.
func apply(ctx context.Context, late *fluxbook.LateBook, read []*Lecture) error {
	var list []*fluxbook.Reponse
	var of []*Lecture
	for _, l := range read {
		if l != nil && l.Acquit != nil {
			list, of = append(list, l.reponse()), append(of, l)
		}
	}
	if len(list) == 0 {
		return nil
	}
	b, err := late.Open()
	if err != nil {
		return err
	}
	done, err := b.Receive(ctx, list...)
	if err != nil {
		return fmt.Errorf("apply the acknowledgments: %w", err)
	}
	for i, c := range done {
		of[i].Constat = c
		of[i].tell()
	}
	return nil
}

// reponse is the acknowledgment in the words of the book.
func (l *Lecture) reponse() *fluxbook.Reponse {
	a := l.Acquit
	r := &fluxbook.Reponse{Recu: fluxbook.Recu{Fichier: filepath.Base(l.Fichier), NomFic: a.Flux.NomFic, CodCol: a.Flux.CodCol, DteStr: day(a.Flux.DteStr), Contenu: l.Octets}}
	r.Ids = make([]string, 0, len(a.Elements))
	for i := range a.Elements {
		if id := a.Elements[i].IdUnique; id != "" {
			r.Ids = append(r.Ids, id)
		}
	}
	r.Verdicts = func(f *fluxbook.Flux, pieces []fluxbook.PieceAcquittee) []fluxbook.Verdict {
		verdicts, warnings := reconcile(a, f, pieces)
		for _, w := range warnings {
			l.Avis = append(l.Avis, w.At(l.Fichier, -1, 0))
		}
		return verdicts
	}
	return r
}

// reconcile holds the acknowledgment against the pieces of its flux.
func reconcile(a *pespj.Acquit, f *fluxbook.Flux, pieces []fluxbook.PieceAcquittee) ([]fluxbook.Verdict, []*anomalie.Anomalie) {
	ids := make([]string, len(pieces))
	for i := range pieces {
		ids[i] = pieces[i].IdUnique
	}
	if a.Flux.NomFic == "" {
		a.Flux.NomFic = f.NomFic // matched by its pieces
	}
	states, warnings := a.Reconcile(f.NomFic, f.CodCol, ids)
	verdicts := make([]fluxbook.Verdict, len(states))
	for i := range states {
		s, v := &states[i], &verdicts[i]
		v.Etat, v.Doublon = etatDe[s.Reponse], s.Doublon
		for _, e := range s.Erreurs {
			if v.Code == "" || e.Doublon() {
				v.Code, v.Libelle = e.NumAnoAck, e.Libelle
			}
		}
	}
	return verdicts, warnings
}

var etatDe = [...]fluxbook.EtatPiece{pespj.SansReponse: fluxbook.SansReponse, pespj.Accepte: fluxbook.Acceptee, pespj.Rejete: fluxbook.Refusee}

// noPieces is what to do with the answer to a flux that another program sent.
var noPieces = lang.Text{FR: "il parle de « %v » (DomaineAck %s), d'aucun justificatif : il revient au logiciel qui a envoyé ce flux ; il est gardé quand même",
	EN: "it speaks of “%v” (DomaineAck %s), of no document: it is for the program that sent that flux; it is kept all the same"}

// tell adds what only the book knows.
func (l *Lecture) tell() {
	say := func(code string, args ...any) { l.Avis = append(l.Avis, Codes.New(code, args...).At(l.Fichier, -1, 0)) }
	c := l.Constat
	if c.Flux == nil {
		a := Codes.New(PasANous, l.Acquit.Flux.Appele()).At(l.Fichier, -1, 0)
		if d := l.Acquit.Elsewhere(); d != nil {
			a.Advise(noPieces.With(d.Libelle.With(), d.Code))
		}
		l.Avis = append(l.Avis, a)
		return
	}
	if c.Deja {
		say(DejaRecu)
	}
	for _, id := range c.Contraires {
		say(Contraire, id)
	}
}

// day is the date of a DteStr, "" when it is none.
func day(s string) string {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return ""
	}
	return s[:10]
}
