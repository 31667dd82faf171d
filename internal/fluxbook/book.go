package fluxbook

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"paye/internal/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the tables of this package in the ledger.
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("open the migrations of the book of fluxes: %w", err)
	}
	return ledger.Schema{Name: "flux", Files: files}, nil
}

// Book is the book of fluxes, in a ledger that was opened with [Schema]. It is
// safe for concurrent use, also by several processes.
type Book struct {
	l   *ledger.Ledger
	qui string

	together *together // of a server's ledger, else nil
}

// New returns the book of l; qui is who acts, for the history.
func New(l *ledger.Ledger, qui string) *Book {
	b := &Book{l: l, qui: qui}
	if l.Shared() {
		b.together = newTogether(l.DB())
	}
	return b
}

// Open opens the ledger at a state folder or URL, and its book of fluxes. The
// caller calls Close.
func Open(ctx context.Context, at, qui string, now func() time.Time) (*Book, error) {
	schema, err := Schema()
	if err != nil {
		return nil, err
	}
	l, err := ledger.Open(ctx, at, now, schema)
	if err != nil {
		return nil, err
	}
	return New(l, qui), nil
}

// Close closes the ledger.
func (b *Book) Close() error { return b.l.Close() }

// Where is the file or the database of the book, for people.
func (b *Book) Where() string { return b.l.Where() }

// Shared reports whether other machines may write the book too: it is in a
// server of databases.
func (b *Book) Shared() bool { return b.l.Shared() }

// Now is the time of the book's clock.
func (b *Book) Now() time.Time { return b.l.Now() }

// Key is what identifies a payroll: what a budget pays in a month and a train.
type Key struct {
	Siret  string `json:"siret"` // of the budget, IdColl
	CodCol string `json:"codcol"`
	CodBud string `json:"codbud"`
	Annee  int    `json:"annee"`
	Mois   int    `json:"mois"`
	Train  string `json:"train,omitempty"` // "" without one
}

// String is the key without the employer, for messages.
func (k Key) String() string {
	s := fmt.Sprintf("%04d-%02d", k.Annee, k.Mois)
	if k.Train != "" {
		s += "/" + k.Train
	}
	return s
}

// siren is the authority that the budget is of.
func (k Key) siren() string { return k.Siret[:min(9, len(k.Siret))] }

// Flux is a file of the book.
type Flux struct {
	Key
	Edition  int
	Volume   int
	Envoi    int // 0, or the number of the resend
	NomFic   string
	Fichier  string // absolute path
	Octets   int64
	SHA256   string
	Etat     Etat
	Pieces   int
	Acceptes int
	Refuses  int
	Depot    time.Time // zero when it was not deposited
	// Transaction is the number that the platform gave.
	Transaction string
	Message     string // last word of the platform
	Packaging   string

	id, paye int64
	origine  sql.NullInt64
}

// LateAt reports whether the answer is late at a time.
func (f *Flux) LateAt(now time.Time) bool {
	return f.Etat.Waiting() && !f.Depot.IsZero() && now.Sub(f.Depot) > Late
}

const selectFlux = `select v.id, v.paye, v.origine, p.siret, p.codcol, p.codbud, p.annee, p.mois, p.train, p.edition, p.packaging,
	v.volume, v.envoi, v.nomfic, v.fichier, v.octets, v.sha256, v.etat, v.pieces, v.acceptees, v.refusees, v.depot, v.transaction_id, v.message
	from flux_volume v join flux_paye p on p.id = v.paye `

func scanFlux(row interface{ Scan(...any) error }) (*Flux, error) {
	var f Flux
	var depot string
	err := row.Scan(&f.id, &f.paye, &f.origine, &f.Siret, &f.CodCol, &f.CodBud, &f.Annee, &f.Mois, &f.Train, &f.Edition, &f.Packaging,
		&f.Volume, &f.Envoi, &f.NomFic, &f.Fichier, &f.Octets, &f.SHA256, &f.Etat, &f.Pieces, &f.Acceptes, &f.Refuses, &depot, &f.Transaction, &f.Message)
	if err != nil {
		return nil, err
	}
	if depot != "" {
		f.Depot, err = ledger.ParseTime(depot)
	}
	return &f, err
}

func fluxes(ctx context.Context, db ledger.DB, where string, args ...any) ([]*Flux, error) {
	rows, err := db.QueryContext(ctx, selectFlux+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read the fluxes: %w", err)
	}
	defer rows.Close()
	var list []*Flux
	for rows.Next() {
		f, err := scanFlux(rows)
		if err != nil {
			return nil, fmt.Errorf("read a flux: %w", err)
		}
		list = append(list, f)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the fluxes: %w", err)
	}
	return list, nil
}

// Flux returns the flux of that NomFic; codcol may be empty when no other flux
// has the name.
func (b *Book) Flux(ctx context.Context, nomFic, codCol string) (*Flux, error) {
	return one(ctx, b.l.DB(), nomFic, codCol)
}

func one(ctx context.Context, db ledger.DB, nomFic, codCol string) (*Flux, error) {
	list, err := fluxes(ctx, db, `where v.nomfic = $1 order by v.id`, nomFic)
	if err != nil {
		return nil, err
	}
	var found *Flux
	for _, f := range list {
		if codCol == "" || f.CodCol == codCol || len(list) == 1 {
			if found != nil {
				return nil, Codes.New(Ambigu, excerpt(nomFic))
			}
			found = f
		}
	}
	if found == nil {
		return nil, Codes.New(Inconnu, excerpt(nomFic))
	}
	return found, nil
}

// PieceAcquittee is where a piece of a flux is: what acknowledgments change.
type PieceAcquittee struct {
	IdUnique string
	Etat     EtatPiece
	Code     string // why it was refused
	Libelle  string

	suite sql.NullInt64
}

// acquittees are the pieces of a flux, in its order.
func acquittees(ctx context.Context, db ledger.DB, f *Flux) ([]PieceAcquittee, error) {
	rows, err := db.QueryContext(ctx, `select id_unique, etat, code, libelle, suite from flux_piece where volume = $1 order by rang`, f.id)
	if err != nil {
		return nil, fmt.Errorf("read the pieces of a flux: %w", err)
	}
	defer rows.Close()
	list := make([]PieceAcquittee, 0, f.Pieces)
	for rows.Next() {
		var p PieceAcquittee
		if err := rows.Scan(&p.IdUnique, &p.Etat, &p.Code, &p.Libelle, &p.suite); err != nil {
			return nil, fmt.Errorf("read the pieces of a flux: %w", err)
		}
		list = append(list, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the pieces of a flux: %w", err)
	}
	return list, nil
}

// PieceFlux is a piece of a flux.
type PieceFlux struct {
	PieceAcquittee
	Genre  string // PAYE or PJ
	SHA256 string // of its content
	Octets int64
	Suite  string // NomFic of the flux that carries it again
}

// Pieces returns the pieces of a flux, in its order.
func (b *Book) Pieces(ctx context.Context, f *Flux) ([]PieceFlux, error) {
	return pieces(ctx, b.l.DB(), f.id)
}

func pieces(ctx context.Context, db ledger.DB, volume int64) ([]PieceFlux, error) {
	rows, err := db.QueryContext(ctx, `select p.id_unique, p.genre, p.sha256, p.octets, p.etat, p.code, p.libelle, p.suite, coalesce(s.nomfic, '')
		from flux_piece p left join flux_volume s on s.id = p.suite where p.volume = $1 order by p.rang`, volume)
	if err != nil {
		return nil, fmt.Errorf("read the pieces of a flux: %w", err)
	}
	defer rows.Close()
	var list []PieceFlux
	for rows.Next() {
		var p PieceFlux
		if err := rows.Scan(&p.IdUnique, &p.Genre, &p.SHA256, &p.Octets, &p.Etat, &p.Code, &p.Libelle, &p.suite, &p.Suite); err != nil {
			return nil, fmt.Errorf("read the pieces of a flux: %w", err)
		}
		list = append(list, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the pieces of a flux: %w", err)
	}
	return list, nil
}

// updateMany is Update for what goes through the same statements many times.
func (b *Book) updateMany(ctx context.Context, f func(ledger.Tx) error) error {
	return b.l.Update(ctx, func(tx ledger.Tx) error { return f(b.l.Prepare(tx)) })
}

// next is the identity of a new row; the write lock is held.
func next(ctx context.Context, tx ledger.Tx, table string) (int64, error) {
	var id int64
	if err := tx.QueryRowContext(ctx, `select coalesce(max(id), 0) + 1 from `+table).Scan(&id); err != nil {
		return 0, fmt.Errorf("number a row of %s: %w", table, err)
	}
	return id, nil
}

// move takes f to another state and tells the history.
func (b *Book) move(ctx context.Context, tx ledger.Tx, f *Flux, vers Etat, motif string) error {
	if f.Etat == vers {
		return nil
	}
	if !f.Etat.Leads(vers) {
		return Codes.New(Transition, f.NomFic, string(f.Etat), string(vers))
	}
	if _, err := tx.ExecContext(ctx, `update flux_volume set etat = $1, modifie = $2 where id = $3`, string(vers), ledger.Time(b.l.Now()), f.id); err != nil {
		return fmt.Errorf("move flux %s to %s: %w", f.NomFic, vers, err)
	}
	de := f.Etat
	f.Etat = vers
	return b.tell(ctx, tx, f, string(de), string(vers), motif)
}

// tell appends to the history.
func (b *Book) tell(ctx context.Context, tx ledger.Tx, f *Flux, de, vers, motif string) error {
	_, err := tx.ExecContext(ctx, `insert into flux_historique (id, quand, qui, nomfic, codcol, de, vers, motif)
		values ((select coalesce(max(id), 0) + 1 from flux_historique), $1, $2, $3, $4, $5, $6, $7)`,
		ledger.Time(b.l.Now()), b.qui, f.NomFic, f.CodCol, de, vers, motif)
	if err != nil {
		return fmt.Errorf("write the history of flux %s: %w", f.NomFic, err)
	}
	return nil
}

// absent reports whether err says that there is no row.
func absent(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// excerpt bounds a text of a file that is to be told.
func excerpt(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
