package ledger_test

import (
	"fmt"
	"testing"

	. "paye/internal/ledger"
	"paye/internal/ledger/ledgertest"
)

// TestPreparedStatementsSayTheSame: the first time a statement is run as it is,
// later ones go through what was prepared, and with more statements than are
// kept some are never prepared.
func TestPreparedStatementsSayTheSame(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		ctx := t.Context()
		l := open(t, at, schema("a", oneTable))
		err := l.Update(ctx, func(plain Tx) error {
			tx := l.Prepare(plain)
			for i := range 200 {
				name := fmt.Sprintf("F%03d", i)
				if _, err := tx.ExecContext(ctx, `insert into a_flux (name) values ($1)`, name); err != nil {
					return err
				}
				if n := count(t, tx, `select count(*) from a_flux where name = $1`, name); n != 1 {
					return fmt.Errorf("%d of %s", n, name)
				}
				// A text of its own, twice.
				for range 2 {
					if n := count(t, tx, fmt.Sprintf(`select count(*) from a_flux where %d = $1`, i), i); n != i+1 {
						return fmt.Errorf("%d rows after %s", n, name)
					}
				}
				rows, err := tx.QueryContext(ctx, `select name from a_flux order by name desc limit $1`, 1)
				if err != nil {
					return err
				}
				var last string
				for rows.Next() {
					if err := rows.Scan(&last); err != nil {
						return err
					}
				}
				if rows.Close(); rows.Err() != nil || last != name {
					return fmt.Errorf("last is %q after %s, %v", last, name, rows.Err())
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, l.DB(), `select count(*) from a_flux`); n != 200 {
			t.Errorf("%d rows were kept, want 200", n)
		}
	})
}
