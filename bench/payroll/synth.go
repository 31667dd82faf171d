package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"paye/splitter/pack"
)

// The reference payroll: as many bulletins as the largest journal of the DGFiP note, 669 MB in all on the wire.
const (
	bulletins  = 60_603
	totalBytes = 669_000_000
	xhlBytes   = 93_300_000 // 70 MB of gzip, in base64
	fixedBytes = 40_000     // envelope, header and nomenclatures, in every volume
	firstBytes = 60_000     // répartition par nature
)

// Sizes on the wire of three-page signed documents at 100, 200, 300 and 400 dpi, and of a generated arrêté, with how many
// in ten have each.
var documents = []struct {
	bytes int64
	share int
}{{80_000, 2}, {155_000, 2}, {356_000, 4}, {640_000, 1}, {1_025_000, 1}}

// A sharing says who references a shared arrêté: neighbours of the book, anybody, or neighbours for most references.
type sharing struct {
	name  string
	local float64 // probability that a reference is to a neighbour
}

var sharings = []sharing{{"local", 1}, {"85 % local", 0.85}, {"random", 0}}

// A spread draws how many agents, 5 to 5,000, share an arrêté.
type spread func(r *rand.Rand) int

// pareto has half of the arrêtés shared by fewer than ten agents: 34 on average, so that 300 make some 10,000 references.
func pareto(r *rand.Rand) int { return int(min(5_000, 5/(1-r.Float64()))) }

// logUniform has as many arrêtés of tens as of thousands of agents: 720 on average, so that 300 make some 217,000
// references, three or four for every agent.
func logUniform(r *rand.Rand) int { return int(5 * math.Pow(1000, r.Float64())) }

// payroll draws a run. Private documents fill up to the total, one or a few for some agents.
func payroll(arretes int, s sharing, sharers spread, limit int64, seed uint64) *pack.Instance {
	r := rand.New(rand.NewPCG(seed, uint64(arretes)))
	in := &pack.Instance{Limit: limit, Fixed: fixedBytes, First: firstBytes}
	private := make([]int64, bulletins)
	var total int64
	for i := range private {
		private[i] = xhlBytes / bulletins * (70 + r.Int64N(61)) / 100
		total += private[i]
	}
	refs := make([][]int32, bulletins)
	for j := range arretes {
		size := document(r)
		in.Piece = append(in.Piece, size)
		total += size
		agents := sharers(r)
		from := r.IntN(bulletins - agents)
		for n := range agents {
			i := from + n
			if r.Float64() >= s.local {
				i = r.IntN(bulletins)
			}
			refs[i] = append(refs[i], int32(j))
		}
	}
	for total < totalBytes {
		size := document(r)
		private[r.IntN(bulletins)] += size
		total += size
	}
	for i := range private {
		slices.Sort(refs[i])
		in.Add(private[i], slices.Compact(refs[i])...)
	}
	return in
}

// document draws the size of a document, within a tenth of one of the usual ones.
func document(r *rand.Rand) int64 {
	n := r.IntN(10)
	for _, d := range documents {
		if n -= d.share; n < 0 {
			return d.bytes * (90 + r.Int64N(21)) / 100
		}
	}
	panic("shares of documents do not sum to ten")
}
