package packs_test

import (
	"path/filepath"
	"testing"

	"paye/vault"
	"paye/vault/internal/packs"
	"paye/vault/vaulttest"
)

func TestFolderOfPacksConforms(t *testing.T) {
	vaulttest.ConformBlobs(t, vaulttest.BancBlobs{New: func(t *testing.T) vault.Blobs {
		p := packs.New(filepath.Join(t.TempDir(), "blobs"), nil)
		t.Cleanup(p.Close)
		return p
	}})
}
