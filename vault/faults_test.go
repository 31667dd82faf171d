package vault

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"paye/internal/anomalie"
)

// child is set in a second process made of this test binary: it deposits in
// the vault that it is given and dies at the disk operation that it is told.
const child = "VAULT_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) == "" {
		os.Exit(m.Run())
	}
	root := os.Args[1]
	from, _ := strconv.Atoi(os.Args[2])
	to, _ := strconv.Atoi(os.Args[3])
	killAt, _ := strconv.ParseInt(os.Args[4], 10, 64)
	if err := depositAndDie(root, from, to, killAt); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// depositAndDie prints a line for each receipt it was given.
func depositAndDie(root string, from, to int, killAt int64) error {
	var ops atomic.Int64
	d := &disk{fault: func(string, string, int) (int, error) {
		if ops.Add(1) == killAt {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return 0, nil
	}}
	c, err := openOn(ctx, root, Options{}, d)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	for ; from < to; from += 10 {
		results, err := c.Deposit(ctx, Systeme("essai"), bulletins(from, min(from+10, to)))
		if err != nil {
			return err
		}
		for _, r := range results {
			if r.Err != nil {
				return r.Err
			}
			if err := out.Encode(r.Recu); err != nil {
				return err
			}
		}
	}
	return c.Close(ctx)
}

// runChild returns the receipts that the child got before it died or ended.
func runChild(t *testing.T, root string, from, to int, killAt int64) []*Recu {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, root, strconv.Itoa(from), strconv.Itoa(to), strconv.FormatInt(killAt, 10))
	cmd.Env = append(os.Environ(), child+"=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var recus []*Recu
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		r, err := ParseRecu(line)
		if err != nil {
			t.Errorf("receipt: %v", err)
			break
		}
		recus = append(recus, r)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if killAt == 0 && err != nil || err != nil && (!errors.As(err, &exit) || !exit.Sys().(syscall.WaitStatus).Signaled()) {
		t.Fatalf("child: %v: %s", err, stderr.String())
	}
	return recus
}

// holds wants every receipt to be of a document that is there, whole.
func holds(t *testing.T, c *Coffre, recus map[string]*Recu) {
	t.Helper()
	for matricule, recu := range recus {
		want := pdf("bulletin de " + matricule)
		if got := read(t, c, Systeme("essai"), recu.ID); !bytes.Equal(got, want) {
			t.Fatalf("matricule %s: a receipt was given and the document is %q", matricule, got)
		}
		if err := recu.Verify(c.Verificateur(), digestOf(want)); err != nil {
			t.Fatalf("matricule %s: %v", matricule, err)
		}
		if err := c.comparePoint(ctx, pointOf(t, c, recu)); err != nil {
			t.Fatalf("matricule %s: the journal is not a continuation of the receipt: %v", matricule, err)
		}
	}
}

func pointOf(t *testing.T, c *Coffre, r *Recu) Point {
	t.Helper()
	p, err := ParsePoint([]byte(r.Point), c.keys.verifiers)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNothingAcknowledgedIsLostByKill9(t *testing.T) {
	const documents, kills = 1000, 25
	root := newVault(t, Options{})
	rng := rand.New(rand.NewPCG(9, 9))
	acknowledged := map[string]*Recu{}
	next := 0
	for range kills {
		// A document costs three disk operations and a batch a few more.
		fresh := map[string]*Recu{}
		for _, r := range runChild(t, root, next, documents, 1+rng.Int64N(2*3*documents/kills)) {
			fresh[matricule(t, r)], acknowledged[matricule(t, r)] = r, r
		}
		next = len(acknowledged)
		c := reopen(t, root, Options{})
		holds(t, c, fresh)
		c.release()
	}
	for _, r := range runChild(t, root, 0, documents, 0) {
		if old := acknowledged[matricule(t, r)]; old != nil && !old.Equal(r) {
			t.Errorf("matricule %s got another receipt after the kills", matricule(t, r))
		}
		acknowledged[matricule(t, r)] = r
	}
	if len(acknowledged) != documents {
		t.Errorf("%d receipts, want %d", len(acknowledged), documents)
	}
	// fsck decrypts all of them and compares with the digests of the journal.
	c := reopen(t, root, Options{})
	for _, r := range acknowledged {
		if err := c.comparePoint(ctx, pointOf(t, c, r)); err != nil {
			t.Fatal(err)
		}
	}
	c.Close(ctx)
	r := wantHealthy(t, root, Options{})
	if r.Documents != documents || r.Dechiffres != documents {
		t.Errorf("fsck found %d documents, decrypted %d, want %d", r.Documents, r.Dechiffres, documents)
	}
	t.Logf("%d kills, %d orphans", kills, r.Orphelins)
}

func matricule(t *testing.T, r *Recu) string {
	t.Helper()
	var c corpsDepot
	if err := json.Unmarshal([]byte(r.Corps), &c); err != nil {
		t.Fatal(err)
	}
	return c.Matricule
}

func TestFullDiskAtEveryOperation(t *testing.T) {
	for _, failure := range []error{syscall.ENOSPC, syscall.EIO} {
		o, _ := options()
		root := newVault(t, o)
		total := 0
		for n := int64(1); ; n++ {
			var ops atomic.Int64
			d := &disk{fault: func(op, _ string, size int) (int, error) {
				if ops.Add(1) == n {
					return size / 2, failure
				}
				return 0, nil
			}}
			c, err := openOn(ctx, root, o, d)
			if err != nil {
				t.Fatalf("operation %d: open: %v", n, err)
			}
			lot := bulletins(total, total+3)
			_, err = c.Deposit(ctx, Systeme("essai"), lot)
			hit := ops.Load() >= n
			if hit && !errors.Is(err, failure) {
				t.Errorf("operation %d failed, Deposit answered %v", n, err)
			}
			c.release()
			c = reopen(t, root, o)
			recus := deposit(t, c, lot...)
			all := map[string]*Recu{}
			for i, r := range recus {
				all[lot[i].Matricule] = r
			}
			holds(t, c, all)
			if err := c.Close(ctx); err != nil {
				t.Fatal(err)
			}
			total += 3
			if !hit {
				break
			}
		}
		if r := wantHealthy(t, root, o); r.Documents != int64(total) {
			t.Errorf("%v: %d documents, want %d", failure, r.Documents, total)
		}
	}
}

func TestStoreStopsAfterASyncThatFailed(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	c, err := openOn(ctx, root, o, &disk{fault: func(op, path string, _ int) (int, error) {
		if op == "sync" && strings.HasSuffix(path, ".seg") {
			return 0, syscall.EIO
		}
		return 0, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.release()
	for range 2 {
		if _, err := c.Deposit(ctx, Systeme("essai"), bulletins(0, 1)); !errors.Is(err, syscall.EIO) {
			t.Errorf("got %v, want EIO until the vault is opened again", err)
		}
	}
}

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
	if err := c.Destroy(ctx, Systeme("essai"), recus[1].ID, ToutesCopies, "erreur de destinataire"); err != nil {
		t.Fatal(err)
	}
	k.add(25 * time.Hour)
	deposit(t, c, bulletins(4, 7)...)
	if err := c.AddUtilisateur(ctx, Systeme("essai"), "paie", "Service paie", "correct horse battery"); err != nil {
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
	root, o := smallVault(t)
	rng := rand.New(rand.NewPCG(5, 5))
	kinds := map[string]int{}
	for _, path := range files(t, root) {
		rel, _ := filepath.Rel(root, path)
		kind, tries := strings.SplitN(filepath.ToSlash(rel), "/", 2)[0], 6
		switch kind {
		case lockName:
			continue // empty
		case journalDir:
			tries = 120
		case catalogueName:
			tries = 40
		}
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
			} else if len(r.Anomalies) == 0 && (kind != catalogueName || !sameRows(t, path, whole)) {
				t.Errorf("%s, byte %d of %d: nothing reported", rel, at, len(whole))
			}
			os.Remove(path + "-wal")
			os.Remove(path + "-shm")
			rewrite(t, path, whole, info.Mode())
		}
	}
	for _, kind := range []string{"blobs", journalDir, catalogueName, pointsDir, keysDir, descriptorName} {
		if kinds[kind] == 0 {
			t.Errorf("no file of kind %s was tried", kind)
		}
	}
	wantHealthy(t, root, o)
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
	db, err := openCatalogue(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var b strings.Builder
	for _, table := range catalogueTables {
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
	o, _ := options()
	c := reopen(t, newVault(t, o), o)
	size, err := os.Stat(c.seg.path(1))
	if err != nil {
		t.Fatal(err)
	}
	deposit(t, c, bulletins(0, 1)...)
	c.Close(ctx)
	path := c.seg.path(1)
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
		if at++; at > first+frameHead+64 && at < len(whole)-12 {
			at += 22
		}
	}
	rewrite(t, path, whole, 0o600)
	wantHealthy(t, c.root, o)
}

func TestDeletedBlobIsNamedWithItsMatricule(t *testing.T) {
	root, o := smallVault(t)
	blobs, err := filepath.Glob(filepath.Join(root, "blobs", "*", "*"))
	if err != nil || len(blobs) != 6 {
		t.Fatal(err, len(blobs))
	}
	if err := os.Remove(blobs[3]); err != nil {
		t.Fatal(err)
	}
	got := codesOf(t, root, FsckOptions{Options: o})["COF-120"]
	if len(got) != 1 || got[0].Matricule == "" || !strings.Contains(got[0].Error(), filepath.Base(blobs[3])) {
		t.Errorf("got %v, want COF-120 with the blob and a matricule", got)
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
			if err := damage(filepath.Join(root, catalogueName)); err != nil {
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
			if _, err := c.Authenticate(ctx, "paie", "correct horse battery"); err != nil {
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

func TestRecoverIsRefusedWhileTheVaultIsOpen(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	reopen(t, root, o)
	_, err := Recover(ctx, root, Systeme("essai"), o)
	wantCode(t, err, "COF-106")
}

func TestLostLastCheckpoint(t *testing.T) {
	root, o := smallVault(t)
	sizes, err := savedPoints(root)
	if err != nil || len(sizes) < 2 {
		t.Fatal(err, sizes)
	}
	last := filepath.Join(root, pointsDir, pointName(sizes[len(sizes)-1]))
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
	seg := filepath.Join(journalDir, segmentName(1))
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
	if err := c.Destroy(ctx, Systeme("essai"), recus[2].ID, ToutesCopies, "essai"); err != nil {
		t.Fatal(err)
	}
	c.Close(ctx)
	b, err := os.ReadFile(filepath.Join(old, catalogueName))
	if err != nil {
		t.Fatal(err)
	}
	rewrite(t, filepath.Join(root, catalogueName), b, 0o600)
	c = reopen(t, root, o)
	holds(t, c, map[string]*Recu{"A00000": recus[0], "A00001": recus[1]})
	c.Close(ctx)
	wantHealthy(t, root, o)
}

func TestJournalCutAnywhereInTheFrameInFlight(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	before := copyVault(t, root)
	c := reopen(t, root, o)
	deposit(t, c, bulletins(0, 2)...)
	c.release()
	seg := filepath.Join(journalDir, segmentName(1))
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
	for range 25 {
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

func TestTwoWritersShareOneJournal(t *testing.T) {
	root := newVault(t, Options{})
	one, two := reopen(t, root, Options{}), reopen(t, root, Options{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	all := map[string]*Recu{}
	add := func(recus []*Recu) {
		mu.Lock()
		defer mu.Unlock()
		for _, r := range recus {
			m := matricule(t, r)
			if old := all[m]; old != nil && !old.Equal(r) {
				t.Errorf("matricule %s has two receipts", m)
			}
			all[m] = r
		}
	}
	for i, c := range []*Coffre{one, two} {
		wg.Go(func() {
			for n := 0; n < 60; n += 5 {
				// The two ranges overlap: half of the documents are twins.
				add(deposit(t, c, bulletins(i*30+n, i*30+n+5)...))
			}
		})
	}
	wg.Go(func() { add(runChild(t, root, 20, 80, 0)) })
	wg.Wait()
	if len(all) != 90 {
		t.Errorf("%d documents, want 90", len(all))
	}
	holds(t, one, all)
	one.Close(ctx)
	two.Close(ctx)
	if r := wantHealthy(t, root, Options{}); r.Documents != 90 {
		t.Errorf("fsck found %d documents, want 90", r.Documents)
	}
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
	o, _ := options()
	root := newVault(t, o)
	o.Aleatoire = seeded(2)
	other := newVault(t, o)
	c := reopen(t, root, o)
	recu := deposit(t, c, bulletin("A1"))[0]
	agent, _ := c.AgentDe(ctx, siret, "A1")
	c.Close(ctx)
	for _, name := range []string{CleCatalogue, CleJournal, CleMaitre, CleSecours, CleEmployeur(siret)} {
		at := copyVault(t, root)
		b, err := os.ReadFile(filepath.Join(other, keysDir, name+".cle"))
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, filepath.Join(at, keysDir, name+".cle"), b, 0o600)
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
