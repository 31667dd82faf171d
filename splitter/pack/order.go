package pack

import "math"

// slideCuts returns the contiguous plan with as many volumes as p, itself contiguous and of fewest volumes, whose cuts
// fall where they separate the fewest classes, then the fewest bytes of pieces with items on both sides. A cut may slide
// between the last place that leaves the rest enough volumes and the first that the volume cannot reach.
func slideCuts(in *Instance, class []int32, p Plan) Plan {
	n := in.Items()
	if p.Volumes < 2 {
		return p
	}
	earliest := earliestCuts(in, p.Volumes)
	straddle := straddled(in)
	out := Plan{Volume: make([]int32, n), Volumes: p.Volumes}
	from := 0
	for v := range p.Volumes {
		to := reach(in, from, v == 0)
		if v < p.Volumes-1 {
			best, bestClass, bestBytes := to, 2, int64(math.MaxInt64)
			for cut := to; cut >= max(earliest[v+1], from+1); cut-- {
				split := 0
				if class != nil && cut > 0 && cut < n && class[cut-1] == class[cut] {
					split = 1
				}
				if split < bestClass || split == bestClass && straddle[cut] < bestBytes {
					best, bestClass, bestBytes = cut, split, straddle[cut]
				}
			}
			to = best
		}
		for i := from; i < to; i++ {
			out.Volume[i] = int32(v)
		}
		from = to
	}
	return out
}

// reach returns the end of the longest run from an item that a volume holds.
func reach(in *Instance, from int, first bool) int {
	f := Filler{Limit: in.Limit, Fixed: in.Fixed}
	if first {
		f.First = in.First
	}
	for i := from; i < in.Items(); i++ {
		if f.Place(in.Private[i], in.Refs(i), in.Piece) > 0 {
			return i
		}
	}
	return in.Items()
}

// earliestCuts returns, for every volume v of k, the first item it may begin with so that volumes v to k-1 hold the rest:
// next-fit from the end of the book.
func earliestCuts(in *Instance, k int) []int {
	cuts := make([]int, k)
	f := Filler{Limit: in.Limit, Fixed: in.Fixed}
	v := k - 1
	for i := in.Items() - 1; i >= 0 && v > 0; i-- {
		if int(f.Place(in.Private[i], in.Refs(i), in.Piece)) > k-1-v {
			cuts[v] = i + 1
			v--
		}
	}
	return cuts
}

// straddled returns, for every place between two items, the bytes of the pieces that are referenced on both sides.
func straddled(in *Instance) []int64 {
	n := in.Items()
	bytes := make([]int64, n+1)
	first := make([]int32, len(in.Piece))
	last := make([]int32, len(in.Piece))
	for i := range n {
		for _, j := range in.Refs(i) {
			if last[j] == 0 {
				first[j] = int32(i) + 1
			}
			last[j] = int32(i) + 1
		}
	}
	for j, s := range in.Piece {
		if last[j] > 0 {
			bytes[first[j]] += s
			bytes[last[j]] -= s
		}
	}
	for cut := 1; cut <= n; cut++ {
		bytes[cut] += bytes[cut-1]
	}
	return bytes
}
