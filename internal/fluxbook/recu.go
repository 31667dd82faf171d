package fluxbook

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"

	"paye/internal/ledger"
)

// Digest is what the book knows an acknowledgment by: the SHA-256 of its
// bytes, in hexadecimal.
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// owner is what the book says of an acknowledgment that it has.
type owner struct{ volume sql.NullInt64 }

func (b *Book) received(ctx context.Context, db ledger.DB, sum string) (*owner, error) {
	var o owner
	err := db.QueryRowContext(ctx, `select volume from flux_acquit where sha256 = $1`, sum).Scan(&o.volume)
	if absent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the acknowledgment: %w", err)
	}
	return &o, nil
}

// keep writes the acknowledgment as it was received, or whose it is when that
// was not known.
func (b *Book) keep(ctx context.Context, tx ledger.Tx, r *Recu, sum string, c *Constat) error {
	var volume sql.NullInt64
	if c.Flux != nil {
		volume = sql.NullInt64{Int64: c.Flux.id, Valid: true}
	}
	if c.Deja {
		if _, err := tx.ExecContext(ctx, `update flux_acquit set volume = $1 where sha256 = $2`, volume, sum); err != nil {
			return fmt.Errorf("keep the acknowledgment: %w", err)
		}
		return nil
	}
	var rang int64
	if err := tx.QueryRowContext(ctx, `select coalesce(max(rang), 0) + 1 from flux_acquit`).Scan(&rang); err != nil {
		return fmt.Errorf("keep the acknowledgment: %w", err)
	}
	_, err := tx.ExecContext(ctx, `insert into flux_acquit (sha256, rang, recu, qui, fichier, volume, nomfic, codcol, date_str, contenu) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		sum, rang, ledger.Time(b.l.Now()), b.qui, r.Fichier, volume, r.NomFic, r.CodCol, r.DteStr, r.Contenu)
	if err != nil {
		return fmt.Errorf("keep the acknowledgment: %w", err)
	}
	return nil
}

// older reports whether day, that of the acknowledgment sum, is before that of
// another one that was applied to f.
func (b *Book) older(ctx context.Context, db ledger.DB, f *Flux, day, sum string) (bool, error) {
	if day == "" {
		return false, nil
	}
	var n int
	err := db.QueryRowContext(ctx, `select count(*) from flux_acquit where volume = $1 and sha256 <> $2 and date_str > $3`, f.id, sum, day).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("compare the acknowledgments of %s: %w", f.NomFic, err)
	}
	return n > 0, nil
}

// Acquits returns the digests of the acknowledgments that the book has and
// knows the flux of, so that a folder is not read again.
func (b *Book) Acquits(ctx context.Context) (map[string]bool, error) {
	rows, err := b.l.DB().QueryContext(ctx, `select sha256 from flux_acquit where volume is not null`)
	if err != nil {
		return nil, fmt.Errorf("list the acknowledgments: %w", err)
	}
	defer rows.Close()
	known := make(map[string]bool)
	for rows.Next() {
		var sum string
		if err := rows.Scan(&sum); err != nil {
			return nil, fmt.Errorf("list the acknowledgments: %w", err)
		}
		known[sum] = true
	}
	return known, rows.Err()
}

// AcquitName is how a folder shows an acknowledgment.
type AcquitName struct {
	Fichier string
	Octets  int64
}

// AcquitNames returns the acknowledgments that the book has, as a folder shows
// them, so that they are not fetched again.
func (b *Book) AcquitNames(ctx context.Context) (map[AcquitName]bool, error) {
	rows, err := b.l.DB().QueryContext(ctx, `select fichier, length(contenu) from flux_acquit`)
	if err != nil {
		return nil, fmt.Errorf("list the acknowledgments: %w", err)
	}
	defer rows.Close()
	known := make(map[AcquitName]bool)
	for rows.Next() {
		var n AcquitName
		if err := rows.Scan(&n.Fichier, &n.Octets); err != nil {
			return nil, fmt.Errorf("list the acknowledgments: %w", err)
		}
		known[n] = true
	}
	return known, rows.Err()
}
