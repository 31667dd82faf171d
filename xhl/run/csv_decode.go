package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync/atomic"

	"paye/internal/sheet"
	"paye/xhl"
)

// DecodeCSV writes a journal as the four files of a CSV run, in UTF-8 with a
// byte order mark, semicolons between cells and LF at the end of lines. It
// takes each file from create by its name, and closes it; after an error they
// are incomplete. Nothing of what DecodeJSON keeps is lost. decoded, if not nil,
// counts the bulletins as they are done.
func DecodeCSV(ctx context.Context, r io.Reader, o xhl.Options, cells CSVCells, create func(name string) (io.WriteCloser, error), decoded *atomic.Int64) (err error) {
	d, entete, err := openDecoding(r, o, decoded)
	if err != nil {
		return err
	}
	var files [4]*csvWriter
	defer func() {
		for _, f := range files {
			if f != nil {
				err = errors.Join(err, f.close(err == nil))
			}
		}
	}()
	for i, f := range []*csvFile{csvEnteteFile, csvAgentsFile, csvLignesFile, csvNomenclaturesFile} {
		w, err := create(f.name)
		if err != nil {
			return fmt.Errorf("make %s: %w", f.name, err)
		}
		files[i] = newCSVWriter(w, f, cells)
	}
	run := csvRun{entete: files[0], agents: files[1], lignes: files[2], nomenclatures: files[3]}
	if err := run.entete.row(csvEnteteFile.kinds[0], entete, -1, ""); err != nil {
		return err
	}
	if err := d.run(ctx, func() shape { return newCSVShape(cells) }, run.put); err != nil {
		return err
	}
	fin, err := d.end()
	if err != nil {
		return err
	}
	return run.lists(fin)
}

// csvRun is the four files while they are written.
type csvRun struct {
	entete, agents, lignes, nomenclatures *csvWriter

	opening []byte // of the DonneesIndiv that has no bulletin yet; nil when it has
	groupes int
}

// put writes a part. A DonneesIndiv without bulletins has no line.
func (r *csvRun) put(p *part) error {
	if p.opens {
		r.opening = append(r.opening[:0:0], p.opening...)
	}
	if p.n == 0 {
		return nil
	}
	if r.opening != nil {
		r.groupes++
		if err := r.entete.write(strconv.AppendInt(nil, int64(r.groupes), 10)); err != nil {
			return err
		}
		if err := r.entete.write(r.opening); err != nil {
			return err
		}
		r.opening = nil
	}
	if err := r.agents.write(p.lines[0]); err != nil {
		return err
	}
	return r.lignes.write(p.lines[1])
}

// csvShape writes bulletins as lines of agents.csv and of lignes.csv.
type csvShape struct{ entete, agents, lignes *csvWriter }

func newCSVShape(cells CSVCells) *csvShape {
	return &csvShape{newCSVRows(csvEnteteFile, cells), newCSVRows(csvAgentsFile, cells), newCSVRows(csvLignesFile, cells)}
}

func (s *csvShape) opening(dst []byte, etab *xhl.Etablissement) ([]byte, error) {
	return s.entete.appendRow(dst, csvEnteteFile.kinds[1], &xhl.Groupe{Etablissement: etab}, -1), nil
}

func (s *csvShape) bulletin(p *part, b *xhl.Bulletin, rang, groupe int) error {
	agents, lignes := p.lines[0], p.lines[1]
	agents = strconv.AppendInt(agents, int64(rang), 10)
	agents = strconv.AppendInt(append(agents, ';'), int64(groupe), 10)
	p.lines[0] = s.agents.appendRow(agents, csvAgentsFile.kinds[0], b, -1)
	for _, k := range csvLignesFile.kinds {
		owner := csvDescend(b, k.parents)
		for cursor, more := k.next(owner, 0); more; cursor, more = k.next(owner, cursor) {
			lignes = strconv.AppendInt(lignes, int64(rang), 10)
			lignes = append(append(lignes, ';'), k.name...)
			lignes = s.lignes.appendRow(lignes, k, owner, cursor-1)
		}
	}
	p.lines[1] = lignes
	return nil
}

// lists writes the code lists and the répartition, a line without an item for
// those that are empty.
func (r *csvRun) lists(q *xhl.Fin) error {
	for _, k := range csvNomenclaturesFile.kinds {
		owner := csvDescend(q, k.parents)
		if owner == nil {
			continue
		}
		cursor, more := k.next(owner, 0)
		if !more {
			cursor, more = 1, true
		}
		for ; more; cursor, more = k.next(owner, cursor) {
			if err := r.nomenclatures.row(k, owner, cursor-1, k.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// next returns the cursor that follows the first item of owner at cursor or
// beyond, and whether there is one; no owner has none.
func (k *csvKind) next(owner any, cursor int) (int, bool) {
	if owner == nil {
		return cursor, false
	}
	if k.item.Value != nil {
		return cursor + 1, k.item.Item(owner, cursor) != nil
	}
	item, after := k.item.At(owner, cursor)
	return after, item != nil
}

// csvWriter writes one file of a run.
type csvWriter struct {
	out   io.WriteCloser
	name  string
	cells CSVCells
	rows  map[*csvKind][]csvSlot // by column that is not a key
	buf   []byte
}

// CSVCells is how the cells of a CSV run are written. EncodeCSV reads both.
type CSVCells uint8

const (
	CSVKept  CSVCells = iota // so that a spreadsheet keeps texts, and runs none: sheet.Protect
	CSVExact                 // as they stand
)

// text is what stands in a cell of a kind.
func (c CSVCells) text(k sheet.Kind, s string) string {
	switch {
	case s == "":
		return s
	case c == CSVExact:
		return sheet.Exact(s)
	case k == sheet.Decimal || k == sheet.Date || k == sheet.Bool:
		return sheet.Inert(sheet.Exact(s))
	}
	return sheet.Protect(s)
}

// newCSVRows returns what makes lines of a file, without the file.
func newCSVRows(f *csvFile, cells CSVCells) *csvWriter {
	w := &csvWriter{name: f.name, cells: cells, rows: make(map[*csvKind][]csvSlot)}
	for _, k := range f.kinds {
		slots := make([]csvSlot, len(f.columns)-len(f.keys))
		for i, name := range f.columns[len(f.keys):] {
			for _, c := range k.own {
				if c.column == name {
					slots[i] = csvSlot{cell: c, own: true}
				}
			}
			for _, c := range k.cells {
				if c.column == name {
					slots[i] = csvSlot{cell: c}
				}
			}
		}
		w.rows[k] = slots
	}
	return w
}

func newCSVWriter(out io.WriteCloser, f *csvFile, cells CSVCells) *csvWriter {
	w := newCSVRows(f, cells)
	w.out = out
	w.buf = append(w.buf, "\uFEFF"...)
	for i, name := range f.columns {
		if i > 0 {
			w.buf = append(w.buf, ';')
		}
		w.buf = append(w.buf, name...)
	}
	w.buf = append(w.buf, '\n')
	return w
}

// row writes a line about the item of owner at cursor i, or about owner itself.
func (w *csvWriter) row(k *csvKind, owner any, i int, keys ...string) error {
	for n, key := range keys {
		if n > 0 {
			w.buf = append(w.buf, ';')
		}
		w.buf = append(w.buf, key...)
	}
	w.buf = w.appendRow(w.buf, k, owner, i)
	return w.write(nil)
}

// write adds lines, and writes out what is long.
func (w *csvWriter) write(lines []byte) error {
	w.buf = append(w.buf, lines...)
	if len(w.buf) >= runFlush {
		return w.flush()
	}
	return nil
}

// appendRow appends the cells of a line that are not keys, each after its
// separator, and the end of the line.
func (w *csvWriter) appendRow(dst []byte, k *csvKind, owner any, i int) []byte {
	item := owner
	if k.item != nil && k.item.Value == nil {
		item, _ = k.item.At(owner, i)
	}
	for _, slot := range w.rows[k] {
		dst = append(dst, ';')
		switch {
		case slot.cell == nil:
		case slot.own:
			dst = appendCell(dst, w.cells.text(slot.cell.kind, slot.cell.text(owner)))
		case k.item != nil && k.item.Value != nil:
			dst = appendCell(dst, w.cells.text(slot.cell.kind, csvEscape(*k.item.Item(owner, i))))
		case item != nil:
			dst = appendCell(dst, w.cells.text(slot.cell.kind, slot.cell.text(item)))
		}
	}
	return append(dst, '\n')
}

// wantsQuotes are the bytes for which a cell has to stand between quotes.
var wantsQuotes = [256]bool{';': true, '"': true, '\r': true, '\n': true}

func quotedCell(s string) bool {
	for i := range len(s) {
		if wantsQuotes[s[i]] {
			return true
		}
	}
	return false
}

func appendCell(dst []byte, s string) []byte {
	if !quotedCell(s) {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for {
		quote := strings.IndexByte(s, '"')
		if quote < 0 {
			return append(append(dst, s...), '"')
		}
		dst = append(append(dst, s[:quote+1]...), '"')
		s = s[quote+1:]
	}
}

func (w *csvWriter) flush() error {
	_, err := w.out.Write(w.buf)
	w.buf = w.buf[:0]
	if err != nil {
		return fmt.Errorf("write %s: %w", w.name, err)
	}
	return nil
}

func (w *csvWriter) close(whole bool) error {
	var err error
	if whole {
		err = w.flush()
	}
	if e := w.out.Close(); err == nil && e != nil {
		err = fmt.Errorf("close %s: %w", w.name, e)
	}
	return err
}
