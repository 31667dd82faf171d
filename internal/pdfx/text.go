package pdfx

import (
	"context"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/pdfx/cos"
)

// Bounds of the text that is read of a document.
const (
	maxTextFile  = 64 << 20 // bytes of the document
	maxTextPages = 20
	maxText      = 256 << 10 // bytes of text
	maxGlyphs    = 70_000    // of a font
)

// ReadText gives the text that the first pages of a PDF show, string by string: what
// it takes to find a number in it, no more. A scan has none; a document that does
// not open has none either. The error is that of r or ctx.
func ReadText(ctx context.Context, r io.ReaderAt, size int64) (string, error) {
	if size > maxTextFile {
		return "", nil
	}
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return "", err
	}
	doc, err := cos.Open(data)
	if err != nil {
		return "", ctx.Err()
	}
	t := reading{doc: doc, fonts: make(map[int]*encoding)}
	pages := 0
	_ = doc.Pages(func(p cos.Page) bool { // what comes before a fault is read
		t.run(contentOf(doc, p.Object.Get("Contents")), doc.Resolve(p.Resources), 0)
		pages++
		return pages < maxTextPages && t.out.Len() < maxText && ctx.Err() == nil
	})
	return t.out.String(), ctx.Err()
}

// reading is a document whose text is being read.
type reading struct {
	doc   *cos.Document
	fonts map[int]*encoding // by object
	out   strings.Builder

	x, y, size float64 // of the text that comes next
	lastX      float64 // of a string of one character, on line lastY
	lastY      float64
	single     bool // the last string had one
}

// begin ends the line of the string before, unless that is one character with
// this one right after it: some programs place each by itself.
func (t *reading) begin(s cos.Object, font *encoding) {
	n := len(s.Bytes())
	if font != nil && font.wide {
		n /= 2
	}
	one := n == 1
	gap := t.x - t.lastX
	if t.out.Len() > 0 && !(one && t.single && t.y == t.lastY && gap > 0 && gap < 0.75*t.size) {
		t.out.WriteByte('\n')
	}
	t.single, t.lastX, t.lastY = one, t.x, t.y
}

// encoding is what the bytes of a font mean.
type encoding struct {
	wide  bool // two bytes a character
	runes map[uint32]string
}

// run reads the text of a content stream and of the forms that it shows.
func (t *reading) run(content []byte, resources cos.Object, depth int) {
	if depth > maxForms {
		return
	}
	fonts, forms := t.doc.Get(resources, "Font"), t.doc.Get(resources, "XObject")
	var font *encoding
	count := 0
	cos.Operators(content, func(op string, a []cos.Object) bool {
		count++
		switch op {
		case "Tf":
			if len(a) > 1 {
				font = t.font(fonts.Get(a[0].Name()))
				t.size, _ = a[1].Float()
			}
		case "BT":
			t.x, t.y = 0, 0
		case "Td", "TD":
			if len(a) > 1 {
				x, _ := a[0].Float()
				y, _ := a[1].Float()
				t.x, t.y = t.x+x, t.y+y
			}
		case "Tm":
			if len(a) > 5 {
				t.x, _ = a[4].Float()
				t.y, _ = a[5].Float()
			}
		case "Tj", "'", `"`:
			if len(a) > 0 {
				t.begin(a[len(a)-1], font)
				t.show(font, a[len(a)-1])
			}
		case "TJ":
			if len(a) == 0 {
				break
			}
			t.begin(cos.Object{}, nil)
			for _, item := range t.doc.Resolve(a[0]).Items() {
				if shift, is := item.Float(); is {
					if shift < wordGap {
						t.out.WriteByte(' ')
					}
					continue
				}
				t.show(font, item)
			}
		case "Do":
			if len(a) == 0 {
				break
			}
			form := t.doc.Resolve(forms.Get(a[0].Name()))
			if !t.doc.Get(form, "Subtype").IsName("Form") {
				break
			}
			data, _, _ := t.doc.Decode(form, maxContent)
			own := t.doc.Get(form, "Resources")
			if !own.IsDict() {
				own = resources
			}
			t.run(data, own, depth+1)
		}
		return count < maxOperators && t.out.Len() < maxText
	})
}

// wordGap is a shift between strings that is a blank, in thousandths of the size.
const wordGap = -180

// show writes a string as the font says it.
func (t *reading) show(font *encoding, s cos.Object) {
	b := s.Bytes()
	if font == nil || font.runes == nil && !font.wide {
		for _, c := range b {
			t.out.WriteRune(charmap.Windows1252.DecodeByte(c))
		}
		return
	}
	step := 1
	if font.wide {
		step = 2
	}
	for ; len(b) >= step; b = b[step:] {
		code := uint32(b[0])
		if step == 2 {
			code = code<<8 | uint32(b[1])
		}
		if text, known := font.runes[code]; known {
			t.out.WriteString(text)
		} else if step == 1 {
			t.out.WriteRune(charmap.Windows1252.DecodeByte(byte(code)))
		}
	}
}

// font reads the encoding of a font, once.
func (t *reading) font(ref cos.Object) *encoding {
	if known := t.fonts[ref.Number()]; known != nil && ref.Number() > 0 {
		return known
	}
	o := t.doc.Resolve(ref)
	e := &encoding{wide: t.doc.Get(o, "Subtype").IsName("Type0")}
	if m := t.doc.Get(o, "ToUnicode"); m.Kind() == cos.Stream {
		data, _, _ := t.doc.Decode(m, maxContent)
		e.runes = make(map[uint32]string)
		e.read(data)
	} else if !e.wide {
		e.differences(t.doc.Get(t.doc.Get(o, "Encoding"), "Differences").Items())
	}
	if ref.Number() > 0 {
		t.fonts[ref.Number()] = e
	}
	return e
}

// read takes the pairs of a ToUnicode map. ISO 32000-1, 9.10.3.
func (e *encoding) read(data []byte) {
	cos.Operators(data, func(op string, a []cos.Object) bool {
		switch op {
		case "endbfchar":
			for i := 0; i+1 < len(a); i += 2 {
				e.put(charCode(a[i]), utf16Text(a[i+1].Bytes()))
			}
		case "endbfrange":
			for i := 0; i+2 < len(a); i += 3 {
				e.span(charCode(a[i]), charCode(a[i+1]), a[i+2])
			}
		}
		return len(e.runes) < maxGlyphs
	})
}

func (e *encoding) put(code uint32, text string) {
	if len(e.runes) < maxGlyphs {
		e.runes[code] = text
	}
}

// span maps codes that follow each other, to a list or to characters that follow
// each other.
func (e *encoding) span(from, to uint32, target cos.Object) {
	if to < from || to-from > 0xFFFF {
		return
	}
	list := target.Items()
	first, size := utf8.DecodeRuneInString(utf16Text(target.Bytes()))
	for c := from; c <= to; c++ {
		switch {
		case len(list) > 0:
			if int(c-from) < len(list) {
				e.put(c, utf16Text(list[c-from].Bytes()))
			}
		case size > 0:
			e.put(c, string(first+rune(c-from)))
		}
	}
}

func charCode(o cos.Object) uint32 {
	var n uint32
	for _, b := range o.Bytes() {
		n = n<<8 | uint32(b)
	}
	return n
}

func utf16Text(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, uint16(b[0])<<8|uint16(b[1]))
	}
	return string(utf16.Decode(units))
}
