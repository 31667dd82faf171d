package compress

import "cmp"

// Limits are what a reader accepts. A zero field stands for its default, so
// that the zero Limits are safe.
type Limits struct {
	// Bytes is the most that may come out, of all entries together; 16 GiB by
	// default, four times what the largest volume of a payroll expands to.
	Bytes int64
	// Ratio is the most bytes that may come out for one that went in, of an
	// entry and of all together, once 64 MiB have come out; 300 by default.
	// Payroll journals reach 36, deflate cannot exceed 1,032.
	Ratio int64
	// Entries is the most entries that a zip archive may have; 200,000 by
	// default. Their names together are limited to 64 MiB in any case.
	Entries int
}

const (
	ratioGrace = 64 << 20
	namesMax   = 64 << 20
	nameMax    = 4096 // the longest path that the usual systems open
)

func (l Limits) withDefaults() Limits {
	return Limits{
		Bytes:   cmp.Or(l.Bytes, 16<<30),
		Ratio:   cmp.Or(l.Ratio, 300),
		Entries: cmp.Or(l.Entries, 200_000),
	}
}

// check returns the anomaly of an expansion beyond the limits. An entry has
// given out bytes for in; with those before it, total bytes have come out and
// the reader stands at offset.
func (l Limits) check(in, out, total, offset int64) error {
	if total > l.Bytes {
		return fault(TailleLimite, offset, l.Bytes)
	}
	if out > ratioGrace && out/l.Ratio > in || total > ratioGrace && total/l.Ratio > offset {
		return fault(RatioLimite, offset, l.Ratio)
	}
	return nil
}
