package pack

import (
	"cmp"
	"slices"
)

// pour places the items that have no volume yet and reference no piece, in the room that is left, and reports whether all
// fit. It tries first what keeps the order of the book: one run a volume, then large items apart, then the largest first.
func pour(in *Instance, volume []int32, free []int64) bool {
	var sand []int32
	var bytes, room int64
	for i, v := range volume {
		if v == unplaced {
			sand = append(sand, int32(i))
			bytes += in.Private[i]
		}
	}
	for _, f := range free {
		room += f
	}
	if bytes > room {
		return false
	}
	order := byPlace(volume, len(free))
	for _, large := range []int64{in.Room(), in.Room() / 4096, -1} {
		left := slices.Clone(free)
		at := make([]int32, len(sand))
		if apart(in, sand, at, left, large) && runs(in, sand, at, left, order, large) {
			for n, i := range sand {
				volume[i] = at[n]
			}
			return true
		}
	}
	return false
}

// apart places the items larger than large, largest first, each where it leaves the least room.
func apart(in *Instance, sand, at []int32, left []int64, large int64) bool {
	var apart []int32
	for n, i := range sand {
		if in.Private[i] > large {
			apart = append(apart, int32(n))
		}
	}
	for _, m := range bySize(len(apart), func(m int) int64 { return in.Private[sand[apart[m]]] }) {
		n := apart[m]
		size := in.Private[sand[n]]
		v := fullest(left, size)
		if v == unplaced {
			return false
		}
		at[n] = v
		left[v] -= size
	}
	return true
}

// runs places the items up to large in one run a volume.
func runs(in *Instance, sand, at []int32, left []int64, order []int32, large int64) bool {
	v := 0
	for n, i := range sand {
		size := in.Private[i]
		if size > large {
			continue
		}
		for v < len(order) && left[order[v]] < size {
			v++
		}
		if v == len(order) {
			return false
		}
		at[n] = order[v]
		left[order[v]] -= size
	}
	return true
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
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(sum[a]/count[a], sum[b]/count[b]), cmp.Compare(a, b))
	})
	return order
}
