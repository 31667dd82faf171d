package cos

// inflateLZW undoes LZWDecode (7.4.4), whose codes grow one code early unless
// EarlyChange is 0.
func inflateLZW(data []byte, d *Document, parms Object, limit int) ([]byte, error) {
	early := 1
	if n, ok := d.Get(parms, "EarlyChange").Int(); ok && n == 0 {
		early = 0
	}
	const reset, eod, most = 256, 257, 4096
	var prefix, length [most]int32
	var last [most]byte
	for i := range 256 {
		last[i], length[i] = byte(i), 1
	}
	var out []byte
	next, width, prev := eod+1, 9, -1
	bits, have := uint32(0), 0
	for {
		for have < width {
			if len(data) == 0 {
				return out, nil
			}
			bits, data, have = bits<<8|uint32(data[0]), data[1:], have+8
		}
		have -= width
		code := int(bits >> have & (1<<width - 1))
		switch {
		case code == eod:
			return out, nil
		case code == reset:
			next, width, prev = eod+1, 9, -1
			continue
		case code > next || code == next && prev < 0:
			return out, ErrFilter
		}
		start := len(out)
		from := code
		if code == next {
			from = prev
		}
		n := int(length[from])
		out = append(out, make([]byte, n)...)
		for i, c := start+n-1, from; i >= start; i-- {
			out[i] = last[c]
			c = int(prefix[c])
		}
		if code == next {
			out = append(out, out[start])
		}
		if prev >= 0 && next < most {
			prefix[next], last[next], length[next] = int32(prev), out[start], length[prev]+1
			next++
		}
		if next+early >= 1<<width && width < 12 {
			width++
		}
		prev = code
		if len(out) > limit {
			return out[:limit], ErrWork
		}
	}
}
