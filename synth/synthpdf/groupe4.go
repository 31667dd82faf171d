package synthpdf

// bande is a strip of a page coded in group 4, under a white row: its bits,
// the most significant first, and the rows that it covers.
type bande struct {
	octets []byte
	nbits  int
	lignes int
}

// flot is a stream of bits being written.
type flot struct {
	octets []byte
	acc    uint64
	n      int // bits in acc, fewer than 8 between calls
	nbits  int
}

func (f *flot) bits(v uint64, n int) {
	f.acc = f.acc<<n | v
	f.n += n
	f.nbits += n
	for f.n >= 8 {
		f.n -= 8
		f.octets = append(f.octets, byte(f.acc>>f.n))
	}
}

func (f *flot) mot(m mot) { f.bits(uint64(m.bits), int(m.n)) }

// bande appends a coded strip.
func (f *flot) bande(b bande) {
	whole := b.nbits / 8
	if f.n == 0 {
		f.octets = append(f.octets, b.octets[:whole]...)
		f.nbits += whole * 8
	} else {
		shift := f.n
		carry := byte(f.acc << (8 - shift))
		for _, o := range b.octets[:whole] {
			f.octets = append(f.octets, carry|o>>shift)
			carry = o << (8 - shift)
		}
		f.acc = uint64(carry >> (8 - shift))
		f.nbits += whole * 8
	}
	if rest := b.nbits % 8; rest > 0 {
		f.bits(uint64(b.octets[whole]>>(8-rest)), rest)
	}
}

// fin pads the last byte with zeros.
func (f *flot) fin() []byte {
	if f.n > 0 {
		f.octets = append(f.octets, byte(f.acc<<(8-f.n)))
		f.acc, f.n = 0, 0
	}
	return f.octets
}

// page ends a group 4 page: the end of facsimile block, twice end of line.
func (f *flot) page() []byte {
	f.bits(0x001001, 24)
	return f.fin()
}

// codeur codes bitmaps in group 4 (ITU-T T.6) and keeps its buffers.
type encoder struct {
	ref, cur []int
	flot     flot
}

// bande codes a strip that stands under a white row.
func (c *encoder) bande(t *trame) bande {
	c.flot = flot{octets: c.flot.octets[:0]}
	c.ref = finLigne(c.ref[:0])
	for y := range t.lignes {
		c.cur = finLigne(transitions(c.cur[:0], t.ligne(y)))
		c.ligne()
		c.ref, c.cur = c.cur, c.ref
	}
	nbits := c.flot.nbits
	return bande{append([]byte(nil), c.flot.fin()...), nbits, t.lignes}
}

// finLigne ends a list of transitions so that looking ahead needs no test.
func finLigne(list []int) []int { return append(list, largeur, largeur, largeur, largeur) }

// vertical holds the code words of a1 being 3 left to 3 right of b1 (T.6, 2.2.3).
var vertical = [...]mot{{2, 7}, {2, 6}, {2, 3}, {1, 1}, {3, 3}, {3, 6}, {3, 7}}

// ligne codes the row whose transitions are in cur against those in ref; a0,
// a1, a2, b1 and b2 are those of T.6.
func (c *encoder) ligne() {
	a0, noir := -1, 0
	ai, bi := 0, 0
	for a0 < largeur {
		// b1 is the first change of ref right of a0 to the other colour.
		for bi > 0 && c.ref[bi-1] > a0 {
			bi--
		}
		for c.ref[bi] <= a0 && c.ref[bi] < largeur {
			bi++
		}
		if bi&1 != noir && c.ref[bi] < largeur {
			bi++
		}
		a1, b1, b2 := c.cur[ai], c.ref[bi], c.ref[bi+1]
		switch delta := a1 - b1; {
		case b2 < a1:
			c.flot.bits(1, 4)
			a0 = b2
		case -3 <= delta && delta <= 3:
			c.flot.mot(vertical[delta+3])
			a0 = a1
			ai++
			noir ^= 1
		default:
			a2 := c.cur[ai+1]
			c.flot.bits(1, 3)
			c.suite(a1-max(a0, 0), noir)
			c.suite(a2-a1, noir^1)
			a0 = a2
			ai += 2
		}
	}
}

// suite codes a run of one colour.
func (c *encoder) suite(n, noir int) {
	fin, suite := finBlancs[:], suiteBlancs[:]
	if noir == 1 {
		fin, suite = finNoirs[:], suiteNoirs[:]
	}
	if n >= 64 {
		c.flot.mot(suite[n/64-1])
	}
	c.flot.mot(fin[n&63])
}
