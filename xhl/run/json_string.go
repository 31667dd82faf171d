package run

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (d *LineDecoder) string() (string, error) {
	b, err := d.stringBytes()
	return string(b), err
}

// stringBytes reads a JSON string; the result is valid until the next one.
func (d *LineDecoder) stringBytes() ([]byte, error) {
	d.blank()
	if d.pos >= len(d.src) || d.src[d.pos] != '"' {
		return nil, d.syntax()
	}
	start := d.pos + 1
	ascii := true
	for i := start; i < len(d.src); i++ {
		switch c := d.src[i]; {
		case c == '"':
			b := d.src[start:i]
			if !ascii && !utf8.Valid(b) {
				return nil, d.syntax()
			}
			d.pos = i + 1
			return b, nil
		case c == '\\':
			return d.escaped(start, i)
		case c < 0x20:
			return nil, d.syntax()
		case c >= 0x80:
			ascii = false
		}
	}
	return nil, d.syntax()
}

// escaped reads a string that has an escape at i.
func (d *LineDecoder) escaped(start, i int) ([]byte, error) {
	out := append(d.buf[:0], d.src[start:i]...)
	for i < len(d.src) {
		c := d.src[i]
		i++
		switch {
		case c == '"':
			d.pos, d.buf = i, out
			if !utf8.Valid(out) {
				return nil, d.syntax()
			}
			return out, nil
		case c < 0x20:
			return nil, d.syntax()
		case c != '\\':
			out = append(out, c)
			continue
		}
		if i >= len(d.src) {
			break
		}
		c = d.src[i]
		i++
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, ok := hex4(d.src[i:])
			if !ok {
				return nil, d.syntax()
			}
			i += 4
			if utf16.IsSurrogate(r) {
				if !bytes.HasPrefix(d.src[i:], []byte(`\u`)) {
					return nil, d.syntax()
				}
				low, ok := hex4(d.src[i+2:])
				if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
					return nil, d.syntax()
				}
				i += 6
			}
			out = utf8.AppendRune(out, r)
		default:
			return nil, d.syntax()
		}
	}
	return nil, d.syntax()
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 32)
	return rune(n), err == nil
}
