package cos

// predicted undoes the predictor of a filter as well (7.4.4.4).
func predicted(inflate decoder) decoder {
	return func(data []byte, d *Document, parms Object, limit int) ([]byte, error) {
		out, err := inflate(data, d, parms, limit)
		predictor, _ := d.Get(parms, "Predictor").Int()
		if predictor < 2 {
			return out, err
		}
		number := func(key string, otherwise int) int {
			if n, ok := d.Get(parms, key).Int(); ok && n > 0 && n < 1<<20 {
				return int(n)
			}
			return otherwise
		}
		colors, bits, columns := number("Colors", 1), number("BitsPerComponent", 8), number("Columns", 1)
		pixel := max((colors*bits+7)/8, 1)
		row := (colors*bits*columns + 7) / 8
		if row > limit || row <= 0 {
			return nil, ErrFilter
		}
		if predictor == 2 {
			return undoTIFF(out, row, colors, bits), err
		}
		return undoPNG(out, row, pixel), err
	}
}

// undoPNG undoes the PNG filters of rows, in place.
func undoPNG(data []byte, row, pixel int) []byte {
	out := data[:0]
	above := make([]byte, row)
	for len(data) > 1 {
		kind := data[0]
		cur := data[1:min(row+1, len(data))]
		data = data[1+len(cur):]
		unfilter(kind, cur, above, pixel)
		at := len(out)
		out = append(out, cur...) // never beyond what was read
		copy(above, out[at:])
	}
	return out
}

func unfilter(kind byte, cur, above []byte, pixel int) {
	switch kind {
	case 1:
		for i := pixel; i < len(cur); i++ {
			cur[i] += cur[i-pixel]
		}
	case 2:
		for i := range cur {
			cur[i] += above[i]
		}
	case 3:
		for i := range cur {
			left := 0
			if i >= pixel {
				left = int(cur[i-pixel])
			}
			cur[i] += byte((left + int(above[i])) / 2)
		}
	case 4:
		for i := range cur {
			var left, corner byte
			if i >= pixel {
				left, corner = cur[i-pixel], above[i-pixel]
			}
			cur[i] += paeth(left, above[i], corner)
		}
	}
}

func paeth(a, b, c byte) byte {
	pa, pb := int(b)-int(c), int(a)-int(c)
	pc := pa + pb
	pa, pb, pc = max(pa, -pa), max(pb, -pb), max(pc, -pc)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

// undoTIFF undoes the TIFF predictor, in place. It adds samples, of whatever
// depth, not bytes; a depth that no picture has is left as it is.
func undoTIFF(data []byte, row, colors, bits int) []byte {
	for start := 0; start < len(data); start += row {
		cur := data[start:min(start+row, len(data))]
		switch bits {
		case 8:
			for i := colors; i < len(cur); i++ {
				cur[i] += cur[i-colors]
			}
		case 16:
			for i := 2 * colors; i+1 < len(cur); i += 2 {
				sum := uint16(cur[i])<<8 + uint16(cur[i+1]) + uint16(cur[i-2*colors])<<8 + uint16(cur[i-2*colors+1])
				cur[i], cur[i+1] = byte(sum>>8), byte(sum)
			}
		case 1, 2, 4:
			if bits*colors == 1 {
				undoTIFF1(cur)
			} else {
				undoTIFFBits(cur, colors, bits)
			}
		}
	}
	return data
}

func undoTIFF1(cur []byte) {
	prev := byte(0)
	for i, c := range cur {
		var o byte
		for b := 7; b >= 0; b-- {
			prev ^= c >> b & 1
			o |= prev << b
		}
		cur[i] = o
	}
}

// undoTIFFBits is for samples smaller than a byte.
func undoTIFFBits(cur []byte, colors, bits int) {
	mask := byte(1<<bits - 1)
	for i := colors; i < len(cur)*8/bits; i++ {
		at, left := i*bits, (i-colors)*bits
		shift := 8 - bits - at%8
		sum := cur[at/8]>>shift + cur[left/8]>>(8-bits-left%8)
		cur[at/8] = cur[at/8]&^(mask<<shift) | sum&mask<<shift
	}
}
