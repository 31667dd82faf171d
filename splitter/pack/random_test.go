package pack

import "math/rand/v2"

// randomInstance draws small instances of every kind: with and without pieces, sand, gravel, zero sizes, equal sizes.
// Every item fits in a volume beside Fixed, not always beside First.
func randomInstance(r *rand.Rand, maxItems int) *Instance {
	in := &Instance{Limit: 20 + r.Int64N(80)}
	in.Fixed = r.Int64N(in.Limit / 4)
	in.First = r.Int64N(in.Limit / 4)
	room := in.Room()
	grain := 1 + r.Int64N(room)
	for range r.IntN(7) {
		in.Piece = append(in.Piece, r.Int64N(1+r.Int64N(room)))
	}
	sharing := r.IntN(4)
	for range r.IntN(maxItems + 1) {
		private := r.Int64N(grain)
		left := room - private
		var refs []int32
		for range r.IntN(sharing + 1) {
			if len(in.Piece) == 0 {
				break
			}
			j := int32(r.IntN(len(in.Piece)))
			if left >= in.Piece[j] {
				left -= in.Piece[j]
				refs = append(refs, j)
			}
		}
		in.Add(private, refs...)
	}
	return in
}

// exhaustive returns the fewest volumes of any plan, by trying every assignment that differs by more than the names of volumes.
func exhaustive(in *Instance) int {
	n := in.Items()
	best := n + 1
	volume := make([]int, n)
	fits := func(upTo, v int) bool {
		size := in.Fixed
		if v == 0 {
			size += in.First
		}
		seen := map[int32]bool{}
		for i := range upTo + 1 {
			if volume[i] != v {
				continue
			}
			size += in.Private[i]
			for _, j := range in.Refs(i) {
				if !seen[j] {
					seen[j] = true
					size += in.Piece[j]
				}
			}
		}
		return size <= in.Limit
	}
	var place func(i, used int)
	place = func(i, used int) {
		if used >= best {
			return
		}
		if i == n {
			best = used
			return
		}
		for v := 0; v <= used; v++ { // volume 0 exists even when empty
			volume[i] = v
			if fits(i, v) {
				place(i+1, max(used, v+1))
			}
		}
	}
	place(0, 1)
	return best
}

// contiguous returns the fewest volumes of a plan that keeps the order of the book, by dynamic programming over cuts.
func contiguous(in *Instance) int {
	n := in.Items()
	size := func(from, to int) int64 {
		sum := in.Fixed
		seen := map[int32]bool{}
		for i := from; i < to; i++ {
			sum += in.Private[i]
			for _, j := range in.Refs(i) {
				if !seen[j] {
					seen[j] = true
					sum += in.Piece[j]
				}
			}
		}
		return sum
	}
	fewest := make([]int, n+1) // volumes for the first m items
	for m := range fewest {
		fewest[m] = n + 2
		if size(0, m)+in.First <= in.Limit {
			fewest[m] = 1
		}
		for cut := range m {
			if size(cut, m) <= in.Limit {
				fewest[m] = min(fewest[m], fewest[cut]+1)
			}
		}
	}
	return fewest[n]
}
