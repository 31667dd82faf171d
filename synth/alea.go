package synth

// alea is splitmix64: a few instructions a number, and the same numbers with
// any version of the standard library.
type alea uint64

// newAlea starts the sequence of one purpose: the agent i of a run, a section.
func newAlea(seed, purpose, i uint64) alea {
	return alea(mix(seed^mix(purpose<<56^i)) | 1)
}

func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (a *alea) next() uint64 {
	*a += 0x9e3779b97f4a7c15
	return mix(uint64(*a))
}

// below returns a number in [0, n).
func (a *alea) below(n int) int { return int(a.next() >> 33 % uint64(n)) }

// between returns a number in [low, high].
func (a *alea) between(low, high int) int { return low + a.below(high-low+1) }

// chance is true n times in a thousand.
func (a *alea) chance(n int) bool { return a.below(1000) < n }

func pick[T any](a *alea, list []T) T { return list[a.below(len(list))] }

// melange shuffles the numbers below n without a table: what must be unique
// (matricules, NIR, accounts) is drawn as the image of the rank of the agent.
// It is a Feistel network over the next even number of bits, walked until it
// falls below n.
type mixer struct {
	seed uint64
	n    uint64
	half uint
}

func newMelange(seed, purpose uint64, n int) mixer {
	m := mixer{seed: mix(seed ^ purpose<<48), n: uint64(n)}
	for m.half = 1; uint64(1)<<(2*m.half) < m.n; m.half++ {
	}
	return m
}

// at returns the image of i, which must be below n.
func (m mixer) at(i int) int {
	mask := uint64(1)<<m.half - 1
	x := uint64(i)
	for {
		left, right := x>>m.half, x&mask
		for round := range uint64(4) {
			left, right = right, left^mix(m.seed+round<<32^right)&mask
		}
		if x = left<<m.half | right; x < m.n {
			return int(x)
		}
	}
}
