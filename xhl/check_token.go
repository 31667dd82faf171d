package xhl

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// stride takes one token, whatever its shape, and reports faults that do not
// stop the walk. It reports false when the window ends before the token does,
// with pos at its start.
func (w *walker) stride() bool {
	src := w.src[:w.end]
	if w.lost {
		w.resume(src, w.pos)
	}
	i := w.pos
	for i < len(src) && isBlank(src[i]) {
		i++
	}
	if i > w.pos && w.phase == inRoot {
		if f := w.top(); f.node != nil && f.node.leaf {
			if i >= len(src) {
				return w.short(w.pos)
			}
			w.textFault(w.pos)
		}
	}
	w.pos = i
	if i >= len(src) {
		return false
	}
	if src[i] == 0 && w.phase == afterRoot {
		// libxml2 takes a null byte for the end of the journal there.
		w.fault(faultAfterNUL, i)
		w.stopped = true
		return true
	}
	var err error
	switch {
	case src[i] != '<':
		err = w.text(src, i)
	case i+1 < len(src) && (src[i+1] == '!' || src[i+1] == '?'):
		err = w.aside(src, i)
	default:
		err = w.tag(src, i)
	}
	if err == nil {
		return true
	}
	var m *malformed
	if !errors.As(err, &m) {
		return w.short(i)
	}
	w.malformed(m)
	if !w.stopped {
		w.resume(src, i+1)
	}
	return true
}

// short is called when the window ends in the token at i. It reports false, so
// that the token is taken when there is more, unless it has grown too large.
func (w *walker) short(i int) bool {
	if w.end-i <= w.limits.MaxTag {
		return false
	}
	w.fault(faultLimit, i, w.limits.MaxTag)
	w.stopped = true
	return true
}

// malformed reports a breach of XML that the scanner found.
func (w *walker) malformed(m *malformed) {
	kind := faultMarkup
	switch m.code {
	case "XHL-003":
		kind, w.stopped = faultDoctype, true
	case "XHL-004":
		kind, w.stopped = faultLimit, true
	case "XHL-007":
		kind = faultTwice
	case "XHL-008":
		kind = faultCharacter
	case "XHL-010":
		kind = faultEntity
	}
	w.fault(kind, m.pos, m.args...)
	if w.phase == beforeRoot {
		w.stopped = true
	}
}

// resume goes to the next tag after a token that cannot be read.
func (w *walker) resume(src []byte, i int) {
	i = min(i, len(src))
	n := bytes.IndexByte(src[i:], '<')
	w.lost = n < 0
	if w.lost {
		n = len(src) - i
	}
	w.pos = i + n
}

func (w *walker) top() *frame { return &w.frames[len(w.frames)-1] }

// text judges character data up to the next tag.
func (w *walker) text(src []byte, i int) error {
	if w.phase != inRoot {
		w.outside(i)
		return nil
	}
	n := bytes.IndexByte(src[i:], '<')
	if n < 0 {
		return errMore
	}
	w.pos = i + n
	raw := src[i : i+n]
	if bytes.Contains(raw, []byte("]]>")) {
		w.fault(faultMarkup, i)
		return nil
	}
	value, ok := w.decode(raw, i)
	if ok {
		w.content(value, i)
	}
	return nil
}

// content judges the characters of a text, which only white space between the
// children of a container may be.
func (w *walker) content(value []byte, i int) {
	f := w.top()
	switch {
	case f.node == nil:
	case f.node.leaf || len(bytes.Trim(value, " \t\r\n")) > 0:
		w.textFault(i)
	}
}

func (w *walker) textFault(i int) {
	if ex := w.example(faultText, i); ex != nil {
		ex.args = []any{w.top().node.name}
	}
}

// outside reports what stands out of the root element.
func (w *walker) outside(i int) {
	kind := faultTrailer
	if w.phase == beforeRoot {
		kind = faultMarkup
	}
	w.fault(kind, i)
	w.stopped = true
}

// aside judges a comment, an instruction or a CDATA section.
func (w *walker) aside(src []byte, i int) error {
	w.scan.src, w.scan.maxTag = src, w.limits.MaxTag
	end, cdata, err := w.scan.aside(i)
	if err != nil {
		return err
	}
	body := src[i+2 : end]
	if !w.allowed(body) {
		return &malformed{code: "XHL-008", pos: i}
	}
	w.pos = end
	switch {
	case cdata && w.phase != inRoot:
		w.outside(i)
	case cdata:
		if f := w.top(); f.node != nil && !f.node.leaf {
			// White space in a CDATA section is not white space between elements.
			w.textFault(i)
		} else {
			w.content(body[len("[CDATA["):len(body)-len("]]>")], i)
		}
	case src[i+1] == '?':
		target := body[:len(body)-2]
		if at := bytes.IndexAny(target, " \t\r\n"); at >= 0 {
			target = target[:at]
		}
		if !w.nameOK(target) {
			return &malformed{code: "XHL-002", pos: i}
		}
	}
	return nil
}

// tag judges a start tag or an end tag.
func (w *walker) tag(src []byte, i int) error {
	t := &w.tok
	w.scan.src, w.scan.pos, w.scan.maxTag, w.scan.keepAttrs = src, i, w.limits.MaxTag, true
	if err := w.scan.next(t); err != nil {
		return err
	}
	if !w.nameOK(t.name) {
		return &malformed{code: "XHL-002", pos: i}
	}
	w.pos = t.end
	switch {
	case w.phase == afterRoot:
		w.outside(i)
	case t.kind == tokEnd && w.phase == beforeRoot:
		w.outside(i)
	case t.kind == tokEnd:
		w.endTag(t)
	default:
		if len(w.frames) >= w.limits.MaxDepth {
			return &malformed{"XHL-004", i, []any{w.limits.MaxDepth}}
		}
		return w.startTag(t)
	}
	return nil
}

// decode resolves the references of a text; ok is false when that was a fault,
// which it reports.
func (w *walker) decode(raw []byte, pos int) (value []byte, ok bool) {
	var lies int
	value, what := decodeValue(nil, raw, w.kind, &lies)
	switch {
	case what == decodeEntity:
		w.fault(faultEntity, pos)
		return nil, false
	case what == decodeCharacter || !w.allowed(raw):
		w.fault(faultCharacter, pos)
		return nil, false
	}
	return value, true
}

// allowed reports whether raw bytes are characters of XML in the encoding of
// the journal.
func (w *walker) allowed(raw []byte) bool {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return false
		case c < 0x80:
			i++
		case w.ascii:
			return false
		case w.kind == utf8Bytes:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 || !isChar(r) {
				return false
			}
			i += n
		case w.kind == cp1252Bytes && (c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D):
			return false
		default:
			i++
		}
	}
	return true
}
