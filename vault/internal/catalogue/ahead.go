package catalogue

import (
	"os"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/acts"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// opened is a frame with what its bytes say by themselves, whatever stands before it.
type opened struct {
	*journal.Frame
	computed []tlog.Hash // of the headers; those that were written where there is none
	bodies   []any       // by bodyOf
}

func openFrame(k *keys.Ring, f *journal.Frame) *opened {
	o := &opened{f, make([]tlog.Hash, len(f.Hashes)), make([]any, len(f.Hashes))}
	for i, r := range f.Records {
		if o.computed[i] = f.Hashes[i]; r != nil {
			o.computed[i], o.bodies[i] = r.Leaf(), bodyOf(k, r)
		}
	}
	return o
}

// depot is the body of a deposit, and what documents are found by.
type depot struct {
	acts.Depot
	cle, empreinte []byte
}

// bodyOf opens the body of an event that changes the catalogue: *acts.Identite, *depot, *acts.Destruction, *acts.FicheBody.
// It is nil for others, and where it does not open.
func bodyOf(k *keys.Ring, r *journal.Record) any {
	switch r.Genre {
	case journal.EvAgent:
		if c := new(acts.Identite); r.Body(k, nil, c) == nil {
			return c
		}
	case journal.EvDepot:
		if c := new(depot); r.Body(k, nil, &c.Depot) == nil {
			c.cle, c.empreinte = k.Tag("document", c.BusinessKey()), k.Tag("empreinte", []byte(c.Empreinte))
			return c
		}
	case journal.EvDestruction:
		if c := new(acts.Destruction); r.Body(k, nil, c) == nil {
			return c
		}
	case journal.EvFiche:
		if c := new(acts.FicheBody); r.Body(k, nil, c) == nil {
			return c
		}
	}
	return nil
}

// ahead reads and opens the frames of a segment from an offset on, while those before are applied. It stops where no frame
// follows, which who applies looks at himself, and when done is closed.
func ahead(k *keys.Ring, f *os.File, n, offset, size int64, done <-chan struct{}) <-chan *opened {
	frames := make(chan *opened, 1)
	go func() {
		defer close(frames)
		for {
			fr, err := journal.ReadFrame(f, n, offset, size)
			if err != nil {
				return
			}
			offset += fr.Size
			select {
			case frames <- openFrame(k, fr):
			case <-done:
				return
			}
		}
	}()
	return frames
}
