package run

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// RunLine is one line of a run.jsonl: exactly one of its fields is set, save
// for a line that opens a DonneesIndiv without Etablissement, which sets
// Groupe alone.
type RunLine struct {
	Entete        *xhl.Entete
	Groupe        bool // {"etablissement":…}: a DonneesIndiv begins
	Etablissement *xhl.Etablissement
	Bulletin      *xhl.Bulletin
	Nomenclatures *xhl.Nomenclatures
	Repartition   *xhl.RepartitionParNature
}

// The keys of the lines of a run, in the order in which they are looked up.
const (
	keyEntete        = "entete"
	keyEtablissement = "etablissement"
	keyBulletin      = "bulletin"
	keyNomenclatures = "nomenclatures"
	keyRepartition   = "repartition"
)

// AppendBulletinJSON appends the line {"bulletin":…} of a run, with its end of
// line.
func AppendBulletinJSON(dst []byte, b *xhl.Bulletin) []byte {
	return appendLine(dst, keyBulletin, xhl.Table.Bulletin, b)
}

// AppendEnteteJSON appends the line {"entete":…}.
func AppendEnteteJSON(dst []byte, e *xhl.Entete) []byte {
	return appendLine(dst, keyEntete, xhl.Table.Entete, e)
}

// AppendEtablissementJSON appends the line {"etablissement":…} that begins a
// DonneesIndiv; etab may be nil.
func AppendEtablissementJSON(dst []byte, etab *xhl.Etablissement) []byte {
	if etab == nil {
		return append(dst, `{"etablissement":null}`+"\n"...)
	}
	return appendLine(dst, keyEtablissement, xhl.Table.Etablissement, etab)
}

// AppendNomenclaturesJSON appends the line {"nomenclatures":…}.
func AppendNomenclaturesJSON(dst []byte, n *xhl.Nomenclatures) []byte {
	return appendLine(dst, keyNomenclatures, xhl.Table.Nomenclatures, n)
}

// AppendRepartitionJSON appends the line {"repartition":[…]}.
func AppendRepartitionJSON(dst []byte, r *xhl.RepartitionParNature) []byte {
	dst = append(dst, `{"repartition":`...)
	dst = appendJSONArray(dst, xhl.Table.RepartitionParNature.Children[0], r)
	return append(dst, "}\n"...)
}

func appendLine(dst []byte, key string, e *schema.Element, v any) []byte {
	dst = append(append(append(dst, `{"`...), key...), `":`...)
	dst = appendJSON(dst, e, v)
	return append(dst, "}\n"...)
}

func appendJSON(dst []byte, e *schema.Element, v any) []byte {
	chosen := e.Chosen(v)
	dst = append(dst, '{')
	first := true
	key := func(name string) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(append(dst, '"'), name...), `":`...)
	}
	for _, c := range e.Children {
		switch {
		case c.Text != nil:
			s := *c.Text(v)
			if s == "" && (!c.Value.CanBeEmpty() || c.Choice != 0 && c.Choice != chosen) {
				continue
			}
			key(c.Name)
			dst = appendJSONString(dst, s)
		case c.Opt != nil:
			if s, set := c.Opt(v).Get(); set {
				key(c.Name)
				dst = appendJSONString(dst, s)
			}
		case c.Many:
			if c.Empty(v) {
				continue
			}
			key(c.Name)
			dst = appendJSONArray(dst, c, v)
		default:
			if child, _ := c.At(v, 0); child != nil {
				key(c.Name)
				dst = appendJSON(dst, c, child)
			}
		}
	}
	return append(dst, '}')
}

func appendJSONArray(dst []byte, c *schema.Element, v any) []byte {
	dst = append(dst, '[')
	for i, cursor := 0, 0; ; i++ {
		var text *string
		var child any
		if c.Item != nil {
			text = c.Item(v, i)
		} else {
			child, cursor = c.At(v, cursor)
		}
		if text == nil && child == nil {
			return append(dst, ']')
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		if text != nil {
			dst = appendJSONString(dst, *text)
		} else {
			dst = appendJSON(dst, c, child)
		}
	}
}

func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
	}
	return append(append(dst, s[from:]...), '"')
}

// RunReader reads the lines of a run.jsonl.
type RunReader struct {
	lines *bufio.Reader
	opts  xhl.Options
	n     int64 // lines read
	at    int64 // offset of the next line
	dec   LineDecoder
}

// NewRunReader returns a reader of the lines of a run, of Options.MaxBulletin
// bytes at most each.
func NewRunReader(r io.Reader, o xhl.Options) *RunReader {
	o.Defaults()
	return &RunReader{lines: bufio.NewReaderSize(r, 256<<10), opts: o, dec: LineDecoder{opts: o}}
}

// Raw gives the lines as they stand, without the empty ones, with their number
// from 1 and their offset; a slice is valid until the next one.
func (r *RunReader) Raw() iter.Seq2[RawLine, error] {
	return func(yield func(RawLine, error) bool) {
		var long []byte
		for {
			line, err := r.lines.ReadSlice('\n')
			if errors.Is(err, bufio.ErrBufferFull) {
				if long = append(long, line...); len(long) > r.opts.MaxBulletin {
					yield(RawLine{}, schema.Codes.New("XHL-004", r.opts.MaxBulletin).At(r.opts.Fichier, r.at, r.n+1))
					return
				}
				continue
			}
			if err != nil && !errors.Is(err, io.EOF) {
				yield(RawLine{}, fmt.Errorf("read run at byte %d: %w", r.at, err))
				return
			}
			if len(long) > 0 {
				line = append(long, line...)
			}
			r.n++
			raw := RawLine{Bytes: bytes.TrimSpace(line), Ligne: r.n, Offset: r.at}
			if r.n == 1 {
				raw.Bytes = bytes.TrimPrefix(raw.Bytes, []byte("\uFEFF"))
			}
			r.at += int64(len(line))
			long = long[:0]
			if len(raw.Bytes) > 0 && !yield(raw, nil) || err != nil {
				return
			}
		}
	}
}

// RawLine is a line of a run before it is decoded.
type RawLine struct {
	Bytes  []byte
	Ligne  int64
	Offset int64
}

// Kind is the key of the line, "" when it cannot be told.
func (l RawLine) Kind() string {
	b := bytes.TrimLeft(bytes.TrimPrefix(l.Bytes, []byte("{")), " \t")
	if len(b) == 0 || b[0] != '"' {
		return ""
	}
	end := bytes.IndexByte(b[1:], '"')
	if end < 0 {
		return ""
	}
	return string(b[1 : 1+end])
}

// Lines gives the lines decoded. The Bulletin is reused: Clone what has to
// last. It can be ranged over once.
func (r *RunReader) Lines() iter.Seq2[*RunLine, error] {
	return func(yield func(*RunLine, error) bool) {
		var line RunLine
		var bullet xhl.Bulletin
		for raw, err := range r.Raw() {
			if err == nil {
				err = r.dec.Decode(raw, &line, &bullet)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&line, nil) {
				return
			}
		}
	}
}

// LineDecoder decodes lines of a run. One serves one goroutine.
type LineDecoder struct {
	opts xhl.Options
	src  []byte
	pos  int
	path []string
	who  string
	buf  []byte
}

// NewLineDecoder returns a decoder on the terms of a RunReader.
func NewLineDecoder(o xhl.Options) *LineDecoder {
	o.Defaults()
	return &LineDecoder{opts: o}
}

// Decode reads raw into line; a bulletin is read into b, whose lists are
// reused. An error is an *Anomalie.
func (d *LineDecoder) Decode(raw RawLine, line *RunLine, b *xhl.Bulletin) error {
	*line = RunLine{}
	d.src, d.pos, d.path, d.who = raw.Bytes, 0, d.path[:0], ""
	err := d.line(line, b)
	var a *xhl.Anomalie
	if errors.As(err, &a) {
		a.At(d.opts.Fichier, raw.Offset+int64(d.pos), raw.Ligne)
		if a.Code == "XHL-301" {
			a.Args = []any{raw.Ligne}
		}
		for i, name := range d.path {
			if i > 0 {
				a.Chemin += "/"
			}
			a.Chemin += name
		}
		a.Matricule = d.who
	}
	return err
}

func (d *LineDecoder) line(line *RunLine, b *xhl.Bulletin) error {
	if !d.accept('{') {
		return d.syntax()
	}
	key, err := d.string()
	if err != nil {
		return err
	}
	if !d.accept(':') {
		return d.syntax()
	}
	d.path = append(d.path, schema.Clip(key))
	switch key {
	case keyEntete:
		line.Entete = new(xhl.Entete)
		err = d.object(xhl.Table.Entete, line.Entete, 0)
	case keyEtablissement:
		line.Groupe = true
		if !d.null() {
			var g xhl.Groupe
			err = d.object(xhl.Table.Etablissement, xhl.Table.Etablissement.Add(&g), 0)
			line.Etablissement = g.Etablissement
		}
	case keyBulletin:
		b.Reset()
		line.Bulletin = b
		err = d.object(xhl.Table.Bulletin, b, 0)
	case keyNomenclatures:
		line.Nomenclatures = new(xhl.Nomenclatures)
		err = d.object(xhl.Table.Nomenclatures, line.Nomenclatures, 0)
	case keyRepartition:
		line.Repartition = new(xhl.RepartitionParNature)
		err = d.array(xhl.Table.RepartitionParNature.Children[0], line.Repartition, 0)
	default:
		return schema.Codes.New("XHL-302", schema.Clip(key))
	}
	if err != nil {
		return err
	}
	d.path = d.path[:0]
	if !d.accept('}') {
		return d.syntax()
	}
	d.blank()
	if d.pos != len(d.src) {
		return d.syntax()
	}
	return nil
}

func (d *LineDecoder) syntax() error { return schema.Codes.New("XHL-301", 0) }

func (d *LineDecoder) blank() {
	for d.pos < len(d.src) && xmlr.IsBlank(d.src[d.pos]) {
		d.pos++
	}
}

// accept passes the byte c if it is next.
func (d *LineDecoder) accept(c byte) bool {
	d.blank()
	if d.pos < len(d.src) && d.src[d.pos] == c {
		d.pos++
		return true
	}
	return false
}

func (d *LineDecoder) null() bool {
	d.blank()
	if bytes.HasPrefix(d.src[d.pos:], []byte("null")) {
		d.pos += 4
		return true
	}
	return false
}

// object reads the children of e into v.
func (d *LineDecoder) object(e *schema.Element, v any, depth int) error {
	if depth > d.opts.MaxDepth {
		return schema.Codes.New("XHL-004", d.opts.MaxDepth)
	}
	if !d.accept('{') {
		return d.wanted("{…}", e.Name)
	}
	if d.accept('}') {
		return nil
	}
	var seen uint64
	expected := 0
	for {
		d.blank()
		key, err := d.stringBytes()
		if err != nil {
			return err
		}
		c, at := e.Child(key, expected)
		if c == nil || e == xhl.Table.Etablissement && c == xhl.Table.Bulletin {
			return schema.Codes.New("XHL-302", schema.Clip(string(key)))
		}
		expected = at
		if seen&(1<<at) != 0 {
			return d.syntax()
		}
		seen |= 1 << at
		if !d.accept(':') {
			return d.syntax()
		}
		d.path = append(d.path, c.Name)
		if err := d.value(c, v, depth); err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
		if d.accept('}') {
			return nil
		}
		if !d.accept(',') {
			return d.syntax()
		}
	}
}

func (d *LineDecoder) value(c *schema.Element, v any, depth int) error {
	switch {
	case c.Many:
		return d.array(c, v, depth)
	case c.Value == nil:
		if c.Min == 0 && d.null() {
			return nil
		}
		return d.object(c, c.Add(v), depth+1)
	}
	s, err := d.text(c)
	if err != nil {
		return err
	}
	if c.Text != nil {
		*c.Text(v) = s
	} else {
		c.Opt(v).Put(s)
	}
	if c == xhl.Table.Matricule {
		d.who = s
	}
	return nil
}

// text is a value of c, which must be a string.
func (d *LineDecoder) text(c *schema.Element) (string, error) {
	d.blank()
	if d.pos >= len(d.src) || d.src[d.pos] != '"' {
		return "", d.wanted(`"…"`, c.Name)
	}
	return d.string()
}

func (d *LineDecoder) wanted(shape, name string) error {
	return schema.Codes.New("XHL-306", shape, name)
}

func (d *LineDecoder) array(c *schema.Element, v any, depth int) error {
	if !d.accept('[') {
		return d.wanted("[…]", c.Name)
	}
	if d.accept(']') {
		return nil
	}
	for {
		if c.Push != nil {
			s, err := d.text(c)
			if err != nil {
				return err
			}
			*c.Push(v) = s
		} else if err := d.object(c, c.Add(v), depth+1); err != nil {
			return err
		}
		if d.accept(']') {
			return nil
		}
		if !d.accept(',') {
			return d.syntax()
		}
	}
}

func (d *LineDecoder) string() (string, error) {
	b, err := d.stringBytes()
	return string(b), err
}

// stringBytes reads a JSON string; the result is valid until the next one.
func (d *LineDecoder) stringBytes() ([]byte, error) {
	d.blank()
	if d.pos >= len(d.src) || d.src[d.pos] != '"' {
		return nil, d.syntax()
	}
	start := d.pos + 1
	ascii := true
	for i := start; i < len(d.src); i++ {
		switch c := d.src[i]; {
		case c == '"':
			b := d.src[start:i]
			if !ascii && !utf8.Valid(b) {
				return nil, d.syntax()
			}
			d.pos = i + 1
			return b, nil
		case c == '\\':
			return d.escaped(start, i)
		case c < 0x20:
			return nil, d.syntax()
		case c >= 0x80:
			ascii = false
		}
	}
	return nil, d.syntax()
}

// escaped reads a string that has an escape at i.
func (d *LineDecoder) escaped(start, i int) ([]byte, error) {
	out := append(d.buf[:0], d.src[start:i]...)
	for i < len(d.src) {
		c := d.src[i]
		i++
		switch {
		case c == '"':
			d.pos, d.buf = i, out
			if !utf8.Valid(out) {
				return nil, d.syntax()
			}
			return out, nil
		case c < 0x20:
			return nil, d.syntax()
		case c != '\\':
			out = append(out, c)
			continue
		}
		if i >= len(d.src) {
			break
		}
		c = d.src[i]
		i++
		switch c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, ok := hex4(d.src[i:])
			if !ok {
				return nil, d.syntax()
			}
			i += 4
			if utf16.IsSurrogate(r) {
				if !bytes.HasPrefix(d.src[i:], []byte(`\u`)) {
					return nil, d.syntax()
				}
				low, ok := hex4(d.src[i+2:])
				if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
					return nil, d.syntax()
				}
				i += 6
			}
			out = utf8.AppendRune(out, r)
		default:
			return nil, d.syntax()
		}
	}
	return nil, d.syntax()
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[:4]), 16, 32)
	return rune(n), err == nil
}
