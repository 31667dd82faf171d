package pack

import (
	"errors"
	"fmt"
)

// Plan says where every item goes. There is always a volume 0, even for no item; it may be empty of items only when it has
// to be (nothing fits beside First). No other volume is empty.
type Plan struct {
	Volume  []int32 // volume of every item, 0 to Volumes-1
	Volumes int
}

// Expand returns the plan of the original items from that of the merged ones; into comes from Merge.
func (p Plan) Expand(into []int32) Plan {
	volume := make([]int32, len(into))
	for i, m := range into {
		volume[i] = p.Volume[m]
	}
	return Plan{Volume: volume, Volumes: p.Volumes}
}

// Measure is what a plan costs, computed from nothing but the instance and the plan.
type Measure struct {
	Size       []int64 // bytes of every volume, fixed parts included
	Items      []int32 // items of every volume
	Duplicated int64   // bytes of the copies of pieces beyond the first of each
	Breaks     int     // neighbours of the book that are in different volumes
}

// ErrPlan is wrapped by every error of Verify.
var ErrPlan = errors.New("invalid plan")

// Verify measures a plan, and refuses it unless every item is in one existing volume and no volume exceeds the limit.
// It shares no code with the solver.
func Verify(in *Instance, p Plan) (Measure, error) {
	if len(p.Volume) != in.Items() {
		return Measure{}, fmt.Errorf("%w: %d items placed of %d", ErrPlan, len(p.Volume), in.Items())
	}
	if p.Volumes < 1 || p.Volumes > in.Items()+1 {
		return Measure{}, fmt.Errorf("%w: %d volumes for %d items", ErrPlan, p.Volumes, in.Items())
	}
	m := Measure{Size: make([]int64, p.Volumes), Items: make([]int32, p.Volumes)}
	members := make([][]int32, p.Volumes)
	for i, v := range p.Volume {
		if v < 0 || int(v) >= p.Volumes {
			return Measure{}, fmt.Errorf("%w: item %d is in volume %d of %d", ErrPlan, i, v, p.Volumes)
		}
		if i > 0 && v != p.Volume[i-1] {
			m.Breaks++
		}
		m.Items[v]++
		members[v] = append(members[v], int32(i))
	}
	copies := make([]int64, len(in.Piece))
	seen := make([]int, len(in.Piece))
	for v := range members {
		m.Size[v] = in.Fixed
		if v == 0 {
			m.Size[v] += in.First
		} else if m.Items[v] == 0 {
			return Measure{}, fmt.Errorf("%w: volume %d is empty", ErrPlan, v)
		}
		for _, i := range members[v] {
			m.Size[v] += in.Private[i]
			for _, j := range in.Refs(int(i)) {
				if seen[j] != v+1 {
					seen[j] = v + 1
					m.Size[v] += in.Piece[j]
					if copies[j]++; copies[j] > 1 {
						m.Duplicated += in.Piece[j]
					}
				}
			}
		}
		if m.Size[v] > in.Limit {
			return Measure{}, fmt.Errorf("%w: volume %d has %d bytes, limit %d", ErrPlan, v, m.Size[v], in.Limit)
		}
	}
	return m, nil
}
