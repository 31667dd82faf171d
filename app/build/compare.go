package build

import (
	"context"
	"slices"

	"paye/splitter"
)

// The limits of the channels that the DGFiP note names, and the cuts that it
// gives as examples.
var (
	limitesComparees = []int64{128_000_000, 80_000_000, 50_000_000}
	coupesComparees  = []int{500, 1000}
)

// Compare tells what the other limits in use, and fixed cuts at this limit,
// would give.
func (d *Job) Compare(ctx context.Context) ([]splitter.Alternative, error) {
	limits := slices.DeleteFunc(slices.Clone(limitesComparees), func(l int64) bool { return l == d.dem.Limit })
	return splitter.Compare(ctx, d.Livre, d.Pieces, d.Format, d.options(), limits, coupesComparees)
}
