package xmlr

import (
	"bytes"
	"io"
)

// open reads the byte order mark and the XML declaration. A document in UTF-16
// without either is known by its first tag, as Java does.
func (d *Document) open() error {
	d.need(4)
	if d.err != nil {
		return d.cutShort()
	}
	e := Detect(d.bytes)
	if bytes.HasPrefix(d.bytes, []byte("<\x00n\x00")) {
		e.UTF16 = LittleEndian
	}
	if d.UTF16 = e.UTF16; e.UTF16 != NotUTF16 {
		src := io.MultiReader(newBytes(d.bytes), d.src)
		d.bytes, d.eof, d.recoded = d.bytes[:0], false, true
		d.src = e.UTF16.NewReader(src)
	}
	d.Charset = UTF8
	if d.need(3) && bytes.HasPrefix(d.bytes, []byte(Mark)) {
		d.BOM = true
		d.pos = len(Mark)
	}
	if !d.need(1) {
		if d.err != nil {
			return d.cutShort()
		}
		return d.fault(Empty, 0)
	}
	if d.need(6) && bytes.HasPrefix(d.bytes[d.pos:], []byte("<?xml")) && IsBlank(d.bytes[d.pos+5]) {
		return d.declaration()
	}
	if d.err != nil && len(d.bytes)-d.pos < 6 {
		return d.cutShort()
	}
	return nil
}

func newBytes(b []byte) io.Reader { return bytes.NewReader(bytes.Clone(b)) }

// declaration reads the declaration at pos, and takes the charset that it
// names.
func (d *Document) declaration() error {
	const longest = 1024
	for {
		seen := d.bytes[d.pos:min(len(d.bytes), d.pos+longest)]
		if bytes.Contains(seen, []byte("?>")) {
			break
		}
		if len(seen) == longest || !d.more() {
			if d.err != nil {
				return d.cutShort()
			}
			return d.fault(BadDeclaration, d.pos)
		}
	}
	decl, ok := ReadDeclaration(d.bytes[d.pos:])
	if !ok {
		return d.fault(BadDeclaration, d.pos)
	}
	if decl.Version != "1.0" && decl.Version != "1.1" {
		d.java(d.pos, []byte("version"))
	}
	d.Declared = decl.Encoding
	if decl.EncodingEnd > 0 {
		d.EncodingEnd = d.base + int64(d.pos+decl.EncodingEnd)
	}
	d.pos += decl.Length
	charset, known := CharsetOf(d.Declared)
	switch {
	case d.UTF16 != NotUTF16:
		if known && !charset.IsUTF8() || charset == ASCII {
			return d.fault(BadDeclaration, d.pos)
		}
	case !known:
		return d.fault(UnknownEncoding, d.pos, d.Declared)
	default:
		d.Charset = charset
	}
	return nil
}
