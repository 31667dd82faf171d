package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync/atomic"

	"paye/xhl"
)

// DecodeCSV writes a journal as the four files of a CSV run, in UTF-8 with a
// byte order mark, semicolons between cells and LF at the end of lines. It
// takes each file from create by its name, and closes it; after an error they
// are incomplete. Nothing of what DecodeJSON keeps is lost. decoded, if not nil,
// counts the bulletins as they are done.
func DecodeCSV(ctx context.Context, r io.Reader, o xhl.Options, create func(name string) (io.WriteCloser, error), decoded *atomic.Int64) (err error) {
	rd, err := xhl.NewReader(r, o)
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
		files[i] = newCSVWriter(w, f)
	}
	run := csvRun{entete: files[0], agents: files[1], lignes: files[2], nomenclatures: files[3], groupe: -1}
	if err := run.entete.row(csvEnteteFile.kinds[0], rd.Entete(), -1, ""); err != nil {
		return err
	}
	for b, err := range rd.Bulletins() {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = run.bulletin(b)
		}
		if err != nil {
			return err
		}
		if decoded != nil {
			decoded.Add(1)
		}
	}
	var q xhl.Fin
	if q.Nomenclatures, err = rd.Nomenclatures(); err != nil {
		return err
	}
	if q.RepartitionParNature, err = rd.RepartitionParNature(); err != nil {
		return err
	}
	return run.lists(&q)
}

// csvRun is the four files while they are written.
type csvRun struct {
	entete, agents, lignes, nomenclatures *csvWriter

	bulletins int
	groupe    int // Lieu.Groupe of the bulletin before
	rang      string
	groupes   int
}

func (r *csvRun) bulletin(b *xhl.Bulletin) error {
	if b.Lieu.Groupe != r.groupe {
		r.groupe = b.Lieu.Groupe
		r.groupes++
		r.rang = strconv.Itoa(r.groupes)
		if err := r.entete.row(csvEnteteFile.kinds[1], &xhl.Groupe{Etablissement: b.Lieu.Etablissement}, -1, r.rang); err != nil {
			return err
		}
	}
	r.bulletins++
	rang := strconv.Itoa(r.bulletins)
	if err := r.agents.row(csvAgentsFile.kinds[0], b, -1, rang, r.rang); err != nil {
		return err
	}
	for _, k := range csvLignesFile.kinds {
		owner := csvDescend(b, k.parents)
		for cursor, more := k.next(owner, 0); more; cursor, more = k.next(owner, cursor) {
			if err := r.lignes.row(k, owner, cursor-1, rang, k.name); err != nil {
				return err
			}
		}
	}
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
	out  io.WriteCloser
	name string
	rows map[*csvKind][]csvSlot // by column that is not a key
	buf  []byte
}

func newCSVWriter(out io.WriteCloser, f *csvFile) *csvWriter {
	w := &csvWriter{out: out, name: f.name, rows: make(map[*csvKind][]csvSlot)}
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
	item := owner
	if k.item != nil && k.item.Value == nil {
		item, _ = k.item.At(owner, i)
	}
	for n, key := range keys {
		if n > 0 {
			w.buf = append(w.buf, ';')
		}
		w.buf = append(w.buf, key...)
	}
	for _, slot := range w.rows[k] {
		w.buf = append(w.buf, ';')
		switch {
		case slot.cell == nil:
		case slot.own:
			w.buf = appendCell(w.buf, slot.cell.text(owner))
		case k.item != nil && k.item.Value != nil:
			w.buf = appendCell(w.buf, csvEscape(*k.item.Item(owner, i)))
		case item != nil:
			w.buf = appendCell(w.buf, slot.cell.text(item))
		}
	}
	w.buf = append(w.buf, '\n')
	if len(w.buf) >= runFlush {
		return w.flush()
	}
	return nil
}

func appendCell(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, ";\"\r\n") {
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
