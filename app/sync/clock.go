package sync

import (
	"context"
	"time"
)

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now is the time of the machine.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits for d, or for the end of ctx.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Next is when a clock in zone next shows hour:minute after now, on each day
// once: where summer time begins, an hour that does not exist is the same
// instant an hour later on the clock; where it ends, an hour that comes twice
// is the first of them.
func Next(now time.Time, hour, minute int, zone *time.Location) time.Time {
	y, m, d := now.In(zone).Date()
	at := first(time.Date(y, m, d, hour, minute, 0, 0, zone))
	if !at.After(now) {
		at = first(time.Date(y, m, d+1, hour, minute, 0, 0, zone))
	}
	return at
}

// first is the earlier of the two instants that show the same time where
// summer time ends.
func first(at time.Time) time.Time {
	if earlier := at.Add(-time.Hour); earlier.Format(time.DateTime) == at.Format(time.DateTime) {
		return earlier
	}
	return at
}

// Loop calls f at hour:minute of each day in Paris until ctx ends; what a run
// returns ends the loop only when f says so.
func (j *Job) Loop(ctx context.Context, hour, minute int, waiting func(time.Time), f func(context.Context) error) error {
	for {
		now := j.o.Clock.Now()
		next := Next(now, hour, minute, j.zone)
		if waiting != nil {
			waiting(next)
		}
		// A machine that slept, or whose clock was set, is asked again.
		for now.Before(next) {
			if err := j.o.Clock.Sleep(ctx, min(next.Sub(now), time.Minute)); err != nil {
				return err
			}
			now = j.o.Clock.Now()
		}
		if err := f(ctx); err != nil {
			return err
		}
	}
}
