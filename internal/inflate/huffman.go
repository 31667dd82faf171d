package inflate

import "math/bits"

// A table says of the next bits of a stream which code they begin with, what
// it means and how long it is. Codes longer than the primary bits are in a
// second part, all of whose pieces are as large as the longest code asks for.
//
// An entry: the length of the code in bits 0 to 3, how many extra bits follow
// it in bits 4 to 7, flags, and from bit 16 on a literal, the base of a length
// or of a distance, or where the second part for these primary bits begins.
// Every entry is set: bits that are no code are refused, after the length that
// makes this sure.
type (
	litTable  [1<<litBits + numLit/2<<(maxCode-litBits)]uint32
	distTable [1<<distBits + numDist/2<<(maxCode-distBits)]uint32
)

const (
	litBits  = 11 // primary
	distBits = 8
	maxCode  = 15  // bits
	numLit   = 286 // codes of literals, of the end of the block and of lengths
	numDist  = 30
)

// Flags of an entry; none for a length or a distance.
const (
	literal = 1 << (8 + iota)
	ended
	link
	refused
)

// entries says what the codes mean, but for the lengths of the codes.
var litEntries, distEntries = func() (lit [numLit + 2]uint32, dist [numDist + 2]uint32) {
	for i := range 256 {
		lit[i] = literal | uint32(i)<<16
	}
	lit[256] = ended
	// 3.2.5: after the first codes, one extra bit more every four lengths,
	// every two distances.
	base := uint32(3)
	for i := range 28 {
		extra := uint32(max(0, i/4-1))
		lit[257+i] = extra<<4 | base<<16
		base += 1 << extra
	}
	lit[285] = maxMatch << 16
	lit[286], lit[287] = refused, refused
	base = 1
	for i := range numDist {
		extra := uint32(max(0, i/2-1))
		dist[i] = extra<<4 | base<<16
		base += 1 << extra
	}
	dist[30], dist[31] = refused, refused
	return lit, dist
}()

// lengthEntries says what the codes for code lengths mean: themselves.
var lengthEntries = func() (entries [len(codeOrder)]uint32) {
	for i := range entries {
		entries[i] = uint32(i) << 16
	}
	return entries
}()

// The code lengths of a block with fixed codes (3.2.6).
var fixedLit, fixedDist = func() (lit [numLit + 2]uint8, dist [numDist + 2]uint8) {
	for i := range lit {
		switch {
		case i < 144:
			lit[i] = 8
		case i < 256:
			lit[i] = 9
		case i < 280:
			lit[i] = 7
		default:
			lit[i] = 8
		}
	}
	for i := range dist {
		dist[i] = 5
	}
	return lit, dist
}()

func (t *litTable) build(lengths []uint8) bool { return build(t[:], litBits, lengths, litEntries[:]) }
func (t *distTable) build(lengths []uint8) bool {
	return build(t[:], distBits, lengths, distEntries[:])
}
func (t *distTable) buildLengths(lengths []uint8) bool {
	return build(t[:], distBits, lengths, lengthEntries[:])
}

// build makes a table of the canonical codes (3.2.2) that have these lengths,
// and reports whether they are a complete set. As in zlib, one code of one bit
// may stand alone, and no code at all is refused only where one is read.
func build(table []uint32, primary uint, lengths []uint8, entries []uint32) bool {
	var count [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	var next [maxCode + 1]uint16 // code of that length
	code := 0
	for n := 1; n <= maxCode; n++ {
		code <<= 1
		next[n] = uint16(code)
		if code += count[n]; code > 1<<n {
			return false
		}
	}
	unset := uint32(0)
	if code < 1<<maxCode {
		used := len(lengths) - count[0]
		if used > 1 || used != count[1] {
			return false
		}
		unset = refused | uint32(used)
	}
	first := table[:1<<primary]
	for i := range first {
		first[i] = unset
	}
	free := 1 << primary // where the second part goes on
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		e := entries[symbol] | uint32(n)
		at := int(bits.Reverse16(next[n]) >> (16 - n))
		next[n]++
		if uint(n) <= primary {
			for ; at < 1<<primary; at += 1 << n {
				table[at] = e
			}
			continue
		}
		prefix := at & (1<<primary - 1)
		if first[prefix] == 0 {
			first[prefix] = link | uint32(free)<<16
			free += 1 << (maxCode - primary)
		}
		rest := table[first[prefix]>>16:][:1<<(maxCode-primary)]
		for at >>= primary; at < len(rest); at += 1 << (uint(n) - primary) {
			rest[at] = e
		}
	}
	return true
}
