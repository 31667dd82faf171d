package pdfw

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strconv"
	"sync"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
)

// File is a PDF being written: objects one after the other into one buffer,
// then the table of where they are. ISO 32000-1, 7.5.
type File struct {
	buf     []byte
	start   int   // where the file begins in buf
	offsets []int // of object i+1
	objects int   // the number of the stream of objects
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

// packed is the offset of an object that is within the stream of objects.
const packed = -1

// pack writes a stream of the objects that begin at starts in body, numbered
// after its own number. ISO 32000-1, 7.5.7.
func (s *Sheet) pack(f *File, body []byte, starts []int) {
	first := f.next() + 1
	head := s.head[:0]
	for i, at := range starts {
		head = strconv.AppendInt(head, int64(first+i), 10)
		head = append(head, ' ')
		head = strconv.AppendInt(head, int64(at), 10)
		head = append(head, ' ')
	}
	size := len(head)
	s.head = append(head, body...)
	f.objects = f.stream(s.press.trees.zipped(s.head), "/Type /ObjStm /N %d /First %d /Filter /FlateDecode", len(starts), size)
	for range starts {
		f.offsets = append(f.offsets, packed)
	}
}

// trees are the compressed structure trees of documents, by what they say: the
// bulletins of a month have a few hundred shapes, and compressing one is a fifth
// of the work of a document.
type trees struct {
	mu   sync.Mutex
	list map[[sha256.Size]byte][]byte
	zip  *zlib.Writer
}

// maxTrees bounds what is kept, some four kilobytes each; treeLevel is the
// deflate level of what is compressed seldom.
const (
	maxTrees  = 512
	treeLevel = 6
)

func (t *trees) zipped(tree []byte) []byte {
	key := sha256.Sum256(tree)
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, there := t.list[key]; there {
		return known
	}
	if t.list == nil || len(t.list) == maxTrees {
		t.list = make(map[[sha256.Size]byte][]byte)
	}
	var out bytes.Buffer
	t.zip.Reset(&out) // a bytes.Buffer does not fail
	t.zip.Write(tree)
	t.zip.Close()
	t.list[key] = out.Bytes()
	return out.Bytes()
}

// row is the length of a row of the table of the objects: a type, an offset or
// the number of a stream, an index.
const row = 1 + 4 + 3

// end writes where the objects are, and the trailer. The identifier of the file
// is derived from its content from offset own on: what comes before is the same
// in every document of a press. ISO 32000-1, 7.5.8.
func (s *Sheet) end(f *File, root, info, own int) []byte {
	id := sha256.Sum256(f.buf[f.start+own:])
	xref := len(f.buf) - f.start
	table := append(s.head[:0], make([]byte, row)...)
	table[row-2], table[row-1] = 0xff, 0xff // object 0 is never used
	index := 0
	for _, offset := range append(f.offsets, xref) {
		kind, where, rank := byte(1), offset, 0
		if offset == packed {
			kind, where, rank = 2, f.objects, index
			index++
		}
		table = append(table, kind, byte(where>>24), byte(where>>16), byte(where>>8), byte(where), byte(rank>>16), byte(rank>>8), byte(rank))
	}
	s.head = table
	s.scratch = differences(s.scratch[:0], table)
	n := f.next()
	f.stream(s.zipped(s.scratch), "/Type /XRef /Size %d /W [1 4 3] /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns %d >>",
		n+1, root, info, id[:16], id[:16], row)
	f.buf = fmt.Appendf(f.buf, "startxref\n%d\n%%%%EOF\n", xref)
	return f.buf
}

// differences appends the rows of a table as the predictor Up wants them: each
// less the one above. ISO 32000-1, 7.4.4.4.
func differences(dst, table []byte) []byte {
	for at := 0; at < len(table); at += row {
		dst = append(dst, 2)
		for i := at; i < at+row; i++ {
			above := byte(0)
			if i >= row {
				above = table[i-row]
			}
			dst = append(dst, table[i]-above)
		}
	}
	return dst
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
