package vaulttest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"

	"paye/vault"
)

// BancBlobs is a store of blobs on which ConformBlobs runs.
type BancBlobs struct {
	// New gives an empty store.
	New func(t *testing.T) vault.Blobs
	// Locked: what was put cannot be deleted yet.
	Locked bool
}

// ConformBlobs tries every rule of vault.Blobs.
func ConformBlobs(t *testing.T, b BancBlobs) {
	for _, rule := range []struct {
		name string
		try  func(*testing.T, BancBlobs)
	}{
		{"what was put is got", blobGot},
		{"what is not there is not found", blobAbsent},
		{"a place that is not one of Put's is as good as none", blobMisplaced},
		{"no more than the limit is got", blobLimit},
		{"data is the caller's again when Put returned", blobKept},
		{"the list has each blob once", blobListed},
		{"what is deleted is gone, and an absent one is no error", blobDeleted},
		{"several goroutines put and get", blobShared},
	} {
		t.Run(rule.name, func(t *testing.T) { rule.try(t, b) })
	}
}

type placed struct {
	name vault.BlobName
	data []byte
	lieu []byte
}

func blobOf(text string) placed {
	data := bytes.Repeat([]byte(text+" "), 40)
	return placed{name: sha256.Sum256(data), data: data}
}

// put stores blobs, durable.
func put(t *testing.T, s vault.Blobs, texts ...string) (list []placed) {
	t.Helper()
	var lieux [][]byte
	for _, text := range texts {
		p := blobOf(text)
		lieu, err := s.Put(ctx, p.name, p.data)
		must(t, err)
		if len(lieu) > 64 {
			t.Errorf("a place of %d bytes, the journal keeps 64", len(lieu))
		}
		p.lieu = lieu
		list, lieux = append(list, p), append(lieux, lieu)
	}
	must(t, s.Sync(ctx, lieux))
	return list
}

func wantBlob(t *testing.T, s vault.Blobs, p placed) {
	t.Helper()
	got, err := s.Get(ctx, p.name, p.lieu, 1<<20)
	must(t, err)
	if !bytes.Equal(got, p.data) {
		t.Errorf("got %d bytes, put %d", len(got), len(p.data))
	}
}

func blobGot(t *testing.T, b BancBlobs) {
	s := b.New(t)
	for _, p := range put(t, s, "un", "deux", "trois") {
		wantBlob(t, s, p)
	}
}

func blobAbsent(t *testing.T, b BancBlobs) {
	s := b.New(t)
	put(t, s, "un")
	if _, err := s.Get(ctx, blobOf("absent").name, nil, 1<<20); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that it does not exist", err)
	}
}

func blobMisplaced(t *testing.T, b BancBlobs) {
	s := b.New(t)
	p := put(t, s, "un", "deux")[1]
	for _, lieu := range [][]byte{nil, {}, []byte("not a place of anything at all")} {
		p.lieu = lieu
		wantBlob(t, s, p)
	}
}

func blobLimit(t *testing.T, b BancBlobs) {
	s := b.New(t)
	p := put(t, s, "un")[0]
	got, err := s.Get(ctx, p.name, p.lieu, int64(len(p.data))-1)
	if err == nil && bytes.Equal(got, p.data) {
		t.Error("the whole blob came back beyond the limit")
	}
	got, err = s.Get(ctx, p.name, p.lieu, int64(len(p.data)))
	if err != nil || !bytes.Equal(got, p.data) {
		t.Errorf("got %d bytes at the limit, %v", len(got), err)
	}
}

func blobKept(t *testing.T, b BancBlobs) {
	s, p := b.New(t), blobOf("un")
	mine := bytes.Clone(p.data)
	lieu, err := s.Put(ctx, p.name, mine)
	must(t, err)
	clear(mine)
	must(t, s.Sync(ctx, [][]byte{lieu}))
	p.lieu = lieu
	wantBlob(t, s, p)
}

func blobListed(t *testing.T, b BancBlobs) {
	s := b.New(t)
	want := map[vault.BlobName]int64{}
	for _, p := range put(t, s, "un", "deux", "trois", "quatre") {
		want[p.name] = int64(len(p.data))
	}
	got := map[vault.BlobName]int64{}
	for info, err := range s.All(ctx) {
		must(t, err)
		if _, twice := got[info.Name]; twice {
			t.Errorf("%s is listed twice", info.Name)
		}
		if info.Vide || info.Date.IsZero() {
			t.Errorf("listed as %+v", info)
		}
		got[info.Name] = info.Taille
	}
	if len(got) != len(want) {
		t.Errorf("%d blobs listed, want %d", len(got), len(want))
	}
	for name, size := range want {
		if got[name] != size {
			t.Errorf("%s has %d bytes in the list, want %d", name, got[name], size)
		}
	}
}

func blobDeleted(t *testing.T, b BancBlobs) {
	s := b.New(t)
	list := put(t, s, "un", "deux")
	must(t, s.Delete(ctx, blobOf("absent").name, nil))
	err := s.Delete(ctx, list[0].name, list[0].lieu)
	if b.Locked {
		if err == nil {
			t.Error("a locked blob was deleted")
		}
		wantBlob(t, s, list[0])
		return
	}
	must(t, err)
	must(t, s.Delete(ctx, list[0].name, list[0].lieu)) // again
	if _, err := s.Get(ctx, list[0].name, list[0].lieu, 1<<20); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v after the deletion", err)
	}
	for info, err := range s.All(ctx) {
		must(t, err)
		if !info.Vide && info.Name == list[0].name {
			t.Error("what was deleted is listed")
		}
	}
	wantBlob(t, s, list[1])
}

func blobShared(t *testing.T, b BancBlobs) {
	s := b.New(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			for j := range 4 {
				p := blobOf(fmt.Sprint("blob ", i, " ", j))
				lieu, err := s.Put(ctx, p.name, p.data)
				if err == nil {
					err = s.Sync(ctx, [][]byte{lieu})
				}
				var got []byte
				if err == nil {
					got, err = s.Get(ctx, p.name, lieu, 1<<20)
				}
				if err != nil || !bytes.Equal(got, p.data) {
					t.Errorf("blob %d %d: %v", i, j, err)
				}
			}
		})
	}
	wg.Wait()
}
