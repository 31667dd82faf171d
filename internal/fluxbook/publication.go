package fluxbook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"paye/internal/ledger"
)

// Paye is a delivery: the volumes of one payroll in one folder.
type Paye struct {
	Key
	Packaging string   `json:"packaging"`
	Dossier   string   `json:"dossier"` // absolute
	Version   string   `json:"version"`
	Volumes   []Volume `json:"volumes"`
}

// Volume is a file of a Paye.
type Volume struct {
	N       int     `json:"n"`
	Fichier string  `json:"fichier"` // its name in the folder
	Octets  int64   `json:"octets"`
	SHA256  string  `json:"sha256"`
	NomFic  string  `json:"nomfic"`
	Pieces  []Piece `json:"pieces"`
}

// Piece is a PJ of a volume.
type Piece struct {
	IdUnique string `json:"id_unique"`
	Genre    string `json:"genre"`  // PAYE or PJ
	SHA256   string `json:"sha256"` // of what it identifies
	Octets   int64  `json:"octets"`
}

// digest recognises the delivery again.
func (p *Paye) digest() string {
	h := sha256.New()
	for i := range p.Volumes {
		fmt.Fprintf(h, "%s %s\n", p.Volumes[i].SHA256, p.Volumes[i].Fichier)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Prepare refuses a delivery that the book forbids, before its files appear.
func (b *Book) Prepare(ctx context.Context, p *Paye) error {
	if fresh, err := b.freshBeside(ctx, p); err != nil || fresh {
		return err
	}
	f, err := b.former(ctx, b.l.DB(), p.Key)
	if err != nil {
		return err
	}
	return b.mayStand(ctx, b.l.DB(), p, f)
}

// Record records a delivery whose files are in their folder, and returns its
// edition. A delivery of which nothing has left is replaced. The same delivery
// may be recorded again: that changes nothing. An interruption is heard before it
// begins.
func (b *Book) Record(ctx context.Context, p *Paye) (edition int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx)
	err = b.l.Join(func(tx ledger.Tx) (err error) {
		edition, err = b.RecordIn(ctx, b.l.Prepare(tx), p)
		return err
	})
	return edition, err
}

// RecordIn is Record as a part of a transaction of the same ledger.
func (b *Book) RecordIn(ctx context.Context, tx ledger.Tx, p *Paye) (edition int, err error) {
	fresh, err := b.fresh(ctx, tx, p)
	if err != nil {
		return 0, err
	}
	if fresh {
		return b.record(ctx, tx, former{}, p)
	}
	f, err := b.former(ctx, tx, p.Key)
	if err != nil {
		return 0, err
	}
	if f.paye != 0 && f.digest == p.digest() && f.dossier == p.Dossier {
		return f.edition, nil
	}
	if err := b.mayStand(ctx, tx, p, f); err != nil {
		return 0, err
	}
	return b.record(ctx, tx, f, p)
}

// former is the last delivery of a payroll.
type former struct {
	paye    int64 // 0 for none
	edition int
	dossier string
	digest  string
	left    bool // a volume of it has left, or may have
}

// replaced is the delivery that a new one takes the place of, 0 for none.
func (f former) replaced() int64 {
	if f.left {
		return 0
	}
	return f.paye
}

func (b *Book) former(ctx context.Context, db ledger.DB, k Key) (f former, err error) {
	err = db.QueryRowContext(ctx, `select id, edition, dossier, empreinte from flux_paye
		where siret = $1 and codcol = $2 and codbud = $3 and annee = $4 and mois = $5 and train = $6 order by edition desc limit 1`,
		k.Siret, k.CodCol, k.CodBud, k.Annee, k.Mois, k.Train).Scan(&f.paye, &f.edition, &f.dossier, &f.digest)
	if absent(err) {
		return former{}, nil
	}
	if err != nil {
		return f, fmt.Errorf("look for payroll %v: %w", k, err)
	}
	var n int
	if err := db.QueryRowContext(ctx, `select count(*) from flux_volume where paye = $1 and etat <> 'produit'`, f.paye).Scan(&n); err != nil {
		return f, fmt.Errorf("look for payroll %v: %w", k, err)
	}
	f.left = n > 0
	return f, nil
}

// Past is what the book knows that a new delivery of a payroll has to mind.
type Past struct {
	Sent  bool // a volume of the payroll has left, or may have
	Names bool // fluxes of this SIRET and month stay beside the new ones, of this payroll or of another budget or train
}

// Past returns what a new delivery of a payroll has to mind.
func (b *Book) Past(ctx context.Context, k Key) (Past, error) {
	const others = `select count(*) from flux_volume v join flux_paye y on y.id = v.paye where y.siret = $1 and y.annee = $2 and y.mois = $3 and y.id <> $4`
	count := func(except int64) (n int, err error) {
		if err = b.l.DB().QueryRowContext(ctx, others, k.Siret, k.Annee, k.Mois, except).Scan(&n); err != nil {
			err = fmt.Errorf("look for the names of %v: %w", k, err)
		}
		return n, err
	}
	n, err := count(0)
	if err != nil || n == 0 { // most of the time
		return Past{}, err
	}
	f, err := b.former(ctx, b.l.DB(), k)
	if err != nil {
		return Past{}, err
	}
	if f.replaced() != 0 {
		n, err = count(f.replaced())
	}
	return Past{Sent: f.left, Names: n > 0}, err
}

// record replaces the former delivery, or adds an edition.
func (b *Book) record(ctx context.Context, tx ledger.Tx, f former, p *Paye) (edition int, err error) {
	edition = f.edition
	if f.replaced() != 0 {
		if err := forget(ctx, tx, f.paye); err != nil {
			return 0, err
		}
	} else {
		edition++
	}
	var paye int64
	err = tx.QueryRowContext(ctx,
		`insert into flux_paye (id, siret, codcol, codbud, annee, mois, train, edition, packaging, dossier, empreinte, version, cree)
		 values ((select coalesce(max(id), 0) + 1 from flux_paye), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
		p.Siret, p.CodCol, p.CodBud, p.Annee, p.Mois, p.Train, edition, p.Packaging, p.Dossier, p.digest(), p.Version, ledger.Time(b.l.Now())).Scan(&paye)
	if err != nil {
		return 0, fmt.Errorf("record payroll %v: %w", p.Key, err)
	}
	for i := range p.Volumes {
		v := &p.Volumes[i]
		_, err := b.enter(ctx, tx, entry{paye: paye, key: p.Key, volume: v.N, file: filepath.Join(p.Dossier, v.Fichier), octets: v.Octets, sha256: v.SHA256, nomFic: v.NomFic, pieces: v.Pieces})
		if err != nil {
			return 0, err
		}
	}
	return edition, nil
}

// forget takes away a delivery of which nothing has left.
func forget(ctx context.Context, tx ledger.Tx, paye int64) error {
	const volumes = ` in (select id from flux_volume where paye = $1)`
	for _, s := range []string{
		`delete from flux_identifiant where volume` + volumes,
		`delete from flux_piece where volume` + volumes,
		`delete from flux_depot where volume` + volumes,
		`delete from flux_volume where paye = $1`,
		`delete from flux_paye where id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, s, paye); err != nil {
			return fmt.Errorf("replace a delivery of which nothing has left: %w", err)
		}
	}
	return nil
}

// entry is a flux to record.
type entry struct {
	paye    int64
	key     Key
	volume  int
	envoi   int
	origine *Flux // of a resend
	file    string
	octets  int64
	sha256  string
	nomFic  string
	pieces  []Piece
}

// enter writes a flux and its pieces.
func (b *Book) enter(ctx context.Context, tx ledger.Tx, e entry) (*Flux, error) {
	f := &Flux{Key: e.key, Volume: e.volume, Envoi: e.envoi, NomFic: e.nomFic, Fichier: e.file, Octets: e.octets, SHA256: e.sha256,
		Etat: Produit, Pieces: len(e.pieces), paye: e.paye}
	if e.origine != nil {
		f.origine.Int64, f.origine.Valid = e.origine.id, true
	}
	err := tx.QueryRowContext(ctx,
		`insert into flux_volume (id, paye, volume, envoi, origine, nomfic, codcol, fichier, octets, sha256, etat, pieces, modifie)
		 values ((select coalesce(max(id), 0) + 1 from flux_volume), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
		e.paye, e.volume, e.envoi, f.origine, e.nomFic, e.key.CodCol, e.file, e.octets, e.sha256, string(Produit), len(e.pieces), ledger.Time(b.l.Now())).Scan(&f.id)
	if err != nil {
		return nil, fmt.Errorf("record flux %s: %w", e.nomFic, err)
	}
	if err := enterPieces(ctx, tx, f, e.pieces); err != nil {
		return nil, err
	}
	return f, b.tell(ctx, tx, f, "", string(Produit), "")
}

// enterPieces writes the pieces of a flux, and what their identifiers stand
// for.
func enterPieces(ctx context.Context, tx ledger.Tx, f *Flux, pieces []Piece) error {
	const piece = `insert into flux_piece (volume, rang, id_unique, genre, sha256, octets, etat) values ($1, $2, $3, $4, $5, $6, 'produite')`
	const identifiant = `insert into flux_identifiant (siren, id_unique, sha256, volume) values ($1, $2, $3, $4)
		on conflict (siren, id_unique) do update set sha256 = excluded.sha256,
			volume = case when flux_identifiant.sha256 = excluded.sha256 then flux_identifiant.volume else excluded.volume end`
	for rang, p := range pieces {
		if _, err := tx.ExecContext(ctx, piece, f.id, rang, p.IdUnique, p.Genre, p.SHA256, p.Octets); err != nil {
			return fmt.Errorf("record piece %s: %w", p.IdUnique, err)
		}
		if _, err := tx.ExecContext(ctx, identifiant, f.siren(), p.IdUnique, p.SHA256, f.id); err != nil {
			return fmt.Errorf("record identifier %s: %w", p.IdUnique, err)
		}
	}
	return nil
}
