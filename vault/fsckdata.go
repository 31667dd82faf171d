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
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"paye/internal/anomalie"
)

// data reads every blob again, finds missing ones and orphans, and decrypts
// with the keys there are.
func (f *fsck) data(ctx context.Context, db *sql.DB) error {
	if err := db.QueryRowContext(ctx, "SELECT count(*) FILTER (WHERE copies<>0), count(*) FILTER (WHERE copies=0) FROM documents").Scan(&f.r.Documents, &f.r.Destroyed); err != nil {
		return fmt.Errorf("count the documents: %w", err)
	}
	// A store over the second catalogue, to find keys the way reading does.
	c := &Coffre{root: f.root, opts: f.o.Options, desc: f.desc, keys: f.keys, blobs: f.blobs, seg: f.seg, read: db}
	var secours openers
	if f.o.Secours != "" {
		var err error
		if secours, err = c.secoursKeys(ctx, f.o.Secours); err != nil {
			return err
		}
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(f.o.Workers)
	v := &dataVisit{f: f, c: c, envs: &envelopeCache{}, secours: secours, group: group, reader: &segmentReader{seg: f.seg}, seen: newBitmap(f.r.Evenements),
		broken: map[string]*anomalie.Anomalie{}, damaged: map[string]bool{}}
	defer v.reader.close()
	return errors.Join(v.all(gctx), group.Wait())
}

// dataVisit goes over the blobs in the order of the disk, then over the
// documents whose blob was not met.
type dataVisit struct {
	f       *fsck
	c       *Coffre
	envs    *envelopeCache
	secours openers
	group   *errgroup.Group
	reader  *segmentReader
	seen    bitmap // leaves of documents whose blob was met

	broken  map[string]*anomalie.Anomalie // where a pack, by file, cannot be told any more
	damaged map[string]bool               // packs that hold documents beyond
}

func (v *dataVisit) all(ctx context.Context) error {
	lot := make([]BlobInfo, 0, pageSize)
	for b, err := range v.f.blobs.All(ctx) {
		if a, ok := asAnomalie(err); ok {
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
	local, ok := v.f.blobs.(*packs)
	if !ok {
		return nil
	}
	empty, err := local.voided(b.Lieu)
	if l, _ := parseLieu(b.Lieu); err == nil && !empty {
		v.f.fault(inPack(Codes.New("COF-130", fmt.Sprintf("%s:%d", packName(l.pack), l.offset)), b.Lieu))
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
	docs := make(map[BlobName]row, len(lot))
	err := selectIn(ctx, v.c.read, documentPlaces+" AND d.blob IN", names, func(rows *sql.Rows) error {
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
			v.group.Go(func() error { return v.f.orphan(ctx, v.c, b) })
			continue
		}
		v.seen.set(doc.idx)
		v.verify(ctx, b.Name, b.Lieu, doc)
	}
	return nil
}

func scanPlace(rows *sql.Rows) (BlobName, row, error) {
	var name, id []byte
	var doc row
	err := rows.Scan(&name, &id, &doc.copies, &doc.idx, &doc.segment, &doc.offset, &doc.size)
	if err != nil || len(name) != len(BlobName{}) || len(id) != len(ID{}) {
		return BlobName{}, doc, errors.Join(err, Codes.New("COF-113"))
	}
	doc.id = ID(id)
	return BlobName(name), doc, nil
}

func (v *dataVisit) verify(ctx context.Context, name BlobName, lieu []byte, doc row) {
	d, err := v.c.listed(v.reader, doc)
	if d != nil {
		d.siret, d.agent, d.rec = d.corps.Employeur, d.corps.Agent, d.rec.clone()
	}
	v.group.Go(func() error {
		if err != nil || d == nil {
			return v.f.ciphertext(ctx, name, lieu, doc.id)
		}
		return v.f.blob(ctx, v.c, v.envs, name, lieu, d, v.secours)
	})
}

// unmet verifies the documents whose blob was not listed, where the journal
// says it is. One that is there shows that its pack is damaged around it.
func (v *dataVisit) unmet(ctx context.Context) error {
	rows, err := v.c.read.QueryContext(ctx, documentPlaces+" ORDER BY d.idx")
	if err != nil {
		return fmt.Errorf("go over the documents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		name, doc, err := scanPlace(rows)
		if err != nil {
			return fmt.Errorf("go over the documents: %w", err)
		}
		if v.seen.has(doc.idx) {
			continue
		}
		var where []byte
		if r, err := v.reader.record(doc.place); err == nil {
			where = bytes.Clone(r.intact(slotLieu))
		}
		l, placed := parseLieu(where)
		if _, err := v.f.blobs.Get(ctx, name, where, v.f.o.MaxDocument+int64(blobOverhead)); errors.Is(err, fs.ErrNotExist) || !placed {
			v.f.fault(v.f.document(ctx, v.c.read, doc.idx, inPack(Codes.New("COF-120", name.String()), where)))
			continue
		}
		a := packDamaged(l.pack, l.offset)
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
	if l, ok := parseLieu(where); ok {
		a.At(filepath.Join(packsDir, packName(l.pack)), l.offset, 0)
	}
	return a
}

// bitmap is a set of leaves.
type bitmap []uint64

func newBitmap(size int64) bitmap { return make(bitmap, size/64+1) }
func (b bitmap) set(i int64)      { b[i/64] |= 1 << (i % 64) }
func (b bitmap) has(i int64) bool { return b[i/64]>>(i%64)&1 == 1 }

// document adds to an anomaly whom it concerns.
func (f *fsck) document(ctx context.Context, db *sql.DB, idx int64, a *anomalie.Anomalie) *anomalie.Anomalie {
	c := &Coffre{keys: f.keys, seg: f.seg, read: db}
	if r, err := c.recordAt(ctx, db, idx); err == nil {
		var b corpsDepot
		if f.keys.body(r, nil, &b) == nil {
			a.Matricule = b.Matricule
		}
	}
	return a
}

// orphanAge is how old a blob must be to be called an orphan: before, its
// deposit may be on its way.
const orphanAge = 24 * time.Hour

func (f *fsck) orphan(ctx context.Context, c *Coffre, b BlobInfo) error {
	f.mu.Lock()
	f.r.Orphelins++
	f.mu.Unlock()
	if c.now().Sub(b.Date) > orphanAge {
		f.fault(Codes.New("COF-129", b.Name.String()))
	}
	// An orphan that is of a destroyed document should have gone.
	var n int
	if err := c.read.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE blob=? AND copies=0", b.Name[:]).Scan(&n); err != nil {
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
	b, err := f.blobs.Get(ctx, name, lieu, f.o.MaxDocument+int64(blobOverhead))
	if err != nil && !errors.Is(err, errBlob) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := checkBlob(b, name, id); err != nil {
		a, ok := asAnomalie(err)
		if !ok {
			a = Codes.New("COF-121", name.String())
		}
		f.fault(a)
	}
	return nil
}

func (f *fsck) blob(ctx context.Context, c *Coffre, envs *envelopeCache, name BlobName, lieu []byte, d *filed, secours openers) error {
	fault := func(code string, args ...any) {
		f.fault(inPack(matriculeOf(Codes.New(code, args...), d.corps.Matricule), lieu))
	}
	b, err := f.blobs.Get(ctx, name, lieu, d.corps.Taille+int64(blobOverhead))
	if errors.Is(err, fs.ErrNotExist) {
		fault("COF-120", name.String())
		return nil
	}
	if err != nil && !errors.Is(err, errBlob) {
		return err
	}
	f.mu.Lock()
	f.r.Blobs++
	f.r.Octets += int64(len(b))
	f.mu.Unlock()
	f.o.Progress.Blobs.Add(1)
	f.o.Progress.Octets.Add(int64(len(b)))
	err = checkBlob(b, name, d.id)
	if a, ok := asAnomalie(err); ok {
		fault(a.Code, b[len(blobMagic)])
		return nil
	}
	if err != nil || int64(len(b)) != d.corps.Taille+int64(blobOverhead) {
		fault("COF-121", name.String())
		return nil
	}
	dek, err := f.key(ctx, c, envs, d, secours)
	if dek == nil {
		if a, ok := asAnomalie(err); ok {
			// A copy that was destroyed, a key that is not here: no fault.
			if a.Code != "COF-205" && a.Code != "COF-102" && a.Code != "COF-103" {
				f.fault(a)
			}
			return nil
		}
		return err
	}
	plain, err := decodeBlob(b, name, d.id, dek)
	if err != nil || digestOf(plain) != d.corps.Empreinte {
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
func (f *fsck) key(ctx context.Context, c *Coffre, envs *envelopeCache, d *filed, secours openers) ([]byte, error) {
	if secours.keys != nil {
		return envs.dek(ctx, c, d, secours, wrapSecours)
	}
	double, err := f.employer(ctx, c, d.siret)
	if double.keys == nil {
		return nil, err
	}
	return envs.dek(ctx, c, d, double, wrapDouble)
}

// employer returns the keys of an employer's double, none when they are absent,
// locked, or wrong, which privateKeys names. They are looked for once.
func (f *fsck) employer(ctx context.Context, c *Coffre, siret string) (openers, error) {
	f.mu.Lock()
	double, known := f.doubles[siret]
	f.mu.Unlock()
	if known {
		return double, nil
	}
	double, err := c.privateKeys(ctx, CleEmployeur(siret))
	if err != nil && !isAnomalie(err) && !errors.Is(err, errRecord) { // that one was named
		return double, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.doubles[siret] = double
	return double, nil
}

// envelopeCache keeps the keys of the last envelopes opened: documents of one
// batch share one.
type envelopeCache struct {
	mu   sync.Mutex
	keys map[string][]byte
}

// dek opens a document key by the envelope of its batch.
func (e *envelopeCache) dek(ctx context.Context, c *Coffre, d *filed, with openers, w *wrapKind) ([]byte, error) {
	damaged := matriculeOf(Codes.New("COF-119"), d.corps.Matricule)
	s := d.rec.slot(w.document)
	if s == nil || len(s.data) < 16 || s.state() == slotDamaged {
		return nil, damaged
	}
	if s.state() == slotErased {
		return nil, matriculeOf(Codes.New("COF-205"), d.corps.Matricule)
	}
	env := ID(s.data[:16])
	name := w.use + env.String()
	e.mu.Lock()
	key := e.keys[name]
	e.mu.Unlock()
	if key == nil {
		var err error
		if key, err = c.openWrap(ctx, env, with, w); errors.Is(err, errUnseal) {
			return nil, damaged
		} else if err != nil {
			return nil, err
		}
		e.mu.Lock()
		if e.keys == nil || len(e.keys) >= 1<<16 {
			e.keys = map[string][]byte{}
		}
		e.keys[name] = key
		e.mu.Unlock()
	}
	dek, err := unseal(key, s.data[16:], keyContext(w.use, d.id))
	if err != nil {
		return nil, unreadable(err, damaged)
	}
	return dek, nil
}

// privateKeys opens every key file that is there, and names the renewals that
// were begun and not finished.
func (f *fsck) privateKeys(ctx context.Context, db *sql.DB) {
	c := &Coffre{desc: f.desc, keys: f.keys, seg: f.seg, read: db}
	names, err := c.keyNames(ctx)
	if err != nil {
		return // the fiches are damaged, which was named
	}
	for _, name := range names {
		pub, _, err := c.publicKeys(ctx, db, name)
		if err != nil {
			continue
		}
		for _, public := range [][]byte{pub.Cle, pub.Ancienne} {
			if public == nil || !f.keys.has(name, public) {
				continue
			}
			if _, err := f.keys.open(name, public); err != nil {
				if a, ok := asAnomalie(err); ok && a.Code != "COF-103" {
					f.fault(a.At(filepath.Join(keysDir, filepath.Base(keyFile(f.keys.dir, name, public))), -1, 0))
				}
			}
		}
		if pub.Ancienne != nil {
			f.fault(Codes.New("COF-139", name))
		}
	}
}
