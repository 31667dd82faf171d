// Package sixbits turns bytes into the characters of base64 and back, in whole
// groups only: padding, white space and faults are for its callers to deal
// with, between one run and the next.
//
// Glossary:
//   - alphabet: the 64 characters of RFC 4648, section 4.
//   - group: four characters, which stand for three bytes.
//   - run: characters of the alphabet that follow each other.
//
// Processors with AVX2 take 32 characters at a time; encodePlain and decodePlain
// are what all others do, and what the fast ones are held to.
package sixbits

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// None is the value of what is no character of the alphabet.
const None = 0xFF

// Values are those of the characters, below 64, or None.
var Values = func() (table [256]uint8) {
	for c := range table {
		table[c] = None
	}
	for i, c := range []byte(alphabet) {
		table[c] = uint8(i)
	}
	return table
}()

// Slack is how many bytes Encode and Decode may write beyond what they made,
// within dst. With as much room behind it, they stop only for want of src.
const Slack = 32

// Encode writes the characters of the first done bytes of src, a multiple of
// three, to dst. Less than eight are left, or dst is full but for its Slack.
func Encode(dst, src []byte) (done int) {
	done = encodeFast(dst, src)
	return done + encodePlain(dst[done/3*4:], src[done:])
}

// Decode writes the bytes that the first done characters of src, a multiple of
// four, stand for to dst. It stops before the eight characters that hold any
// other, when less than eight are left, or when dst is full but for its Slack.
func Decode(dst, src []byte) (done int) {
	done = decodeFast(dst, src)
	return done + decodePlain(dst[done/4*3:], src[done:])
}

// Run is a length of the run that src begins with, which may go on for less
// than 32 characters beyond it.
func Run(src []byte) int { return runFast(src) }
