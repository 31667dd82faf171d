package pack

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A chunk is a run of items that reference the same pieces, moved as one. Members are in the order of the book.
type chunk []int32

// chunked groups the items that keep accepts by identical set of pieces, and cuts every group in chunks of at most grain
// private bytes (a larger item is a chunk by itself). Chunks are in the order of their first member. The instance returned
// has one item a chunk.
func chunked(in *Instance, grain int64, keep func(i int) bool) (*Instance, []chunk) {
	var chunks []chunk
	var private []int64
	open := make(map[string]int) // last chunk of a set of pieces
	var key []byte
	for i, p := range in.Private {
		if !keep(i) {
			continue
		}
		key = key[:0]
		for _, j := range in.Refs(i) {
			key = binary.LittleEndian.AppendUint32(key, uint32(j))
		}
		c, known := open[string(key)]
		if !known || private[c]+p > grain {
			c = len(chunks)
			open[string(key)] = c
			chunks = append(chunks, nil)
			private = append(private, 0)
		}
		chunks[c] = append(chunks[c], int32(i))
		private[c] += p
	}
	coarse := &Instance{Limit: in.Limit, Fixed: in.Fixed, First: in.First, Piece: in.Piece}
	for c, members := range chunks {
		coarse.Add(private[c], in.Refs(int(members[0]))...)
	}
	return coarse, chunks
}

// spread gives every item the volume of its chunk; other items keep theirs.
func spread(volume []int32, chunks []chunk, at []int32) {
	for c, members := range chunks {
		for _, i := range members {
			volume[i] = at[c]
		}
	}
}

// bySize returns the indices of n things, largest first, smallest index first among equals.
func bySize(n int, size func(i int) int64) []int32 {
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(size(int(b)), size(int(a))), cmp.Compare(a, b)) })
	return order
}
