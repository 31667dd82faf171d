package pack

import (
	"cmp"
	"slices"
)

// unit is items of one volume that pieces tie together: moved as one, they
// bring no copy of a piece into being.
type unit struct {
	items []int32
	size  int64
}

// level moves units of the heaviest volume to the lightest, the one that evens
// the two most, as long as the heavier gets lighter. It sees the items that
// reference pieces only: what it returns may exceed the limit until the others
// are poured again.
func (s *solver) level() Plan {
	p := Plan{Volume: slices.Clone(s.best.Plan.Volume), Volumes: s.best.Plan.Volumes}
	units, load := s.units()
	for work := int64(0); !s.stop(work); work++ {
		from, to := heaviestAndLightest(load)
		gap := load[from] - load[to]
		at := nearest(units[from], gap/2)
		if at < 0 || units[from][at].size == 0 || units[from][at].size >= gap {
			return p
		}
		u := units[from][at]
		units[from] = slices.Delete(units[from], at, at+1)
		place, _ := slices.BinarySearchFunc(units[to], u.size, bySmall)
		units[to] = slices.Insert(units[to], place, u)
		load[from], load[to] = load[from]-u.size, load[to]+u.size
		for _, i := range u.items {
			p.Volume[i] = int32(to)
		}
	}
	return p
}

func bySmall(u unit, size int64) int { return cmp.Compare(u.size, size) }

// units are those of each volume, the smallest first, and what the volumes
// weigh with nothing else.
func (s *solver) units() (units [][]unit, load []int64) {
	plan := s.best.Plan
	tied := make([]int32, len(plan.Volume)) // the first item of its unit
	type copied struct{ piece, volume int32 }
	holder := make(map[copied]int32)
	for i := range tied {
		tied[i] = int32(i)
		for _, j := range s.in.Refs(i) {
			at := copied{j, plan.Volume[i]}
			if k, known := holder[at]; known {
				join(tied, int32(i), k)
			} else {
				holder[at] = int32(i)
			}
		}
	}
	size := make(map[int32]int64)
	for at, i := range holder {
		size[root(tied, i)] += s.in.Piece[at.piece]
	}
	members := make(map[int32][]int32)
	for i := range tied {
		if len(s.in.Refs(i)) > 0 {
			first := root(tied, int32(i))
			members[first] = append(members[first], int32(i))
			size[first] += s.in.Private[i]
		}
	}
	units, load = make([][]unit, plan.Volumes), make([]int64, plan.Volumes)
	for first, items := range members {
		v := plan.Volume[first]
		units[v] = append(units[v], unit{items, size[first]})
		load[v] += size[first]
	}
	load[0] += s.in.First
	for _, list := range units {
		slices.SortFunc(list, func(a, b unit) int { return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.items[0], b.items[0])) })
	}
	return units, load
}

// root is the first item of a unit, and join makes one of two.
func root(tied []int32, i int32) int32 {
	for tied[i] != i {
		tied[i] = tied[tied[i]]
		i = tied[i]
	}
	return i
}

func join(tied []int32, a, b int32) {
	a, b = root(tied, a), root(tied, b)
	tied[max(a, b)] = min(a, b)
}

func heaviestAndLightest(load []int64) (heaviest, lightest int) {
	for v := range load {
		if load[v] > load[heaviest] {
			heaviest = v
		}
		if load[v] < load[lightest] {
			lightest = v
		}
	}
	return heaviest, lightest
}

// nearest is the unit whose size is the nearest to size, -1 without units.
func nearest(units []unit, size int64) int {
	at, _ := slices.BinarySearchFunc(units, size, bySmall)
	switch {
	case len(units) == 0:
		return -1
	case at == len(units):
		return at - 1
	case at > 0 && size-units[at-1].size <= units[at].size-size:
		return at - 1
	}
	return at
}
