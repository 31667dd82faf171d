package send

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"paye/internal/fluxbook"
)

// Step is a moment of a deposit at which a process may die. The tests let it
// die at each.
type Step string

const (
	StepChecked Step = "checked" // the file is the one of the book
	StepBegun   Step = "begun"   // the book says that it is being sent
	StepHanded  Step = "handed"  // the platform answered, the book does not know
	StepEnded   Step = "ended"   // the book knows
)

// Steps are all of them, in order.
var Steps = []Step{StepChecked, StepBegun, StepHanded, StepEnded}

// Sender hands fluxes over to a platform. The zero Window is always open.
type Sender struct {
	Book   *fluxbook.Book
	Tdt    Tdt
	Window Window
	Tries  int                                        // of a network fault; 4 when 0
	Sleep  func(context.Context, time.Duration) error // between tries; nil waits
	Step   func(Step) error                           // may be nil
}

// Departure is what became of one flux.
type Departure struct {
	Flux    *fluxbook.Flux
	Issue   fluxbook.Issue // "" when it was not handed over
	Message string
	Absent  bool      // of IssueIncertain: the platform does not list it, for now
	Waits   time.Time // when its window opens, if that is why it waits
	Faute   error     // why it was not handed over
}

// Deposit hands over fluxes that are produced, or with fluxbook.Resume those
// whose fate is not known; each is told to result. Once the book says that a
// flux is being sent it is not handed over again, whatever happens.
func (s *Sender) Deposit(ctx context.Context, list []*fluxbook.Flux, again fluxbook.Again, result func(*Departure) error) error {
	for _, f := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := s.one(ctx, f, again)
		if err != nil {
			return err
		}
		if err := result(d); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sender) one(ctx context.Context, f *fluxbook.Flux, again fluxbook.Again) (*Departure, error) {
	d := &Departure{Flux: f}
	if d.Faute = intact(f); d.Faute != nil {
		return d, nil
	}
	opens, err := s.Window.opens(ctx, s.Book, f.Octets)
	if err != nil {
		return nil, err
	}
	if opens.After(s.Book.Now()) {
		d.Waits = opens
		return d, nil
	}
	if err := s.step(StepChecked); err != nil {
		return nil, err
	}
	if err := s.Book.Begin(ctx, f, s.Tdt.Name(), again); err != nil {
		d.Faute = err
		return d, nil
	}
	if err := s.step(StepBegun); err != nil {
		return nil, err
	}
	sent, err := s.sent(ctx, f)
	if err != nil {
		return nil, err
	}
	out := s.hand(ctx, sent, again == fluxbook.Resume)
	if out.Issue == fluxbook.IssueIncertain {
		out, d.Absent = s.find(ctx, sent, out)
	}
	if err := s.step(StepHanded); err != nil {
		return nil, err
	}
	// What happened is recorded even when the user has just interrupted.
	if err := s.Book.End(context.WithoutCancel(ctx), f, out.Issue, out.Transaction, out.Message); err != nil {
		return nil, err
	}
	d.Issue, d.Message = out.Issue, out.Message
	return d, s.step(StepEnded)
}

func (s *Sender) step(at Step) error {
	if s.Step == nil {
		return nil
	}
	return s.Step(at)
}

// hand tries until the platform answers or the network has failed too often.
// What a resumed flux does not prove stays uncertain: the first try may have
// arrived.
func (s *Sender) hand(ctx context.Context, f *Sent, resumed bool) Outcome {
	tries := s.Tries
	if tries <= 0 {
		tries = 4
	}
	e := envelope(f)
	e.Resumed = resumed
	var out Outcome
	for n := range tries {
		if n > 0 && s.sleep(ctx, time.Second<<(2*n)) != nil { // 4, 16, 64 s
			break
		}
		if out = s.Tdt.Deposit(ctx, e); out.Issue != fluxbook.IssueNonParti || !out.Network {
			break
		}
	}
	if resumed && out.Issue == fluxbook.IssueNonParti {
		out.Issue = fluxbook.IssueIncertain
	}
	return out
}

// find asks the platform itself after an answer that does not tell. That the
// flux is not there proves nothing yet: the platform may still be at work on it.
func (s *Sender) find(ctx context.Context, f *Sent, out Outcome) (_ Outcome, absent bool) {
	found := s.Tdt.Find(ctx, envelope(f))
	switch found.Issue {
	case fluxbook.IssueDepose:
		return found, false
	case fluxbook.IssueNonParti:
		return out, true
	}
	if found.Message != out.Message {
		out.Message = strings.TrimPrefix(out.Message+" ; "+found.Message, " ; ")
	}
	return out, false
}

// sent is a flux with when its attempt began.
func (s *Sender) sent(ctx context.Context, f *fluxbook.Flux) (*Sent, error) {
	since, err := s.Book.Began(ctx, f)
	return &Sent{f, since}, err
}

func (s *Sender) sleep(ctx context.Context, d time.Duration) error {
	if s.Sleep != nil {
		return s.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// intact refuses a file that is not the one that was produced.
func intact(f *fluxbook.Flux) error {
	octets, sum, err := FileDigest(f.Fichier)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.Absent()
	case err != nil:
		return err
	case octets != f.Octets || sum != f.SHA256:
		return fluxbook.Codes.New(fluxbook.FichierChange, f.NomFic).At(f.Fichier, -1, 0)
	}
	return nil
}

// FileDigest returns the length and the SHA-256 of a file.
func FileDigest(path string) (int64, string, error) {
	in, err := os.Open(path)
	if err != nil {
		return 0, "", fmt.Errorf("open %s: %w", path, err)
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.Copy(h, in)
	if err != nil {
		return 0, "", fmt.Errorf("read %s: %w", path, err)
	}
	return n, hex.EncodeToString(h.Sum(nil)), nil
}
