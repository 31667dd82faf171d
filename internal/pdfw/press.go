package pdfw

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strconv"
	"sync"

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
	p.pool.New = func() any {
		z, _ := zlib.NewWriterLevel(io.Discard, contentLevel) // the level is a valid one
		return &Sheet{press: p, zip: z}
	}
	return p, nil
}

// contentLevel is the deflate level of the pages: the next ones are slower by
// more than they save.
const contentLevel = 3

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
func (s *Sheet) Append(dst []byte, meta Meta) ([]byte, error) {
	s.closePage()
	start := &s.press.begins[s.jeu]
	file := File{buf: append(dst, start.data...), start: len(dst), offsets: append(s.offsets[:0], start.offsets...)}
	resources, err := s.wideResources(&file, start)
	if err != nil {
		return dst, err
	}
	pages := file.next() + 3
	s.scratch = meta.appendXMP(s.scratch[:0])
	xmp := file.stream(s.scratch, "/Type /Metadata /Subtype /XML")
	s.scratch = meta.appendInfo(s.scratch[:0])
	info := file.open()
	file.buf = append(append(file.buf, s.scratch...), "\nendobj\n"...)
	root := file.object("<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /OutputIntents [%d 0 R] /Lang (fr-FR) /ViewerPreferences << /DisplayDocTitle true >> >>", pages, xmp, start.intent)
	kids := s.scratch[:0]
	for i := range s.pages {
		kids = strconv.AppendInt(kids, int64(pages+1+2*i), 10)
		kids = append(kids, " 0 R "...)
	}
	s.scratch = kids
	box := bytes.TrimSpace(length(length(nil, s.width), s.height))
	file.object("<< /Type /Pages /Count %d /Kids [%s] /Resources %d 0 R /MediaBox [0 0 %s] >>", len(s.pages), kids, resources, box)
	for _, content := range s.pages {
		file.object("<< /Type /Page /Parent %d 0 R /Contents %d 0 R >>", pages, file.next()+1)
		s.packed.Reset()
		s.zip.Reset(&s.packed)
		if _, err := s.zip.Write(content); err != nil {
			return dst, fmt.Errorf("compress a page: %w", err)
		}
		if err := s.zip.Close(); err != nil {
			return dst, fmt.Errorf("compress a page: %w", err)
		}
		file.stream(s.packed.Bytes(), "/Filter /FlateDecode")
	}
	s.offsets = file.offsets
	return file.end(root, info, len(start.data)), nil
}

// squeezed compresses data.
func (s *Sheet) squeezed(data []byte) ([]byte, error) {
	var out bytes.Buffer
	s.zip.Reset(&out)
	if _, err := s.zip.Write(data); err != nil {
		return nil, fmt.Errorf("compress a font: %w", err)
	}
	if err := s.zip.Close(); err != nil {
		return nil, fmt.Errorf("compress a font: %w", err)
	}
	return out.Bytes(), nil
}
