package vault

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"paye/vault/internal/disk"
	"paye/vault/internal/journal"
	"paye/vault/internal/packs"
)

// put puts texts as blobs and returns where they are.
func put(t testing.TB, p *packs.Folder, texts ...string) (lieux [][]byte) {
	t.Helper()
	t.Cleanup(p.Close) // Windows keeps the folder of an open file
	for _, text := range texts {
		l, err := p.Put(ctx, nameOf(text), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		lieux = append(lieux, l)
	}
	if err := p.Sync(ctx, lieux); err != nil {
		t.Fatal(err)
	}
	return lieux
}

func nameOf(text string) BlobName { return sha256.Sum256([]byte(text)) }

// listing is what a folder of packs holds, a line each.
func listing(t testing.TB, p *packs.Folder) string {
	t.Helper()
	var b strings.Builder
	for i, err := range p.All(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		l, _ := packs.ParseLieu(i.Lieu)
		fmt.Fprintln(&b, packs.Name(l.Pack), i.Taille, i.Vide)
	}
	return b.String()
}

func wantListing(t testing.TB, p *packs.Folder, want ...string) {
	t.Helper()
	if got := listing(t, p); got != strings.Join(append(want, ""), "\n") {
		t.Errorf("packs hold\n%swant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestFullPackIsEndedAndTheNextBegins(t *testing.T) {
	p := packs.New(filepath.Join(t.TempDir(), packs.Dir), nil)
	p.Limit = 100
	lieux := put(t, p, "un", strings.Repeat("deux", 30), "trois")
	wantListing(t, p, "000001.paq 2 false", "000001.paq 120 false", "000002.paq 5 false")
	for i, text := range []string{"un", strings.Repeat("deux", 30), "trois"} {
		if got, err := p.Get(ctx, nameOf(text), lieux[i], 1000); err != nil || string(got) != text {
			t.Errorf("blob %d: %q, %v", i, got, err)
		}
	}
	want := os.FileMode(0o400)
	if runtime.GOOS == "windows" {
		want = 0o444
	}
	if info, err := os.Stat(p.Path(1)); err != nil || info.Mode().Perm() != want {
		t.Errorf("the full pack has mode %v, %v, want 0400", info.Mode(), err)
	}
}

func TestPackIsContinuedByTheNextProcessAndSharedByNone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), packs.Dir)
	one, two := packs.New(dir, nil), packs.New(dir, nil)
	put(t, one, "un")
	put(t, two, "deux")
	wantListing(t, one, "000001.paq 2 false", "000002.paq 4 false")
	one.Close()
	three := packs.New(dir, nil)
	put(t, three, "trois")
	wantListing(t, three, "000001.paq 2 false", "000001.paq 5 false", "000002.paq 4 false")
}

func TestPackWithATornEndIsNotContinued(t *testing.T) {
	dir := filepath.Join(t.TempDir(), packs.Dir)
	p := packs.New(dir, nil)
	put(t, p, "un", "deux")
	p.Close()
	info, err := os.Stat(p.Path(1))
	if err != nil {
		t.Fatal(err)
	}
	for cut := info.Size() - 1; cut > 0; cut -= 7 {
		if err := os.Truncate(p.Path(1), cut); err != nil {
			t.Fatal(err)
		}
		next := packs.New(dir, nil)
		put(t, next, "trois")
		next.Close()
		if got := listing(t, next); !strings.Contains(got, "000002.paq 5 false\n") {
			t.Fatalf("cut at %d: the blob is not in the second pack:\n%s", cut, got)
		}
		if err := os.Remove(next.Path(2)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPackOfAFailedSyncIsNeverAppendedToAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), packs.Dir)
	syncs := 0
	p := packs.New(dir, &disk.Disk{Fault: func(op, _ string, _ int) (int, error) {
		if op == "sync" {
			if syncs++; syncs > 1 {
				return 0, syscall.EIO
			}
		}
		return 0, nil
	}})
	l, err := p.Put(ctx, nameOf("un"), []byte("un"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.Sync(ctx, [][]byte{l}); !errors.Is(err, disk.ErrSync) || !errors.Is(err, syscall.EIO) {
			t.Errorf("sync: %v, want EIO", err)
		}
	}
	if _, err := p.Put(ctx, nameOf("deux"), []byte("deux")); !errors.Is(err, disk.ErrSync) {
		t.Errorf("put after it: %v, want a refusal", err)
	}
	if syncs != 2 {
		t.Errorf("%d syncs, want none tried again", syncs)
	}
	next := packs.New(dir, nil)
	put(t, next, "trois")
	wantListing(t, next, "000001.paq 2 false", "000002.paq 5 false")
}

func TestWriteThatFailsLeavesNoPartOfABlob(t *testing.T) {
	full := false
	p := packs.New(filepath.Join(t.TempDir(), packs.Dir), &disk.Disk{Fault: func(op, _ string, size int) (int, error) {
		if full && op == "write" {
			return size / 2, syscall.ENOSPC
		}
		return 0, nil
	}})
	put(t, p, "un")
	full = true
	if _, err := p.Put(ctx, nameOf("deux"), []byte("deux")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, want ENOSPC", err)
	}
	full = false
	put(t, p, "3")
	wantListing(t, p, "000001.paq 2 false", "000001.paq 1 false")
}

func TestDeletedBlobIsZerosAndItsEmptyPackGoes(t *testing.T) {
	p := packs.New(filepath.Join(t.TempDir(), packs.Dir), nil)
	p.Limit = 40
	lieux := put(t, p, "secret un", "secret deux", "trois")
	for range 2 {
		if err := p.Delete(ctx, nameOf("secret un"), lieux[0]); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(p.Path(1))
	if err != nil || bytes.Contains(b, []byte("secret")) || bytes.Contains(b, func() []byte { n := nameOf("secret un"); return n[:] }()) {
		t.Errorf("something of the blob is left, %v", err)
	}
	if _, err := p.Get(ctx, nameOf("secret un"), lieux[0], 100); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("get: %v, want fs.ErrNotExist", err)
	}
	// Without its place a blob is searched.
	if err := p.Delete(ctx, nameOf("secret deux"), nil); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Get(ctx, nameOf("trois"), []byte("?"), 100); err != nil || string(got) != "trois" {
		t.Errorf("search: %q, %v", got, err)
	}
	wantListing(t, p, "000001.paq 9 true", "000002.paq 11 true", "000003.paq 5 false")
	if n, err := p.Clean(time.Now().Add(-time.Hour)); err != nil || n != 0 {
		t.Errorf("%d young packs were removed, %v", n, err)
	}
	if n, err := p.Clean(time.Now().Add(time.Hour)); err != nil || n != 2 {
		t.Errorf("%d packs were removed, %v, want 2", n, err)
	}
	wantListing(t, p, "000003.paq 5 false")
}

func TestDeleteTouchesNoOtherBlob(t *testing.T) {
	p := packs.New(filepath.Join(t.TempDir(), packs.Dir), nil)
	lieux := put(t, p, "un", "deux")
	if err := p.Delete(ctx, nameOf("un"), lieux[1]); err == nil {
		t.Error("a blob was deleted under the name of another")
	}
	wantListing(t, p, "000001.paq 2 false", "000001.paq 4 false")
}

func TestDocumentWhosePlaceIsDamagedInTheJournalIsFoundByItsName(t *testing.T) {
	c, _ := testVault(t)
	recu := deposit(t, c, bulletins(0, 3)...)[1]
	p := journal.Located{}
	err := c.book.Read.QueryRow("SELECT segment, offset, longueur FROM evenements WHERE idx=?", recu.Index).Scan(&p.Segment, &p.Offset, &p.Size)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.book.Seg.Record(p.Place)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(c.book.Seg.Path(p.Segment), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("damaged"), p.Offset+r.SlotOffset(journal.SlotLieu)); err != nil {
		t.Fatal(err)
	}
	if got := read(t, c, Systeme("essai"), recu.ID); !bytes.Equal(got, pdf("bulletin de A00001")) {
		t.Errorf("read %q", got)
	}
	c.Close(ctx)
	codes := codesOf(t, c.root, FsckOptions{Options: c.opts})
	if len(codes) != 1 || len(codes["COF-122"]) != 1 {
		t.Errorf("got %v, want COF-122", codes)
	}
}
