package synthpdf

// alea is splitmix64: a few instructions a number, and bytes that will be the
// same with any version of the standard library.
type alea uint64

// newAlea derives an independent sequence from a seed and a purpose.
func newAlea(seed, purpose uint64) *alea {
	a := alea(seed ^ purpose*0x9e3779b97f4a7c15)
	a.next()
	return &a
}

func (a *alea) next() uint64 {
	*a += 0x9e3779b97f4a7c15
	z := uint64(*a)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number in [0, n).
func (a *alea) below(n int) int { return int(a.next() >> 33 % uint64(n)) }

// around returns a number in [-n, n].
func (a *alea) around(n int) int { return a.below(2*n+1) - n }

// bits returns a word whose bits are set with probability sixteenths/16.
func (a *alea) bits(sixteenths int) uint64 {
	var w uint64
	for b := range 4 {
		if sixteenths>>b&1 == 1 {
			w |= a.next()
		} else {
			w &= a.next()
		}
	}
	return w
}
