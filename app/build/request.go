package build

import (
	"context"
	"fmt"
	"io"
	"time"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/manifest"
	"paye/internal/progress"
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

// Request is what is asked: a plain value that can be kept, sent and asked
// again. Entree and Limit are compulsory, and Sortie for who writes.
type Request struct {
	Entree string `json:"entree"`           // a journal (plain, gzip, zip), a run.jsonl, or a folder that holds a run; for Online a run, or EntreeStandard
	PJ     string `json:"pj,omitempty"`     // folder of the pieces; empty: the one beside the input, if any
	Index  string `json:"index,omitempty"`  // justificatifs.csv; empty: the one beside the input, if any
	Sortie string `json:"sortie,omitempty"` // folder of the volumes, for Write

	Limit     int64         `json:"limit"`
	Marge     int64         `json:"marge,omitempty"`     // bytes of the limit to leave free
	Format    string        `json:"format,omitempty"`    // FormatPES when empty
	Packaging string        `json:"packaging,omitempty"` // EnArchive when empty
	Mode      splitter.Mode `json:"mode,omitempty"`
	Par       int           `json:"par,omitempty"` // bulletins a volume, for splitter.Nombre

	// Wishes that come after the number of volumes.
	GardeOrdre bool            `json:"garde_ordre,omitempty"`
	Equilibre  bool            `json:"equilibre,omitempty"`
	Ensemble   splitter.Classe `json:"ensemble,omitempty"`

	Flux    pespj.Flux `json:"flux"`              // IdPost, CodCol, CodBud…; NomFic, IdColl and DteStr are filled in
	Siret   string     `json:"siret,omitempty"`   // of the journal when empty
	Date    time.Time  `json:"date"`              // written into the flux
	Mandats []string   `json:"mandats,omitempty"` // numbers of the mandats that the pieces justify

	Light bool `json:"light,omitempty"` // let lighter twins of the justificatifs travel

	FichierMandats string `json:"fichier_mandats,omitempty"` // mandats.csv; empty: the one beside the input, if any

	IgnoreUnused bool `json:"ignore_unused,omitempty"` // files that justify nobody are not told
	Replace      bool `json:"replace,omitempty"`       // a delivery of another payroll in Sortie is replaced

	LastMonth string            `json:"mois_precedent,omitempty"` // journal whose codes tell the zeros that were lost since
	Encodage  xhl.WriterOptions `json:"encodage"`                 // of the journal that Online makes
	Niveau    compress.Niveau   `json:"niveau,omitempty"`
}

// Watch is how the work is watched and where it may leave what it needs on the
// way. The zero Watch watches nothing.
type Watch struct {
	Lecteur io.Reader // the run, when Entree is EntreeStandard
	Spool   string    // folder of temporary files; that of the system when empty
	Workers int       // processors when 0
	Version string    // of the program, for the manifest

	Anomalie func(*anomalie.Anomalie) // findings that do not stop the work, in order; may be nil
	Progress *progress.Progress       // may be nil
	Recorder Recorder                 // may be nil
	Memory   Memory                   // may be nil
	Written  func()                   // once all volumes are written: what follows waits for the disk; may be nil
}

// demand is a Request under watch, with what both leave out filled in.
type demand struct {
	Request
	Watch

	// reserved are the names that the journal gives, once one was met that the
	// index gives to another document.
	reserved map[string][32]byte
}

// spares refuses to put a payroll over the delivery of another, and volumes of
// another format over PES files, which the accountant awaits.
func (d *demand) spares(p Paye) error {
	if d.Sortie == "" || d.Replace {
		return nil
	}
	m, err := manifest.Read(d.Sortie)
	if err != nil { // none, or one that nobody can read: nothing is known to be lost
		return nil
	}
	switch {
	case !p.of(m):
		return Codes.New(AutreLivraison, d.Sortie, m.Siret, m.Annee, m.Mois)
	case m.Format == FormatPES && d.Format != FormatPES && len(m.Volumes) > 0:
		return Codes.New(AutreFormat, d.Sortie, len(m.Volumes), d.Format)
	}
	return nil
}

// of reports whether m is of a delivery of the payroll.
func (p Paye) of(m *manifest.Manifest) bool {
	return m.Siret == p.Siret && m.Annee == fmt.Sprintf("%04d", p.Annee) && m.Mois == fmt.Sprintf("%02d", p.Mois) && m.Train == p.Train
}

// Recorder keeps account of deliveries. Prepare is told of one that is about to
// appear, written and verified; an error of it leaves the folder as it was.
// Published is told once the delivery is in place, with what Prepare returned.
// When the process ends between the two, the next run in the folder completes
// the delivery and calls Published: a delivery is in place and recorded, or
// neither. Published must stand being told twice, and of a delivery that another
// process prepared.
type Recorder interface {
	Prepare(context.Context, *Account) (note []byte, err error)
	Published(note []byte) error
}

// Account is what a recorder is told of a delivery.
type Account struct {
	Dir      string // of the files, as it was asked for
	Paye     Paye
	Manifest *manifest.Manifest
	Contents [][]Content // of each volume of a PES: its PJ, in order
}

// Content is a PJ of a volume.
type Content struct {
	IdUnique string
	Genre    string // pespj.GenrePaye or GenrePJ
	SHA256   string // of what IdUnique stands for
	Octets   int64
}

// Memory knows what was sent before. It is asked about PES files only.
type Memory interface {
	// Past reports whether a volume of the payroll has left, or may have, and
	// whether names of its month are taken.
	Past(context.Context, Paye) (sent, names bool, err error)
	// Known returns those of the pieces (SHA-256 by IdUnique) that the
	// accountant has, or that are on their way there.
	Known(context.Context, Paye, map[string]string) (map[string]bool, error)
	// Envoi returns the first number that gives a NomFic never used.
	Envoi(context.Context, Paye, func(envoi int) (nomFic string, err error)) (int, error)
}

func newDemand(r Request, w Watch) *demand {
	d := &demand{Request: r, Watch: w}
	if d.Format == "" {
		d.Format = FormatPES
	}
	if d.Packaging == "" {
		d.Packaging = EnArchive
	}
	if d.Progress == nil {
		d.Progress = new(progress.Progress)
	}
	if d.Anomalie == nil {
		d.Anomalie = func(*anomalie.Anomalie) {}
	}
	return d
}

// The phases of the work, in bytes.
const (
	Pieces   progress.Phase = "pieces"   // looking at the pieces
	Reading  progress.Phase = "lecture"  // reading the journal
	Planning progress.Phase = "plan"     // planning the volumes
	Writing  progress.Phase = "ecriture" // writing and reading back
	Encodage progress.Phase = "encodage" // all of Online: bytes read, written and read back
	Termine  progress.Phase = "fin"
)
