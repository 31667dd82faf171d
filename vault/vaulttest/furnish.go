package vaulttest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"paye/vault"
)

// Start is the time at which a furnished vault is found.
var Start = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)

// Furnish lays at root a vault that Prepare has seen to, a minute before Start.
// It is a copy of one that is made once a process: the passwords of the bench are
// hashed as those of a real vault, which takes longer than most tests.
func Furnish(t testing.TB, root string) {
	t.Helper()
	tree, err := furnished()
	if err == nil {
		err = os.CopyFS(root, tree)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var furnished = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "xhl-vault-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, o := context.Background(), vault.Options{Clock: NewClock(Start.Add(-time.Minute)).Now}
	root := filepath.Join(dir, "coffre")
	if err := vault.Init(ctx, root, vault.InitOptions{Options: o}); err != nil {
		return nil, err
	}
	c, err := vault.Open(ctx, root, o)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(Prepare(ctx, c), c.Close(ctx)); err != nil {
		return nil, err
	}
	return held(os.DirFS(root))
})

// held is what a folder has, empty folders too, in memory.
func held(folder fs.FS) (fs.FS, error) {
	tree := make(fstest.MapFS)
	err := fs.WalkDir(folder, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			tree[path] = &fstest.MapFile{Mode: fs.ModeDir | 0o700}
			return err
		}
		b, err := fs.ReadFile(folder, path)
		tree[path] = &fstest.MapFile{Data: b, Mode: 0o600}
		return err
	})
	return tree, err
}
