package payslip

import (
	"bytes"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
)

// Lecteur reads back the text of rendered bulletins, so that the one which is
// filed under an agent is seen to bear his name. It knows the PDFs of this
// package: Flate streams, two-byte glyphs, a ToUnicode map a font. Of anything
// else it reads nothing. The zero Lecteur is ready, also for several goroutines.
type Lecteur struct {
	mu    sync.Mutex
	fonts map[string]glyphs // by the compressed map: bulletins share their fonts
}

// glyphs are the characters of a font, by the two bytes that show them.
type glyphs map[[2]byte]rune

// maxFonts bounds what a Lecteur remembers, maxText what the streams of one
// document inflate to, together.
const (
	maxFonts = 64
	maxText  = 16 << 20
)

// Texte is the text of a bulletin, a line for each string that it shows.
func (r *Lecteur) Texte(pdf []byte) string {
	var contents [][]byte
	room := maxText
	maps := make(map[string]glyphs)      // of the objects that are ToUnicode maps
	toUnicode := make(map[string]string) // object of a font, object of its map
	isMap := make(map[string]bool)       // objects of toUnicode, which come after their fonts
	names := make(map[string]string)     // F1 to the object of the font
	for o := range pdfObjects(pdf) {
		if m := word(o.dict, "/ToUnicode "); m != "" {
			toUnicode[o.number], isMap[m] = m, true
		}
		if _, fonts, found := bytes.Cut(o.dict, []byte("/Font << ")); found {
			words := strings.Fields(string(fonts))
			for i := 0; i+3 < len(words) && strings.HasPrefix(words[i], "/"); i += 4 {
				names[strings.TrimPrefix(words[i], "/")] = words[i+1]
			}
		}
		switch {
		case !bytes.Contains(o.dict, []byte("/FlateDecode")), bytes.Contains(o.dict, []byte("/Length1 ")), bytes.Contains(o.dict, []byte("/N ")), bytes.Contains(o.dict, []byte("/Type /")):
			// No text: a font file has a Length1, a colour profile an N; pictures, tables
			// and streams of objects say their type.
		case isMap[o.number]:
			maps[o.number] = r.font(o.stream, &room)
		default:
			contents = append(contents, inflate(o.stream, &room))
		}
	}
	fonts := make(map[string]glyphs)
	for name, object := range names {
		fonts[name] = maps[toUnicode[object]]
	}
	var b strings.Builder
	for _, c := range contents {
		shown(&b, c, fonts)
	}
	return b.String()
}

// font reads a ToUnicode map, once for all bulletins.
func (r *Lecteur) font(stream []byte, room *int) glyphs {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m, known := r.fonts[string(stream)]; known {
		return m
	}
	m := make(glyphs)
	for line := range strings.Lines(string(inflate(stream, room))) {
		from, to, found := strings.Cut(strings.TrimSpace(line), "> <")
		glyph, err1 := strconv.ParseUint(strings.TrimPrefix(from, "<"), 16, 16)
		char, err2 := strconv.ParseUint(strings.TrimSuffix(to, ">"), 16, 32)
		if found && err1 == nil && err2 == nil {
			r := rune(char)
			if char > 0xffff {
				r = utf16.DecodeRune(rune(char>>16), rune(char&0xffff))
			}
			m[[2]byte{byte(glyph >> 8), byte(glyph)}] = r
		}
	}
	if *room == 0 {
		return m // what was not read is not remembered: others have the same font
	}
	if r.fonts == nil || len(r.fonts) == maxFonts {
		r.fonts = make(map[string]glyphs)
	}
	r.fonts[string(stream)] = m
	return m
}

// pdfObject is an object of a file: what stands before its stream, and that.
type pdfObject struct {
	number       string
	dict, stream []byte
}

// pdfObjects gives the objects of a PDF in the order of the file.
func pdfObjects(pdf []byte) func(func(pdfObject) bool) {
	return func(yield func(pdfObject) bool) {
		for {
			before, rest, found := bytes.Cut(pdf, []byte(" 0 obj\n"))
			if !found {
				return
			}
			o := pdfObject{number: string(before[bytes.LastIndexByte(before, '\n')+1:])}
			o.dict, pdf, _ = bytes.Cut(rest, []byte("\n"))
			if after, is := bytes.CutPrefix(pdf, []byte("stream\n")); is {
				n, err := strconv.Atoi(word(o.dict, "/Length "))
				if err != nil || n < 0 || n > len(after) {
					return
				}
				o.stream, pdf = after[:n], after[n:]
			}
			if !yield(o) {
				return
			}
		}
	}
}

// word is what follows key in a dictionary, up to a space.
func word(dict []byte, key string) string {
	_, after, _ := bytes.Cut(dict, []byte(key))
	value, _, _ := bytes.Cut(after, []byte(" "))
	return string(value)
}

// inflate gives the content of a stream, and takes it off the room that is
// left; nothing when it is damaged or does not fit.
func inflate(stream []byte, room *int) []byte {
	z, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(z, int64(*room)+1))
	if *room = max(0, *room-len(text)); err != nil || *room == 0 {
		return nil
	}
	return text
}

// shown appends what a content stream shows: the strings before Tj, in the font
// of the last Tf.
func shown(b *strings.Builder, content []byte, fonts map[string]glyphs) {
	var font glyphs
	var last string // name operand
	for i := 0; i < len(content); {
		switch c := content[i]; {
		case c == '(':
			var s []byte
			s, i = literal(content, i+1)
			for ; len(s) >= 2; s = s[2:] {
				if r := font[[2]byte(s)]; r != 0 {
					b.WriteRune(r)
				}
			}
			b.WriteByte('\n')
		case c == '/':
			end := i + 1
			for end < len(content) && content[end] > ' ' {
				end++
			}
			last, i = string(content[i+1:end]), end
		case bytes.HasPrefix(content[i:], []byte("Tf")):
			font = fonts[last]
			i += 2
		default:
			i++
		}
	}
}

// literal reads a string that begins at i, and returns the index after it (ISO
// 32000-1, 7.3.4.2).
func literal(b []byte, i int) (s []byte, end int) {
	depth := 1
	for ; i < len(b); i++ {
		switch c := b[i]; c {
		case '\\':
			if i++; i >= len(b) {
				return s, i
			}
			if n := octal(b[i:]); n > 0 {
				v, _ := strconv.ParseUint(string(b[i:i+n]), 8, 16)
				s = append(s, byte(v))
				i += n - 1
			} else if at := strings.IndexByte("nrtbf", b[i]); at >= 0 {
				s = append(s, "\n\r\t\b\f"[at])
			} else {
				s = append(s, b[i])
			}
			continue
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s, i + 1
			}
		}
		s = append(s, b[i])
	}
	return s, i
}

// octal is how many octal digits, at most three, b begins with.
func octal(b []byte) int {
	n := 0
	for n < 3 && n < len(b) && b[n] >= '0' && b[n] <= '7' {
		n++
	}
	return n
}
