package pack

import "slices"

// balance looks by dichotomy for the lowest limit under which the plan still fits in as many volumes: by moving its cuts if
// the order is to be kept, else by evening out the items with pieces and pouring the others again.
func (s *solver) balance() {
	if s.o.KeepOrder {
		s.balanceOrder()
		return
	}
	plan := s.best.Plan
	if s.o.Class == nil {
		s.balanceSand(s.level())
	}
	s.balanceSand(plan)
}

func (s *solver) balanceOrder() {
	narrow := *s.in
	low, high := int64(0), s.in.Limit // plans exist at high
	for low+1 < high && s.ctx.Err() == nil {
		narrow.Limit = low + (high-low)/2
		if narrow.Validate() == nil && NextFit(&narrow).Volumes <= s.best.Plan.Volumes {
			high = narrow.Limit
		} else {
			low = narrow.Limit
		}
	}
	narrow.Limit = high
	s.replace(slideCuts(&narrow, s.o.Class, NextFit(&narrow)))
}

// balanceSand keeps the volumes that a plan has for the items with pieces and pours the others again under the lowest limit
// that works.
func (s *solver) balanceSand(plan Plan) {
	volume := make([]int32, s.in.Items())
	coreOnly := *s.in
	coreOnly.Private = make([]int64, s.in.Items())
	for i, v := range plan.Volume {
		volume[i] = unplaced
		if len(s.in.Refs(i)) > 0 {
			volume[i] = v
			coreOnly.Private[i] = s.in.Private[i]
		}
	}
	used := volumeSizes(&coreOnly, plan)
	used[0] += s.in.First
	attempt := func(room int64) (Plan, bool) {
		free := make([]int64, len(used))
		for v := range free {
			free[v] = max(0, room-used[v])
		}
		p := Plan{Volume: append([]int32(nil), volume...), Volumes: len(used)}
		return p, pour(s.in, p.Volume, free)
	}
	low, high := int64(-1), s.in.Room()
	for low+1 < high && s.ctx.Err() == nil {
		room := low + (high-low)/2
		if p, fits := attempt(room); fits {
			high = room
			s.replace(p)
		} else {
			low = room
		}
	}
}

// replace takes a plan of as many volumes and no more class cuts whose largest volume is smaller.
func (s *solver) replace(p Plan) {
	p = s.named(p)
	m, err := Verify(s.in, p)
	cuts := classCuts(s.o.Class, p)
	if err != nil || p.Volumes != s.best.Plan.Volumes || cuts > s.best.ClassCuts || slices.Max(m.Size) >= slices.Max(s.best.Measure.Size) {
		return
	}
	s.best.Plan, s.best.Measure, s.best.ClassCuts = p, m, cuts
}
