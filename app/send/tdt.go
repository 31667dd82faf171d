package send

import (
	"context"
	"io"
	"os"
	"time"

	"paye/internal/fluxbook"
)

// Tdt is a platform that takes fluxes to Hélios, or a folder that it empties.
type Tdt interface {
	// Name is what the book calls the platform; it holds no secret.
	Name() string
	// Probe tells whether the platform would take a flux now, without giving
	// it one.
	Probe(ctx context.Context) error
	// Deposit hands over one flux. It MUST NOT say IssueNonParti when the
	// platform may have all of its bytes, and MUST be harmless when the
	// platform has the flux already and keeps it.
	Deposit(ctx context.Context, e *Envelope) Outcome
	// Find looks in what the platform itself says it has for a flux whose
	// deposit had no clear answer: IssueDepose where it is there, IssueNonParti
	// where it surely is not now, IssueIncertain where that cannot be told.
	Find(ctx context.Context, e *Envelope) Outcome
	// Follow asks what became of fluxes that were deposited, and fetches the
	// acknowledgments that are there; of those, known reports the ones that the
	// book has by name and size. It gives what it learns to news; an error of
	// one flux does not hide the others.
	Follow(ctx context.Context, sent []*Sent, known func(name string, size int64) bool, news func(*News) error) error
}

// Envelope is a flux to hand over.
type Envelope struct {
	NomFic  string
	Octets  int64
	SHA256  string
	Resumed bool      // it was handed over before, and may have arrived
	Since   time.Time // when the first attempt whose fate is not known began
	Open    func() (io.ReadCloser, error)
}

// Sent is a flux that a platform has, or may have.
type Sent struct {
	*fluxbook.Flux
	Since time.Time // when the attempt began, where its number is not known
}

func envelope(f *Sent) *Envelope {
	return &Envelope{NomFic: f.NomFic, Octets: f.Octets, SHA256: f.SHA256, Since: f.Since, Open: func() (io.ReadCloser, error) { return os.Open(f.Fichier) }}
}

// Outcome is how an attempt ended.
type Outcome struct {
	Issue       fluxbook.Issue
	Transaction string // number that the platform gave, "" when it gives none
	Message     string // its words, or what happened on the network
	Network     bool   // of IssueNonParti: trying again may help
}

// News is what a platform says.
type News struct {
	Flux        *fluxbook.Flux // nil for an acknowledgment of a folder
	Etat        fluxbook.Etat  // Depose, Transmis or Refuse; "" when nothing is said
	Message     string
	Acquit      []byte // an acknowledgment, nil without one
	Fichier     string // its name
	Transaction string
	Absent      bool  // the platform does not have the flux now
	Faute       error // of asking
}
