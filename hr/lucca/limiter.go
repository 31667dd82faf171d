package lucca

import (
	"context"
	"sync"
	"time"

	"paye/hr"
)

// The tenant allows 50 requests a minute to all its programs together. We take
// 40, and of these at most burst at once, so that no window of a minute sees
// more than 45.
const (
	perMinute = 40
	burst     = 5
)

// limiter is a token bucket on an injected clock.
type limiter struct {
	clock hr.Clock
	mu    sync.Mutex
	level float64 // tokens, burst at most
	at    time.Time
}

func newLimiter(clock hr.Clock) *limiter {
	return &limiter{clock: clock, level: burst, at: clock.Now()}
}

// wait takes a token, when there is one.
func (l *limiter) wait(ctx context.Context) error {
	l.mu.Lock()
	now := l.clock.Now()
	if passed := now.Sub(l.at); passed > 0 {
		l.level = min(burst, l.level+passed.Minutes()*perMinute)
		l.at = now
	}
	l.level--
	missing := -l.level
	l.mu.Unlock()
	if missing <= 0 {
		return ctx.Err()
	}
	return l.clock.Sleep(ctx, time.Duration(missing*float64(time.Minute)/perMinute))
}
