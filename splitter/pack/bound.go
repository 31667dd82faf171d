package pack

import "slices"

// Certificate proves that no plan has fewer than Volumes volumes. Check verifies it without the code that found it.
type Certificate struct {
	Volumes int
	Need    []int32 // for every piece, a number of volumes that cannot be fewer to carry it: 0 if nothing references it
	Dual    Dual
}

// Bound returns the best lower bound that the package knows how to certify: the multiplicity bound, in which every piece
// counts as many times as the volumes that its own items need by themselves, and the same under dual feasible functions.
// Adding a piece, a reference or an item never lowers it.
func Bound(in *Instance) Certificate {
	c := Certificate{Volumes: 1, Need: needs(in)}
	room := in.Room()
	if room == 0 {
		return c
	}
	total := in.First
	for _, p := range in.Private {
		total += p
	}
	for j, s := range in.Piece {
		total += int64(c.Need[j]) * min(s, room) // only an unreferenced piece can exceed the room
	}
	c.Volumes = max(1, int(ceilDiv(total, room)))
	large := largeSizes(in, c.Need)
	for _, d := range dualCandidates(large, room) {
		var sum int64
		for _, e := range large {
			sum += e.count * d.Of(e.size, room)
		}
		if v := int(ceilDiv(sum, d.Of(room, room))); v > c.Volumes {
			c.Volumes, c.Dual = v, d
		}
	}
	return c
}

// unionWork caps the work of needs: beyond that many pairs of references of a same item, the pieces that travel along
// with a piece are not counted and the bound is that of private sizes.
const unionWork = 1 << 29

// needs returns, for every piece, how many volumes its own items fill with it and with the other pieces they reference.
func needs(in *Instance) []int32 {
	need := make([]int32, len(in.Piece))
	var work int64
	for i := range in.Private {
		r := int64(len(in.Refs(i)))
		work += r * r
	}
	users := usersOf(in)
	seen := make([]int32, len(in.Piece))
	for j := range need {
		if len(users.of(j)) == 0 {
			continue
		}
		var along int64
		for _, i := range users.of(j) {
			along += in.Private[i]
			if work > unionWork {
				continue
			}
			for _, q := range in.Refs(int(i)) {
				if int(q) != j && seen[q] != int32(j+1) {
					seen[q] = int32(j + 1)
					along += in.Piece[q]
				}
			}
		}
		need[j] = 1
		if room := in.Room() - in.Piece[j]; room > 0 {
			need[j] = int32(max(1, ceilDiv(along, room)))
		}
	}
	return need
}

// lists is a list of items for each piece, in one array.
type lists struct {
	start []int32
	item  []int32
}

func (l lists) of(j int) []int32 { return l.item[l.start[j]:l.start[j+1]] }

func usersOf(in *Instance) lists {
	l := lists{start: make([]int32, len(in.Piece)+1), item: make([]int32, len(in.Ref))}
	for _, j := range in.Ref {
		l.start[j+1]++
	}
	for j := range in.Piece {
		l.start[j+1] += l.start[j]
	}
	at := slices.Clone(l.start)
	for i := range in.Private {
		for _, j := range in.Refs(i) {
			l.item[at[j]] = int32(i)
			at[j]++
		}
	}
	return l
}

type sizeCount struct{ size, count int64 }

// finest is the smallest part of a volume that dual feasible functions look at: with smaller sizes rounding gains nothing.
const finest = 64

// largeSizes returns the distinct sizes of at least 1/finest of a volume, ascending, with how many times a plan holds them.
func largeSizes(in *Instance, need []int32) []sizeCount {
	var sizes []sizeCount
	least := max(1, in.Room()/finest)
	add := func(size, count int64) {
		if size >= least && count > 0 {
			sizes = append(sizes, sizeCount{size, count})
		}
	}
	add(in.First, 1)
	for _, p := range in.Private {
		add(p, 1)
	}
	for j, s := range in.Piece {
		add(s, int64(need[j]))
	}
	slices.SortFunc(sizes, func(a, b sizeCount) int { return int(min(1, max(-1, a.size-b.size))) })
	distinct := sizes[:0]
	for _, e := range sizes {
		if last := len(distinct) - 1; last >= 0 && distinct[last].size == e.size {
			distinct[last].count += e.count
		} else {
			distinct = append(distinct, e)
		}
	}
	return distinct
}

// dualCandidates returns the functions worth trying: parameters just at, or just beyond, the given sizes, where alone the
// sum of images can change in our favour, and fractions of the room. At most a few thousand.
func dualCandidates(sizes []sizeCount, room int64) []Dual {
	if len(sizes) == 0 {
		return nil
	}
	var at []int64
	step := 1 + len(sizes)/1000
	for n := 0; n < len(sizes); n += step {
		x := sizes[n].size
		at = append(at, x, room-x, room-x+1)
		for part := int64(2); part <= 4; part++ {
			at = append(at, x/part)
		}
	}
	for part := int64(2); part < finest; part++ {
		at = append(at, room/part, room/part+1)
	}
	slices.Sort(at)
	var duals []Dual
	for _, a := range slices.Compact(at) {
		if a >= max(1, room/finest) && a <= room/2 {
			duals = append(duals, Dual{DualCut, a}, Dual{DualRound, a})
		}
	}
	return duals
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }
