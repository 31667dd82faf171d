package fsck

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"

	"paye/vault/internal/book"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

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
	double, err := known.PrivateKeys(ctx, keys.Employeur(siret))
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
			f.fault(faults.Codes.New("COF-139", name))
		}
	}
}
