package vault

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"paye/internal/anomalie"
	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
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
	lot := make([]BlobInfo, 0, book.PageSize)
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
			a = Codes.New("COF-137", filepath.Base(file), strconv.FormatInt(a.Offset, 10)).At(file, a.Offset, 0)
		}
		v.f.fault(a)
	}
	return nil
}

// void verifies that nothing is left of a blob that was deleted.
func (v *dataVisit) void(b BlobInfo) error {
	local, ok := v.f.blobs.(*packs.Folder)
	if !ok {
		return nil
	}
	empty, err := local.Voided(b.Lieu)
	if l, _ := packs.ParseLieu(b.Lieu); err == nil && !empty {
		v.f.fault(inPack(Codes.New("COF-130", fmt.Sprintf("%s:%d", packs.Name(l.Pack), l.Offset)), b.Lieu))
	}
	return err
}

const documentPlaces = "SELECT d.blob, d.id, d.copies, d.idx, e.segment, e.offset, e.longueur FROM documents d JOIN evenements e USING (idx) WHERE d.copies<>0"

// met finds the documents of blobs and has each verified.
func (v *dataVisit) met(ctx context.Context, lot []BlobInfo) error {
	names := make([][]byte, len(lot))
	for i := range lot {
		names[i] = lot[i].Name[:]
	}
	docs := make(map[BlobName]book.Row, len(lot))
	err := catalogue.SelectIn(ctx, v.book.Read, documentPlaces+" AND d.blob IN", names, func(rows *sql.Rows) error {
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

func scanPlace(rows *sql.Rows) (BlobName, book.Row, error) {
	var name, id []byte
	var doc book.Row
	err := rows.Scan(&name, &id, &doc.Copies, &doc.Idx, &doc.Segment, &doc.Offset, &doc.Size)
	if err != nil || len(name) != len(BlobName{}) || len(id) != len(ID{}) {
		return BlobName{}, doc, errors.Join(err, Codes.New("COF-113"))
	}
	doc.ID = ID(id)
	return BlobName(name), doc, nil
}

func (v *dataVisit) verify(ctx context.Context, name BlobName, lieu []byte, doc book.Row) {
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
			v.f.fault(v.f.document(ctx, v.book.Read, doc.Idx, inPack(Codes.New("COF-120", name.String()), where)))
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

// inPack adds where the blob is.
func inPack(a *anomalie.Anomalie, where []byte) *anomalie.Anomalie {
	if l, ok := packs.ParseLieu(where); ok {
		a.At(filepath.Join(packs.Dir, packs.Name(l.Pack)), l.Offset, 0)
	}
	return a
}

// bitmap is a set of leaves.
type bitmap []uint64

func newBitmap(size int64) bitmap { return make(bitmap, size/64+1) }

func (b bitmap) set(i int64) { b[i/64] |= 1 << (i % 64) }

func (b bitmap) has(i int64) bool { return b[i/64]>>(i%64)&1 == 1 }

// document adds to an anomaly whom it concerns.
func (f *fsck) document(ctx context.Context, db *sql.DB, idx int64, a *anomalie.Anomalie) *anomalie.Anomalie {
	b := &book.Book{Keys: f.keys, Seg: f.seg, Read: db}
	if r, err := b.RecordAt(ctx, db, idx); err == nil {
		var said acts.Depot
		if r.Body(f.keys, nil, &said) == nil {
			a.Matricule = said.Matricule
		}
	}
	return a
}

// orphanAge is how old a blob must be to be called an orphan: before, its
// deposit may be on its way.
const orphanAge = 24 * time.Hour

func (f *fsck) orphan(ctx context.Context, known *book.Book, b BlobInfo) error {
	f.mu.Lock()
	f.r.Orphelins++
	f.mu.Unlock()
	if f.o.Clock().Sub(b.Date) > orphanAge {
		f.fault(Codes.New("COF-129", b.Name.String()))
	}
	// An orphan that is of a destroyed document should have gone.
	var n int
	if err := known.Read.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE blob=? AND copies=0", b.Name[:]).Scan(&n); err != nil {
		return fmt.Errorf("look for the document of a blob: %w", err)
	}
	if n > 0 {
		f.fault(Codes.New("COF-130", b.Name.String()))
	}
	return nil
}

// ciphertext verifies the blob of a document whose body is damaged, which was
// named.
func (f *fsck) ciphertext(ctx context.Context, name BlobName, lieu []byte, id ID) error {
	b, err := f.blobs.Get(ctx, name, lieu, f.o.MaxDocument+int64(packs.Overhead))
	if err != nil && !errors.Is(err, packs.ErrBlob) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := packs.Check(b, name, id); err != nil {
		a, ok := faults.As(err)
		if !ok {
			a = Codes.New("COF-121", name.String())
		}
		f.fault(a)
	}
	return nil
}

func (f *fsck) blob(ctx context.Context, known *book.Book, envs *book.Envelopes, name BlobName, lieu []byte, d *book.Filed, secours book.Openers) error {
	fault := func(code string, args ...any) {
		f.fault(inPack(faults.Of(Codes.New(code, args...), d.Corps.Matricule), lieu))
	}
	b, err := f.blobs.Get(ctx, name, lieu, d.Corps.Taille+int64(packs.Overhead))
	if errors.Is(err, fs.ErrNotExist) {
		fault("COF-120", name.String())
		return nil
	}
	if err != nil && !errors.Is(err, packs.ErrBlob) {
		return err
	}
	f.mu.Lock()
	f.r.Blobs++
	f.r.Octets += int64(len(b))
	f.mu.Unlock()
	f.o.Progress.Blobs.Add(1)
	f.o.Progress.Octets.Add(int64(len(b)))
	err = packs.Check(b, name, d.ID)
	if a, ok := faults.As(err); ok {
		fault(a.Code, b[len(packs.Magic)])
		return nil
	}
	if err != nil || int64(len(b)) != d.Corps.Taille+int64(packs.Overhead) {
		fault("COF-121", name.String())
		return nil
	}
	dek, err := f.key(ctx, known, envs, d, secours)
	if dek == nil {
		if a, ok := faults.As(err); ok {
			// A copy that was destroyed, a key that is not here: no fault.
			if a.Code != "COF-205" && a.Code != "COF-102" && a.Code != "COF-103" {
				f.fault(a)
			}
			return nil
		}
		return err
	}
	plain, err := packs.Open(b, name, d.ID, dek)
	if err != nil || acts.DigestOf(plain) != d.Corps.Empreinte {
		fault("COF-131", name.String())
		return nil
	}
	f.mu.Lock()
	f.r.Dechiffres++
	f.mu.Unlock()
	return nil
}

// key opens a document key with the recovery key, else the employer's; nil
// without either, when verifying the ciphertext has to do.
func (f *fsck) key(ctx context.Context, known *book.Book, envs *book.Envelopes, d *book.Filed, secours book.Openers) ([]byte, error) {
	if secours.Keys != nil {
		return envs.DEK(ctx, known, d, secours, book.WrapSecours)
	}
	double, err := f.employer(ctx, known, d.Siret)
	if double.Keys == nil {
		return nil, err
	}
	return envs.DEK(ctx, known, d, double, book.WrapDouble)
}

// employer returns the keys of an employer's double, none when they are absent,
// locked, or wrong, which privateKeys names. They are looked for once.
func (f *fsck) employer(ctx context.Context, known *book.Book, siret string) (book.Openers, error) {
	f.mu.Lock()
	double, looked := f.doubles[siret]
	f.mu.Unlock()
	if looked {
		return double, nil
	}
	double, err := known.PrivateKeys(ctx, CleEmployeur(siret))
	if err != nil && !faults.Is(err) && !errors.Is(err, journal.ErrRecord) { // that one was named
		return double, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.doubles[siret] = double
	return double, nil
}

// privateKeys opens every key file that is there, and names the renewals that
// were begun and not finished.
func (f *fsck) privateKeys(ctx context.Context, db *sql.DB) {
	known := &book.Book{Desc: f.desc, Keys: f.keys, Seg: f.seg, Read: db}
	names, err := known.KeyNames(ctx)
	if err != nil {
		return // the fiches are damaged, which was named
	}
	for _, name := range names {
		pub, _, err := known.PublicKeys(ctx, db, name)
		if err != nil {
			continue
		}
		for _, public := range [][]byte{pub.Cle, pub.Ancienne} {
			if public == nil || !f.keys.Has(name, public) {
				continue
			}
			if _, err := f.keys.Open(name, public); err != nil {
				if a, ok := faults.As(err); ok && a.Code != "COF-103" {
					f.fault(a.At(filepath.Join(keys.Dir, filepath.Base(keys.File(f.keys.Dir, name, public))), -1, 0))
				}
			}
		}
		if pub.Ancienne != nil {
			f.fault(Codes.New("COF-139", name))
		}
	}
}
