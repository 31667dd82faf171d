package pdfx

// samples makes greys of the samples of a picture.
func (p *picture) samples(data []byte) (*raster, bool) {
	row := (p.w*p.components*p.bits + 7) / 8
	if row == 0 || len(data) < row*p.h {
		return nil, false
	}
	r := &raster{width: p.w, height: p.h, bits: p.bits * p.components, grey: make([]byte, p.w*p.h)}
	coloured := 0
	for y := range p.h {
		in, out := data[y*row:(y+1)*row], r.grey[y*p.w:(y+1)*p.w]
		switch {
		case p.palette != nil:
			if !p.indexed(in, out, &coloured) {
				return nil, false
			}
		case p.bits == 8 && p.components == 3:
			for x := range out {
				out[x] = light(in[3*x], in[3*x+1], in[3*x+2], &coloured)
			}
		case p.bits == 8 && p.components == 1:
			copy(out, in)
		case p.components == 1 && (p.bits == 1 || p.bits == 2 || p.bits == 4):
			p.few(in, out)
		default:
			return nil, false
		}
	}
	r.coloured = float64(coloured) / float64(len(r.grey))
	p.turn(r)
	return r, true
}

// few spreads samples of fewer than eight bits.
func (p *picture) few(in, out []byte) {
	most := 1<<p.bits - 1
	for x := range out {
		out[x] = byte(sample(in, x, p.bits) * 255 / most)
	}
}

// sample reads sample x of a row.
func sample(in []byte, x, bits int) int {
	at := x * bits
	return int(in[at>>3]>>(8-bits-at&7)) & (1<<bits - 1)
}

// indexed looks samples up in the palette.
func (p *picture) indexed(in, out []byte, coloured *int) bool {
	if p.bits != 1 && p.bits != 2 && p.bits != 4 && p.bits != 8 {
		return false
	}
	for x := range out {
		c := 3 * sample(in, x, p.bits)
		if c+2 >= len(p.palette) {
			return false
		}
		out[x] = light(p.palette[c], p.palette[c+1], p.palette[c+2], coloured)
	}
	return true
}

// light is the light of a colour, and counts those that are no grey.
func light(r, g, b byte, coloured *int) byte {
	if int(max(r, g, b))-int(min(r, g, b)) > 2*vivid {
		*coloured++
	}
	return byte((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000)
}
