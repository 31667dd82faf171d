package fsck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"paye/internal/anomalie"
	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/faults"
	"paye/vault/internal/names"
	"paye/vault/internal/packs"
)

// inPack adds where the blob is.
func inPack(a *anomalie.Anomalie, where []byte) *anomalie.Anomalie {
	if l, ok := packs.ParseLieu(where); ok {
		a.At(filepath.Join(packs.Dir, packs.Name(l.Pack)), l.Offset, 0)
	}
	return a
}

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

// OrphanAge is how old a blob must be to be called an orphan: before, its
// deposit may be on its way.
const OrphanAge = 24 * time.Hour

func (f *fsck) orphan(ctx context.Context, known *book.Book, b packs.Info) error {
	f.mu.Lock()
	f.r.Orphelins++
	f.mu.Unlock()
	if f.o.Clock().Sub(b.Date) > OrphanAge {
		f.fault(faults.Codes.New("COF-129", b.Name.String()))
	}
	// An orphan that is of a destroyed document should have gone.
	var n int
	if err := known.Read.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE blob=? AND copies=0", b.Name[:]).Scan(&n); err != nil {
		return fmt.Errorf("look for the document of a blob: %w", err)
	}
	if n > 0 {
		f.fault(faults.Codes.New("COF-130", b.Name.String()))
	}
	return nil
}

// ciphertext verifies the blob of a document whose body is damaged, which was
// named.
func (w *verifier) ciphertext(ctx context.Context, name names.BlobName, lieu []byte, id names.ID) error {
	f := w.v.f
	b, err := w.blobs.Get(ctx, name, lieu, f.o.MaxDocument+int64(packs.Overhead))
	if err != nil && !errors.Is(err, packs.ErrBlob) && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := packs.Check(b, name, id); err != nil {
		a, ok := faults.As(err)
		if !ok {
			a = faults.Codes.New("COF-121", name.String())
		}
		f.fault(a)
	}
	return nil
}

// blob verifies the blob of a document, and opens it.
func (w *verifier) blob(ctx context.Context, name names.BlobName, lieu []byte, d *book.Filed) error {
	f := w.v.f
	fault := func(code string, args ...any) {
		f.fault(inPack(faults.Of(faults.Codes.New(code, args...), d.Corps.Matricule), lieu))
	}
	b, err := w.blobs.Get(ctx, name, lieu, d.Corps.Taille+int64(packs.Overhead))
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
	dek, err := f.key(ctx, w.v.book, w.v.envs, d, w.v.secours)
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
	plain, err := packs.Decrypt(w.plain, b, dek)
	if err != nil || acts.DigestOf(plain) != d.Corps.Empreinte {
		fault("COF-131", name.String())
		return nil
	}
	if w.plain = plain; cap(plain) > 1<<20 {
		w.plain = nil
	}
	f.mu.Lock()
	f.r.Dechiffres++
	f.mu.Unlock()
	return nil
}
