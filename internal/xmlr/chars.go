package xmlr

import "bytes"

// IsBlank reports whether b is white space of XML.
func IsBlank(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

// IsChar reports whether r is a character of XML 1.0.
func IsChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// NameStart reports whether a name may begin with r.
func NameStart(r rune) bool {
	switch {
	case r < 0x80:
		return r == ':' || r == '_' || r|0x20 >= 'a' && r|0x20 <= 'z'
	case r < 0x370:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 && r <= 0x2FF
	}
	return r != 0x37E && r <= 0x1FFF || r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

// NamePart reports whether r may stand in a name besides what may begin one.
func NamePart(r rune) bool {
	return r == '-' || r == '.' || r >= '0' && r <= '9' || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// Name reports whether raw bytes are a name.
func (c *Charset) Name(raw []byte) bool {
	for i := 0; i < len(raw); {
		r, n := c.Rune(raw[i:])
		if n == 0 || !(NameStart(r) || i > 0 && NamePart(r)) {
			return false
		}
		i += n
	}
	return len(raw) > 0
}

// QName reports whether raw bytes are a name with at most a prefix.
func (c *Charset) QName(raw []byte) bool {
	if !c.Name(raw) || raw[0] == ':' || raw[len(raw)-1] == ':' {
		return false
	}
	r, _ := c.Rune(raw[bytes.IndexByte(raw, ':')+1:])
	return NameStart(r)
}

// LocalName cuts the prefix off a name.
func LocalName(name []byte) []byte {
	for i, c := range name {
		if c == ':' {
			return name[i+1:]
		}
	}
	return name
}

// IsDeclaration reports whether an attribute declares a namespace.
func IsDeclaration(name []byte) bool {
	return bytes.Equal(name, xmlns) || bytes.HasPrefix(name, xmlnsColon)
}

var (
	xmlns      = []byte("xmlns")
	xmlnsColon = []byte("xmlns:")
)

// OpensMarkup reports whether markup begins in what is left of a document
// before its root: the document is cut there, and not something else
// altogether.
func OpensMarkup(rest []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(rest), []byte("<")) }
