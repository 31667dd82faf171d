package page

import (
	"encoding/binary"
	"slices"
)

// The program repeats itself farther back than the 32 KiB that gzip looks at, and
// a page can undo gzip only. So what was seen before is taken out first, a fifth
// of it, and is put together again by copies; the page is 90 kB smaller for it.
//
// Layout, of unsigned varints and bytes: the size of the program; how many bytes
// the steps take; the steps, each how many bytes are new, how many follow that
// were seen before and how far back they are; the new bytes.

const (
	seed        = 24       // bytes that are compared before a repeat is believed
	leastRepeat = 32       // bytes; a shorter one costs more than it saves
	nearest     = 32 << 10 // gzip finds what is nearer
	seedStep    = 4        // one place of so many is remembered
	seedBits    = 21
)

// withoutRepeats takes out what was seen before.
func withoutRepeats(b []byte) []byte {
	var steps, fresh []byte
	seen := make([]int32, 1<<seedBits) // by the hash of a seed: where it was last, plus one
	step := func(from, at, length, back int) {
		for _, n := range []int{at - from, length, back} {
			steps = binary.AppendUvarint(steps, uint64(n))
		}
		fresh = append(fresh, b[from:at]...)
	}
	from := 0 // of what is not written yet
	for at := 0; at+seed <= len(b); {
		slot := &seen[seedHash(b[at:])]
		if c := int(*slot) - 1; c >= 0 && at-c > nearest {
			before, after := common(b, c, at, from)
			if before+after >= leastRepeat {
				step(from, at-before, before+after, at-c)
				at += after
				from = at
				continue
			}
		}
		if at%seedStep == 0 {
			*slot = int32(at + 1)
		}
		at++
	}
	step(from, len(b), 0, 0)
	head := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(b))), uint64(len(steps)))
	return slices.Concat(head, steps, fresh)
}

func seedHash(b []byte) uint64 {
	h := uint64(0)
	for i := 0; i < seed; i += 8 {
		h = (h ^ binary.LittleEndian.Uint64(b[i:])) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	return h >> (64 - seedBits)
}

// common is how many bytes before and after two places are the same; those
// before stay behind from, and what is copied does not reach what it is copied to.
func common(b []byte, c, at, from int) (before, after int) {
	for at+after < len(b) && c+after < at && b[c+after] == b[at+after] {
		after++
	}
	for before < c && at-before > from && before+after < at-c && b[c-before-1] == b[at-before-1] {
		before++
	}
	return before, after
}
