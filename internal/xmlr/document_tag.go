package xmlr

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// tag returns the bytes of the tag at pos, from '<' to '>' included, once the
// window has them all. A '<' inside ends the search: it cannot be legal.
func (d *Document) tag() ([]byte, error) {
	quote := byte(0)
	for i := 1; ; {
		for ; d.pos+i < len(d.bytes); i++ {
			switch c := d.bytes[d.pos+i]; {
			case c == '<':
				return nil, d.fault(BadMarkup, d.pos+i, excerpt(d.bytes[d.pos:]))
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				d.Start = d.pos
				return d.bytes[d.pos : d.pos+i+1], nil
			}
		}
		if !d.more() {
			return nil, d.cutShort()
		}
	}
}

// endTag reads </name>.
func (d *Document) endTag() (Event, error) {
	tag, err := d.tag()
	if err != nil {
		return Ended, err
	}
	name := bytes.TrimRight(tag[2:len(tag)-1], " \t\r\n")
	if d.Depth() == 0 {
		return Ended, d.fault(OutsideRoot, d.pos)
	}
	if open := d.innermost(); !bytes.Equal(name, open) {
		return Ended, d.fault(BadEndTag, d.pos, d.readable(name), d.readable(open))
	}
	d.pos += len(tag)
	d.leave()
	return Closed, nil
}

// innermost is the qualified name of the innermost element, as written.
func (d *Document) innermost() []byte {
	n := len(d.nameEnds)
	from := 0
	if n > 1 {
		from = d.nameEnds[n-2]
	}
	return d.names[from:]
}

func (d *Document) leave() {
	n := len(d.nameEnds) - 1
	d.names = d.names[:len(d.names)-len(d.innermost())]
	d.nameEnds = d.nameEnds[:n]
	for len(d.scope) > 0 && d.scope[len(d.scope)-1].depth > n {
		d.scope = d.scope[:len(d.scope)-1]
	}
}

func (d *Document) readable(name []byte) string {
	return string(d.Charset.AppendUTF8(nil, name[:min(len(name), 64)]))
}

// startTag reads <name attributes> or <name attributes/>.
func (d *Document) startTag() (Event, error) {
	if d.Depth() == 0 && d.rooted {
		return Ended, d.fault(OutsideRoot, d.pos)
	}
	tag, err := d.tag()
	if err != nil {
		return Ended, err
	}
	if d.Depth() == d.limits.Depth {
		return Ended, d.fault(TooDeep, d.pos, d.limits.Depth)
	}
	d.rooted = true
	t := &d.tok
	d.scan.Src, d.scan.Pos, d.scan.MaxTag = tag, 0, len(tag)+1
	if err := d.scan.Next(t); err != nil {
		return Ended, d.tagFault(err, tag)
	}
	d.scratch, d.Attrs = d.scratch[:0], d.Attrs[:0]
	name, ok := d.name(t.Name)
	if !ok {
		return Ended, d.fault(BadMarkup, d.pos, excerpt(tag))
	}
	d.names = append(d.names, t.Name...)
	d.nameEnds = append(d.nameEnds, len(d.names))
	if t.HasV && len(t.Attrs) == 0 { // what the scanner passes at a glance
		t.Attrs = append(t.Attrs, Attr{Name: tag[t.V0-3 : t.V0-2], Raw: tag[t.V0:t.V1], Pos: t.V0 - 3})
	}
	if len(t.Attrs)+len(d.scope) >= 2*d.limits.Attrs {
		return Ended, d.fault(TooManyAttributes, d.pos, d.limits.Attrs)
	}
	for _, a := range t.Attrs {
		if err := d.attribute(a); err != nil {
			return Ended, err
		}
	}
	d.resolve(name)
	d.empty = t.Kind == EmptyTag
	d.pos += len(tag)
	return Opened, nil
}

// tagFault is what the scanner found wrong with a tag that is all there.
func (d *Document) tagFault(err error, tag []byte) error {
	var f *Fault
	if !errors.As(err, &f) {
		return d.fault(BadMarkup, d.pos, excerpt(tag))
	}
	switch f.Kind {
	case BadCharacter:
		return d.character(d.pos + f.Pos)
	case BadMarkup:
		f.Args = []any{excerpt(tag)}
	case TooManyAttributes:
		f.Args = []any{d.limits.Attrs}
	}
	return d.fault(f.Kind, d.pos+f.Pos, f.Args...)
}

// name returns a name in UTF-8.
func (d *Document) name(raw []byte) ([]byte, bool) {
	if !d.Charset.Name(raw) {
		return nil, false
	}
	if d.Charset.IsUTF8() || ClassOf(raw)&High == 0 {
		return raw, true
	}
	from := len(d.scratch)
	d.scratch = d.Charset.AppendUTF8(d.scratch, raw)
	return d.scratch[from:len(d.scratch):len(d.scratch)], true
}

// attribute takes an attribute of the tag at pos, or the namespace that it
// declares.
func (d *Document) attribute(a Attr) error {
	at := d.pos + a.Pos
	name, ok := d.name(a.Name)
	if !ok {
		return d.fault(BadMarkup, at, excerpt(a.Name))
	}
	value, err := d.value(a.Raw, at)
	if err != nil {
		return err
	}
	switch prefix, local := SplitName(name); {
	case string(name) == "xmlns":
		if reserved(value) {
			d.java(at, name)
		}
		d.scope = append(d.scope, declared{"", bytes.Clone(value), d.Depth()})
	case string(prefix) == "xmlns":
		// What libxml2 reports and does not declare, and Java stops at.
		if len(value) > 0 && string(local) != "xmlns" && string(local) != "xml" {
			d.scope = append(d.scope, declared{string(local), bytes.Clone(value), d.Depth()})
		} else if string(local) != "xml" || !bytes.Equal(value, xmlURI) {
			d.java(at, name)
		}
		if bytes.IndexByte(local, ':') >= 0 || reserved(value) && string(local) != "xml" {
			d.java(at, name)
		}
	default:
		d.Attrs = append(d.Attrs, DocAttr{Name: name, Value: value, At: at})
	}
	return nil
}

// reserved reports whether a namespace is one that no prefix may be given.
func reserved(uri []byte) bool {
	return bytes.Equal(uri, xmlURI) || string(uri) == "http://www.w3.org/2000/xmlns/"
}

// java remembers what Java alone refuses.
func (d *Document) java(i int, what []byte) {
	if d.ForJava == nil {
		offset, line := d.At(i)
		d.ForJava = &Fault{Kind: BadMarkup, Pos: i, Args: []any{excerpt(what)}, Offset: offset, Line: line}
	}
}

// SplitName cuts a qualified name at its first colon; no prefix when there is
// none, or nothing before or after it.
func SplitName(name []byte) (prefix, local []byte) {
	i := bytes.IndexByte(name, ':')
	if i <= 0 || i == len(name)-1 {
		return nil, name
	}
	return name[:i], name[i+1:]
}

// value normalises the value of an attribute, a part of the window.
func (d *Document) value(raw []byte, at int) ([]byte, error) {
	class := ClassOf(raw)
	if class&(Forbidden|High) != 0 {
		if i := d.Charset.Invalid(raw); i >= 0 {
			return nil, d.character(cap(d.bytes) - cap(raw) + i)
		}
	}
	recoded := class&High != 0 && !d.Charset.IsUTF8()
	if !recoded && class&Blank == 0 && bytes.IndexByte(raw, '&') < 0 {
		return raw, nil
	}
	from := len(d.scratch)
	var lies int
	var fault ValueFault
	if d.scratch, fault = AppendValue(d.scratch, raw, d.Charset, &lies); fault != ValueOK {
		return nil, d.fault(BadReference, at, excerpt(raw[bytes.IndexByte(raw, '&'):]))
	}
	return d.scratch[from:len(d.scratch):len(d.scratch)], nil
}

// resolve gives their namespaces to the element and its attributes. A prefix
// that is not declared stays in the name, in no namespace, as in libxml2.
func (d *Document) resolve(name []byte) {
	prefix, local := SplitName(name)
	uri, bound := d.URI(prefix)
	if d.Name, d.NS = local, uri; !bound && prefix != nil {
		d.Name, d.NS = name, nil
	}
	for i := range d.Attrs {
		a := &d.Attrs[i]
		if prefix, local := SplitName(a.Name); prefix != nil {
			if uri, bound := d.URI(prefix); bound {
				a.Name, a.NS = local, uri
			}
		}
	}
}

var xmlURI = []byte("http://www.w3.org/XML/1998/namespace")

// URI returns what prefix stands for here; the empty prefix is the default
// namespace.
func (d *Document) URI(prefix []byte) (uri []byte, bound bool) {
	for i := len(d.scope) - 1; i >= 0; i-- {
		if d.scope[i].prefix == string(prefix) {
			return d.scope[i].uri, true
		}
	}
	if string(prefix) == "xml" {
		return xmlURI, true
	}
	return nil, false
}

const maxExcerpt = 20

// excerpt is the start of markup for a message: ASCII, short, and without any
// value.
func excerpt(b []byte) string {
	n := 0
	for n < min(len(b), maxExcerpt) && b[n] > ' ' && b[n] < utf8.RuneSelf-1 && b[n] != '=' && (n == 0 || b[n] != '<') {
		n++
	}
	return string(b[:n])
}
