package pack

import (
	"cmp"
	"slices"
)

// pour places the items that have no volume yet and reference no piece, in the room that is left, and reports whether all
// fit. It tries first what keeps the order of the book: one run a volume, then large items apart, then the largest first.
func pour(in *Instance, volume []int32, free []int64) bool {
	var sand []int32
	for i, v := range volume {
		if v == unplaced {
			sand = append(sand, int32(i))
		}
	}
	order := byPlace(volume, len(free))
	size := func(n int) int64 { return in.Private[sand[n]] }
	for _, large := range []int64{in.Room(), in.Room() / 4096, -1} {
		at := make([]int32, len(sand))
		left := slices.Clone(free)
		fits := true
		for _, n := range bySize(len(sand), size) {
			if size(int(n)) <= large {
				break
			}
			at[n] = fullest(left, size(int(n)))
			if at[n] < 0 {
				fits = false
				break
			}
			left[at[n]] -= size(int(n))
		}
		at, fits = runs(at, left, order, size, large, fits)
		if fits {
			for n, i := range sand {
				volume[i] = at[n]
			}
			return true
		}
	}
	return false
}

// runs places the sizes up to large in one run a volume, following order.
func runs(at []int32, left []int64, order []int32, size func(int) int64, large int64, fits bool) ([]int32, bool) {
	v := 0
	for n := range at {
		if !fits || size(n) > large {
			continue
		}
		for v < len(order) && left[order[v]] < size(n) {
			v++
		}
		if v == len(order) {
			return at, false
		}
		at[n] = order[v]
		left[order[v]] -= size(n)
	}
	return at, fits
}

// fullest returns the volume with the least room that is enough, or unplaced.
func fullest(left []int64, size int64) int32 {
	best := unplaced
	for v, room := range left {
		if room >= size && (best < 0 || room < left[best]) {
			best = int32(v)
		}
	}
	return best
}

// byPlace returns the volumes in the order of the middle of what they hold of the book; empty ones last.
func byPlace(volume []int32, k int) []int32 {
	sum, count := make([]int64, k), make([]int64, k)
	for i, v := range volume {
		if v >= 0 {
			sum[v] += int64(i)
			count[v]++
		}
	}
	order := make([]int32, k)
	for v := range order {
		order[v] = int32(v)
		if count[v] == 0 {
			sum[v], count[v] = int64(len(volume)), 1
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(sum[a]/count[a], sum[b]/count[b]) })
	return order
}
