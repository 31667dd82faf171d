package book

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
)

// Fiche reads the last version of a fiche; its Version is 0 and its Valeur nil
// when there is none.
func (b *Book) Fiche(ctx context.Context, genre, cle string) (acts.Fiche, error) {
	return b.FicheIn(ctx, b.Read, genre, cle)
}

// FicheIn is [Book.Fiche] of a transaction.
func (b *Book) FicheIn(ctx context.Context, q catalogue.Querier, genre, cle string) (acts.Fiche, error) {
	var idx int64
	err := q.QueryRowContext(ctx, "SELECT idx FROM fiches WHERE genre=? AND cle=?", genre, b.Keys.Tag("fiche "+genre, []byte(cle))).Scan(&idx)
	if errors.Is(err, sql.ErrNoRows) {
		return acts.Fiche{Genre: genre, Cle: cle}, nil
	}
	if err != nil {
		return acts.Fiche{}, catalogue.Fault(err, "look up a fiche of kind %s", genre)
	}
	return b.ficheAt(ctx, q, idx)
}

func (b *Book) ficheAt(ctx context.Context, q catalogue.Querier, idx int64) (acts.Fiche, error) {
	r, err := b.RecordAt(ctx, q, idx)
	if err != nil {
		return acts.Fiche{}, err
	}
	var said acts.FicheBody
	if err := r.Body(b.Keys, nil, &said); err != nil {
		return acts.Fiche{}, faults.Codes.New("COF-118", fmt.Sprint(idx))
	}
	f := acts.Fiche{Genre: said.Genre, Cle: said.Cle, Employeur: said.Employeur, Sujet: r.Sujet, Version: said.Version, Par: said.Par, Temps: time.UnixMilli(r.Temps).UTC(), Valeur: said.Valeur}
	if string(f.Valeur) == "null" {
		f.Valeur = nil
	}
	return f, nil
}

// Fiches gives the fiches of a kind that were not removed, newest change
// first; employeur empty for all.
func (b *Book) Fiches(ctx context.Context, genre, employeur string) iter.Seq2[acts.Fiche, error] {
	return b.FichesIn(ctx, b.Read, genre, employeur)
}

// FichesIn is [Book.Fiches] of a transaction.
func (b *Book) FichesIn(ctx context.Context, q catalogue.Querier, genre, employeur string) iter.Seq2[acts.Fiche, error] {
	return func(yield func(acts.Fiche, error) bool) {
		rows, err := q.QueryContext(ctx, "SELECT idx FROM fiches WHERE genre=? AND (?='' OR siret=?) AND present=1 ORDER BY idx DESC", genre, employeur, employeur)
		if err != nil {
			yield(acts.Fiche{}, catalogue.Fault(err, "list the fiches of kind %s", genre))
			return
		}
		var list []int64
		for rows.Next() {
			var idx int64
			if err = rows.Scan(&idx); err != nil {
				break
			}
			list = append(list, idx)
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
			yield(acts.Fiche{}, catalogue.Fault(err, "list the fiches of kind %s", genre))
			return
		}
		for _, idx := range list {
			f, err := b.ficheAt(ctx, q, idx)
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// ReadFiche decodes a fiche into v and returns its version.
func (b *Book) ReadFiche(ctx context.Context, genre, cle string, v any) (acts.Fiche, error) {
	f, err := b.Fiche(ctx, genre, cle)
	if err != nil || f.Valeur == nil {
		return f, err
	}
	if err := json.Unmarshal(f.Valeur, v); err != nil {
		return f, catalogue.Fault(err, "read a fiche of kind %s", genre)
	}
	return f, nil
}
