package ledger_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"paye/internal/anomalie/anomalietest"

	. "paye/internal/ledger"
	"paye/internal/ledger/ledgertest"
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

const oneTable = `create table a_flux (id @identity, name @text not null, seal @bytes);
create table a_piece (id @identity, flux integer not null references a_flux (id));
create table a_past (id @identity, what text not null);
@append_only a_past;
`

func open(t *testing.T, at string, schemas ...Schema) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), at, clock, schemas...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// exec runs statements in one transaction.
func exec(t *testing.T, l *Ledger, statements ...string) error {
	t.Helper()
	return l.Update(t.Context(), func(tx Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
}

func must(t *testing.T, l *Ledger, statements ...string) {
	t.Helper()
	if err := exec(t, l, statements...); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

var wantCode = anomalietest.WantCode

func TestSchemasGrowAndJoin(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		must(t, l, `insert into a_flux (name) values ('kept')`)
		l.Close()
		l = open(t, at, schema("a", oneTable, `alter table a_flux add column seen text`), schema("b", `create table b_x (id integer)`))
		var name string
		var seen sql.NullString
		if err := l.DB().QueryRowContext(t.Context(), `select name, seen from a_flux`).Scan(&name, &seen); err != nil || name != "kept" {
			t.Errorf("after the second migration: %q, %v", name, err)
		}
		var applied string
		if err := l.DB().QueryRowContext(t.Context(), `select applied from ledger_migration where schema_name = 'b'`).Scan(&applied); err != nil || applied != Time(noon) {
			t.Errorf("b applied at %q, %v, want %s", applied, err, Time(noon))
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	two := schema("a", oneTable, `create table a_more (id integer)`)
	for _, c := range []struct {
		name string
		next Schema
		want string
	}{
		{"an older program", schema("a", oneTable), Newer},
		{"an edited migration", schema("a", oneTable+" -- edited", `create table a_more (id integer)`), Differs},
		{"a gap", Schema{"a", fstest.MapFS{"0002_a.sql": {Data: []byte("select 1")}}}, "want number 0001"},
		{"SQL that fails", schema("a", oneTable, `create table a_more (id integer)`, `create nonsense`), "apply migration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ledgertest.Each(t, func(t *testing.T, at string) {
				open(t, at, two).Close()
				if _, err := Open(t.Context(), at, clock, c.next); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
			})
		})
	}
}

func TestMigrationMayBeRewordedWhenItNamesItsFormerWording(t *testing.T) {
	const former = "create table a_x (id integer, b blob);"
	reworded := "-- formerly 4d1a2ddb10c3fa12ab0b6d4cd4cbe1bf1e8d1ba94ca2d8fa5c8f3a6a2ef46a1e\n" // of another file
	dir := t.TempDir()
	open(t, dir, schema("a", former)).Close()
	_, err := Open(t.Context(), dir, clock, schema("a", reworded+"create table a_x (id integer, b @bytes);"))
	wantCode(t, err, Differs)
	reworded = "-- formerly " + digest(former) + "\n" + reworded
	open(t, dir, schema("a", reworded+"create table a_x (id integer, b @bytes);"))
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		open(t, at, schema("a", oneTable)).Close()
		if _, err := Open(t.Context(), at, clock, schema("a", oneTable, `create table a_more (id integer); create nonsense`)); err == nil {
			t.Fatal("accepted")
		}
		open(t, at, schema("a", oneTable, `create table a_more (id integer)`))
	})
}

func TestForeignKeysHold(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		if exec(t, open(t, at, schema("a", oneTable)), `insert into a_piece (flux) values (7)`) == nil {
			t.Error("a piece of a flux that does not exist is accepted")
		}
	})
}

func TestRecordsCannotBeEdited(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		must(t, l, `insert into a_past (what) values ('sent')`)
		for _, s := range []string{`update a_past set what = 'never sent'`, `delete from a_past`} {
			if exec(t, l, s) == nil {
				t.Errorf("accepted: %s", s)
			}
		}
		if n := count(t, l.DB(), `select count(*) from a_past where what = 'sent'`); n != 1 {
			t.Errorf("%d records left, want 1", n)
		}
	})
}

func TestWhatWasWrittenIsWhatIsRead(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		want := []byte{0, 1, 0xff, '\'', 0}
		var id int64
		err := l.Update(t.Context(), func(tx Tx) error {
			return tx.QueryRowContext(t.Context(), `insert into a_flux (name, seal) values ($1, $2) returning id`, "Éa ü $1", want).Scan(&id)
		})
		if err != nil || id < 1 {
			t.Fatalf("identity %d, %v", id, err)
		}
		var name string
		var seal []byte
		err = l.DB().QueryRowContext(t.Context(), `select name, seal from a_flux where id = $1 and id = $1`, id).Scan(&name, &seal)
		if err != nil || name != "Éa ü $1" || string(seal) != string(want) {
			t.Errorf("read %q, %x, %v", name, seal, err)
		}
	})
}

func TestTextSortsByItsBytes(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		must(t, l, `insert into a_flux (name) values ('b'), ('É'), ('B'), ('a'), ('-b')`)
		rows, err := l.DB().QueryContext(t.Context(), `select name from a_flux order by name`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var got string
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			got += s + " "
		}
		if want := "-b B a b É "; got != want || rows.Err() != nil {
			t.Errorf("got %q, %v, want %q", got, rows.Err(), want)
		}
	})
}

func TestConflictIsSettledInOneStatement(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("k", `create table k (name @text primary key, n integer not null)`))
		const upsert = `insert into k (name, n) values ('x', 1) on conflict (name) do update set n = k.n + excluded.n`
		must(t, l, upsert, upsert, `insert into k (name, n) values ('x', 9) on conflict (name) do nothing`)
		if n := count(t, l.DB(), `select n from k`); n != 2 {
			t.Errorf("n is %d, want 2", n)
		}
	})
}

func TestUpdateThatFailsLeavesNothing(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		refusal := errors.New("no")
		err := l.Update(t.Context(), func(tx Tx) error {
			if _, err := tx.ExecContext(t.Context(), `insert into a_flux (name) values ('x')`); err != nil {
				return err
			}
			return refusal
		})
		if n := count(t, l.DB(), `select count(*) from a_flux`); err != refusal || n != 0 {
			t.Errorf("error %v, %d rows", err, n)
		}
	})
}

func TestWritersOfTwoLedgersWaitForEachOther(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		ledgers := []*Ledger{open(t, at, schema("a", oneTable)), open(t, at, schema("a", oneTable))}
		const each = 20
		var wg sync.WaitGroup
		for _, l := range ledgers {
			for range 3 {
				wg.Go(func() {
					for range each {
						if err := addOne(t.Context(), l); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
		}
		wg.Wait()
		if n := count(t, ledgers[0].DB(), `select max(id) from a_flux`); n != 6*each {
			t.Errorf("%d rows, want %d", n, 6*each)
		}
	})
}

// addOne adds a row whose number follows from what it reads first.
func addOne(ctx context.Context, l *Ledger) error {
	return l.Update(ctx, func(tx Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `select count(*) from a_flux`).Scan(&n); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into a_flux (id, name) values ($1, 'x')`, n+1)
		return err
	})
}

func TestSchemasAreMadeOnceByManyAtATime(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				l, err := Open(t.Context(), at, clock, schema("a", oneTable))
				if err != nil {
					t.Error(err)
					return
				}
				l.Close()
			})
		}
		wg.Wait()
	})
}

func TestViewSeesOneMoment(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		err := l.View(t.Context(), func(db DB) error {
			before := count(t, db, `select count(*) from a_flux`)
			must(t, l, `insert into a_flux (name) values ('meanwhile')`)
			if after := count(t, db, `select count(*) from a_flux`); after != before {
				t.Errorf("%d rows, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestEndedContextEndsAnUpdate(t *testing.T) {
	ledgertest.Each(t, func(t *testing.T, at string) {
		l := open(t, at, schema("a", oneTable))
		ctx, cancel := context.WithCancel(t.Context())
		err := l.Update(ctx, func(tx Tx) error {
			_, err := tx.ExecContext(ctx, `insert into a_flux (name) values ('x')`)
			cancel()
			return err
		})
		if n := count(t, l.DB(), `select count(*) from a_flux`); !errors.Is(err, context.Canceled) || n != 0 {
			t.Errorf("error %v, %d rows", err, n)
		}
	})
}

func TestLedgerIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("lists of access stand in place of these bits there")
	}
	dir := filepath.Join(t.TempDir(), "state")
	l := open(t, dir, schema("a", oneTable))
	must(t, l, `insert into a_flux (name) values ('x')`)
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
	name := "paie ? 50% #1"
	if runtime.GOOS == "windows" {
		name = "paie 50% #1" // which forbids the other one
	}
	l := open(t, name, schema("a", oneTable))
	if info, err := os.Stat(l.Where()); err != nil || info.Size() == 0 {
		t.Errorf("%s: %v", l.Where(), err)
	}
}

func TestFileThatIsNoLedgerIsAnAnomaly(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, schema("a", oneTable))
	l.Close()
	whole, err := os.ReadFile(l.Where())
	if err != nil {
		t.Fatal(err)
	}
	damaged := append([]byte(nil), whole...)
	copy(damaged[4096:], make([]byte, 4096))
	for name, content := range map[string][]byte{"a text": []byte(strings.Repeat("not a database\n", 400)), "a page of zeros": damaged} {
		if err := os.WriteFile(l.Where(), content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), dir, clock, schema("a", oneTable))
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		wantCode(t, err, Damaged)
	}
}

func TestPasswordOfTheDatabaseIsNeverTold(t *testing.T) {
	for at, code := range map[string]string{
		"postgres://paie:s3cret@127.0.0.1:1/paie":        Unreachable,
		"postgres://paie:s3cret@127.0.0.1:notaport/paie": BadURL,
	} {
		_, err := Open(t.Context(), at, clock)
		wantCode(t, err, code)
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
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
