package xmlw

import (
	"errors"
	"fmt"
	"strings"
)

// Writer appends one document, or a piece of one, to a buffer. The zero Writer
// writes ISO-8859-1 and is ready; call [Writer.Reset] to use it again.
//
// After the first error every method does nothing and [Writer.Bytes] returns
// that error.
type Writer struct {
	buf     []byte
	charset Charset
	open    []string
	inTag   bool // the start tag of the innermost element is not closed yet
	err     error
}

// Reset makes w append to dst in charset c, with no element open.
func (w *Writer) Reset(dst []byte, c Charset) {
	w.buf, w.charset, w.open, w.inTag, w.err = dst, c, w.open[:0], false, nil
}

// Bytes returns the buffer: what was given to Reset followed by what was
// written. It returns an error if something could not be written or if an
// element is still open.
func (w *Writer) Bytes() ([]byte, error) {
	if w.err == nil && len(w.open) > 0 {
		w.err = fmt.Errorf("xml: %s is still open", strings.Join(w.open, "/"))
	}
	return w.buf, w.err
}

// Pending returns what was written so far and forgets it, so that a long
// document can leave piece by piece; open elements stay open.
func (w *Writer) Pending(dst []byte) ([]byte, error) {
	w.closeTag()
	out := w.buf
	w.buf = dst
	return out, w.err
}

// Declaration writes the XML declaration with the charset's name. It must come
// first.
func (w *Writer) Declaration() {
	w.buf = append(w.buf, `<?xml version="1.0" encoding="`...)
	w.buf = append(w.buf, w.charset.String()...)
	w.buf = append(w.buf, `"?>`...)
}

// Start opens an element.
func (w *Writer) Start(name string) {
	if w.err != nil {
		return
	}
	w.closeTag()
	w.buf = append(w.buf, '<')
	w.buf = append(w.buf, name...)
	w.open = append(w.open, name)
	w.inTag = true
}

// Attr writes an attribute of the element that was just opened.
func (w *Writer) Attr(name, value string) {
	if w.err != nil {
		return
	}
	if !w.inTag {
		w.err = fmt.Errorf("xml: attribute %s after the start tag of %s", name, strings.Join(w.open, "/"))
		return
	}
	w.buf = append(w.buf, ' ')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, `="`...)
	w.value(AppendAttr, value, name)
	w.buf = append(w.buf, '"')
}

// Text writes character data inside the innermost element.
func (w *Writer) Text(s string) {
	if w.err != nil {
		return
	}
	if len(w.open) == 0 {
		w.err = errors.New("xml: text outside of an element")
		return
	}
	w.closeTag()
	w.value(AppendText, s, "")
}

// Blank writes white space for the eye, between elements or around them.
func (w *Writer) Blank(s string) {
	if w.err != nil {
		return
	}
	if strings.Trim(s, " \t\n") != "" {
		w.err = errors.New("xml: blank text expected")
		return
	}
	w.closeTag()
	w.buf = append(w.buf, s...)
}

// End closes the innermost element, as an empty tag when nothing is in it.
func (w *Writer) End() {
	if w.err != nil {
		return
	}
	if len(w.open) == 0 {
		w.err = errors.New("xml: end of an element that is not open")
		return
	}
	name := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	if w.inTag {
		w.buf = append(w.buf, "/>"...)
		w.inTag = false
		return
	}
	w.buf = append(w.buf, "</"...)
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '>')
}

// Leaf writes an empty element with one attribute, the only shape that values
// have in XHL and in PES: <Name V="value"/>.
func (w *Writer) Leaf(name, attr, value string) {
	w.Start(name)
	w.Attr(attr, value)
	w.End()
}

func (w *Writer) closeTag() {
	if w.inTag {
		w.buf = append(w.buf, '>')
		w.inTag = false
	}
}

func (w *Writer) value(appendTo func([]byte, string, Charset) ([]byte, error), s, attr string) {
	var err error
	if w.buf, err = appendTo(w.buf, s, w.charset); err != nil {
		where := strings.Join(w.open, "/")
		if attr != "" {
			where += "@" + attr
		}
		err.(*CharError).Where = where
		w.err = err
	}
}
