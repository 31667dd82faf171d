package pdfw

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// File is a PDF being written: objects one after the other into one buffer,
// then the table of where they are. ISO 32000-1, 7.5.
type File struct {
	buf     []byte
	start   int   // where the file begins in buf
	offsets []int // of object i+1
}

// The second line tells transfer programs that the file is binary.
const firstLines = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

// next returns the number of the object to come.
func (f *File) next() int { return len(f.offsets) + 1 }

func (f *File) open() int {
	f.offsets = append(f.offsets, len(f.buf)-f.start)
	f.buf = strconv.AppendInt(f.buf, int64(len(f.offsets)), 10)
	f.buf = append(f.buf, " 0 obj\n"...)
	return len(f.offsets)
}

func (f *File) object(format string, args ...any) int {
	n := f.open()
	f.buf = fmt.Appendf(f.buf, format, args...)
	f.buf = append(f.buf, "\nendobj\n"...)
	return n
}

// stream writes a stream whose dictionary has the given entries.
func (f *File) stream(data []byte, format string, args ...any) int {
	n := f.open()
	f.buf = append(f.buf, "<< "...)
	f.buf = fmt.Appendf(f.buf, format, args...)
	f.buf = append(f.buf, " /Length "...)
	f.buf = strconv.AppendInt(f.buf, int64(len(data)), 10)
	f.buf = append(f.buf, " >>\nstream\n"...)
	f.buf = append(f.buf, data...)
	f.buf = append(f.buf, "\nendstream\nendobj\n"...)
	return n
}

// end writes the cross-reference table and the trailer. The identifier of the
// file is derived from its content from offset own on: what comes before is the
// same in every document of the employer.
func (f *File) end(root, info, own int) []byte {
	id := sha256.Sum256(f.buf[f.start+own:])
	xref := len(f.buf) - f.start
	f.buf = append(f.buf, "xref\n0 "...)
	f.buf = strconv.AppendInt(f.buf, int64(len(f.offsets)+1), 10)
	f.buf = append(f.buf, "\n0000000000 65535 f \n"...)
	for _, offset := range f.offsets {
		entry := [20]byte([]byte("0000000000 00000 n \n"))
		for i := 9; offset > 0 && i >= 0; i-- {
			entry[i] = byte('0' + offset%10)
			offset /= 10
		}
		f.buf = append(f.buf, entry[:]...)
	}
	f.buf = fmt.Appendf(f.buf, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, root, info, id[:16], id[:16], xref)
	return f.buf
}

// appendText appends s as a text string (ISO 32000-1, 7.9.2.2): UTF-16BE as
// soon as it leaves ASCII, where every encoding agrees.
func appendText(dst []byte, s string) []byte {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] >= 0x20 && s[i] < 0x7f
	}
	if !ascii {
		dst = append(dst, "<FEFF"...)
		for _, u := range utf16.Encode([]rune(s)) {
			dst = fmt.Appendf(dst, "%04X", u)
		}
		return append(dst, '>')
	}
	dst = append(dst, '(')
	for i := range len(s) {
		if s[i] == '(' || s[i] == ')' || s[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return append(dst, ')')
}
