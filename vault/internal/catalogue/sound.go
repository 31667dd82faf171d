package catalogue

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"paye/vault/internal/faults"
)

// What a vault stands on is looked at when it is opened: a database that could
// lose what it said it kept, or a file system whose locks are not the
// machine's, would make every promise of the store empty.

// minSQLite is the first version without the fault by which a log that is
// begun again may be taken for an older one.
var minSQLite = [3]int{3, 51, 3}

// Sound refuses a library that is too old, and a connection that would
// leave deleted rows in the file.
func Sound(ctx context.Context, db *sql.DB) error {
	var version string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return fmt.Errorf("ask the version of SQLite: %w", err)
	}
	if !atLeast(version, minSQLite) {
		return faults.Codes.New("COF-108", "SQLite "+version)
	}
	var secure int
	if err := db.QueryRowContext(ctx, "PRAGMA secure_delete").Scan(&secure); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return faults.Codes.New("COF-110")
	}
	if secure != 1 {
		return faults.Codes.New("COF-108", "secure_delete = "+strconv.Itoa(secure))
	}
	return nil
}

// atLeast compares a version such as 3.51.3.
func atLeast(version string, want [3]int) bool {
	parts := strings.Split(version, ".")
	for i, w := range want {
		n := 0
		if i < len(parts) {
			var err error
			if n, err = strconv.Atoi(parts[i]); err != nil {
				return false
			}
		}
		if n != w {
			return n > w
		}
	}
	return true
}
