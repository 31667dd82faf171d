package check

import (
	"bytes"
	"errors"

	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
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
	for i < len(src) && xmlr.IsBlank(src[i]) {
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
	var m *xmlr.Fault
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
func (w *walker) malformed(m *xmlr.Fault) {
	kind := faultMarkup
	switch m.Kind {
	case xmlr.HasDoctype:
		kind, w.stopped = faultDoctype, true
	case xmlr.TooLarge, xmlr.TooManyAttributes:
		kind, w.stopped = faultLimit, true
	case xmlr.RepeatedAttribute:
		kind = faultTwice
	case xmlr.BadBytes:
		kind = faultFreeByte
	case xmlr.BadCharacter:
		kind = faultCharacter
	case xmlr.BadReference:
		kind = faultEntity
	}
	w.fault(kind, m.Pos, m.Args...)
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
		return xmlr.ErrMore
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

// cdataFault reports a CDATA section where no text may be: of nothing, or of
// blanks between the children of a container, it is one for libxml2 only.
func (w *walker) cdataFault(body []byte, i int) {
	kind := faultText
	text := body[len("[CDATA[") : len(body)-len("]]>")]
	if !w.top().node.leaf {
		text = bytes.Trim(text, " \t\r\n")
	}
	if len(text) == 0 {
		kind = faultBlankCDATA
	}
	if ex := w.example(kind, i); ex != nil {
		ex.args = []any{w.top().node.name}
	}
}

// freeByte reports whether a byte that is no character is one that the charset
// leaves free: Java reads U+FFFD there, in silence.
func (w *walker) freeByte(b byte) bool { return b >= 0x80 && !w.charset.IsUTF8() }

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
	w.scan.Src, w.scan.MaxTag = src, w.limits.MaxTag
	end, cdata, err := w.scan.Aside(i)
	if err != nil {
		return err
	}
	body := src[i+2 : end]
	if bad := w.charset.Invalid(body); bad >= 0 {
		kind := xmlr.BadCharacter
		if w.freeByte(body[bad]) {
			kind = xmlr.BadBytes
		}
		return &xmlr.Fault{Kind: kind, Pos: i}
	}
	w.pos = end
	switch {
	case cdata && w.phase != inRoot:
		w.outside(i)
	case cdata:
		if w.top().node != nil {
			w.cdataFault(body, i)
		}
	case src[i+1] == '?':
		target := body[:len(body)-2]
		if at := bytes.IndexAny(target, " \t\r\n"); at >= 0 {
			target = target[:at]
		}
		if !w.charset.QName(target) {
			return &xmlr.Fault{Kind: xmlr.BadMarkup, Pos: i}
		}
		if bytes.IndexByte(target, ':') >= 0 {
			w.fault(faultJavaMarkup, i, "<?"+schema.Clip(string(target)))
		}
	}
	return nil
}

// tag judges a start tag or an end tag.
func (w *walker) tag(src []byte, i int) error {
	t := &w.tok
	w.scan.Src, w.scan.Pos, w.scan.MaxTag, w.scan.KeepAttrs = src, i, w.limits.MaxTag, true
	if err := w.scan.Next(t); err != nil {
		return err
	}
	if !w.charset.QName(t.Name) {
		return &xmlr.Fault{Kind: xmlr.BadMarkup, Pos: i}
	}
	w.pos = t.End
	switch {
	case w.phase == afterRoot:
		w.outside(i)
	case t.Kind == xmlr.EndTag && w.phase == beforeRoot:
		w.outside(i)
	case t.Kind == xmlr.EndTag:
		w.endTag(t)
	default:
		if len(w.frames) >= w.limits.MaxDepth {
			return &xmlr.Fault{Kind: xmlr.TooLarge, Pos: i, Args: []any{w.limits.MaxDepth}}
		}
		return w.startTag(t)
	}
	return nil
}

// decode resolves the references of a text; ok is false when that was a fault,
// which it reports.
func (w *walker) decode(raw []byte, pos int) (value []byte, ok bool) {
	var lies int
	value, what := xmlr.AppendValue(nil, raw, w.charset, &lies)
	switch {
	case what == xmlr.ValueReference:
		w.fault(faultEntity, pos)
		return nil, false
	case what == xmlr.ValueCharacter:
		w.fault(faultCharacter, pos)
		return nil, false
	}
	if i := w.charset.Invalid(raw); i >= 0 {
		kind := faultCharacter
		if w.freeByte(raw[i]) {
			kind = faultFreeByte
		}
		w.fault(kind, pos)
		return nil, false
	}
	return value, true
}
