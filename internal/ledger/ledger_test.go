package ledger

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// schema is a schema of the given migrations.
func schema(name string, files ...string) Schema {
	fsys := fstest.MapFS{}
	for i, text := range files {
		fsys["000"+string(rune('1'+i))+"_"+name+".sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	return Schema{Name: name, Files: fsys}
}

const oneTable = `create table a_flux (id integer primary key, name text not null);
create table a_piece (id integer primary key, flux integer not null references a_flux);`

func open(t *testing.T, dir string, schemas ...Schema) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), dir, clock, schemas...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func TestStateDirFollowsItsOrder(t *testing.T) {
	for _, c := range []struct {
		name, flag string
		env        map[string]string
		want       string
	}{
		{"flag first", "/s", map[string]string{"XHL_STATE": "/x", "HOME": "/h"}, "/s"},
		{"then XHL_STATE", "", map[string]string{"XHL_STATE": "/x", "XDG_STATE_HOME": "/d", "HOME": "/h"}, "/x"},
		{"then XDG", "", map[string]string{"XDG_STATE_HOME": "/d", "HOME": "/h"}, "/d/xhl"},
		{"relative XDG is ignored", "", map[string]string{"XDG_STATE_HOME": "d", "HOME": "/h"}, "/h/.local/state/xhl"},
		{"then home", "", map[string]string{"HOME": "/h"}, "/h/.local/state/xhl"},
	} {
		got, err := StateDir(c.flag, func(k string) string { return c.env[k] })
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, err, c.want)
		}
	}
	if _, err := StateDir("", func(string) string { return "" }); err == nil {
		t.Error("no home: no error")
	}
}

func TestLedgerIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	l := open(t, dir, schema("a", oneTable))
	if _, err := l.DB().Exec(`insert into a_flux (name) values ('x')`); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o, want 600", e.Name(), got)
		}
	}
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %o, want 700", info.Mode().Perm())
	}
}

func TestFolderMayHoldTheCharactersOfAURI(t *testing.T) {
	t.Chdir(t.TempDir())
	l := open(t, "paie ? 50% #1", schema("a", oneTable))
	if info, err := os.Stat(l.Path()); err != nil || info.Size() == 0 {
		t.Errorf("%s: %v", l.Path(), err)
	}
}

func TestSchemasGrowAndJoin(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, schema("a", oneTable))
	if _, err := l.DB().Exec(`insert into a_flux (name) values ('kept')`); err != nil {
		t.Fatal(err)
	}
	l.Close()
	l = open(t, dir, schema("a", oneTable, `alter table a_flux add column seen text`), schema("b", `create table b_x (id integer)`))
	var name string
	var seen sql.NullString
	if err := l.DB().QueryRow(`select name, seen from a_flux`).Scan(&name, &seen); err != nil || name != "kept" {
		t.Errorf("after the second migration: %q, %v", name, err)
	}
	var applied string
	if err := l.DB().QueryRow(`select applied from ledger_migration where schema_name = 'b'`).Scan(&applied); err != nil || applied != Time(noon) {
		t.Errorf("b applied at %q, %v, want %s", applied, err, Time(noon))
	}
}

func TestOpenRefuses(t *testing.T) {
	two := schema("a", oneTable, `create table a_more (id integer)`)
	for _, c := range []struct {
		name string
		next Schema
		want string
	}{
		{"an older program", schema("a", oneTable), "use the newer program"},
		{"an edited migration", schema("a", oneTable+" -- edited", `create table a_more (id integer)`), "differs"},
		{"a gap", Schema{"a", fstest.MapFS{"0002_a.sql": {Data: []byte("select 1")}}}, "want number 0001"},
		{"SQL that fails", schema("a", oneTable, `create table a_more (id integer)`, `create nonsense`), "apply migration"},
	} {
		dir := t.TempDir()
		open(t, dir, two).Close()
		if _, err := Open(t.Context(), dir, clock, c.next); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, schema("a", oneTable)).Close()
	_, err := Open(t.Context(), dir, clock, schema("a", oneTable, `create table a_more (id integer); create nonsense`))
	if err == nil {
		t.Fatal("accepted")
	}
	l := open(t, dir, schema("a", oneTable))
	var n int
	if err := l.DB().QueryRow(`select count(*) from sqlite_master where name = 'a_more'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("a_more exists: %d, %v", n, err)
	}
}

func TestForeignKeysHold(t *testing.T) {
	l := open(t, t.TempDir(), schema("a", oneTable))
	err := l.Update(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`insert into a_piece (flux) values ($1)`, 7)
		return err
	})
	if err == nil {
		t.Error("a piece of a flux that does not exist is accepted")
	}
}

func TestUpdateThatFailsLeavesNothing(t *testing.T) {
	l := open(t, t.TempDir(), schema("a", oneTable))
	refusal := errors.New("no")
	err := l.Update(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.Exec(`insert into a_flux (name) values ('x')`); err != nil {
			return err
		}
		return refusal
	})
	var n int
	if scan := l.DB().QueryRow(`select count(*) from a_flux`).Scan(&n); err != refusal || scan != nil || n != 0 {
		t.Errorf("error %v, %d rows, %v", err, n, scan)
	}
}

func TestWritersOfTwoLedgersWaitForEachOther(t *testing.T) {
	dir := t.TempDir()
	ledgers := []*Ledger{open(t, dir, schema("a", oneTable)), open(t, dir, schema("a", oneTable))}
	const each = 20
	var wg sync.WaitGroup
	for _, l := range ledgers {
		for range 3 {
			wg.Go(func() {
				for range each {
					err := l.Update(context.Background(), func(tx *sql.Tx) error {
						var n int
						if err := tx.QueryRow(`select count(*) from a_flux`).Scan(&n); err != nil {
							return err
						}
						_, err := tx.Exec(`insert into a_flux (id, name) values ($1, 'x')`, n+1)
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	wg.Wait()
	var n int
	if err := ledgers[0].DB().QueryRow(`select max(id) from a_flux`).Scan(&n); err != nil || n != 6*each {
		t.Errorf("%d rows, %v, want %d", n, err, 6*each)
	}
}

func TestTimeSortsAndReturns(t *testing.T) {
	paris := time.FixedZone("", 3600)
	a, b := time.Date(2026, 11, 23, 9, 0, 0, 0, paris), time.Date(2026, 11, 23, 8, 0, 0, 1e6, time.UTC)
	if !(Time(a) < Time(b)) {
		t.Errorf("%s is not before %s", Time(a), Time(b))
	}
	if got, err := ParseTime(Time(a)); err != nil || !got.Equal(a) {
		t.Errorf("got %v, %v, want %v", got, err, a)
	}
}
