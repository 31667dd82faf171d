package gestion

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"paye/internal/ledger"
	"paye/web/ui"
)

// keepDropped is for how long what was dropped is kept. The volumes that were
// made of it are kept apart.
const keepDropped = 7 * 24 * time.Hour

// keepOpened is for how long what is looked into is kept: a session's time.
const keepOpened = 12 * time.Hour

// Kinds of dossiers.
const (
	kindPreparation  = "preparation"
	kindExamen       = "examen"
	kindConsultation = "consultation"
)

// dossier is what a person dropped, and what is made of it.
type dossier struct {
	ID      string
	Kind    string
	Owner   string
	Name    string // what its owner calls it: the name of the main file
	Made    time.Time
	Expires time.Time
	Data    json.RawMessage // of its kind
}

// newDossier notes a dossier and makes its folder.
func (c *Console) newDossier(ctx context.Context, kind, owner, name string) (*dossier, error) {
	now := c.o.Ledger.Now()
	keep := keepDropped
	if kind == kindConsultation {
		keep = keepOpened
	}
	d := &dossier{ID: strings.ToLower(rand.Text()[:16]), Kind: kind, Owner: owner, Name: name, Made: now, Expires: now.Add(keep), Data: json.RawMessage("{}")}
	if err := os.MkdirAll(c.dropped(d), 0o700); err != nil {
		return nil, fmt.Errorf("make a dossier: %w", err)
	}
	err := c.exec(ctx, "insert into gestion_dossier (id, kind, owner, name, made, expires, data) values ($1,$2,$3,$4,$5,$6,$7)",
		d.ID, d.Kind, d.Owner, d.Name, ledger.Time(d.Made), ledger.Time(d.Expires), string(d.Data))
	return d, err
}

// dropped is the folder of what was dropped.
func (c *Console) dropped(d *dossier) string { return c.folder("dossiers", d.ID, "depot") }

// work is the folder of a dossier, which goes with it.
func (c *Console) work(d *dossier) string { return c.folder("dossiers", d.ID) }

func (c *Console) exec(ctx context.Context, query string, args ...any) error {
	err := c.o.Ledger.Update(ctx, func(tx ledger.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a dossier: %w", err)
	}
	return nil
}

const dossierColumns = "id, kind, owner, name, made, expires, data"

func scanDossier(row interface{ Scan(...any) error }) (*dossier, error) {
	var d dossier
	var made, expires, data string
	err := row.Scan(&d.ID, &d.Kind, &d.Owner, &d.Name, &made, &expires, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ui.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read a dossier: %w", err)
	}
	d.Data = json.RawMessage(data)
	if d.Made, err = ledger.ParseTime(made); err == nil {
		d.Expires, err = ledger.ParseTime(expires)
	}
	return &d, err
}

// dossier is the one of the address, of who is signed in.
func (c *Console) dossier(call *ui.Call, kind string) (*dossier, error) {
	d, err := c.dossierOf(call.Context(), call.Path("id"))
	if err != nil {
		return nil, err
	}
	if d.Kind != kind || d.Owner != call.Session.Login {
		return nil, ui.ErrNotFound
	}
	return d, nil
}

func (c *Console) dossierOf(ctx context.Context, id string) (*dossier, error) {
	return scanDossier(c.o.Ledger.DB().QueryRowContext(ctx, "select "+dossierColumns+" from gestion_dossier where id=$1", id))
}

// dossiers lists those of a kind of who is signed in, newest first.
func (c *Console) dossiers(call *ui.Call, kind string, limit int) ([]*dossier, error) {
	return c.dossiersWhere(call.Context(), "owner=$1 and kind=$2 order by made desc, id limit $3", call.Session.Login, kind, limit)
}

// allDossiers lists those of a kind, whoever's they are.
func (c *Console) allDossiers(ctx context.Context, kind string) ([]*dossier, error) {
	return c.dossiersWhere(ctx, "kind=$1", kind)
}

func (c *Console) dossiersWhere(ctx context.Context, where string, args ...any) ([]*dossier, error) {
	rows, err := c.o.Ledger.DB().QueryContext(ctx, "select "+dossierColumns+" from gestion_dossier where "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list dossiers: %w", err)
	}
	defer rows.Close()
	var list []*dossier
	for rows.Next() {
		d, err := scanDossier(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

// save writes the data of a dossier.
func (c *Console) save(ctx context.Context, d *dossier, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("note a dossier: %w", err)
	}
	d.Data = b
	return c.exec(ctx, "update gestion_dossier set data=$1, name=$2 where id=$3", string(b), d.Name, d.ID)
}

// erase takes away a dossier and what was dropped.
func (c *Console) erase(ctx context.Context, d *dossier) error {
	c.open.close(d.ID)
	if err := os.RemoveAll(c.work(d)); err != nil {
		return fmt.Errorf("erase a dossier: %w", err)
	}
	return c.exec(ctx, "delete from gestion_dossier where id=$1", d.ID)
}

// sweep erases the dossiers that have come to their end.
func (c *Console) sweep(ctx context.Context) error {
	list, err := c.dossiersWhere(ctx, "expires<$1", ledger.Time(c.o.Ledger.Now()))
	for _, d := range list {
		err = errors.Join(err, c.erase(ctx, d))
	}
	return err
}
