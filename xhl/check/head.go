package check

import (
	"bytes"
	"io"

	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// head tells the encoding from the first window, passes the XML declaration,
// and returns the walker of the journal, before its root element. A journal in
// UTF-16 is read again in UTF-8.
func (c *check) head(first *window, cut *windows) (*walker, error) {
	if err := cut.declaration(first); err != nil {
		return nil, err
	}
	enc := xmlr.Detect(first.buf[:first.n])
	c.bilan.BOM = enc.BOM
	c.bilan.Encodage = enc.String()
	if c.charset = enc.Charset.AsRead(); c.charset == nil {
		w := c.newWalker()
		w.window(first.buf, first.n, 0, 1)
		w.fault(faultEncoding, 0, schema.Clip(enc.Declared))
		w.stopped = true
		return w, nil
	}
	if enc.UTF16 != xmlr.NotUTF16 {
		src := io.MultiReader(bytes.NewReader(bytes.Clone(first.buf[:first.n])), bytes.NewReader(cut.tail), cut.src)
		c.converted = true
		*cut = windows{src: enc.UTF16.NewReader(src), size: cut.size}
		if err := cut.next(first); err != nil {
			return nil, err
		}
		if err := cut.declaration(first); err != nil {
			return nil, err
		}
	}
	w := c.newWalker()
	w.window(first.buf, first.n, 0, 1)
	if enc.BOM {
		w.pos = min(len(xmlr.Mark), first.n)
	}
	d, ok := xmlr.ReadDeclaration(first.buf[w.pos:first.n])
	if !ok {
		w.fault(faultMarkup, w.pos)
		w.stopped = true
		return w, nil
	}
	if d.Length > 0 && d.Version != "1.0" && d.Version != "1.1" {
		w.fault(faultJavaMarkup, w.pos, "version "+schema.Clip(d.Version))
	}
	w.pos += d.Length
	if w.pos < first.n && xmlr.IsBlank(first.buf[w.pos]) && d.Length == 0 && bytes.HasPrefix(bytes.TrimLeft(first.buf[w.pos:first.n], " \t\r\n"), []byte("<?xml ")) {
		w.fault(faultMarkup, w.pos)
		w.stopped = true
	}
	return w, nil
}

// declaration lengthens the first window until it holds the whole of the XML
// declaration, if there is one.
func (c *windows) declaration(first *window) error {
	for !first.last && first.n < maxDeclaration {
		head := bytes.TrimPrefix(first.buf[:first.n], []byte("\xEF\xBB\xBF"))
		if !bytes.HasPrefix(head, []byte("<?xml")) && len(head) > len("<?xml") || bytes.Contains(head, []byte("?>")) {
			return nil
		}
		c.tail = append(bytes.Clone(first.buf[:first.n]), c.tail...)
		c.off, c.after = 0, false
		first.buf = make([]byte, 2*len(first.buf))
		if err := c.next(first); err != nil {
			return err
		}
	}
	return nil
}

// maxDeclaration bounds the XML declaration, in bytes.
const maxDeclaration = 64 << 10
