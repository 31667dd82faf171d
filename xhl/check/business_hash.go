package check

import (
	"math/bits"
)

// mix adds a value to the hash of the bulletin, which leaves its PJRef out:
// they may be added on the way without the bulletin becoming another.
func (f *fiche) mix(nd *node, value []byte) {
	switch nd.act {
	case actSupport, actIdUnique, actNomPJ:
		return
	}
	if f.open {
		f.hash = hashMix(f.hash^uint64(nd.id), hashBytes(value))
	}
}

// hashBytes and hashMix make 64-bit hashes of values. They tell apart what is
// not made to collide; nothing secret rests on them.
func hashBytes(b []byte) uint64 {
	h := uint64(len(b)) ^ hashSeed
	for len(b) >= 8 {
		h = hashMix(h, uint64(b[0])|uint64(b[1])<<8|uint64(b[2])<<16|uint64(b[3])<<24|uint64(b[4])<<32|uint64(b[5])<<40|uint64(b[6])<<48|uint64(b[7])<<56)
		b = b[8:]
	}
	var last uint64
	for i, c := range b {
		last |= uint64(c) << (8 * i)
	}
	return hashMix(h, last)
}

const hashSeed = 0x9E3779B97F4A7C15

func hashMix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xA0761D6478BD642F, b^0xE7037ED1A0B428DB)
	return hi ^ lo
}
