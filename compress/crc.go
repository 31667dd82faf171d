package compress

import "hash/crc32"

// CombineCRC returns the CRC-32 of x followed by y, given that of each and the
// length of y in bytes, in a time that grows with the logarithm of lenY.
//
// The CRC of x moves past lenY zero bytes, which multiplies it by x^(8 lenY)
// modulo the polynomial; CRC-32 then being linear, that of y is added.
func CombineCRC(x, y uint32, lenY int64) uint32 {
	// 8 lenY has its bits three places higher than lenY. The powers x^(2^k) come
	// around after 32: the polynomial is primitive, so x^(2^32) = x.
	power := uint32(1) << 31 // x^0, polynomials having their lowest degree in the highest bit
	for k := 3; lenY > 0; k++ {
		if lenY&1 != 0 {
			power = multiply(squares[k&31], power)
		}
		lenY >>= 1
	}
	return multiply(power, x) ^ y
}

// squares[k] is x^(2^k) modulo the polynomial of CRC-32.
var squares = func() (table [32]uint32) {
	p := uint32(1) << 30 // x
	for k := range table {
		table[k] = p
		p = multiply(p, p)
	}
	return table
}()

// multiply returns a b modulo the polynomial of CRC-32.
func multiply(a, b uint32) uint32 {
	var product uint32
	for bit := uint32(1) << 31; bit != 0; bit >>= 1 {
		if a&bit != 0 {
			product ^= b
		}
		if b&1 != 0 {
			b = b>>1 ^ crc32.IEEE
		} else {
			b >>= 1
		}
	}
	return product
}
