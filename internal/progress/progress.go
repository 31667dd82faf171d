// Package progress says how far a piece of work is. Whoever works counts;
// whoever watches asks when it likes, from any goroutine: a bar on a terminal,
// a line of JSON, a page that refreshes itself.
//
// Glossary:
//
//	Progress  the counters of one piece of work
//	Phase     a step of it, by its key in JSON: "lecture", "plan"…
package progress

import (
	"sync"
	"sync/atomic"
)

// Phase is a step of a piece of work. A front has its words for it.
type Phase string

// Progress is how far a piece of work is. The zero Progress has not begun; its
// methods may be called at any time.
type Progress struct {
	mu    sync.Mutex
	phase Phase
	total int64
	done  atomic.Int64
}

// Begin starts a phase of total bytes, or of any other unit that the work says;
// 0 when the total is not known.
func (p *Progress) Begin(phase Phase, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.phase, p.total = phase, total
	p.done.Store(0)
}

// Expect adds n to the total of the phase under way.
func (p *Progress) Expect(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total += n
}

// Add counts n more units of the phase under way.
func (p *Progress) Add(n int64) { p.done.Add(n) }

// Done is the counter of the phase under way, for a reader that counts by
// itself.
func (p *Progress) Done() *atomic.Int64 { return &p.done }

// Status returns the phase under way, what is done and what there is to do;
// total is 0 when it is not known.
func (p *Progress) Status() (phase Phase, done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.phase, p.done.Load(), p.total
}
