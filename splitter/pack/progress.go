package pack

import "sync/atomic"

// Progress is what a caller may look at, from any goroutine, while Solve runs.
type Progress struct {
	work, volumes, bound, tier atomic.Int64
}

// Snapshot is a moment of Progress. Volumes is 0 until a first plan is known.
type Snapshot struct {
	Work    int64
	Volumes int
	Bound   int
	Tier    Tier
}

// Snapshot may be called at any time.
func (p *Progress) Snapshot() Snapshot {
	return Snapshot{Work: p.work.Load(), Volumes: int(p.volumes.Load()), Bound: int(p.bound.Load()), Tier: Tier(p.tier.Load())}
}
