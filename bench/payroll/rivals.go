package main

import "paye/splitter/pack"

// firstFit places every item, in the order of the book, in the first volume that has room for it and the pieces it lacks.
func firstFit(in *pack.Instance) int {
	var free []int64
	var held []map[int32]bool
	for i := range in.Items() {
		for v := 0; ; v++ {
			if v == len(free) {
				free = append(free, in.Room())
				held = append(held, map[int32]bool{})
				if v == 0 {
					free[0] -= in.First
				}
			}
			added := in.Private[i]
			for _, j := range in.Refs(i) {
				if !held[v][j] {
					added += in.Piece[j]
				}
			}
			if added > free[v] {
				continue
			}
			free[v] -= added
			for _, j := range in.Refs(i) {
				held[v][j] = true
			}
			break
		}
	}
	return len(free)
}

// fixedCut cuts the book every n items, as is the custom, and counts the volumes and those above the limit.
func fixedCut(in *pack.Instance, n int) (volumes, over int) {
	for from := 0; from < in.Items(); from += n {
		size := in.Fixed
		if from == 0 {
			size += in.First
		}
		held := map[int32]bool{}
		for i := from; i < min(from+n, in.Items()); i++ {
			size += in.Private[i]
			for _, j := range in.Refs(i) {
				if !held[j] {
					held[j] = true
					size += in.Piece[j]
				}
			}
		}
		volumes++
		if size > in.Limit {
			over++
		}
	}
	return volumes, over
}
