package durable

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Makers and sweeps meet between a folder and its lock: nobody loses the folder
// that he was given.
func TestScratchFoldersInUseAreNeverSwept(t *testing.T) {
	dir := t.TempDir()
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 50 {
				s, err := NewScratch(dir, ".work-")
				if err != nil {
					t.Error(err)
					return
				}
				if err := os.WriteFile(filepath.Join(s.Dir, "content"), []byte("x"), 0o600); err != nil {
					t.Error(err)
				}
				SweepScratch(dir, ".work-")
				if _, err := os.ReadFile(filepath.Join(s.Dir, "content")); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	SweepScratch(dir, ".work-")
	wantNames(t, dir)
}
