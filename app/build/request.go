package build

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/manifest"
	"paye/pespj"
	"paye/splitter"
	"paye/xhl"
)

// Formats and packagings of volumes, as --format and --packaging take them.
const (
	FormatPES = "pes"
	FormatZip = "zip"
	FormatXHL = "xhl"

	EnArchive = "archive" // a volume is one piece: the zip archive of the XHL and its justificatifs
	EnPieces  = "pieces"  // the XHL is a piece, and every justificatif another
)

// Request is what is asked. Entree and Limit are compulsory.
type Request struct {
	Entree string // a journal (plain, gzip, zip), a run.jsonl, or a folder that holds a run; for Online a run, or EntreeStandard
	PJ     string // folder of the pieces; empty: the one beside the input, if any
	Index  string // justificatifs.csv; empty: the one beside the input, if any
	Sortie string // folder of the volumes, for Write
	Spool  string // folder of temporary files

	Limit     int64
	Marge     int64  // bytes of the limit to leave free
	Format    string // FormatPES when empty
	Packaging string // EnArchive when empty
	Mode      splitter.Mode
	Par       int

	// Wishes that come after the number of volumes.
	GardeOrdre bool
	Equilibre  bool
	Ensemble   splitter.Classe

	Flux    pespj.Flux // IdPost, CodCol, CodBud…; NomFic, IdColl and DteStr are filled in
	Siret   string     // of the journal when empty
	Date    time.Time  // written into the flux
	Mandats []string   // numbers of the mandats that the pieces justify

	// For Online.
	Lecteur  io.Reader         // the run, when Entree is EntreeStandard
	Encodage xhl.WriterOptions // of its journal

	Niveau  compress.Niveau
	Workers int
	Version string // of the program, for the manifest

	Anomalie func(*anomalie.Anomalie) // findings that do not stop the work, in order; may be nil
	Progress *Progress                // may be nil
	Recorder Recorder                 // may be nil
}

// Recorder keeps account of deliveries. Prepare is told of one that is about to
// appear, written and verified; an error of it leaves the folder as it was.
// Published is told once the delivery is in place, with what Prepare returned.
// When the process ends between the two, the next run in the folder completes
// the delivery and calls Published: a delivery is in place and recorded, or
// neither. Published must stand being told twice, and of a delivery that another
// process prepared.
type Recorder interface {
	Prepare(context.Context, *manifest.Manifest) (note []byte, err error)
	Published(note []byte) error
}

func (d *Request) defaults() {
	if d.Format == "" {
		d.Format = FormatPES
	}
	if d.Packaging == "" {
		d.Packaging = EnArchive
	}
	if d.Progress == nil {
		d.Progress = new(Progress)
	}
	if d.Anomalie == nil {
		d.Anomalie = func(*anomalie.Anomalie) {}
	}
}

// Phase is a step of the work.
type Phase uint8

const (
	Pieces Phase = iota
	Reading
	Planning
	Writing
	ReadingBack
	Termine
	Encodage // all of Online: bytes read, written and read back
)

// Progress is how far the work is. Its methods may be called at any time.
type Progress struct {
	mu    sync.Mutex
	phase Phase
	total int64 // bytes of the phase; 0 when unknown
	fait  atomic.Int64
}

func (a *Progress) begin(p Phase, total int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.phase, a.total = p, total
	a.fait.Store(0)
}

// Status returns the phase under way, the bytes done and the bytes to do; total
// is 0 when it is not known.
func (a *Progress) Status() (p Phase, done, total int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.phase, a.fait.Load(), a.total
}
