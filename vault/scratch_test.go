package vault

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paye/internal/durable"
)

// What a killed verification or export left is removed by the next
// verification; the folder of a living one stays.
func TestFsckRemovesTheScratchFoldersOfTheDead(t *testing.T) {
	t.Parallel()
	root, o := smallVault(t)
	var living []string
	for _, name := range []string{".fsck-", ".export-"} {
		s, err := durable.NewScratch(root, name)
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, filepath.Join(s.Dir, "csv"), []byte("in use"), 0o600)
		living = append(living, filepath.Join(s.Dir, "csv"))
	}
	for _, dead := range []string{".fsck-1234", ".export-5678"} {
		if err := os.Mkdir(filepath.Join(root, dead), 0o700); err != nil {
			t.Fatal(err)
		}
		rewrite(t, filepath.Join(root, dead, "csv"), []byte("left"), 0o600)
	}
	wantHealthy(t, root, o)
	left, err := filepath.Glob(filepath.Join(root, ".*-*", "csv"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(left)
	slices.Sort(living)
	if !slices.Equal(left, living) {
		t.Errorf("after the verification there are %q, want %q", left, living)
	}
	if names, _ := filepath.Glob(filepath.Join(root, ".*-*")); len(names) != len(living) {
		t.Errorf("after the verification there are %q", names)
	}
}
