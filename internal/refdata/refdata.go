// Package refdata finds, for tests, the reference data: the schemas, samples
// and vectors of others, which are not in this repository.
//
// They stand in a folder "shared" beside the checkout, or where the variable
// XHL_SHARED points.
package refdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir is the folder of the reference data, which may be absent.
func Dir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("XHL_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd() // the folder of the package, somewhere in the checkout
	if err != nil {
		t.Fatal(err)
	}
	for {
		parent := filepath.Dir(dir)
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(parent, "shared")
		}
		if parent == dir {
			t.Fatal("the test runs outside of a checkout")
		}
		dir = parent
	}
}

// Path is a path below Dir. Without the data it skips the test; a path that the
// data does not have is a fault of the test, which would never run.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	dir := Dir(t)
	path := filepath.Join(append([]string{dir}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		if _, missing := os.Stat(filepath.Join(dir, "data")); missing == nil {
			t.Fatalf("the reference data has no such file: %v", err)
		}
		t.Skipf("reference data is absent: %v", err)
	}
	return path
}
