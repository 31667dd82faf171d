package check

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"paye/internal/manifest"
	"paye/internal/progress"
	"paye/pespj"
	xhlcheck "paye/xhl/check"
)

// Options are those of Check; the zero value works.
type Options struct {
	Schema   xhlcheck.Schema
	Tolerant bool  // as xhl/check.Options.Tolerant; what a piece 004 lacks is a warning too
	Limite   int64 // bytes that a file may have; 0: flux are held against pespj.Plateformes
	Max      int   // examples kept of a code in a file; 5 when 0
	Jour     time.Time
	Progress *progress.Progress // if set: how far the check is

	// Each judges every file by itself, also those of folders and of the folders
	// in them: what several employers sent is no set.
	Each bool
	// Standard is the path of a copy of the standard input, which the path "-"
	// stands for and is shown as.
	Standard string
	// Journal is the path of what the one path that is given stands for: that of a
	// run, which is shown.
	Journal string
}

// Checking is the phase of a check, in bytes of the files.
const Checking progress.Phase = "controle"

// Rapport is the verdict on all that was given.
type Rapport struct {
	Fichiers []*Fichier
	Lot      *Lot // nil for a file by itself
	Limite   int64
	Jour     time.Time
}

// Fichier is one file.
type Fichier struct {
	Nom    string
	Genre  Genre
	Gzip   bool // the file is a gzip of what Genre says
	Octets int64
	Constats

	// SchemaValide is the verdict of libxml2 on the file with the XSD of its
	// kind; for an archive, on the journal inside. Conforme is the same, a
	// volume of a set being excused what stands in the first.
	SchemaValide, Conforme bool

	// SchemaValideJava is the same verdict by the validators written in Java,
	// where they part with libxml2: see the Bilan of xhl/check and of pespj.
	SchemaValideJava bool

	Journaux []*Journal
	Flux     *pespj.FluxLu // of a PES
	Reponses *Reponses     // of an acquittal
	Pieces   int           // justificatifs inside

	acquittal *pespj.Acquit

	// sansReference are the pieces that no bulletin references: of general
	// scope, when the manifest announces them.
	sansReference Constats
	annonce       *manifest.Volume // what the manifest says of it
	intact        bool             // it is, to the byte, what the manifest says

	incomplet bool // its end could not be read: what is absent may be there
	sha256    [32]byte
	pieces    []piece
	ids       []string // IdUnique of the journals and archives of a flux
}

// Reponses counts the elements of an acquittal.
type Reponses struct {
	Acceptes, Refus int
	Illisibles      int // neither is said
	RefusGlobal     bool
}

// Refuse reports whether anything is refused; nil is no acquittal.
func (r *Reponses) Refuse() bool { return r != nil && (r.RefusGlobal || r.Refus > 0) }

// Observe gathers the constats of the files and of the set.
func (r *Rapport) Observe(max int) *Constats {
	var list []*Constats
	for _, f := range r.Fichiers {
		list = append(list, &f.Constats)
	}
	if r.Lot != nil {
		list = append(list, &r.Lot.Constats)
	}
	return Group(max, list...)
}

// SchemaValide is the verdict of the schemas alone: each file's, a set being
// judged as a whole.
func (r *Rapport) SchemaValide() bool {
	for _, f := range r.Fichiers {
		valide := f.SchemaValide
		if r.Lot != nil {
			valide = f.Conforme
		}
		if !valide {
			return false
		}
	}
	return true
}

// SchemaValideJava is whether the validators written in Java take every file
// that libxml2 takes.
func (r *Rapport) SchemaValideJava() bool {
	for _, f := range r.Fichiers {
		if f.RefuseParJava() {
			return false
		}
	}
	return r.SchemaValide()
}

// RefuseParJava reports whether libxml2 takes the file and Java does not.
func (f *Fichier) RefuseParJava() bool { return f.SchemaValide && !f.SchemaValideJava }

// Check judges the files of paths, each of which is a file or a folder. A
// folder, or several paths, is a set. The files are judged several at once and
// come in the order of the set; the verdict does not depend on the number of
// cores.
//
// A path that does not exist is an anomaly of class Introuvable, returned as
// the error before anything is read. A file of no known kind has GenreInconnu
// among its constats. Other errors are of the machine or of ctx.
func Check(ctx context.Context, paths []string, o Options) (*Rapport, error) {
	if o.Max <= 0 {
		o.Max = 5
	}
	if o.Progress == nil {
		o.Progress = new(progress.Progress)
	}
	inv, err := takeInventory(paths, &o)
	if err != nil {
		return nil, err
	}
	o.Progress.Begin(Checking, 0)
	for _, e := range inv.entrees {
		o.Progress.Expect(e.octets)
	}
	c := &checker{o: o, inv: inv, room: semaphore.NewWeighted(enVol)}
	files := make([]*Fichier, len(inv.entrees))
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(min(runtime.GOMAXPROCS(0), maxOuverts))
	for i, e := range inv.entrees {
		group.Go(func() error {
			f, err := c.fichier(each, e)
			files[i] = f
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	r := &Rapport{Fichiers: files, Limite: o.Limite, Jour: o.Jour}
	if inv.lot {
		if r.Lot, err = c.lot(ctx, files); err != nil {
			return nil, err
		}
	} else {
		for _, f := range files {
			f.seul()
		}
	}
	return r, nil
}

// maxOuverts bounds the files judged at once, and with them the memory.
const maxOuverts = 4

// controle is one run of Check.
type checker struct {
	o         Options
	inv       *inventaire
	room      *semaphore.Weighted // bytes of pieces in memory
	bulletins atomic.Int64        // kept for comparison
	vus       examines
}
