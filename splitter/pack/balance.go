package pack

// balance lowers the limit as far as the method that found the plan still reaches the same number of volumes: by dichotomy
// over next-fit if the order is to be kept, else by moving sand out of the largest volumes.
func (s *solver) balance() {
	if s.o.KeepOrder {
		s.balanceOrder()
		return
	}
	s.balanceSand()
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
	s.replace(NextFit(&narrow))
}

// balanceSand keeps the volumes of the items with pieces and pours the others again under the lowest limit that works.
func (s *solver) balanceSand() {
	var core Plan
	core.Volumes = s.best.Plan.Volumes
	volume := make([]int32, s.in.Items())
	coreOnly := *s.in
	coreOnly.Private = make([]int64, s.in.Items())
	for i, v := range s.best.Plan.Volume {
		volume[i] = unplaced
		if len(s.in.Refs(i)) > 0 {
			volume[i] = v
			coreOnly.Private[i] = s.in.Private[i]
		}
	}
	core.Volume = s.best.Plan.Volume
	used := volumeSizes(&coreOnly, core)
	used[0] += s.in.First
	attempt := func(room int64) (Plan, bool) {
		free := make([]int64, len(used))
		for v := range free {
			free[v] = max(0, room-used[v])
		}
		p := Plan{Volume: append([]int32(nil), volume...), Volumes: core.Volumes}
		return p, pour(s.in, p.Volume, free)
	}
	low, high := int64(-1), s.in.Room()
	for low+1 < high && s.ctx.Err() == nil {
		if room := low + (high-low)/2; s.pours(attempt, room) {
			high = room
		} else {
			low = room
		}
	}
	if p, fits := attempt(high); fits {
		s.replace(p)
	}
}

func (s *solver) pours(attempt func(int64) (Plan, bool), room int64) bool {
	_, fits := attempt(room)
	return fits
}

// replace takes a plan of as many volumes whose largest is smaller, provided that it costs no earlier wish but breaks.
func (s *solver) replace(p Plan) {
	if p = normal(s.in, p); p.Volumes != s.best.Plan.Volumes {
		return
	}
	m, err := Verify(s.in, p)
	if err != nil || largest(m.Size) >= largest(s.best.Measure.Size) {
		return
	}
	s.best.Plan, s.best.Measure, s.best.ClassCuts = p, m, classCuts(s.o.Class, p)
}

func largest(sizes []int64) int64 {
	var most int64
	for _, s := range sizes {
		most = max(most, s)
	}
	return most
}
