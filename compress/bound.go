package compress

// BlockBound is a block that weighs at least as much as the one that any raw
// bytes of that length make, at any Niveau. Deflate can store what it does not
// compress: the library writes no block larger than its stored form, which
// costs five bytes each 65,535, or fewer bytes of input where a level closes
// blocks sooner (never below 16 KiB but for the last). One byte in 256 leaves
// five times what that takes, and the flush and the padding have 64 bytes.
func BlockBound(raw int64) Block {
	if raw == 0 {
		return Block{}
	}
	return Block{Raw: raw, Size: raw + raw/256 + 64}
}
