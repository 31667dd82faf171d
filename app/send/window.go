package send

import (
	"context"
	"fmt"
	"time"

	"paye/internal/fluxbook"
)

// Window is when, and how much an hour, a platform transmits: what is handed
// over beyond waits at its door, before everybody's. The zero Window is always
// open.
type Window struct {
	From, To int   // hours of the day, in Zone; open from From to To-1 o'clock; equal: all day
	Octets   int64 // an hour; 0: no bound
	Zone     *time.Location
}

// ParseWindow reads "8-20"; "" is all day.
func ParseWindow(s string) (w Window, err error) {
	if s == "" {
		return w, nil
	}
	var rest string
	if n, _ := fmt.Sscanf(s+" end", "%d-%d %s", &w.From, &w.To, &rest); n != 3 || rest != "end" || w.From < 0 || w.From > 23 || w.To < 1 || w.To > 24 || w.From == w.To {
		return w, Codes.New(FenetreFausse)
	}
	return w, nil
}

// opens returns when a flux of that many bytes may be handed over: now, or the
// next hour that has room. One that is larger than an hour's room goes in an
// hour of its own, or it would never go.
func (w Window) opens(ctx context.Context, b *fluxbook.Book, octets int64) (time.Time, error) {
	zone := w.Zone
	if zone == nil {
		zone = time.Local
	}
	now := b.Now().In(zone)
	at := now
	for range 48 {
		if w.open(at.Hour()) {
			room, err := w.room(ctx, b, at, now, octets)
			if err != nil || room {
				return at, err
			}
		}
		at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), 0, 0, 0, zone).Add(time.Hour)
	}
	return at, nil
}

func (w Window) open(hour int) bool {
	switch {
	case w.From == w.To:
		return true
	case w.From < w.To:
		return hour >= w.From && hour < w.To
	}
	return hour >= w.From || hour < w.To // over midnight
}

// room reports whether the hour of at takes that many bytes more.
func (w Window) room(ctx context.Context, b *fluxbook.Book, at, now time.Time, octets int64) (bool, error) {
	if w.Octets <= 0 || at.After(now) {
		return true, nil
	}
	since := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), 0, 0, 0, at.Location())
	sent, err := b.Bytes(ctx, since)
	return sent == 0 || sent+octets <= w.Octets, err
}
