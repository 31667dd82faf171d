package portal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"paye/internal/ledger"
)

// highWater is a clock that never goes back, not over a restart either: locks,
// links and three days of a merge do not begin again when somebody sets the
// clock of the machine back. Until the machine has caught up it stands still.
type highWater struct {
	now func() time.Time

	mu   sync.Mutex
	mark time.Time
}

// markKey is where the ledger keeps the mark, among what is counted.
const markKey = "horloge"

// readMark starts a clock from the mark of the last run.
func readMark(ctx context.Context, l *ledger.Ledger) (*highWater, error) {
	c := &highWater{now: l.Now}
	var text string
	err := l.DB().QueryRowContext(ctx, "select first from portal_count where key=$1", markKey).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	if err == nil {
		c.mark, err = ledger.ParseTime(text)
	}
	if err != nil {
		return nil, fmt.Errorf("read the mark of the clock: %w", err)
	}
	return c, nil
}

// Now is the time.
func (c *highWater) Now() time.Time {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Before(c.mark) {
		return c.mark
	}
	c.mark = now
	return now
}

// save keeps the mark, in the transaction of whatever is being counted.
func (c *highWater) save(ctx context.Context, tx ledger.Tx) error {
	_, err := tx.ExecContext(ctx, "insert into portal_count (key, n, first, until) values ($1,0,$2,'') on conflict (key) do update set first=excluded.first", markKey, ledger.Time(c.Now()))
	return err
}
