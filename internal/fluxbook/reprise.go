package fluxbook

import (
	"context"
	"fmt"

	"paye/internal/ledger"
)

// Renvoi is a flux that carries refused pieces of another one again.
type Renvoi struct {
	NomFic  string
	Fichier string // absolute path
	Octets  int64
	SHA256  string
	Pieces  []Piece
	De      map[string]string // IdUnique in the origin, by the one in Pieces
}

// NextEnvoi returns the number of the next resend of the volume of f, and the
// first number from there whose name is free.
func (b *Book) NextEnvoi(ctx context.Context, f *Flux, name func(envoi int) (string, error)) (int, error) {
	var last int
	err := b.l.DB().QueryRowContext(ctx, `select max(envoi) from flux_volume where paye = $1 and volume = $2`, f.paye, f.Volume).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("number the resend of %s: %w", f.NomFic, err)
	}
	more, err := freeName(ctx, b.l.DB(), 0, func(envoi int) (string, error) { return name(last + 1 + envoi) })
	return last + 1 + more, err
}

// Resend records a flux that carries refused pieces of f again; its file is in
// its folder. The pieces leave f, which is closed when the new flux is.
func (b *Book) Resend(ctx context.Context, f *Flux, envoi int, r *Renvoi) (*Flux, error) {
	var made *Flux
	err := b.updateMany(ctx, func(tx ledger.Tx) error {
		list, err := acquittees(ctx, tx, f)
		if err != nil {
			return err
		}
		former := make(map[string]*PieceAcquittee)
		for i := range list {
			former[list[i].IdUnique] = &list[i]
		}
		content, ids := make(map[string]string), []string(nil)
		for _, p := range r.Pieces {
			if o := former[r.De[p.IdUnique]]; o == nil || o.Etat != Refusee {
				return Codes.New(PasRefusee, r.De[p.IdUnique], f.NomFic)
			}
			content[p.IdUnique] = p.SHA256
			ids = append(ids, p.IdUnique)
		}
		if err := bound(ctx, tx, f.siren(), ids, content, 0); err != nil {
			return err
		}
		made, err = b.enter(ctx, tx, entry{paye: f.paye, key: f.Key, volume: f.Volume, envoi: envoi, origine: f,
			file: r.Fichier, octets: r.Octets, sha256: r.SHA256, nomFic: r.NomFic, pieces: r.Pieces})
		if err != nil {
			return err
		}
		for _, p := range r.Pieces {
			if _, err := tx.ExecContext(ctx, `update flux_piece set etat = 'reprise', suite = $1 where volume = $2 and id_unique = $3`, made.id, f.id, r.De[p.IdUnique]); err != nil {
				return fmt.Errorf("record the resend of %s: %w", f.NomFic, err)
			}
		}
		return b.count(ctx, tx, f)
	})
	return made, err
}

// AlreadyThere records that a person knows refused pieces of f to be at the
// accountant's.
func (b *Book) AlreadyThere(ctx context.Context, f *Flux, ids []string) error {
	return b.updateMany(ctx, func(tx ledger.Tx) error {
		now, err := one(ctx, tx, f.NomFic, f.CodCol)
		if err != nil {
			return err
		}
		defer func() { *f = *now }()
		for _, id := range ids {
			done, err := tx.ExecContext(ctx, `update flux_piece set etat = 'deja_la' where volume = $1 and id_unique = $2 and etat = 'refusee'`, now.id, id)
			if err != nil {
				return fmt.Errorf("record that %s is there: %w", id, err)
			}
			if n, err := done.RowsAffected(); err == nil && n == 0 {
				return Codes.New(PasRefusee, id, now.NomFic)
			}
		}
		list, err := acquittees(ctx, tx, now)
		if err != nil {
			return err
		}
		return b.settleState(ctx, tx, now, list, "deja_la")
	})
}

// Repairable returns the fluxes that have refused pieces which nothing carries
// again yet, oldest first.
func (b *Book) Repairable(ctx context.Context) ([]*Flux, error) {
	return fluxes(ctx, b.l.DB(), `where v.etat in ('acquitte', 'refuse') and v.refusees > 0 order by v.id`)
}
