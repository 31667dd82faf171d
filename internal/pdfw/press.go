package pdfw

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Face is a font of a document.
type Face int

// The faces.
const (
	Regular Face = iota
	Bold
	faces
)

// source is a font file.
type source struct {
	name string
	data []byte
}

// Press is what documents of one look have in common. Several goroutines may
// use it.
type Press struct {
	fonts   [faces]*font
	picture *Picture
	begins  [nbJeux]begin // what documents begin with
	pool    sync.Pool
	trees   trees
}

// begin is the part of a file that is the same in all documents.
type begin struct {
	data      []byte
	offsets   []int
	intent    int    // the number of the output intent
	resources int    // and of the resources of the pages
	fonts     string // entries of the resources
	xobjects  string
}

// New prepares a Press; documents may show the picture, nil for none.
func New(picture *Picture) (*Press, error) {
	p := &Press{picture: picture}
	var err error
	for i, s := range [...]source{Regular: {"GoRegular", goregular.TTF}, Bold: {"GoBold", gobold.TTF}} {
		if p.fonts[i], err = newFont(s.name, s.data, byte('1'+i)); err != nil {
			return nil, err
		}
	}
	for i := range p.begins {
		p.begins[i] = p.newBegin(jeu(i))
	}
	p.trees.zip, _ = zlib.NewWriterLevel(io.Discard, treeLevel) // the levels are valid ones
	p.pool.New = func() any {
		z, _ := zlib.NewWriterLevel(io.Discard, contentLevel)
		return &Sheet{press: p, zip: z, current: none, marked: unmarked}
	}
	return p, nil
}

// contentLevel is the deflate level of the pages: of this deflater, a third of
// the time of the standard library's third, for 6 % more bytes.
const contentLevel = 1

func (p *Press) newBegin(j jeu) begin {
	f := &File{buf: []byte(firstLines)}
	var fonts [faces]int
	for i, font := range p.fonts {
		fonts[i] = font.write(f, j)
	}
	b := begin{fonts: fmt.Sprintf("/F1 %d 0 R /F2 %d 0 R", fonts[Regular], fonts[Bold])}
	icc := f.stream(deflated(profile()), "/N 3 /Filter /FlateDecode")
	b.intent = f.object("<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB primaries, gamma 2.2) /DestOutputProfile %d 0 R >>", icc)
	if p.picture != nil {
		b.xobjects = fmt.Sprintf(" /XObject << /Logo %d 0 R >>", p.picture.write(f))
	}
	b.resources = f.object("<< /Font << %s >>%s >>", b.fonts, b.xobjects)
	b.data, b.offsets = f.buf, f.offsets
	return b
}

// Sheet begins a document whose pages have the given size. Release gives it
// back.
func (p *Press) Sheet(width, height Point) *Sheet {
	s := p.pool.Get().(*Sheet)
	s.width, s.height = width, height
	return s
}

// Release takes a sheet whose document is written, or given up.
func (p *Press) Release(s *Sheet) {
	s.reset()
	p.pool.Put(s)
}

// Append appends the file of the pages to dst.
func (s *Sheet) Append(dst []byte, meta Meta) []byte {
	s.closePage()
	start := &s.press.begins[s.jeu]
	file := File{buf: append(dst, start.data...), start: len(dst), offsets: append(s.offsets[:0], start.offsets...)}
	resources := s.wideResources(&file, start)
	// The numbers of what is written below, which refers to itself all over.
	first := file.next() + 1
	xmp := first + 2 + len(s.parts)
	info, root, pages := xmp+1, xmp+2, xmp+3
	t := tree{Sheet: s, buf: s.scratch[:0], starts: s.starts[:0], first: first, page: pages + 1}
	t.write()
	s.scratch, s.starts = t.buf, t.starts
	s.pack(&file, t.buf, t.starts)
	s.scratch = meta.appendXMP(s.scratch[:0])
	file.stream(s.scratch, "/Type /Metadata /Subtype /XML")
	s.scratch = meta.appendInfo(s.scratch[:0])
	file.object("%s", s.scratch)
	file.object("<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /OutputIntents [%d 0 R] /StructTreeRoot %d 0 R /MarkInfo << /Marked true >> /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>",
		pages, xmp, start.intent, first, meta.language())
	s.writePages(&file, pages, resources)
	s.offsets = file.offsets
	return s.end(&file, root, info, len(start.data))
}

// writePages writes the tree of the pages, which gets number parent, and the
// pages.
func (s *Sheet) writePages(file *File, parent, resources int) {
	kids := s.scratch[:0]
	for i := range s.pages {
		kids = strconv.AppendInt(kids, int64(parent+1+2*i), 10)
		kids = append(kids, " 0 R "...)
	}
	s.scratch = kids
	box := bytes.TrimSpace(length(length(nil, s.width), s.height))
	file.object("<< /Type /Pages /Count %d /Kids [%s] /Resources %d 0 R /MediaBox [0 0 %s] >>", len(s.pages), kids, resources, box)
	for i, content := range s.pages {
		file.object("<< /Type /Page /Parent %d 0 R /Contents %d 0 R /StructParents %d /Tabs /S >>", parent, file.next()+1, i)
		file.stream(s.zipped(content), "/Filter /FlateDecode")
	}
}

// zipped compresses data into a buffer that the next call takes again.
func (s *Sheet) zipped(data []byte) []byte {
	s.packed.Reset()
	s.zip.Reset(&s.packed) // a bytes.Buffer does not fail
	s.zip.Write(data)
	s.zip.Close()
	return s.packed.Bytes()
}
