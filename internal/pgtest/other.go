//go:build !unix

package pgtest

import "testing"

// Database skips the test: no server is started on this system.
func Database(t testing.TB) string {
	t.Helper()
	t.Skip("a PostgreSQL is started on Unix only")
	return ""
}

// Schema skips the test, as Database does.
func Schema(t testing.TB) string {
	t.Helper()
	return Database(t)
}
