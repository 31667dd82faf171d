package vault_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"paye/vault"
	"paye/vault/vaulttest"
)

func TestEmbeddedStoreConforms(t *testing.T) {
	ctx := context.Background()
	clock := vaulttest.NewClock(time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC))
	root := filepath.Join(t.TempDir(), "coffre")
	o := vault.Options{Clock: clock.Now}
	if err := vault.Init(ctx, root, vault.InitOptions{Options: o}); err != nil {
		t.Fatal(err)
	}
	c, err := vault.Open(ctx, root, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := vaulttest.Prepare(ctx, c); err != nil {
		t.Fatal(err)
	}
	vaulttest.Conform(t, &vaulttest.Banc{Coffre: c, Poste: vaulttest.Local(c), Clock: clock})
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := vault.Fsck(ctx, root, vault.FsckOptions{Options: o})
	if err != nil || !r.Sound() {
		t.Error(errors.Join(err), r.Anomalies)
	}
}
