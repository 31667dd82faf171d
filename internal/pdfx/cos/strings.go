package cos

// literal reads a string in parentheses (7.3.4.2). Without escapes, its bytes
// are those of the document.
func (l *lexer) literal() Object {
	l.pos++
	start, depth := l.pos, 1
	plain := true
	for ; l.pos < len(l.data); l.pos++ {
		switch l.data[l.pos] {
		case '\\':
			plain = false
			l.pos++
		case '\r':
			plain = false
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				raw := l.data[start:l.pos]
				l.pos++
				if !plain {
					raw = unescapeString(raw)
				}
				return Object{kind: String, raw: raw}
			}
		}
	}
	l.pos, l.odd = len(l.data), true
	return Object{kind: String, raw: l.data[min(start, len(l.data)):]}
}

var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

// unescapeString decodes the escapes and the ends of lines of a string.
func unescapeString(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '\r' {
			out = append(out, '\n')
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
			continue
		}
		if c != '\\' || i+1 >= len(raw) {
			out = append(out, c)
			continue
		}
		i++
		switch c = raw[i]; {
		case c >= '0' && c <= '7':
			v, n := 0, 0
			for ; n < 3 && i+n < len(raw) && raw[i+n] >= '0' && raw[i+n] <= '7'; n++ {
				v = v<<3 | int(raw[i+n]-'0')
			}
			out = append(out, byte(v))
			i += n - 1
		case c == '\r':
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
		case c == '\n':
		case escapes[c] != 0:
			out = append(out, escapes[c])
		default:
			out = append(out, c)
		}
	}
	return out
}

// hex reads the rest of a string in angle brackets (7.3.4.3).
func (l *lexer) hex() Object {
	end := l.pos
	for end < len(l.data) && l.data[end] != '>' {
		end++
	}
	out := make([]byte, 0, (end-l.pos+1)/2)
	high := -1
	for _, c := range l.data[l.pos:end] {
		v := hexValue(c)
		switch {
		case v < 0:
			l.odd = l.odd || class[c] != classSpace
		case high < 0:
			high = v
		default:
			out = append(out, byte(high<<4|v))
			high = -1
		}
	}
	if high >= 0 {
		out = append(out, byte(high<<4))
	}
	l.pos = min(end+1, len(l.data))
	return Object{kind: String, raw: out}
}
