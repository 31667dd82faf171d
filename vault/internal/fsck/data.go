package fsck

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
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
	v := &dataVisit{f: f, book: known, envs: &book.Envelopes{}, secours: secours, group: group, reader: &journal.Reader{Seg: f.seg}, seen: newBitmap(f.r.Evenements),
		broken: map[string]*anomalie.Anomalie{}, damaged: map[string]bool{}}
	defer v.reader.Close()
	return errors.Join(v.all(gctx), group.Wait())
}

// dataVisit goes over the blobs in the order of the disk, then over the
// documents whose blob was not met.
type dataVisit struct {
	f       *fsck
	book    *book.Book
	envs    *book.Envelopes
	secours book.Openers
	group   *errgroup.Group
	reader  *journal.Reader
	seen    bitmap // leaves of documents whose blob was met

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
	wanted := make([][]byte, len(lot))
	for i := range lot {
		wanted[i] = lot[i].Name[:]
	}
	docs := make(map[names.BlobName]book.Row, len(lot))
	err := catalogue.SelectIn(ctx, v.book.Read, documentPlaces+" AND d.blob IN", wanted, func(rows *sql.Rows) error {
		name, doc, err := scanPlace(rows)
		docs[name] = doc
		return err
	})
	if err != nil {
		return fmt.Errorf("look up the documents of blobs: %w", err)
	}
	for _, b := range lot {
		doc, known := docs[b.Name]
		if !known {
			v.group.Go(func() error { return v.f.orphan(ctx, v.book, b) })
			continue
		}
		v.seen.set(doc.Idx)
		v.verify(ctx, b.Name, b.Lieu, doc)
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

func (v *dataVisit) verify(ctx context.Context, name names.BlobName, lieu []byte, doc book.Row) {
	d, err := v.book.Listed(v.reader, doc)
	if d != nil {
		d.Siret, d.Agent, d.Rec = d.Corps.Employeur, d.Corps.Agent, d.Rec.Clone()
	}
	v.group.Go(func() error {
		if err != nil || d == nil {
			return v.f.ciphertext(ctx, name, lieu, doc.ID)
		}
		return v.f.blob(ctx, v.book, v.envs, name, lieu, d, v.secours)
	})
}

// unmet verifies the documents whose blob was not listed, where the journal
// says it is. One that is there shows that its pack is damaged around it.
func (v *dataVisit) unmet(ctx context.Context) error {
	rows, err := v.book.Read.QueryContext(ctx, documentPlaces+" ORDER BY d.idx")
	if err != nil {
		return fmt.Errorf("go over the documents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		name, doc, err := scanPlace(rows)
		if err != nil {
			return fmt.Errorf("go over the documents: %w", err)
		}
		if v.seen.has(doc.Idx) {
			continue
		}
		var where []byte
		if r, err := v.reader.Record(doc.Place); err == nil {
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
		v.verify(ctx, name, where, doc)
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
