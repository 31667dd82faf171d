package check

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"sync/atomic"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/sha"
	"paye/pespj"
)

// begin is what is known of a file before it is judged.
func (c *checker) begin(e *entree) *Fichier {
	f := &Fichier{Nom: e.nom, Genre: e.genre, Gzip: e.gzip, Octets: e.octets}
	f.max, f.sansReference.max = c.o.Max, c.o.Max
	return f
}

// fichier judges one file in one pass.
func (c *checker) fichier(ctx context.Context, e *entree) (*Fichier, error) {
	f := c.begin(e)
	if e.genre == Inconnu && !e.gzip {
		code := Codes.New(FichierVide)
		if e.octets > 0 {
			code = Codes.New(GenreInconnu, e.trouve)
		}
		f.add(code.At(f.Nom, -1, 0))
		return f, nil
	}
	file, err := input.Open(e.opened())
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer file.Close()
	in := &lecture{ctx: ctx, r: file, lus: c.o.Progress.Done()}
	if c.inv.manifeste != nil {
		in.sum = sha.New()
	}
	if err := c.juge(ctx, f, e, in); err != nil {
		return nil, fmt.Errorf("check %s: %w", e.nom, err)
	}
	if in.sum != nil {
		if _, err := io.Copy(io.Discard, in); err != nil {
			return nil, fmt.Errorf("read %s: %w", e.nom, err)
		}
		f.sha256 = [32]byte(in.sum.Sum(nil))
		f.announced(c.inv.manifeste)
	}
	c.finish(f)
	c.o.Progress.Add(e.octets - in.n) // a judge may stop before the end
	return f, nil
}

// finish says what is known once a file is read.
func (c *checker) finish(f *Fichier) {
	if !f.intact {
		f.merge(&f.sansReference)
	}
	if c.o.Limite > 0 && f.Octets > c.o.Limite && (f.Genre != PES || f.Gzip) {
		f.add(Codes.New(TropGrand, f.Octets, c.o.Limite).At(f.Nom, -1, 0))
	}
}

// juge hands the bytes of a file to the judge of its kind.
func (c *checker) juge(ctx context.Context, f *Fichier, e *entree, in io.Reader) error {
	r := bufio.NewReaderSize(in, tete)
	if !e.gzip {
		return c.contenu(ctx, f, e, r)
	}
	g, err := compress.NewGunzipFile(r, compress.Limits{})
	if err != nil {
		return f.faute(err, "")
	}
	sound := &sain{r: g}
	if e.genre == Inconnu {
		if _, err := io.Copy(io.Discard, sound); err != nil {
			return err
		}
		if sound.faute == nil {
			f.add(Codes.New(GenreInconnu, e.trouve).At(f.Nom, -1, 0))
		}
		return f.faute(sound.err(), "")
	}
	if err := c.contenu(ctx, f, e, sound); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, sound); err != nil { // the CRC is at the end
		return err
	}
	if sound.faute != nil {
		f.SchemaValide, f.Conforme, f.incomplet = false, false, true
	}
	return f.faute(sound.err(), "")
}

func (c *checker) contenu(ctx context.Context, f *Fichier, e *entree, r io.Reader) error {
	switch e.genre {
	case XHL:
		j, err := c.journal(ctx, f, r, place{role: e.role, nom: f.Nom, base: filepath.Base(f.Nom)})
		if err == nil {
			f.SchemaValide, f.Conforme = j.Bilan.SchemaValide, j.Bilan.Conforme
			f.SchemaValideJava = j.Bilan.SchemaValideJava
		}
		return err
	case PES:
		return c.flux(ctx, f, e, r)
	case Acquit:
		return f.acquit(r)
	default:
		return c.zip(ctx, f, e, r)
	}
}

// acquit judges an acquittal: that it can be read, and what it says.
func (f *Fichier) acquit(r io.Reader) error {
	a, err := pespj.ReadAcquit(r, pespj.ReaderOptions{Fichier: f.Nom})
	if err != nil {
		return f.faute(err, "")
	}
	for _, list := range [][]*anomalie.Anomalie{a.Anomalies, a.Ecarts} {
		for _, x := range list {
			f.add(x)
		}
	}
	f.SchemaValide = a.NbEcarts == 0
	f.Conforme, f.SchemaValideJava = f.SchemaValide, f.SchemaValide
	f.Flux = &a.Flux
	f.acquittal = a
	f.Reponses = &Reponses{RefusGlobal: a.RefusGlobal}
	for i := range a.Elements {
		switch a.Elements[i].Etat {
		case pespj.Accepte:
			f.Reponses.Acceptes++
		case pespj.Rejete:
			f.Reponses.Refus++
		default:
			f.Reponses.Illisibles++
		}
	}
	return nil
}

// faute takes an error that is an anomaly into the constats, with the path
// prefix of what it was found in, and returns any other.
func (f *Fichier) faute(err error, dans string) error {
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		return err
	}
	found := *a
	if found.Fichier == "" {
		found.Fichier = f.Nom
		if dans != "" {
			found.Fichier += separateur + dans
		}
	}
	f.add(&found)
	return nil
}

// separateur stands between a file and what is inside it, in the names of
// anomalies.
const separateur = "!"

// lecture reads a file: counted, hashed when there is a manifest to hold it
// against, and ended by its context.
type lecture struct {
	ctx context.Context
	r   io.Reader
	n   int64
	lus *atomic.Int64
	sum hash.Hash
	cut error // why it ended before its end; nil when it did not
}

func (l *lecture) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := l.r.Read(p)
	if err != nil && err != io.EOF && l.cut == nil {
		l.cut = err
	}
	l.n += int64(n)
	l.lus.Add(int64(n))
	if l.sum != nil {
		l.sum.Write(p[:n])
	}
	return n, err
}

// sain is what a stream gives before its first fault, so that what is sound is
// judged all the same; the fault is told apart.
type sain struct {
	r     io.Reader
	faute *anomalie.Anomalie
}

func (s *sain) Read(p []byte) (int, error) {
	if s.faute != nil {
		return 0, io.EOF
	}
	n, err := s.r.Read(p)
	if err != nil && errors.As(err, &s.faute) {
		err = io.EOF
	}
	return n, err
}

// err is the fault as an error, nil when there is none.
func (s *sain) err() error {
	if s.faute == nil {
		return nil
	}
	return s.faute
}
