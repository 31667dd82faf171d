package xhl

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// xsiNamespace is that of the attributes that any element may have.
const xsiNamespace = "http://www.w3.org/2001/XMLSchema-instance"

// binding is a prefix in force, "" for the default namespace.
type binding struct{ prefix, uri string }

func isDeclaration(name []byte) bool {
	return bytes.Equal(name, xmlns) || bytes.HasPrefix(name, xmlnsColon)
}

// bind puts a declaration in force. Those that Namespaces in XML forbids are
// left out, as libxml2 does.
func (w *walker) bind(name []byte, uri string) {
	prefix := strings.TrimPrefix(strings.TrimPrefix(string(name), "xmlns"), ":")
	switch {
	case prefix == "xml" || prefix == "xmlns",
		prefix != "" && uri == "",
		uri == "http://www.w3.org/XML/1998/namespace", uri == "http://www.w3.org/2000/xmlns/":
		return
	}
	w.scope = append(w.scope, binding{prefix, uri})
}

// lookup returns the namespace of a prefix, and whether it was declared.
func (w *walker) lookup(prefix string) (uri string, declared bool) {
	for i := len(w.scope) - 1; i >= 0; i-- {
		if w.scope[i].prefix == prefix {
			return w.scope[i].uri, true
		}
	}
	if prefix == "xml" {
		return "http://www.w3.org/XML/1998/namespace", true
	}
	return "", false
}

func (w *walker) namespace(prefix string) string {
	uri, _ := w.lookup(prefix)
	return uri
}

// nameOK reports whether raw bytes are a name of XML 1.0, fifth edition, with
// at most a prefix.
func (w *walker) nameOK(raw []byte) bool {
	if !w.allowed(raw) || len(raw) == 0 || raw[0] == ':' || raw[len(raw)-1] == ':' {
		return false
	}
	colon := bytes.IndexByte(raw, ':')
	for i := 0; i < len(raw); {
		r, n := rune(raw[i]), 1
		if r >= 0x80 && w.kind == utf8Bytes {
			r, n = utf8.DecodeRune(raw[i:])
		}
		if !(nameStart(r) || i > 0 && i != colon+1 && namePart(r)) {
			return false
		}
		i += n
	}
	return true
}

func nameStart(r rune) bool {
	switch {
	case r < 0x80:
		return r == ':' || r == '_' || r|0x20 >= 'a' && r|0x20 <= 'z'
	case r < 0x370:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 && r <= 0x2FF
	}
	return r != 0x37E && r <= 0x1FFF || r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

func namePart(r rune) bool {
	return r == '-' || r == '.' || r >= '0' && r <= '9' || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
