package run

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"paye/internal/sheet"
	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// csvReader gives the records of one CSV file, whole and in UTF-8, so that
// they can be taken apart elsewhere.
type csvReader struct {
	lines *bufio.Reader
	file  io.Closer
	opts  *xhl.Options
	name  string // of the file in its folder
	sep   byte
	enc   csvEncoding
	at    int64 // offset of the next record
	n     int64 // lines read
	long  []byte
	wide  []byte

	columns []string // of the header, in its order
}

// csvEncoding is what the bytes of a file are: ASCII until one says more.
type csvEncoding uint8

const (
	csvASCII csvEncoding = iota
	csvUTF8
	csv1252
)

// csvRecord is a record as it stands, without its end of line. Its text is
// valid until the next one.
type csvRecord struct {
	text []byte
	csvPlace
}

// csvPlace is where a record begins.
type csvPlace struct{ ligne, offset int64 }

// openCSV opens a file of a run and reads its header, whose names must be among
// those of f.
func openCSV(dir fs.FS, f *csvFile, o *xhl.Options) (*csvReader, error) {
	file, err := dir.Open(f.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, csvFault(f.name, csvAbsent).At(csvPath(o.Fichier, f.name), -1, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f.name, err)
	}
	r := &csvReader{lines: bufio.NewReaderSize(file, 256<<10), file: file, opts: o, name: f.name}
	if err := r.header(f); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}

func (r *csvReader) Close() error { return r.file.Close() }

// fault places an anomaly at a record.
func (r *csvReader) fault(a *xhl.Anomalie, p csvPlace) error {
	return a.At(csvPath(r.opts.Fichier, r.name), p.offset, p.ligne)
}

func (r *csvReader) header(f *csvFile) error {
	head, err := r.lines.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return r.fault(csvFault(r.name, csvUTF16), csvPlace{1, 0})
	case bytes.Equal(head, []byte("\uFEFF")):
		r.enc, r.at = csvUTF8, 3
		_, err = r.lines.Discard(3)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", r.name, err)
	}
	rec, err := r.next()
	if errors.Is(err, io.EOF) {
		return r.fault(csvFault(r.name, csvEmpty), csvPlace{0, -1})
	}
	if err != nil {
		return err
	}
	if r.sep = byte(sheet.Told(rec.text)); r.sep == 0 {
		r.sep = byte(sheet.Separator(rec.text))
	} else if rec, err = r.next(); errors.Is(err, io.EOF) {
		return r.fault(csvFault(r.name, csvEmpty), csvPlace{1, -1})
	} else if err != nil {
		return err
	}
	cells, err := r.split(string(rec.text), nil, rec.csvPlace)
	if err != nil {
		return err
	}
	known := 0
	for _, name := range cells {
		if slices.Contains(f.columns, strings.TrimSpace(name)) {
			known++
		}
	}
	if 2*known < len(cells) {
		return r.fault(csvFault(r.name, csvHeader), rec.csvPlace)
	}
	for _, name := range cells {
		name = strings.TrimSpace(name)
		switch {
		case !slices.Contains(f.columns, name):
			return r.fault(csvNearest(r.name, name, f.columns), rec.csvPlace)
		case slices.Contains(r.columns, name):
			return r.fault(csvFault(r.name, csvTwice, name), rec.csvPlace)
		}
		r.columns = append(r.columns, name)
	}
	return nil
}

// column returns the place of a column in the records, -1 when it is not there.
func (r *csvReader) column(name string) int { return slices.Index(r.columns, name) }

// key returns the place of a column that has to be there.
func (r *csvReader) key(name string) (int, error) {
	at := r.column(name)
	if at < 0 {
		return 0, r.fault(csvFault(r.name, csvNoColumn, name), csvPlace{1, -1})
	}
	return at, nil
}

// next returns the next record that has a cell that is not empty, and io.EOF
// after the last one.
func (r *csvReader) next() (csvRecord, error) {
	for {
		rec, err := r.record()
		if err != nil {
			return rec, err
		}
		for _, c := range rec.text {
			if c != r.sep && c != ' ' && c != '\t' {
				return rec, nil
			}
		}
	}
}

// record reads up to an end of line that is not between quotes. Quotes inside
// a cell are doubled, so that an odd number of them means that one is open.
func (r *csvReader) record() (csvRecord, error) {
	rec := csvRecord{csvPlace: csvPlace{r.n + 1, r.at}}
	r.long = r.long[:0]
	quotes := 0
	for {
		line, err := r.lines.ReadSlice('\n')
		partial, last := errors.Is(err, bufio.ErrBufferFull), errors.Is(err, io.EOF)
		if err != nil && !partial && !last {
			return rec, fmt.Errorf("read %s at byte %d: %w", r.name, r.at, err)
		}
		r.at += int64(len(line))
		quotes += bytes.Count(line, []byte{'"'})
		if !partial && len(line) > 0 {
			r.n++
		}
		if len(r.long)+len(line) > r.opts.MaxTag {
			return rec, r.fault(schema.Codes.New("XHL-004", r.opts.MaxTag), rec.csvPlace)
		}
		if more := partial || quotes&1 == 1 && !last; more || len(r.long) > 0 {
			if r.long = append(r.long, line...); more {
				continue
			}
			line = r.long
		}
		if last && len(line) == 0 {
			return rec, io.EOF
		}
		line = bytes.TrimSuffix(line, []byte("\n"))
		rec.text, err = r.decode(bytes.TrimSuffix(line, []byte("\r")), rec.csvPlace)
		return rec, err
	}
}

// decode gives a record in UTF-8. The first one that is not ASCII tells what
// the file is.
func (r *csvReader) decode(text []byte, p csvPlace) ([]byte, error) {
	if r.enc == csvASCII && !ascii(text) {
		if r.enc = csv1252; utf8.Valid(text) {
			r.enc = csvUTF8
		}
	}
	switch {
	case r.enc == csvUTF8 && !utf8.Valid(text):
		return nil, r.fault(csvFault(r.name, csvNotUTF8), p)
	case r.enc == csv1252 && !ascii(text):
		r.wide = xmlr.Windows1252.AppendUTF8(r.wide[:0], text)
		return r.wide, nil
	}
	return text, nil
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// split appends the cells of a record to cells. After the header, their number
// is that of its columns.
func (r *csvReader) split(text string, cells []string, p csvPlace) ([]string, error) {
	rest, more := text, true
	for more {
		var cell string
		var ok bool
		if cell, rest, more, ok = cutCell(rest, r.sep); !ok {
			return cells, r.fault(csvFault(r.name, csvQuote, len(cells)+1), p)
		}
		cells = append(cells, cell)
	}
	if r.columns != nil && len(cells) != len(r.columns) {
		return cells, r.fault(csvFault(r.name, csvCount, len(cells), len(r.columns)), p)
	}
	return cells, nil
}

// cutCell takes the first cell off a record; more reports whether another
// follows.
func cutCell(s string, sep byte) (cell, rest string, more, ok bool) {
	if s == "" || s[0] != '"' {
		cell, rest, more = s, "", false
		if end := strings.IndexByte(s, sep); end >= 0 {
			cell, rest, more = s[:end], s[end+1:], true
		}
		return cell, rest, more, strings.IndexByte(cell, '"') < 0
	}
	doubled := false
	for end := 1; ; end++ {
		n := strings.IndexByte(s[end:], '"')
		if n < 0 {
			return "", "", false, false
		}
		end += n
		if end+1 < len(s) && s[end+1] == '"' {
			doubled = true
			end++
			continue
		}
		cell = s[1:end]
		if doubled {
			cell = strings.ReplaceAll(cell, `""`, `"`)
		}
		switch {
		case end+1 == len(s):
			return cell, "", false, true
		case s[end+1] == sep:
			return cell, s[end+2:], true, true
		}
		return "", "", false, false
	}
}

// csvBinding is a kind of line in the columns of one file.
type csvBinding struct {
	kind  *csvKind
	cells []csvSlot // by column of the file
	lacks string    // a column that every line of the kind needs and the file has not
}

type csvSlot struct {
	cell *csvCell // nil: the column is empty on lines of this kind
	own  bool     // the cell is of what the item is in
	key  bool

	watch *sheet.Column // nil where a whole column shows nothing
}

// read gives the value of a cell that is not empty.
func (r *csvReader) read(slot *csvSlot, s string, p csvPlace) (string, error) {
	value, damage := slot.cell.value(s)
	if damage.Damaged() {
		a := schema.Codes.New("XHL-311", r.name, slot.cell.column, damage.Phrase)
		a.Chemin = slot.cell.column
		return "", r.fault(a, p)
	}
	if slot.watch != nil {
		slot.watch.See(value, p.ligne)
	}
	return value, nil
}

func (r *csvReader) bind(f *csvFile, k *csvKind, watches *csvWatches) *csvBinding {
	b := &csvBinding{kind: k, cells: make([]csvSlot, len(r.columns))}
	for i, name := range r.columns {
		b.cells[i].key = slices.Contains(f.keys, name)
	}
	place := func(c *csvCell, own bool) {
		if at := r.column(c.column); at >= 0 {
			b.cells[at] = csvSlot{cell: c, own: own, watch: watches.of(f.name, c)}
		} else if b.lacks == "" && c.required() {
			b.lacks = c.column
		}
	}
	for _, c := range k.own {
		place(c, true)
	}
	for _, c := range k.cells {
		place(c, false)
	}
	return b
}

// fill stores the cells of a line below v, the value that the file is about,
// and returns what the line is about: its item when it has one.
func (r *csvReader) fill(b *csvBinding, v any, cells []string, p csvPlace) (any, error) {
	if b.lacks != "" {
		return nil, r.fault(csvFault(r.name, csvNoColumn, b.lacks), csvPlace{1, -1})
	}
	owner := csvReach(v, b.kind.parents)
	if b.kind.item != nil && b.kind.item.Value != nil {
		return owner, r.fillLeaf(b, owner, cells, p)
	}
	var item any
	if b.kind.item == nil {
		item = owner
	} else if !b.kind.bare {
		item = b.kind.item.Add(owner)
	}
	for i, s := range cells {
		slot := &b.cells[i]
		switch {
		case s == "" || slot.key:
		case slot.cell == nil:
			return nil, r.fault(csvFault(r.name, csvForeign, r.columns[i], b.kind.name), p)
		default:
			value, err := r.read(slot, s, p)
			if err != nil {
				return nil, err
			}
			if slot.own {
				if was := *slot.cell.leaf.Text(owner); was != "" && was != value {
					return nil, r.fault(csvFault(r.name, csvDescription, b.kind.name), p)
				}
				slot.cell.set(owner, value)
				continue
			}
			if item == nil {
				item = b.kind.item.Add(owner)
			}
			slot.cell.set(item, value)
		}
	}
	return item, nil
}

// fillLeaf stores the one value of a line about an element without children.
func (r *csvReader) fillLeaf(b *csvBinding, owner any, cells []string, p csvPlace) error {
	into := b.kind.item.Push(owner)
	for i, s := range cells {
		slot := &b.cells[i]
		switch {
		case s == "" || slot.key:
		case slot.cell == nil:
			return r.fault(csvFault(r.name, csvForeign, r.columns[i], b.kind.name), p)
		default:
			value, err := r.read(slot, s, p)
			if err != nil {
				return err
			}
			*into = value
		}
	}
	return nil
}
