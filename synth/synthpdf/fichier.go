package synthpdf

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
	"unicode/utf16"
)

// fichier is a PDF being written: objects one after the other into one buffer,
// then the table of where they are. ISO 32000-1, 7.5.
type fichier struct {
	buf     []byte
	debut   int   // where the file begins in buf
	offsets []int // of object i+1
}

// newFichier begins a file at the end of dst. The second line tells transfer
// programs that the file is binary.
func newFichier(dst []byte) *fichier {
	f := &fichier{buf: dst, debut: len(dst)}
	f.buf = append(f.buf, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"...)
	return f
}

// objet writes an object and returns its number.
func (f *fichier) objet(format string, args ...any) int {
	n := f.open()
	f.buf = fmt.Appendf(f.buf, format, args...)
	f.buf = append(f.buf, "\nendobj\n"...)
	return n
}

// flux writes a stream whose dictionary has the given entries, and returns its
// number.
func (f *fichier) flux(data []byte, format string, args ...any) int {
	n := f.open()
	f.buf = append(f.buf, "<< "...)
	f.buf = fmt.Appendf(f.buf, format, args...)
	f.buf = fmt.Appendf(f.buf, " /Length %d >>\nstream\n", len(data))
	f.buf = append(f.buf, data...)
	f.buf = append(f.buf, "\nendstream\nendobj\n"...)
	return n
}

func (f *fichier) open() int {
	f.offsets = append(f.offsets, len(f.buf)-f.debut)
	f.buf = fmt.Appendf(f.buf, "%d 0 obj\n", len(f.offsets))
	return len(f.offsets)
}

// prochain returns the number of the n-th object to come, 0 being the next.
func (f *fichier) prochain(n int) int { return len(f.offsets) + 1 + n }

// info writes the document information dictionary.
func (f *fichier) info(titre, auteur, producteur string, date time.Time) int {
	return f.objet("<< /Title %s /Author %s /Producer %s /CreationDate (D:%s) >>",
		chaine(titre), chaine(auteur), chaine(producteur), date.UTC().Format("20060102150405Z"))
}

// fin writes the cross-reference table and the trailer. The identifier of the
// file is derived from its content.
func (f *fichier) fin(root, info int) []byte {
	h := fnv.New128a()
	h.Write(f.buf[f.debut:])
	xref := len(f.buf) - f.debut
	f.buf = fmt.Appendf(f.buf, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, offset := range f.offsets {
		f.buf = fmt.Appendf(f.buf, "%010d 00000 n \n", offset)
	}
	id := h.Sum(nil)
	f.buf = fmt.Appendf(f.buf, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, root, info, id, id, xref)
	return f.buf
}

// references lists indirect references: "4 0 R 7 0 R".
func references(numbers []int) string {
	var b strings.Builder
	for i, n := range numbers {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%d 0 R", n)
	}
	return b.String()
}

// winAnsi holds the characters of WinAnsiEncoding that ISO-8859-1 lacks.
var winAnsi = map[rune]byte{
	'€': 0x80, '…': 0x85, 'Š': 0x8a, 'Œ': 0x8c, 'Ž': 0x8e, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94,
	'–': 0x96, '—': 0x97, 'š': 0x9a, 'œ': 0x9c, 'ž': 0x9e, 'Ÿ': 0x9f, '\u202f': 0xa0,
}

// winAnsiByte returns the code of r, or that of a question mark.
func winAnsiByte(r rune) byte {
	if r >= 0x20 && r < 0x7f || r >= 0xa0 && r <= 0xff {
		return byte(r)
	}
	if c, ok := winAnsi[r]; ok {
		return c
	}
	return '?'
}

// appendLitteral appends s as a literal string in WinAnsiEncoding.
func appendLitteral(dst []byte, s string) []byte {
	dst = append(dst, '(')
	for _, r := range s {
		c := winAnsiByte(r)
		if c == '(' || c == ')' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return append(dst, ')')
}

// chaine returns s as a text string (7.9.2.2): UTF-16BE as soon as it leaves
// ASCII, where PDFDocEncoding and every other encoding agree.
func chaine(s string) string {
	ascii := true
	for _, r := range s {
		ascii = ascii && r >= 0x20 && r < 0x7f
	}
	if ascii {
		return string(appendLitteral(nil, s))
	}
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteByte('>')
	return b.String()
}
