package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// names lists a folder, hidden files included.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	if got := names(t, dir); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("folder holds %q, want %q", got, want)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s: got %q, %v, want %q", filepath.Base(path), got, err, want)
	}
}

func TestFileIsInvisibleUntilCommit(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "volume-01.xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	io.WriteString(f, "<PES_")
	if got := names(t, dir); len(got) != 1 || !strings.HasPrefix(got[0], ".") {
		t.Errorf("before Commit the folder holds %q, want one hidden temporary", got)
	}
	io.WriteString(f, "Aller/>")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	wantNames(t, dir, "volume-01.xml")
	wantContent(t, f.Name(), "<PES_Aller/>")
	info, err := os.Stat(f.Name())
	if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
}

func TestNameCanBeGivenUntilCommit(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "volume-01.xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	io.WriteString(f, "one of a hundred")
	f.Rename("volume-001.xml")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	wantNames(t, dir, "volume-001.xml")
	wantContent(t, f.Name(), "one of a hundred")
}

func TestAbortLeavesTheFormerFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "manifest.json")
	if err := WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "new")
	f.Abort()
	f.Abort()
	wantNames(t, dir, "manifest.json")
	wantContent(t, path, "old")
	if err := f.Commit(); !errors.Is(err, ErrDone) {
		t.Errorf("Commit after Abort: %v, want ErrDone", err)
	}
	if _, err := f.Write([]byte("x")); !errors.Is(err, ErrDone) {
		t.Errorf("Write after Abort: %v, want ErrDone", err)
	}
}

func TestAbortAfterCommitKeepsTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := WriteFile(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "new")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Abort()
	wantContent(t, path, "new")
}

func TestHeaderCanBeFilledInAfterTheBodyAndReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	io.WriteString(f, "____body")
	if _, err := f.WriteAt([]byte("head"), 0); err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "tail")
	got := make([]byte, 12)
	if _, err := f.ReadAt(got, 0); err != nil || string(got) != "headbodytail" {
		t.Errorf("read back %q, %v, want headbodytail", got, err)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	wantContent(t, path, "headbodytail")
}

func TestSyncBesideReadingBackMakesNothingVisible(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "volume-01.xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	io.WriteString(f, "content")
	synced := make(chan error)
	go func() { synced <- f.Sync() }()
	got := make([]byte, 7)
	if _, err := f.ReadAt(got, 0); err != nil || string(got) != "content" {
		t.Errorf("read back %q, %v, want content", got, err)
	}
	if err := <-synced; err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != 1 || !strings.HasPrefix(got[0], ".") {
		t.Errorf("after Sync the folder holds %q, want one hidden temporary", got)
	}
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	wantContent(t, f.Name(), "content")
	if err := f.Sync(); !errors.Is(err, ErrDone) {
		t.Errorf("Sync after Commit: %v, want ErrDone", err)
	}
}

func TestCommitThatCannotRenameLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(taken, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(taken, []byte("x")); err == nil {
		t.Error("a file replaced a folder")
	}
	wantNames(t, dir, "taken")
}

func TestCreateInAMissingFolderFails(t *testing.T) {
	if _, err := Create(filepath.Join(t.TempDir(), "missing", "file")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

func TestMkdirAllMakesPrivateFolders(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "2026", "09", "paye")
	for range 2 {
		if err := MkdirAll(deep); err != nil {
			t.Fatal(err)
		}
	}
	for d := deep; d != dir; d = filepath.Dir(d) {
		if info, err := os.Stat(d); err != nil || info.Mode().Perm() != 0o700 && runtime.GOOS != "windows" {
			t.Errorf("%s: %v, %v, want 0700", d, info.Mode(), err)
		}
	}
	if err := WriteFile(filepath.Join(dir, "file"), nil); err != nil {
		t.Fatal(err)
	}
	if err := MkdirAll(filepath.Join(dir, "file", "below")); err == nil {
		t.Error("a folder was made below a file")
	}
}

func TestCleanLeavesLivingTemporariesAndOtherFiles(t *testing.T) {
	withLinks(t)
	dir := t.TempDir()
	stale := filepath.Join(dir, prefix+"DEAD"+suffix)
	for _, path := range []string{stale, filepath.Join(dir, ".xhl-note"), filepath.Join(dir, "kept.tmp")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "kept.tmp"), filepath.Join(dir, prefix+"LINK"+suffix)); err != nil {
		t.Fatal(err)
	}
	f, err := Create(filepath.Join(dir, "volume-01.xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	removed, err := Clean(dir)
	if err != nil || removed != 1 {
		t.Errorf("Clean removed %d, %v, want 1", removed, err)
	}
	if _, err := os.Lstat(stale); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the stale temporary is still there: %v", err)
	}
	if err := f.Commit(); err != nil {
		t.Errorf("the living temporary was touched: %v", err)
	}
	wantNames(t, dir, ".xhl-LINK.tmp", ".xhl-note", "kept.tmp", "volume-01.xml")
}
