package pack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Options are the wishes and the budget of Solve. The zero value asks for the fewest volumes within DefaultWork.
type Options struct {
	KeepOrder bool    // volumes are runs of the book; the fewest among such plans
	Balance   bool    // at the number of volumes found, even sizes: by moving cuts if the order is kept, else items without pieces
	Class     []int32 // class of every item (établissement, service…), or nil; cut as few classes as the number of volumes allows

	// Work is the budget in elementary steps of the search, some nanoseconds each. Zero means DefaultWork, or no limit if
	// Time is given. The plan depends on it but not on the machine.
	Work int64
	// Time, if positive, ends the search after that time too; the plan then depends on the machine.
	Time time.Duration
	// Clock is what Time is read on, from any origin; nil means the monotonic clock.
	Clock func() time.Duration

	Seed     uint64    // of the pseudo-random choices of the search
	Progress *Progress // written while solving, if not nil
}

// DefaultWork is some tenths of a second.
const DefaultWork = 100_000_000

// Tier names the method that found a plan.
type Tier uint8

const (
	TierOrder  Tier = iota // next-fit in the order of the book
	TierShare              // construction that looks at shared pieces, refined
	TierSearch             // tabu search at a fixed number of volumes
)

func (t Tier) String() string { return [...]string{"order", "share", "search"}[t] }

// Result is the best plan found, what it costs, and what is proved about it.
type Result struct {
	Plan       Plan
	Measure    Measure
	Bound      Certificate
	Tier       Tier  // that found the plan
	ClassCuts  int   // classes that are in more than one volume, each counted once a volume beyond its first
	Work       int64 // spent
	Contiguous bool  // the plan is the best only among those that keep the order
}

// Proved says that no plan has fewer volumes: among all plans, or among contiguous ones if the order was to be kept.
func (r Result) Proved() bool { return r.Contiguous || r.Plan.Volumes == r.Bound.Volumes }

// Solve plans the fewest volumes it can; at equal number the fewest class cuts, then the fewest duplicated bytes, then the
// fewest breaks of the order, among the plans it meets; then Balance. A cancelled context ends it early with the best plan
// so far and no error. An error comes from Validate or says that the options do not fit the instance.
func Solve(ctx context.Context, in *Instance, o Options) (Result, error) {
	if err := in.Validate(); err != nil {
		return Result{}, err
	}
	if o.Class != nil && len(o.Class) != in.Items() {
		return Result{}, fmt.Errorf("%w: %d classes for %d items", ErrMalformed, len(o.Class), in.Items())
	}
	if o.Work < 0 || o.Time < 0 {
		return Result{}, errors.New("negative budget of work or time")
	}
	s := newSolver(ctx, in, o)
	s.offer(TierOrder, NextFit(in))
	if o.KeepOrder {
		s.best.Contiguous = true
		s.offer(TierOrder, slideCuts(in, o.Class, s.best.Plan))
	} else {
		if o.Class != nil || !countable(in) { // else the search begins at plans as good, in no time
			s.share()
		}
		if s.search() {
			s.polish()
		}
	}
	if o.Balance {
		s.balance()
	}
	s.best.Work = s.spent
	return s.best, nil
}

// A solver is one run of Solve.
type solver struct {
	ctx   context.Context
	in    *Instance
	o     Options
	best  Result
	spent int64 // work of the stages that ended
	until time.Duration
}

func newSolver(ctx context.Context, in *Instance, o Options) *solver {
	if o.Work == 0 && o.Time == 0 {
		o.Work = DefaultWork
	}
	if o.Clock == nil {
		start := time.Now()
		o.Clock = func() time.Duration { return time.Since(start) }
	}
	if o.Progress == nil {
		o.Progress = new(Progress)
	}
	s := &solver{ctx: ctx, in: in, o: o}
	if o.Time > 0 {
		s.until = o.Clock() + o.Time
	}
	s.best.Bound = Bound(in)
	o.Progress.bound.Store(int64(s.best.Bound.Volumes))
	return s
}

// stop says whether the budget is spent, when the current stage has done some work.
func (s *solver) stop(work int64) bool {
	s.o.Progress.work.Store(s.spent + work)
	return s.o.Work > 0 && s.spent+work >= s.o.Work || s.ctx.Err() != nil || s.o.Time > 0 && s.o.Clock() >= s.until
}

// offer keeps a plan if it is better than the best one, and reports whether it is.
func (s *solver) offer(t Tier, p Plan) bool {
	p = s.named(p)
	m, err := Verify(s.in, p)
	if err != nil {
		return false // never seen; a plan that does not verify is worth nothing
	}
	cuts := classCuts(s.o.Class, p)
	if b := &s.best; b.Plan.Volumes > 0 && slices.Compare(
		[]int64{int64(b.Plan.Volumes), int64(b.ClassCuts), b.Measure.Duplicated, int64(b.Measure.Breaks)},
		[]int64{int64(p.Volumes), int64(cuts), m.Duplicated, int64(m.Breaks)}) <= 0 {
		return false
	}
	s.best.Plan, s.best.Measure, s.best.ClassCuts, s.best.Tier = p, m, cuts, t
	s.o.Progress.volumes.Store(int64(p.Volumes))
	s.o.Progress.tier.Store(int64(t))
	return true
}

// classCuts counts the volumes of every class beyond its first.
func classCuts(class []int32, p Plan) int {
	type pair struct{ class, volume int32 }
	pairs, classes := make(map[pair]bool), make(map[int32]bool)
	for i, c := range class {
		pairs[pair{c, p.Volume[i]}] = true
		classes[c] = true
	}
	return len(pairs) - len(classes)
}

// named numbers the volumes of a plan for the reader: runs keep their order.
func (s *solver) named(p Plan) Plan {
	if s.o.KeepOrder {
		return p
	}
	return normal(s.in, p)
}

// normal numbers the volumes by the first item they hold, without empty ones. Volume 0 is the first of them that has room
// for First.
func normal(in *Instance, p Plan) Plan {
	size := volumeSizes(in, p)
	name := make([]int32, p.Volumes)
	for v := range name {
		name[v] = unplaced
	}
	for _, v := range p.Volume {
		if size[v] <= in.Room()-in.First {
			name[v] = 0
			break
		}
	}
	out := Plan{Volume: make([]int32, len(p.Volume)), Volumes: 1}
	for i, v := range p.Volume {
		if name[v] < 0 {
			name[v] = int32(out.Volumes)
			out.Volumes++
		}
		out.Volume[i] = name[v]
	}
	return out
}

// volumeSizes returns the bytes of every volume without its fixed parts.
func volumeSizes(in *Instance, p Plan) []int64 {
	size := make([]int64, p.Volumes)
	start := make([]int32, p.Volumes+1)
	for i, v := range p.Volume {
		size[v] += in.Private[i]
		start[v+1]++
	}
	if len(in.Ref) == 0 {
		return size
	}
	for v := range size {
		start[v+1] += start[v]
	}
	items := make([]int32, len(p.Volume))
	for i, v := range p.Volume {
		items[start[v]] = int32(i)
		start[v]++
	}
	last := make([]int32, len(in.Piece)) // last volume seen to hold a piece, plus one
	for _, i := range items {
		v := p.Volume[i]
		for _, j := range in.Refs(int(i)) {
			if last[j] != v+1 {
				last[j] = v + 1
				size[v] += in.Piece[j]
			}
		}
	}
	return size
}
