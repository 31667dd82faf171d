package send

import (
	"context"

	"paye/internal/anomalie"
	"paye/internal/fluxbook"
)

// Followed is one thing that was learnt.
type Followed struct {
	Flux    *fluxbook.Flux // nil for an acknowledgment of a folder
	Message string
	Answer  *Lecture // an acknowledgment that was applied, nil without one
	Faute   error    // of asking about this flux
}

// Follow asks the platform about every flux that waits for an answer, applies
// what it says, and applies the acknowledgments that are there.
func (s *Sender) Follow(ctx context.Context, result func(*Followed) error) error {
	there, err := s.Book.At(ctx, s.Tdt.Name())
	if err != nil {
		return err
	}
	sent := make([]*Sent, len(there))
	for i, f := range there {
		if sent[i], err = s.sent(ctx, f); err != nil {
			return err
		}
	}
	names, err := s.Book.AcquitNames(ctx)
	if err != nil {
		return err
	}
	known := func(name string, size int64) bool { return names[fluxbook.AcquitName{Fichier: name, Octets: size}] }
	return s.Tdt.Follow(ctx, sent, known, func(n *News) error {
		done, err := s.learn(ctx, n)
		if err != nil {
			return err
		}
		return result(done)
	})
}

// Settles is how long after an attempt a platform that does not list the flux
// may still be at work on it: three times what a deposit waits for an answer.
const Settles = 3 * answerDelay

// absent records that a platform does not have a flux whose fate was not known,
// once it can no longer be at work on it: it may leave again.
func (s *Sender) absent(ctx context.Context, f *fluxbook.Flux) (*anomalie.Anomalie, error) {
	if left := Settles - s.Book.Now().Sub(f.Depot); left > 0 {
		return Codes.New(PasListe, f.NomFic), nil
	}
	err := s.Book.NotThere(ctx, f)
	return Codes.New(JamaisArrive, f.NomFic), err
}

func (s *Sender) learn(ctx context.Context, n *News) (*Followed, error) {
	done := &Followed{Flux: n.Flux, Message: n.Message, Faute: n.Faute}
	if n.Absent {
		a, err := s.absent(ctx, n.Flux)
		if err != nil {
			return nil, err
		}
		done.Faute = a
		return done, nil
	}
	if n.Flux != nil && n.Etat != "" && (n.Acquit == nil || n.Transaction != n.Flux.Transaction) {
		if err := s.Book.Follow(ctx, n.Flux, n.Etat, n.Transaction, n.Message); err != nil {
			return nil, err
		}
	}
	if n.Acquit == nil {
		return done, nil
	}
	l, err := AcquitBytes(ctx, s.Book, n.Fichier, n.Acquit)
	switch {
	case err != nil:
		return nil, err
	case l.Faute != nil:
		done.Faute = l.Faute
	default:
		done.Answer = l
		// A platform may serve the answer to somebody else's flux.
		if n.Flux != nil && (l.Constat.Flux == nil || l.Constat.Flux.NomFic != n.Flux.NomFic) {
			done.Faute = Codes.New(AutreReponse, n.Flux.NomFic, l.Acquit.Flux.NomFic)
		}
	}
	return done, nil
}
