package cos

// decodeHex undoes ASCIIHexDecode (7.4.2).
func decodeHex(data []byte, _ *Document, _ Object, limit int) ([]byte, error) {
	l := lexer{data: data}
	out := l.hex().raw
	if len(out) > limit {
		return out[:limit], ErrWork
	}
	return out, nil
}

// decode85 undoes ASCII85Decode (7.4.3).
func decode85(data []byte, _ *Document, _ Object, limit int) ([]byte, error) {
	out := make([]byte, 0, min(limit, len(data)))
	var v uint32
	n := 0
	for i, c := range data {
		switch {
		case c == '~':
			return tail85(out, v, n), nil
		case class[c] == classSpace:
		case c == 'z' && n == 0:
			out = append(out, 0, 0, 0, 0)
		case c >= '!' && c <= 'u':
			v = v*85 + uint32(c-'!')
			if n++; n == 5 {
				out = append(out, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
				v, n = 0, 0
			}
		case c == '<' && i == 0: // "<~" begins some of them
		default:
			return tail85(out, v, n), ErrFilter
		}
		if len(out) > limit {
			return out[:limit], ErrWork
		}
	}
	return tail85(out, v, n), nil
}

// tail85 appends the bytes of a last group of n digits.
func tail85(out []byte, v uint32, n int) []byte {
	if n < 2 {
		return out
	}
	for range 5 - n {
		v = v*85 + 84
	}
	b := [4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}
	return append(out, b[:n-1]...)
}

// decodeRuns undoes RunLengthDecode (7.4.5).
func decodeRuns(data []byte, _ *Document, _ Object, limit int) ([]byte, error) {
	var out []byte
	for i := 0; i < len(data); {
		n := int(data[i])
		i++
		switch {
		case n == 128:
			return out, nil
		case n < 128:
			end := min(i+n+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		case i < len(data):
			for range 257 - n {
				out = append(out, data[i])
			}
			i++
		}
		if len(out) > limit {
			return out[:limit], ErrWork
		}
	}
	return out, nil
}
