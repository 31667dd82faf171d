package catalogue

import (
	"path/filepath"
	"testing"

	"paye/vault/internal/faults"
)

func TestVersionsOfSQLiteAreComparedByNumber(t *testing.T) {
	for version, want := range map[string]bool{"3.51.3": true, "3.51.2": false, "3.51.10": true, "3.9.99": false, "3.54": true, "4.0.0": true, "3.51": false, "": false, "3.x.9": false} {
		if got := atLeast(version, minSQLite); got != want {
			t.Errorf("%q: %v, want %v", version, got, want)
		}
	}
}

func TestDatabaseThatKeepsDeletedRowsIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for secure, code := range map[string]string{"secure_delete(1)": "", "secure_delete(0)": "COF-108"} {
		db, err := open(path, 1, secure)
		if err != nil {
			t.Fatal(err)
		}
		err = Sound(t.Context(), db)
		if a, _ := faults.As(err); code == "" && err != nil || code != "" && (a == nil || a.Code != code) {
			t.Errorf("%s: %v, want %q", secure, err, code)
		}
		db.Close()
	}
}
