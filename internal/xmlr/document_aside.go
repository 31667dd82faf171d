package xmlr

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// comment skips <!-- … -->, which may be longer than the window, and refuses
// what else may follow "<!".
func (d *Document) comment() error {
	if !d.prefixed("<!--") {
		if d.prefixed("<!DOCTYPE") {
			return d.fault(HasDoctype, d.pos)
		}
		if d.eof && len(d.bytes)-d.pos < len("<!DOCTYPE") || d.err != nil {
			return d.cutShort()
		}
		d.need(maxExcerpt)
		return d.fault(BadMarkup, d.pos, excerpt(d.bytes[d.pos:]))
	}
	d.pos += len("<!--")
	dashes := 0
	for {
		if d.pos == len(d.bytes) && !d.more() {
			return d.cutShort()
		}
		switch c := d.bytes[d.pos]; {
		case c == '-':
			if dashes++; dashes == 3 {
				return d.fault(BadComment, d.pos)
			}
			d.pos++
		case dashes == 2 && c == '>':
			d.pos++
			return nil
		case dashes == 2:
			return d.fault(BadComment, d.pos)
		default:
			dashes = 0
			if err := d.skipChar(); err != nil {
				return err
			}
		}
	}
}

// skipChar goes over one allowed character.
func (d *Document) skipChar() error {
	b := d.bytes[d.pos]
	if b < utf8.RuneSelf {
		if Classes[b]&Forbidden != 0 {
			return d.character(d.pos)
		}
		d.pos++
		return nil
	}
	d.need(utf8.UTFMax)
	if d.err != nil {
		return d.cutShort()
	}
	r, size := d.Charset.Rune(d.bytes[d.pos:])
	if size == 0 || !IsChar(r) {
		return d.character(d.pos)
	}
	d.pos += size
	return nil
}

// instruction skips <?target …?>.
func (d *Document) instruction() error {
	d.pos += 2
	var target []byte
	for {
		if !d.need(1) {
			return d.cutShort()
		}
		if c := d.bytes[d.pos]; IsBlank(c) || c == '?' || len(target) >= 1024 {
			break
		}
		first := d.bytes[d.pos]
		if err := d.skipChar(); err != nil {
			return err
		}
		if first >= utf8.RuneSelf {
			first = 'x'
		}
		target = append(target, first)
	}
	if !ASCII.Name(target) || strings.EqualFold(string(target), "xml") {
		return d.fault(BadInstruction, d.pos)
	}
	if bytes.IndexByte(target, ':') >= 0 {
		d.java(d.pos, target)
	}
	if d.bytes[d.pos] == '?' && !d.prefixed("?>") {
		if d.eof && len(d.bytes)-d.pos < 2 {
			return d.cutShort()
		}
		return d.fault(BadInstruction, d.pos)
	}
	for !d.prefixed("?>") {
		if !d.need(1) {
			return d.cutShort()
		}
		if err := d.skipChar(); err != nil {
			return err
		}
	}
	d.pos += 2
	return nil
}
