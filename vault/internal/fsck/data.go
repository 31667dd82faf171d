package fsck

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"paye/internal/anomalie"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/names"
	"paye/vault/internal/packs"
)

// data reads every blob again, finds missing ones and orphans, and decrypts
// with the keys there are.
func (f *fsck) data(ctx context.Context, db *sql.DB) error {
	if err := db.QueryRowContext(ctx, "SELECT count(*) FILTER (WHERE copies<>0), count(*) FILTER (WHERE copies=0) FROM documents").Scan(&f.r.Documents, &f.r.Destroyed); err != nil {
		return fmt.Errorf("count the documents: %w", err)
	}
	// The journal by the second catalogue, to find keys the way reading does.
	known := &book.Book{Desc: f.desc, Keys: f.keys, Seg: f.seg, Read: db}
	var secours book.Openers
	if f.o.Secours != "" {
		var err error
		if secours, err = known.SecoursKeys(ctx, f.o.Secours); err != nil {
			return err
		}
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(f.o.Workers)
	v := &dataVisit{f: f, book: known, envs: &book.Envelopes{}, secours: secours, group: group, seen: newBitmap(f.r.Evenements),
		free: make(chan *verifier, f.o.Workers), broken: map[string]*anomalie.Anomalie{}, damaged: map[string]bool{}}
	err := errors.Join(v.all(gctx), group.Wait())
	close(v.free)
	for w := range v.free {
		w.reader.Close()
		w.blobs.Close()
	}
	return err
}

// dataVisit goes over the blobs in the order of the disk, then over the
// documents whose blob was not met.
type dataVisit struct {
	f       *fsck
	book    *book.Book
	envs    *book.Envelopes
	secours book.Openers
	group   *errgroup.Group
	free    chan *verifier // that do nothing now
	seen    bitmap         // leaves of documents whose blob was met

	broken  map[string]*anomalie.Anomalie // where a pack, by file, cannot be told any more
	damaged map[string]bool               // packs that hold documents beyond
}

func (v *dataVisit) all(ctx context.Context) error {
	lot := make([]packs.Info, 0, book.PageSize)
	for b, err := range v.f.blobs.All(ctx) {
		if a, ok := faults.As(err); ok {
			v.broken[a.Fichier] = a
			continue
		}
		if err != nil {
			return err
		}
		if b.Vide {
			if err := v.void(b); err != nil {
				return err
			}
			continue
		}
		if lot = append(lot, b); len(lot) == cap(lot) {
			if err := v.met(ctx, lot); err != nil {
				return err
			}
			lot = lot[:0]
		}
	}
	if err := v.met(ctx, lot); err != nil {
		return err
	}
	if err := v.unmet(ctx); err != nil {
		return err
	}
	for file, a := range v.broken {
		// A power cut leaves any bytes after what was acknowledged.
		if !v.damaged[file] && a.Offset > 0 {
			a = faults.Codes.New("COF-137", filepath.Base(file), strconv.FormatInt(a.Offset, 10)).At(file, a.Offset, 0)
		}
		v.f.fault(a)
	}
	return nil
}

// void verifies that nothing is left of a blob that was deleted.
func (v *dataVisit) void(b packs.Info) error {
	local, ok := v.f.blobs.(*packs.Folder)
	if !ok {
		return nil
	}
	empty, err := local.Voided(b.Lieu)
	if l, _ := packs.ParseLieu(b.Lieu); err == nil && !empty {
		v.f.fault(inPack(faults.Codes.New("COF-130", fmt.Sprintf("%s:%d", packs.Name(l.Pack), l.Offset)), b.Lieu))
	}
	return err
}

const documentPlaces = "SELECT d.blob, d.id, d.copies, d.idx, e.segment, e.offset, e.longueur FROM documents d JOIN evenements e USING (idx) WHERE d.copies<>0"

// met finds the documents of blobs and has each verified.
func (v *dataVisit) met(ctx context.Context, lot []packs.Info) error {
	list := make([][]byte, len(lot))
	for i := range lot {
		list[i] = lot[i].Name[:]
	}
	docs := make(map[names.BlobName]book.Row, len(lot))
	err := catalogue.SelectIn(ctx, v.book.Read, documentPlaces+" AND d.blob IN", list, func(rows *sql.Rows) error {
		name, doc, err := scanPlace(rows)
		docs[name] = doc
		return err
	})
	if err != nil {
		return fmt.Errorf("look up the documents of blobs: %w", err)
	}
	wanted := make([]toVerify, 0, len(lot))
	for _, b := range lot {
		doc, known := docs[b.Name]
		if !known {
			v.group.Go(func() error { return v.f.orphan(ctx, v.book, b) })
			continue
		}
		v.seen.set(doc.Idx)
		wanted = append(wanted, toVerify{b.Name, b.Lieu, doc})
	}
	for part := range slices.Chunk(wanted, atOnce) {
		v.verify(ctx, part...)
	}
	return nil
}

func scanPlace(rows *sql.Rows) (names.BlobName, book.Row, error) {
	var blob, id []byte
	var doc book.Row
	err := rows.Scan(&blob, &id, &doc.Copies, &doc.Idx, &doc.Segment, &doc.Offset, &doc.Size)
	if err != nil || len(blob) != len(names.BlobName{}) || len(id) != len(names.ID{}) {
		return names.BlobName{}, doc, errors.Join(err, faults.Codes.New("COF-113"))
	}
	doc.ID = names.ID(id)
	return names.BlobName(blob), doc, nil
}

// toVerify is the blob of a document, where it is said to be.
type toVerify struct {
	name names.BlobName
	lieu []byte
	doc  book.Row
}

// atOnce is how many documents are verified one after the other, with the same files and memory.
const atOnce = 50

// verifier verifies documents one after the other.
type verifier struct {
	v      *dataVisit
	reader journal.Reader
	blobs  *packs.Reader
	plain  []byte // of the document before
}

// verify has documents verified beside others.
func (v *dataVisit) verify(ctx context.Context, list ...toVerify) {
	v.group.Go(func() error {
		var w *verifier
		select {
		case w = <-v.free:
		default:
			w = &verifier{v: v, reader: journal.Reader{Seg: v.f.seg, Ahead: true}, blobs: packs.NewReader(v.f.blobs)}
		}
		defer func() { v.free <- w }()
		for _, t := range list {
			if err := w.verify(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *verifier) verify(ctx context.Context, t toVerify) error {
	d, err := w.v.book.Listed(&w.reader, t.doc)
	if err != nil || d == nil {
		return w.ciphertext(ctx, t.name, t.lieu, t.doc.ID)
	}
	d.Siret, d.Agent = d.Corps.Employeur, d.Corps.Agent
	return w.blob(ctx, t.name, t.lieu, d)
}

// unmet verifies the documents whose blob was not listed, where the journal
// says it is. One that is there shows that its pack is damaged around it.
func (v *dataVisit) unmet(ctx context.Context) error {
	rows, err := v.book.Read.QueryContext(ctx, documentPlaces+" ORDER BY d.idx")
	if err != nil {
		return fmt.Errorf("go over the documents: %w", err)
	}
	defer rows.Close()
	reader := &journal.Reader{Seg: v.f.seg}
	defer reader.Close()
	for rows.Next() {
		name, doc, err := scanPlace(rows)
		if err != nil {
			return fmt.Errorf("go over the documents: %w", err)
		}
		if v.seen.has(doc.Idx) {
			continue
		}
		var where []byte
		if r, err := reader.Record(doc.Place); err == nil {
			where = bytes.Clone(r.Intact(journal.SlotLieu))
		}
		l, placed := packs.ParseLieu(where)
		if _, err := v.f.blobs.Get(ctx, name, where, v.f.o.MaxDocument+int64(packs.Overhead)); errors.Is(err, fs.ErrNotExist) || !placed {
			v.f.fault(v.f.document(ctx, v.book.Read, doc.Idx, inPack(faults.Codes.New("COF-120", name.String()), where)))
			continue
		}
		a := packs.Damaged(l.Pack, l.Offset)
		if v.damaged[a.Fichier] = true; v.broken[a.Fichier] == nil {
			v.broken[a.Fichier] = a
		}
		v.verify(ctx, toVerify{name, where, doc})
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("go over the documents: %w", err)
	}
	return nil
}

// bitmap is a set of leaves.
type bitmap []uint64

func newBitmap(size int64) bitmap { return make(bitmap, size/64+1) }

func (b bitmap) set(i int64) { b[i/64] |= 1 << (i % 64) }

func (b bitmap) has(i int64) bool { return b[i/64]>>(i%64)&1 == 1 }
