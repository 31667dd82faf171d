package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"paye/internal/anomalie"
)

// Brake makes a source wait that failed to say who it is too often. A password
// that fails costs the machine much and its owner his account; a source has so
// many attempts, and gets them back over a while.
//
// A caller whose token is good is never braked: colleagues share addresses.
type Brake struct {
	essais  int
	duree   time.Duration
	horloge func() time.Time

	mu      sync.Mutex
	sources map[string]reserve
}

// reserve is what a source had left of its attempts, and when.
type reserve struct {
	left float64
	at   time.Time
}

// maxSources bounds what a Brake remembers.
const maxSources = 10_000

// NewBrake grants so many failures within a while.
func NewBrake(essais int, duree time.Duration, horloge func() time.Time) *Brake {
	return &Brake{essais: essais, duree: duree, horloge: horloge, sources: make(map[string]reserve)}
}

// Essai tries a password: not at all when the source of the request has to
// wait. The attempt is taken before it is made, so that a thousand at once are
// no more than one after the other, and given back unless the caller failed.
// Only an anomaly is a failure of the caller.
func (f *Brake) Essai(ctx context.Context, try func() error) error {
	source := Source(ctx)
	if wait := f.take(source); wait > 0 {
		return f.refusal(wait)
	}
	err := try()
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		f.giveBack(source)
	}
	return err
}

// Verdict counts err, the verdict over a token that was cheap to verify, and
// returns it, or that the source has to wait.
func (f *Brake) Verdict(ctx context.Context, err error) error {
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		return err
	}
	if wait := f.take(Source(ctx)); wait > 0 {
		return f.refusal(wait)
	}
	return err
}

func (f *Brake) refusal(wait time.Duration) error {
	return Codes.New(TropDEchecs, int((wait+time.Second-1)/time.Second))
}

// now is what a source has left, refilled for the time that went by.
func (f *Brake) now(source string) reserve {
	now := f.horloge()
	r, known := f.sources[source]
	if !known {
		return reserve{float64(f.essais), now}
	}
	back := float64(f.essais) * float64(now.Sub(r.at)) / float64(f.duree)
	return reserve{min(float64(f.essais), r.left+max(0, back)), now}
}

// take takes an attempt of a source, or says how long until it has one.
func (f *Brake) take(source string) (wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.now(source)
	if r.left < 1 {
		return time.Duration((1 - r.left) * float64(f.duree) / float64(f.essais))
	}
	r.left--
	if _, known := f.sources[source]; !known && len(f.sources) >= maxSources {
		f.forget()
	}
	f.sources[source] = r
	return 0
}

func (f *Brake) giveBack(source string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.now(source)
	if r.left++; r.left >= float64(f.essais) {
		delete(f.sources, source)
		return
	}
	f.sources[source] = r
}

// forget makes room: those who have all their attempts again, else whoever has
// most of them, as somebody who floods the table has.
func (f *Brake) forget() {
	var best string
	most := -1.0
	for source := range f.sources {
		switch left := f.now(source).left; {
		case left >= float64(f.essais):
			delete(f.sources, source)
		case left > most:
			best, most = source, left
		}
	}
	if len(f.sources) >= maxSources {
		delete(f.sources, best)
	}
}
