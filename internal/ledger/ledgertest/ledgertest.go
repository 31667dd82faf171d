// Package ledgertest runs the tests of what stands on the ledger on every
// database that a ledger may be in.
package ledgertest

import (
	"testing"

	"paye/internal/pgtest"
)

// Place is a kind of ledger. At returns a new, empty one, as ledger.Open takes
// it; it skips the test when that database is not installed.
type Place struct {
	Name string
	At   func(t testing.TB) string
}

// Places are all of them.
var Places = []Place{
	{"sqlite", func(t testing.TB) string { return t.TempDir() }},
	{"postgres", pgtest.Schema},
}

// Each runs test once a place, at a new ledger.
func Each(t *testing.T, test func(t *testing.T, at string)) {
	t.Helper()
	for _, p := range Places {
		t.Run(p.Name, func(t *testing.T) { test(t, p.At(t)) })
	}
}
