package vault

import (
	"path/filepath"
	"testing"
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
		db, err := openDatabase(path, 1, secure)
		if err != nil {
			t.Fatal(err)
		}
		err = soundDatabase(ctx, db)
		if a, _ := asAnomalie(err); code == "" && err != nil || code != "" && (a == nil || a.Code != code) {
			t.Errorf("%s: %v, want %q", secure, err, code)
		}
		db.Close()
	}
}

func TestDiskOfTheMachineIsNoNetworkFileSystem(t *testing.T) {
	if name := networkFS(t.TempDir()); name != "" {
		t.Skipf("the temporary folder is on %s", name)
	}
	if name := networkFS("/proc"); name != "" {
		t.Errorf("/proc is taken for %s", name)
	}
}
