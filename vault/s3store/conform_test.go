package s3store

import (
	"path/filepath"
	"testing"
	"time"

	"paye/vault"
	"paye/vault/vaulttest"
)

func TestBucketConforms(t *testing.T) {
	vaulttest.ConformBlobs(t, vaulttest.BancBlobs{Locked: true, New: func(t *testing.T) vault.Blobs {
		o, _, _ := faked(t)
		b, err := Open(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}})
}

func TestStoreOverABucketConforms(t *testing.T) {
	bucket, _, _ := faked(t)
	b, err := Open(ctx, bucket)
	if err != nil {
		t.Fatal(err)
	}
	clock := vaulttest.NewClock(time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC))
	root, o := filepath.Join(t.TempDir(), "coffre"), vault.Options{Clock: clock.Now, Blobs: b}
	if err := vault.Init(ctx, root, vault.InitOptions{Options: o}); err != nil {
		t.Fatal(err)
	}
	c, err := vault.Open(ctx, root, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(ctx) })
	if err := vaulttest.Prepare(ctx, c); err != nil {
		t.Fatal(err)
	}
	vaulttest.Conform(t, &vaulttest.Banc{Coffre: c, Poste: vaulttest.Local(c), Clock: clock})
}
