package ui

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"paye/internal/ledger"
)

// NewLink makes the word of a one-time address, of a kind ("premier",
// "invitation", "passe"…) and about a subject. Earlier ones of the same kind
// and subject die. The word itself is kept nowhere.
func (s *Site) NewLink(ctx context.Context, kind, subject string, lasts time.Duration) (token string, err error) {
	token = rand.Text() + rand.Text()
	err = s.o.Ledger.Update(ctx, func(tx ledger.Tx) error {
		if _, err := tx.ExecContext(ctx, "delete from web_link where site=$1 and kind=$2 and subject=$3 and used is null", s.o.Name, kind, subject); err != nil {
			return fmt.Errorf("replace a link: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "insert into web_link (hash, site, kind, subject, expires) values ($1,$2,$3,$4,$5)",
			digest(token), s.o.Name, kind, subject, ledger.Time(s.now().Add(lasts))); err != nil {
			return fmt.Errorf("make a link: %w", err)
		}
		return nil
	})
	return token, err
}

// ReadLink gives the subject of a link that can still be used, else
// [ErrNotFound]. Showing a page uses nothing: mail programs open links too.
func (s *Site) ReadLink(ctx context.Context, kind, token string) (subject string, err error) {
	err = s.o.Ledger.DB().QueryRowContext(ctx, "select subject from web_link where hash=$1 and site=$2 and kind=$3 and used is null and expires>$4",
		digest(token), s.o.Name, kind, ledger.Time(s.now())).Scan(&subject)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("look up a link: %w", err)
	}
	return subject, nil
}

// UseLink uses a link up, before what it is for is done; of two at once one
// gets it.
func (s *Site) UseLink(ctx context.Context, kind, token string) (subject string, err error) {
	if subject, err = s.ReadLink(ctx, kind, token); err != nil {
		return "", err
	}
	now := ledger.Time(s.now())
	used, err := exec(ctx, s.o.Ledger, "update web_link set used=$1 where hash=$2 and site=$3 and kind=$4 and used is null and expires>$1", now, digest(token), s.o.Name, kind)
	if err != nil {
		return "", fmt.Errorf("use a link: %w", err)
	}
	if used == 0 {
		return "", ErrNotFound
	}
	return subject, nil
}
