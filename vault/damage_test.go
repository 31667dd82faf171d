package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/internal/anomalie"
	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/disk"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/packs"
)

// copyVault copies a closed vault.
func copyVault(t testing.TB, root string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copie")
	if err := os.CopyFS(to, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	return to
}

// smallVault is a closed vault with some of everything.
func smallVault(t testing.TB) (root string, o Options) {
	t.Helper()
	o, k := options()
	c := reopen(t, newVault(t, o), o)
	recus := deposit(t, c, bulletins(0, 4)...)
	if err := erased(c, Systeme("essai"), recus[1].ID, ToutesCopies, "erreur de destinataire"); err != nil {
		t.Fatal(err)
	}
	k.add(25 * time.Hour)
	deposit(t, c, bulletins(4, 7)...)
	if err := c.Comptes().AddUtilisateur(ctx, Systeme("essai"), "paie", "Service paie", "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	read(t, c, Systeme("essai"), recus[0].ID)
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	wantHealthy(t, c.root, o)
	return c.root, o
}

func TestFlippedByteInEveryKindOfFileIsReported(t *testing.T) {
	t.Parallel()
	root, o := smallVault(t)
	rng := rand.New(rand.NewPCG(5, 5))
	kinds := map[string]int{}
	for _, path := range files(t, root) {
		rel, _ := filepath.Rel(root, path)
		kind, tries := strings.SplitN(filepath.ToSlash(rel), "/", 2)[0], 6
		switch kind {
		case disk.LockName:
			continue // empty
		case journal.Dir:
			tries = 120
		case catalogue.Name, packs.Dir:
			tries = 40
		}
		tries = rounds(tries)
		kinds[kind]++
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		info, _ := os.Stat(path)
		for range tries {
			at := rng.IntN(len(whole))
			bad := bytes.Clone(whole)
			bad[at] ^= 1 << rng.IntN(8)
			rewrite(t, path, bad, info.Mode())
			r, err := Fsck(ctx, root, FsckOptions{Options: o})
			if err != nil {
				t.Errorf("%s, byte %d: fsck failed: %v", rel, at, err)
			} else if len(r.Anomalies) == 0 && (kind != catalogue.Name || !sameRows(t, path, whole)) {
				t.Errorf("%s, byte %d of %d: nothing reported", rel, at, len(whole))
			}
			os.Remove(path + "-wal")
			os.Remove(path + "-shm")
			rewrite(t, path, whole, info.Mode())
		}
	}
	for _, kind := range []string{packs.Dir, journal.Dir, catalogue.Name, journal.PointsDir, keys.Dir, keys.DescriptorName} {
		if kinds[kind] == 0 {
			t.Errorf("no file of kind %s was tried", kind)
		}
	}
	wantHealthy(t, root, o)
}

// brief reports whether tests that repeat one thing many times repeat it less:
// all of it is among the slow proofs (XHL_FULL), and not under the race detector.
func brief() bool { return raceEnabled || os.Getenv("XHL_FULL") == "" }

// rounds is how often a test that draws at random draws.
func rounds(n int) int {
	if brief() {
		return max(1, n/6)
	}
	return n
}

// sameRows reports whether a damaged database still says what the whole one
// says: the byte was in a place that SQLite does not use.
func sameRows(t *testing.T, path string, whole []byte) bool {
	t.Helper()
	other := filepath.Join(t.TempDir(), "whole.db")
	rewrite(t, other, whole, 0o600)
	return dump(t, path) == dump(t, other)
}

func dump(t *testing.T, path string) string {
	db, err := catalogue.Open(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var b strings.Builder
	for _, table := range catalogue.Tables {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			return err.Error()
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values, refs := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				refs[i] = &values[i]
			}
			if err := rows.Scan(refs...); err != nil {
				return err.Error()
			}
			fmt.Fprintln(&b, table, values)
		}
		if err := rows.Err(); err != nil {
			return err.Error()
		}
		rows.Close()
	}
	return b.String()
}

func rewrite(t testing.TB, path string, b []byte, mode fs.FileMode) {
	t.Helper()
	os.Remove(path)
	if err := os.WriteFile(path, b, mode); err != nil {
		t.Fatal(err)
	}
}

// codesOf verifies a vault and returns the codes of what is wrong.
func codesOf(t testing.TB, root string, o FsckOptions) map[string][]*anomalie.Anomalie {
	t.Helper()
	r, err := Fsck(ctx, root, o)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string][]*anomalie.Anomalie{}
	for _, a := range r.Anomalies {
		m[a.Code] = append(m[a.Code], a)
	}
	return m
}

func TestFlippedByteAnywhereInTheLastFrameIsReported(t *testing.T) {
	t.Parallel()
	o, _ := options()
	c := reopen(t, newVault(t, o), o)
	size, err := os.Stat(c.book.Seg.Path(1))
	if err != nil {
		t.Fatal(err)
	}
	deposit(t, c, bulletins(0, 1)...)
	c.Close(ctx)
	path := c.book.Seg.Path(1)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The head of the frame and its end byte by byte, the rest here and there.
	first := int(size.Size())
	for at := first; at < len(whole); {
		bad := bytes.Clone(whole)
		bad[at] ^= 0x11
		rewrite(t, path, bad, 0o600)
		r, err := Fsck(ctx, c.root, FsckOptions{Options: o})
		if err != nil || len(r.Anomalies) == 0 {
			t.Errorf("byte %d of %d: %v, nothing reported", at, len(whole), err)
		}
		step := 60 / rounds(60)
		if at > first+journal.FrameHead+64 && at < len(whole)-12 {
			step *= 23
		}
		at += step
	}
	rewrite(t, path, whole, 0o600)
	wantHealthy(t, c.root, o)
}

// places lists the blobs of a closed vault.
func places(t testing.TB, root string) (list []BlobInfo) {
	t.Helper()
	for b, err := range packs.New(filepath.Join(root, packs.Dir), nil).All(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if !b.Vide {
			list = append(list, b)
		}
	}
	return list
}

func TestDeletedBlobIsNamedWithItsMatricule(t *testing.T) {
	root, o := smallVault(t)
	list := places(t, root)
	if len(list) != 6 {
		t.Fatalf("%d blobs, want 6", len(list))
	}
	if err := packs.New(filepath.Join(root, packs.Dir), nil).Delete(ctx, list[3].Name, list[3].Lieu); err != nil {
		t.Fatal(err)
	}
	codes := codesOf(t, root, FsckOptions{Options: o})
	if got := codes["COF-120"]; len(codes) != 1 || len(got) != 1 || got[0].Matricule == "" || !strings.Contains(got[0].Error(), list[3].Name.String()) {
		t.Errorf("got %v, want COF-120 with the blob and a matricule", codes)
	}
}

func TestDeletedPackNamesEveryDocumentInIt(t *testing.T) {
	root, o := smallVault(t)
	if err := os.Remove(filepath.Join(root, packs.Dir, packs.Name(1))); err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	codes := codesOf(t, root, FsckOptions{Options: o})
	for _, a := range codes["COF-120"] {
		missing[a.Matricule] = true
	}
	if len(codes) != 1 || len(missing) != 6 {
		t.Errorf("got %v, want COF-120 for six matricules", codes)
	}
}

func TestTruncatedPackNamesWhatItLost(t *testing.T) {
	root, o := smallVault(t)
	last := places(t, root)[5]
	l, _ := packs.ParseLieu(last.Lieu)
	if err := os.Truncate(filepath.Join(root, packs.Dir, packs.Name(1)), l.Offset+int64(packs.EntryHead)+last.Taille/2); err != nil {
		t.Fatal(err)
	}
	codes := codesOf(t, root, FsckOptions{Options: o})
	if len(codes["COF-121"]) != 1 || codes["COF-121"][0].Matricule == "" || len(codes["COF-136"]) != 1 {
		t.Errorf("got %v, want COF-121 with a matricule, and COF-136", codes)
	}
	// Deposits go on, in another pack.
	c := reopen(t, root, o)
	deposit(t, c, bulletins(20, 22)...)
	c.Close(ctx)
	if after := codesOf(t, root, FsckOptions{Options: o}); len(after) != 2 || len(after["COF-121"]) != 1 {
		t.Errorf("after another deposit %v, want the same", after)
	}
}

func TestDocumentIsReadWhenItsPackIsDamagedAroundIt(t *testing.T) {
	root, o := smallVault(t)
	list := places(t, root)
	l, _ := packs.ParseLieu(list[2].Lieu)
	path := filepath.Join(root, packs.Dir, packs.Name(1))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[l.Offset:], "????")
	rewrite(t, path, b, 0o600)
	codes := codesOf(t, root, FsckOptions{Options: o})
	if len(codes) != 1 || len(codes["COF-136"]) == 0 || codes["COF-136"][0].Offset != l.Offset {
		t.Errorf("got %v, want COF-136 at %d", codes, l.Offset)
	}
	c := reopen(t, root, o)
	n := 0
	for m, err := range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret}) {
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, c, Systeme("essai"), m.ID); acts.DigestOf(got) != m.Empreinte {
			t.Errorf("matricule %s is not what was deposited", m.Matricule)
		}
		n++
	}
	if n != 6 {
		t.Errorf("%d documents were read, want 6", n)
	}
}

func TestTruncatedOrLostCatalogueIsMadeAgainFromTheJournal(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"half":    func(path string) error { i, _ := os.Stat(path); return os.Truncate(path, i.Size()/2) },
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"page":    func(path string) error { return os.Truncate(path, 4096) },
		"deleted": os.Remove,
		"garbage": func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte("x"), 9000), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			root, o := smallVault(t)
			c := reopen(t, root, o)
			before := listed(t, c)
			c.Close(ctx)
			if err := damage(filepath.Join(root, catalogue.Name)); err != nil {
				t.Fatal(err)
			}
			if codes := codesOf(t, root, FsckOptions{Options: o}); codes["COF-110"] == nil {
				t.Errorf("fsck does not name the catalogue: %v", codes)
			}
			r, err := Recover(ctx, root, Systeme("essai"), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Documents != 6 || len(r.Anomalies) > 0 {
				t.Errorf("recovered %d documents, %v, want 6", r.Documents, r.Anomalies)
			}
			wantHealthy(t, root, o)
			c = reopen(t, root, o)
			if after := listed(t, c); after != before {
				t.Errorf("list after recover\n%s\nwant\n%s", after, before)
			}
			if _, err := c.Comptes().Authenticate(ctx, Provenance{}, "paie", "correct horse battery"); err != nil {
				t.Errorf("the account is lost: %v", err)
			}
		})
	}
}

func listed(t *testing.T, c *Coffre) string {
	t.Helper()
	var b strings.Builder
	for m, err := range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret}) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, m.ID, m.Matricule, m.Empreinte, m.Index)
	}
	return b.String()
}

// A catalogue whose indexes are not those that it was made with answers right,
// and is named all the same.
func TestIndexesThatAreNotThoseOfTheCatalogueAreNamed(t *testing.T) {
	t.Parallel()
	root, o := smallVault(t)
	for name, change := range map[string]string{
		"missing":            "DROP INDEX documents_siret",
		"of other columns":   "DROP INDEX documents_agent; CREATE INDEX documents_agent ON documents (agent)",
		"one more":           "CREATE INDEX documents_temps ON documents (temps)",
		"of another version": "PRAGMA user_version = 2",
	} {
		t.Run(name, func(t *testing.T) {
			root := copyVault(t, root)
			db, err := catalogue.Open(filepath.Join(root, catalogue.Name), 1)
			must(t, err)
			_, err = db.Exec(change)
			must(t, errors.Join(err, db.Close()))
			r, err := Fsck(ctx, root, FsckOptions{Options: o})
			must(t, err)
			if len(r.Fautes) != 1 || r.Fautes["COF-110"] != 1 {
				t.Errorf("fsck found %v, want the catalogue", r.Fautes)
			}
			if c, err := Open(ctx, root, o); err == nil {
				wantCode(t, c.Upkeep().CheckCatalogue(ctx, Systeme("essai")), "COF-110")
				must(t, c.Close(ctx))
			}
			_, err = Recover(ctx, root, Systeme("essai"), o)
			must(t, err)
			wantHealthy(t, root, o)
		})
	}
}

// Rows are found by the keys of their tables: where those are gone each would be looked for among all.
func TestRowsOfTablesThatLostTheirKeysAreNotLookedUp(t *testing.T) {
	t.Parallel()
	root, o := smallVault(t)
	db, err := catalogue.Open(filepath.Join(root, catalogue.Name), 1)
	must(t, err)
	_, err = db.Exec("CREATE TABLE others AS SELECT * FROM hachages WHERE i>0; DROP TABLE hachages; ALTER TABLE others RENAME TO hachages")
	must(t, err)
	must(t, db.Close())
	r, err := Fsck(ctx, root, FsckOptions{Options: o})
	must(t, err)
	if len(r.Fautes) != 1 || r.Fautes["COF-110"] != 1 {
		t.Errorf("found %v, want the catalogue, and none of its rows", r.Fautes)
	}
}

func TestRecoverIsRefusedWhileTheVaultIsOpen(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	reopen(t, root, o)
	_, err := Recover(ctx, root, Systeme("essai"), o)
	wantCode(t, err, "COF-106")
}

func TestLostLastCheckpoint(t *testing.T) {
	root, o := smallVault(t)
	sizes, err := journal.SavedPoints(root)
	if err != nil || len(sizes) < 2 {
		t.Fatal(err, sizes)
	}
	last := filepath.Join(root, journal.PointsDir, journal.PointName(sizes[len(sizes)-1]))
	outside, err := os.ReadFile(last)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(last); err != nil {
		t.Fatal(err)
	}
	if codes := codesOf(t, root, FsckOptions{Options: o}); codes["COF-124"] == nil || len(codes) != 1 {
		t.Errorf("got %v, want COF-124", codes)
	}
	if codes := codesOf(t, root, FsckOptions{Options: o, Temoins: [][]byte{outside}}); codes["COF-114"] != nil {
		t.Errorf("the copy kept outside is of this journal: %v", codes)
	}
	c := reopen(t, root, o)
	c.Close(ctx)
	wantHealthy(t, root, o)
}

func TestVaultPutBackToAnOlderStateIsSeenByTheWitness(t *testing.T) {
	o, _ := options()
	var witness [][]byte
	o.Temoin = func(_ context.Context, msg []byte) error { witness = append(witness, msg); return nil }
	root := newVault(t, o)
	old := copyVault(t, root)
	c := reopen(t, root, o)
	deposit(t, c, bulletins(0, 3)...)
	c.Close(ctx)
	if codes := codesOf(t, old, FsckOptions{Options: o}); len(codes) != 0 {
		t.Errorf("the old copy is whole in itself: %v", codes)
	}
	if codes := codesOf(t, old, FsckOptions{Options: o, Temoins: witness}); codes["COF-114"] == nil {
		t.Errorf("the witness does not see that events are gone: %v", codes)
	}
}

func TestOlderJournalIsNotOpened(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	old := copyVault(t, root)
	c := reopen(t, root, o)
	deposit(t, c, bulletins(0, 3)...)
	c.Close(ctx)
	seg := filepath.Join(journal.Dir, journal.SegmentName(1))
	b, err := os.ReadFile(filepath.Join(old, seg))
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, filepath.Join(root, seg), b, 0o600)
	_, err = Open(ctx, root, o)
	wantCode(t, err, "COF-111")
	if codes := codesOf(t, root, FsckOptions{Options: o}); codes["COF-111"] == nil || codes["COF-114"] == nil {
		t.Errorf("got %v, want COF-111 and COF-114", codes)
	}
}

func TestOlderCatalogueIsRolledForward(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	old := copyVault(t, root)
	c := reopen(t, root, o)
	recus := deposit(t, c, bulletins(0, 3)...)
	if err := erased(c, Systeme("essai"), recus[2].ID, ToutesCopies, "essai"); err != nil {
		t.Fatal(err)
	}
	c.Close(ctx)
	b, err := os.ReadFile(filepath.Join(old, catalogue.Name))
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, filepath.Join(root, catalogue.Name), b, 0o600)
	c = reopen(t, root, o)
	holds(t, c, map[string]*Recu{"A00000": recus[0], "A00001": recus[1]})
	c.Close(ctx)
	wantHealthy(t, root, o)
}

func TestJournalCutAnywhereInTheFrameInFlight(t *testing.T) {
	t.Parallel()
	o, _ := options()
	root := newVault(t, o)
	before := copyVault(t, root)
	c := reopen(t, root, o)
	deposit(t, c, bulletins(0, 2)...)
	c.release()
	seg := filepath.Join(journal.Dir, journal.SegmentName(1))
	short, err := os.ReadFile(filepath.Join(before, seg))
	if err != nil {
		t.Fatal(err)
	}
	long, err := os.ReadFile(filepath.Join(root, seg))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	cuts := []int{len(short), len(short) + 1, len(short) + 3, len(short) + 19, len(short) + 21, len(long) - 1, len(long) - 4}
	for range rounds(25) {
		cuts = append(cuts, len(short)+rng.IntN(len(long)-len(short)))
	}
	for _, cut := range cuts {
		// The catalogue of before has not heard of the frame.
		at := copyVault(t, before)
		rewrite(t, filepath.Join(at, seg), long[:cut], 0o600)
		c, err := Open(ctx, at, o)
		if err != nil {
			t.Errorf("cut at %d of %d: %v", cut-len(short), len(long)-len(short), err)
			continue
		}
		if _, err := c.Deposit(ctx, Systeme("essai"), bulletins(0, 2)); err != nil {
			t.Errorf("cut at %d: deposit: %v", cut-len(short), err)
		}
		c.Close(ctx)
		wantHealthy(t, at, o)
	}
	// Cut, when the catalogue has heard of it: something acknowledged is gone.
	at := copyVault(t, root)
	rewrite(t, filepath.Join(at, seg), long[:len(long)-9], 0o600)
	_, err = Open(ctx, at, o)
	wantCode(t, err, "COF-111")
}

func TestClockSetBackDoesNotTurnTheJournalBack(t *testing.T) {
	c, k := testVault(t)
	deposit(t, c, bulletins(0, 1)...)
	k.add(-30 * 24 * time.Hour)
	deposit(t, c, bulletins(1, 2)...)
	var last time.Time
	marked := 0
	for e, err := range c.Journal(ctx, Systeme("essai"), FiltreJournal{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Temps.Before(last) {
			t.Errorf("event %d is dated %v, after %v", e.Index, e.Temps, last)
		}
		if last = e.Temps; e.Genre == EvHorloge {
			marked++
		}
	}
	if marked == 0 {
		t.Error("no event says that the clock was set back")
	}
	c.Close(ctx)
	codes := codesOf(t, c.root, FsckOptions{Options: c.opts})
	if codes["COF-134"] == nil || len(codes) != 1 {
		t.Errorf("got %v, want COF-134", codes)
	}
}

func TestWrongKeys(t *testing.T) {
	t.Parallel()
	o, _ := options()
	root := newVault(t, o)
	o.Random = seeded(2)
	other := newVault(t, o)
	c := reopen(t, root, o)
	recu := deposit(t, c, bulletin("A1"))[0]
	agent, _ := c.Registre().AgentDe(ctx, siret, "A1")
	c.Close(ctx)
	for _, name := range []string{CleCatalogue, CleJournal, CleMaitre, CleSecours, CleEmployeur(siret)} {
		at := copyVault(t, root)
		b, err := os.ReadFile(filepath.Join(other, keys.Dir, name+".cle"))
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, filepath.Join(at, keys.Dir, name+".cle"), b, 0o600)
		if codes := codesOf(t, at, FsckOptions{Options: o}); len(codes["COF-104"]) != 1 || !strings.Contains(codes["COF-104"][0].Error(), name) {
			t.Errorf("%s: fsck found %v, want COF-104", name, codes)
		}
		switch name {
		case CleCatalogue, CleJournal:
			_, err := Open(ctx, at, o)
			wantCode(t, err, "COF-104")
		case CleMaitre:
			_, err := reopen(t, at, o).Read(ctx, Agent(agent), recu.ID, io.Discard)
			wantCode(t, err, "COF-104")
		case CleEmployeur(siret):
			_, err := reopen(t, at, o).Read(ctx, Systeme("essai"), recu.ID, io.Discard)
			wantCode(t, err, "COF-104")
		}
	}
}
