package sha

import (
	"crypto/sha256"
	"encoding/binary"
)

// digest cuts what it is given into blocks (FIPS 180-4, section 5).
type digest struct {
	do    func(state *[8]uint32, blocks []byte) // rounds of whole blocks, which there are
	state [8]uint32
	rest  [sha256.BlockSize]byte
	n     uint64 // bytes that were seen
}

func newDigest(do func(*[8]uint32, []byte)) *digest {
	d := &digest{do: do}
	d.Reset()
	return d
}

func (d *digest) Reset() {
	d.n = 0
	d.state = [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}
}

func (*digest) Size() int      { return sha256.Size }
func (*digest) BlockSize() int { return sha256.BlockSize }

func (d *digest) Write(p []byte) (int, error) {
	whole, held := len(p), int(d.n%sha256.BlockSize)
	d.n += uint64(whole)
	if held > 0 {
		k := copy(d.rest[held:], p)
		if p = p[k:]; held+k < sha256.BlockSize {
			return whole, nil
		}
		d.do(&d.state, d.rest[:])
	}
	if blocks := len(p) &^ (sha256.BlockSize - 1); blocks > 0 {
		d.do(&d.state, p[:blocks])
		p = p[blocks:]
	}
	copy(d.rest[:], p)
	return whole, nil
}

func (d *digest) Sum(b []byte) []byte {
	end := *d // who goes on writing finds it as it was
	pad := make([]byte, 1, 2*sha256.BlockSize)
	pad[0] = 0x80
	for (end.n+uint64(len(pad)))%sha256.BlockSize != sha256.BlockSize-8 {
		pad = append(pad, 0)
	}
	end.Write(binary.BigEndian.AppendUint64(pad, 8*d.n))
	for _, word := range end.state {
		b = binary.BigEndian.AppendUint32(b, word)
	}
	return b
}
