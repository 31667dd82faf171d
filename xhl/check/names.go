package check

import (
	"strings"

	"paye/xhl/internal/schema"
)

// xsiNamespace is that of the attributes that any element may have.
const xsiNamespace = "http://www.w3.org/2001/XMLSchema-instance"

// binding is a prefix in force, "" for the default namespace.
type binding struct{ prefix, uri string }

const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

// bind puts a declaration in force. Those that Namespaces in XML forbids are
// left out, as libxml2 does; Java stops at them.
func (w *walker) bind(name []byte, uri string, pos int) {
	prefix := strings.TrimPrefix(strings.TrimPrefix(string(name), "xmlns"), ":")
	switch {
	case prefix == "xml" && uri == xmlNamespace:
		return
	case prefix == "xml" || prefix == "xmlns" || strings.Contains(prefix, ":"),
		prefix != "" && uri == "",
		uri == xmlNamespace, uri == "http://www.w3.org/2000/xmlns/":
		w.fault(faultJavaMarkup, pos, schema.Clip(string(name)))
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
		return xmlNamespace, true
	}
	return "", false
}

func (w *walker) namespace(prefix string) string {
	uri, _ := w.lookup(prefix)
	return uri
}
