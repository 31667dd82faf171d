package sixbits

import "encoding/binary"

// pairs holds the two characters of twelve bits, the first one in the low byte.
var pairs = func() (table [1 << 12]uint16) {
	for i := range table {
		table[i] = uint16(alphabet[i>>6]) | uint16(alphabet[i&63])<<8
	}
	return table
}()

// encodePlain encodes src six bytes at a time, as long as eight can be read.
func encodePlain(dst, src []byte) (done int) {
	for len(src) >= 8 && len(dst) >= 8 {
		v := binary.BigEndian.Uint64(src)
		binary.LittleEndian.PutUint64(dst, uint64(pairs[v>>52])|uint64(pairs[v>>40&0xfff])<<16|
			uint64(pairs[v>>28&0xfff])<<32|uint64(pairs[v>>16&0xfff])<<48)
		src, dst, done = src[6:], dst[8:], done+6
	}
	return done
}

// notSix marks, in places, a byte that is no character of the alphabet.
const notSix = 1 << 31

// places[k][c] is the value of the character c as the k-th of four, in place.
var places = func() (table [4][256]uint32) {
	for k := range table {
		for c, v := range Values {
			table[k][c] = notSix
			if v != None {
				table[k][c] = uint32(v) << (6 * (3 - k))
			}
		}
	}
	return table
}()

// decodePlain decodes as many groups of eight characters as hold nothing else.
// It writes up to two bytes beyond the last one decoded.
func decodePlain(dst, src []byte) (done int) {
	d0, d1, d2, d3 := &places[0], &places[1], &places[2], &places[3]
	for len(src) >= 8 && len(dst) >= 8 {
		a := d0[src[0]] | d1[src[1]] | d2[src[2]] | d3[src[3]]
		b := d0[src[4]] | d1[src[5]] | d2[src[6]] | d3[src[7]]
		if (a|b)&notSix != 0 {
			break
		}
		binary.BigEndian.PutUint64(dst, uint64(a)<<40|uint64(b)<<16)
		src, dst, done = src[8:], dst[6:], done+8
	}
	return done
}
