//go:build unix

package vault

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"paye/vault/internal/acts"
	"paye/vault/internal/disk"
)

// child is set in a second process made of this test binary: it deposits in
// the vault that it is given, or replaces one of its keys, and dies at the disk
// operation that it is told.
const child = "VAULT_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) == "" {
		os.Exit(m.Run())
	}
	root := os.Args[1]
	killAt, _ := strconv.ParseInt(os.Args[2], 10, 64)
	work := func(c *Coffre) error {
		_, err := c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: os.Args[3]})
		return err
	}
	if len(os.Args) == 5 {
		from, _ := strconv.Atoi(os.Args[3])
		to, _ := strconv.Atoi(os.Args[4])
		work = func(c *Coffre) error { return depositLots(c, from, to) }
	}
	if err := workAndDie(root, killAt, work); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func workAndDie(root string, killAt int64, work func(*Coffre) error) error {
	var ops atomic.Int64
	d := &disk.Disk{Fault: func(string, string, int) (int, error) {
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
	if err := work(c); err != nil {
		return err
	}
	return c.Close(ctx)
}

// depositLots prints a line for each receipt it was given.
func depositLots(c *Coffre, from, to int) error {
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
	return nil
}

// runChild returns the receipts that the child got before it died or ended.
func runChild(t *testing.T, root string, from, to int, killAt int64) []*Recu {
	t.Helper()
	recus, _ := runVault(t, root, killAt, strconv.Itoa(from), strconv.Itoa(to))
	return recus
}

func runVault(t *testing.T, root string, killAt int64, args ...string) (recus []*Recu, killed bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{root, strconv.FormatInt(killAt, 10)}, args...)...)
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
	return recus, err != nil
}

func TestNothingAcknowledgedIsLostByKill9(t *testing.T) {
	t.Parallel()
	const documents = 1000
	kills := rounds(30)
	root := newVault(t, Options{})
	rng := rand.New(rand.NewPCG(9, 9))
	acknowledged := map[string]*Recu{}
	next := 0
	for range kills {
		// A batch of ten costs some fifteen disk operations.
		fresh := map[string]*Recu{}
		for i, r := range runChild(t, root, next, documents, 1+rng.Int64N(int64(2*15*documents/10/kills))) {
			acknowledged[matricule(t, r)] = r
			if i%(30/kills) == 0 {
				fresh[matricule(t, r)] = r // at the end all of them are read
			}
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
	points := map[string]bool{}
	for m, r := range acknowledged {
		digest := acts.DigestOf(pdf("bulletin de " + m))
		if got, err := r.Empreinte(); err != nil || got != digest {
			t.Fatalf("matricule %s: the receipt is of another document", m)
		}
		if points[r.Point] {
			continue
		}
		points[r.Point] = true
		if err := r.Verify(c.book.Desc.Journal, digest); err != nil {
			t.Fatalf("matricule %s: %v", m, err)
		}
		if err := c.book.ComparePoint(ctx, pointOf(t, c, r)); err != nil {
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
	var c acts.Depot
	if err := json.Unmarshal([]byte(r.Corps), &c); err != nil {
		t.Fatal(err)
	}
	return c.Matricule
}

func TestFullDiskAtEveryOperation(t *testing.T) {
	t.Parallel()
	for i, failure := range []error{syscall.ENOSPC, syscall.EIO} {
		o, _ := options()
		root := newVault(t, o)
		total := 0
		for n := int64(1); ; n++ {
			if brief() && n%2 != int64(i) {
				continue // each operation fails in one way and not in both
			}
			var ops atomic.Int64
			d := &disk.Disk{Fault: func(op, _ string, size int) (int, error) {
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
	c, err := openOn(ctx, root, o, &disk.Disk{Fault: func(op, path string, _ int) (int, error) {
		if op == "sync" && strings.HasSuffix(path, ".seg") {
			return 0, syscall.EIO
		}
		return 0, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.release()
	if err := c.Err(); err != nil {
		t.Errorf("before: %v", err)
	}
	for range 2 {
		if _, err := c.Deposit(ctx, Systeme("essai"), bulletins(0, 1)); !errors.Is(err, syscall.EIO) {
			t.Errorf("got %v, want EIO until the vault is opened again", err)
		}
		if err := c.Err(); !errors.Is(err, syscall.EIO) {
			t.Errorf("the store says %v of itself, want EIO", err)
		}
	}
}

func TestTwoWritersShareOneJournal(t *testing.T) {
	t.Parallel()
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
