package pdfx

// scaled returns a picture at another size, each pixel being the mean of the
// area that it covers: dropping pixels instead would break thin strokes.
func (r *raster) scaled(width, height int) *raster {
	out := &raster{width: width, height: height, grey: make([]byte, width*height), bits: r.bits, coloured: r.coloured}
	if r.width == 2*width && r.height == 2*height {
		r.halved(out)
		return out
	}
	across := spans(r.width, width)
	down := spans(r.height, height)
	sums := make([]uint64, width)
	for y, v := range down {
		clear(sums)
		for i := v.first; i <= v.last; i++ {
			weight := v.weight(i)
			row := r.grey[i*r.width : (i+1)*r.width]
			for x := range across {
				sums[x] += weight * across[x].sum(row)
			}
		}
		for x, s := range sums {
			area := across[x].total * v.total
			out.grey[y*width+x] = byte((s + area/2) / area)
		}
	}
	return out
}

// halved is scaled to half the size.
func (r *raster) halved(out *raster) {
	for y := range out.height {
		a, b := r.grey[2*y*r.width:(2*y+1)*r.width], r.grey[(2*y+1)*r.width:(2*y+2)*r.width]
		row := out.grey[y*out.width : (y+1)*out.width]
		for x := range row {
			row[x] = byte((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) / 4)
		}
	}
}

// span is the pixels that a pixel of another size covers; those at its ends in
// part, by parts of one.
type span struct {
	first, last       int
	head, tail, total uint64
}

const one = 256 // parts of a pixel

func (s *span) weight(i int) uint64 {
	switch i {
	case s.first:
		return s.head
	case s.last:
		return s.tail
	}
	return one
}

// sum adds the pixels of a row, weighted.
func (s *span) sum(row []byte) uint64 {
	t := s.head * uint64(row[s.first])
	if s.last == s.first {
		return t
	}
	whole := uint64(0)
	for _, g := range row[s.first+1 : s.last] {
		whole += uint64(g)
	}
	return t + one*whole + s.tail*uint64(row[s.last])
}

// spans cuts from pixels into to.
func spans(from, to int) []span {
	list := make([]span, to)
	for i := range list {
		a, b := i*from*one/to, (i+1)*from*one/to
		if b <= a {
			b = a + 1
		}
		s := span{first: a / one, last: (b - 1) / one}
		if s.first == s.last {
			s.head = uint64(b - a)
			s.total = s.head
		} else {
			s.head, s.tail = uint64(one-a%one), uint64((b-1)%one+1)
			s.total = s.head + s.tail + uint64(s.last-s.first-1)*one
		}
		list[i] = s
	}
	return list
}
