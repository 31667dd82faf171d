package xmlr

import (
	"bytes"
	"unicode/utf8"
)

// characterData delivers a run of text as long as the window has it, or one
// reference.
func (d *Document) characterData() (Event, error) {
	d.CDATA = false
	if d.bytes[d.pos] == '&' {
		d.brackets = 0
		r, size, err := d.reference()
		if err != nil {
			return Ended, err
		}
		d.pos += size
		d.scratch = utf8.AppendRune(d.scratch[:0], r)
		d.Text = d.scratch
		d.Class = High | Foreign
		if r < utf8.RuneSelf {
			d.Class = Classes[r] &^ Bracket
		}
		return Data, nil
	}
	run := d.bytes[d.pos:]
	if i := bytes.IndexByte(run, '<'); i >= 0 {
		run = run[:i]
	}
	if i := bytes.IndexByte(run, '&'); i >= 0 {
		run = run[:i]
	}
	return d.deliver(run)
}

// deliver checks run, which starts at pos, and makes it the text of the event.
func (d *Document) deliver(run []byte) (Event, error) {
	if d.Charset == UTF8 && d.pos+len(run) == len(d.bytes) {
		cut := incomplete(run)
		if cut > 0 && cut == len(run) {
			if d.more() {
				return d.Next()
			}
			if d.err != nil {
				return Ended, d.cutShort()
			}
			return Ended, d.fault(BadBytes, d.pos, d.String())
		}
		run = run[:len(run)-cut]
	}
	d.Class = ClassOf(run)
	if d.Class&(Forbidden|High) != 0 {
		switch i := d.Charset.Invalid(run); {
		case i == 0:
			return Ended, d.character(d.pos)
		case i > 0:
			run = run[:i] // and the fault at the next call
			d.Class = ClassOf(run)
		}
	}
	if !d.CDATA && (d.brackets > 0 || d.Class&Bracket != 0) {
		i := d.countBrackets(run)
		if i == 0 {
			return Ended, d.fault(EndOfCDATA, d.pos)
		}
		run = run[:i]
		d.Class = ClassOf(run)
	}
	d.Text = run
	d.pos += len(run)
	return Data, nil
}

// countBrackets returns the length of run, or the index of the '>' of a "]]>".
func (d *Document) countBrackets(run []byte) int {
	for i, b := range run {
		switch {
		case b == ']':
			d.brackets++
		case b == '>' && d.brackets >= 2:
			return i
		default:
			d.brackets = 0
		}
	}
	return len(run)
}

// incomplete returns how many bytes at the end of p are the start of a UTF-8
// sequence that is not all there.
func incomplete(p []byte) int {
	for n := 1; n <= min(utf8.UTFMax-1, len(p)); n++ {
		b := p[len(p)-n]
		if utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(p[len(p)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// restOfCDATA delivers what the window has of a CDATA section; the last run may
// be empty.
func (d *Document) restOfCDATA() (Event, error) {
	d.CDATA = true
	for {
		run := d.bytes[d.pos:]
		if i := bytes.Index(run, []byte("]]>")); i >= 0 {
			d.Start = d.pos
			if d.Class = ClassOf(run[:i]); d.Class&(Forbidden|High) != 0 && d.Charset.Invalid(run[:i]) >= 0 {
				return d.deliver(run[:i])
			}
			d.inCDATA = false
			d.Text = run[:i]
			d.pos += i + 3
			return Data, nil
		}
		if keep := 4; len(run) > keep {
			d.Start = d.pos
			run = run[:len(run)-keep]
			if d.Charset == UTF8 {
				run = run[:len(run)-incomplete(run)]
			}
			if len(run) > 0 {
				return d.deliver(run)
			}
		}
		if !d.more() {
			return Ended, d.cutShort()
		}
	}
}

// maxReference is the length of the longest reference worth reading in text.
const maxReference = 64

// reference reads the reference at pos.
func (d *Document) reference() (r rune, size int, err error) {
	for d.need(1) && bytes.IndexByte(d.bytes[d.pos:min(len(d.bytes), d.pos+maxReference)], ';') < 0 && len(d.bytes)-d.pos < maxReference {
		if !d.more() {
			break
		}
	}
	d.Start = d.pos
	r, size = Reference(d.bytes[d.pos:min(len(d.bytes), d.pos+maxReference)])
	if size == 0 || !IsChar(r) {
		if (d.eof || d.err != nil) && len(d.bytes)-d.pos < maxReference && !bytes.ContainsAny(d.bytes[d.pos:], "; <\n") {
			return 0, 0, d.cutShort()
		}
		text, _, _ := bytes.Cut(d.bytes[d.pos:], []byte{';'})
		return 0, 0, d.fault(BadReference, d.pos, excerpt(text))
	}
	return r, size, nil
}
