package portal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"paye/internal/ledger"
)

// counter counts attempts, so that a restart forgives none.
type counter struct {
	l     *ledger.Ledger
	clock *highWater
}

// tally is what is counted under a key.
type tally struct {
	n            int
	first, until time.Time
}

// countKey names what is counted without telling it.
func countKey(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

func (c counter) read(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, key string) (t tally, err error) {
	var first, until string
	err = q.QueryRowContext(ctx, "select n, first, until from portal_count where key=$1", key).Scan(&t.n, &first, &until)
	if errors.Is(err, sql.ErrNoRows) {
		return tally{}, nil
	}
	if err != nil {
		return t, fmt.Errorf("read a count: %w", err)
	}
	if t.first, err = ledger.ParseTime(first); err != nil {
		return t, err
	}
	if until != "" {
		t.until, err = ledger.ParseTime(until)
	}
	return t, err
}

// blocked says until when a key is blocked, zero when it is not.
func (c counter) blocked(ctx context.Context, key string) (time.Time, error) {
	t, err := c.read(ctx, c.l.DB(), key)
	if err != nil || !c.clock.Now().Before(t.until) {
		return time.Time{}, err
	}
	return t.until, nil
}

// add counts one more, and blocks the key once the rule is full. What comes
// while it is blocked changes nothing.
func (c counter) add(ctx context.Context, key string, r LockRule) (until time.Time, err error) {
	err = c.l.Update(ctx, func(tx ledger.Tx) error {
		t, err := c.read(ctx, tx, key)
		if err != nil {
			return err
		}
		now := c.clock.Now()
		if now.Before(t.until) {
			until = t.until
			return nil
		}
		if t.n == 0 || now.Sub(t.first) > r.Window || !t.until.IsZero() {
			t = tally{first: now}
		}
		if t.n++; t.n >= r.Failures {
			t.until = now.Add(r.Delay)
		}
		end := ""
		if until = t.until; !until.IsZero() {
			end = ledger.Time(until)
		}
		_, err = tx.ExecContext(ctx, "insert into portal_count (key, n, first, until) values ($1,$2,$3,$4) on conflict (key) do update set n=excluded.n, first=excluded.first, until=excluded.until",
			key, t.n, ledger.Time(t.first), end)
		if err != nil {
			return err
		}
		return c.clock.save(ctx, tx)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("count an attempt: %w", err)
	}
	return until, nil
}

// forget forgets a key.
func (c counter) forget(ctx context.Context, key string) error {
	err := c.l.Update(ctx, func(tx ledger.Tx) error {
		_, err := tx.ExecContext(ctx, "delete from portal_count where key=$1", key)
		if err != nil {
			return err
		}
		return c.clock.save(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("forget a count: %w", err)
	}
	return nil
}

// sweep forgets what was counted before a time.
func (c counter) sweep(ctx context.Context, before time.Time) error {
	err := c.l.Update(ctx, func(tx ledger.Tx) error {
		_, err := tx.ExecContext(ctx, "delete from portal_count where first<$1", ledger.Time(before))
		if err != nil {
			return err
		}
		return c.clock.save(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("forget old counts: %w", err)
	}
	return nil
}

// throttle counts a wish of somebody who is not known, and refuses too many.
func (p *Portal) throttle(ctx context.Context, r LockRule, parts ...string) error {
	until, err := p.counter.add(ctx, countKey(parts...), r)
	if err != nil {
		return err
	}
	if now := p.clock(); now.Before(until) {
		return Codes.New(TooManyMails, minutes(until.Sub(now)))
	}
	return nil
}

// minutes rounds up.
func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }
