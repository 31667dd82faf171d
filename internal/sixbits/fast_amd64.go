package sixbits

import "golang.org/x/sys/cpu"

var avx2 = cpu.X86.HasAVX2

func encodeFast(dst, src []byte) int {
	if !avx2 {
		return 0
	}
	return encodeAVX2(dst, src)
}

func decodeFast(dst, src []byte) int {
	if !avx2 {
		return 0
	}
	return decodeAVX2(dst, src)
}

func runFast(src []byte) int {
	if !avx2 {
		return 0
	}
	return runAVX2(src)
}

// encodeAVX2 makes 32 characters of 24 bytes at a time, while src has 28 bytes
// and dst 32.
//
//go:noescape
func encodeAVX2(dst, src []byte) (done int)

// decodeAVX2 makes 24 bytes of 32 characters at a time, while both have 32 left
// and the 32 characters are all of the alphabet.
//
//go:noescape
func decodeAVX2(dst, src []byte) (done int)

// runAVX2 passes 32 characters of the alphabet at a time.
//
//go:noescape
func runAVX2(src []byte) int
