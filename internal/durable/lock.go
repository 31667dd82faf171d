package durable

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"paye/internal/lang"
)

// Mode is how a lock is held.
type Mode uint8

const (
	Exclusive Mode = iota // by one
	Shared                // by several, while nobody has it exclusively
)

// errNoLocks is met on some network file systems.
var errNoLocks = errors.New("the file system has no locks")

// ErrLocked is what Lock returns when another process, or another part of this
// one, has the lock in a way that excludes it.
var ErrLocked = errors.New("locked by another process")

// Lock is the lock of a file, held until Close or the end of the process,
// however it ends.
type Lock struct{ f *os.File }

// LockFile makes the file path when it is missing and takes its lock without
// waiting. Where files have no locks it takes none.
func LockFile(path string, mode Mode) (*Lock, error) {
	f, err := openFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock %s: %w", path, err)
	}
	if err := LockOpen(f, mode); err != nil {
		f.Close()
		return nil, err
	}
	return &Lock{f}, nil
}

// LockOpen takes the lock of an open file without waiting, and holds it until
// the file is closed. Where files have no locks it takes none.
func LockOpen(f *os.File, mode Mode) error {
	locked, err := lockFile(f, mode)
	switch {
	case locked, errors.Is(err, errNoLocks):
		return nil
	case err == nil:
		err = ErrLocked
	}
	return fmt.Errorf("lock %s: %w", f.Name(), err)
}

// Close gives the lock back.
func (l *Lock) Close() error { return l.f.Close() }

// holder is who has the lock of a folder.
type holder struct {
	PID   int    `json:"pid"`
	Host  string `json:"host"`
	since time.Time
}

// unsigned is a lock that was taken and not signed yet, or whose signature
// cannot be read.
var unsigned = lang.Text{FR: "lequel, il ne l'a pas encore dit", EN: "which one, it has not said yet"}

// said is the holder as a message shows it.
func (h holder) said() any {
	if h.PID == 0 {
		return unsigned
	}
	return fmt.Sprintf("%s, PID %d, %s", h.Host, h.PID, h.since.Format(time.DateTime))
}

// folderLock is the lock of those who write deliveries into a folder: a hidden
// file that is there while it is held, and says by whom.
type folderLock struct {
	path string
	f    *os.File
}

const lockName = prefix + "lock"

// lockIn takes the lock at path, of the folder dir, without waiting. Where files
// have no locks, the file itself is the lock, and one that a dead process left
// must be removed by hand.
//
// A lock that moves along with its folder must still be at path before anything is
// written into it: errElsewhere is returned where that is never so, as on file
// systems that give a file another number each time.
func lockIn(path, dir string, moves bool) (*folderLock, error) {
	const tries = 100
	for n := 0; ; n++ {
		f, err := openFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		fresh := err == nil
		if errors.Is(err, fs.ErrExist) {
			f, err = openFile(path, os.O_RDWR|noFollow, 0)
		}
		if errors.Is(err, fs.ErrNotExist) && exists(filepath.Dir(path)) {
			continue // given back between the two
		}
		if err != nil {
			return nil, fmt.Errorf("lock folder %s: %w", dir, err)
		}
		mine, err := lockFile(f, Exclusive)
		if errors.Is(err, errNoLocks) {
			mine, err = fresh, nil
		}
		if err == nil && !mine {
			err = Codes.New(FolderHeld, dir, readHolder(f).said())
		}
		l, there := &folderLock{path, f}, false
		if err == nil {
			there, err = present(f)
		}
		if err == nil && there && (!moves || l.stands()) {
			if !fresh {
				err = f.Truncate(0)
			}
			if err == nil {
				err = l.tell(nil)
			}
			if err != nil {
				l.release()
				return nil, fmt.Errorf("sign the lock %s: %w", path, err)
			}
			return l, nil
		}
		f.Close()
		if err == nil && moves && n == tries {
			err = errElsewhere
		}
		if err != nil {
			return nil, fmt.Errorf("lock folder %s: %w", dir, err)
		}
	}
}

var errElsewhere = errors.New("the lock is never where it was made")

// tell writes into the lock who has it, and a journal.
func (l *folderLock) tell(j *journal) error {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	text, err := json.Marshal(struct {
		holder
		*journal
	}{holder{PID: os.Getpid(), Host: host}, j})
	if err == nil {
		_, err = l.f.WriteAt(append(text, '\n'), 0)
	}
	return err
}

// stands reports whether the lock is still that of its folder.
func (l *folderLock) stands() bool {
	mine, err1 := l.f.Stat()
	there, err2 := os.Lstat(l.path)
	return err1 == nil && err2 == nil && sameFile(mine, there)
}

var sameFile = os.SameFile // tests have a file system without lasting numbers

// leave gives the lock back and leaves its file.
func (l *folderLock) leave() { l.f.Close() }

// readHolder reads who has the lock.
func readHolder(f *os.File) (h holder) {
	if info, err := f.Stat(); err == nil {
		h.since = info.ModTime()
	}
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<20))
	if err == nil {
		_ = json.Unmarshal(text, &h) // of an empty one, nothing is known
	}
	return h
}

// release removes the file before it gives the lock back: who opened it
// meanwhile finds that it has no name any more.
func (l *folderLock) release() {
	os.Remove(l.path)
	l.f.Close()
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// own locks a temporary for as long as it stays open and reports whether it is
// still there: false when a Clean took it first.
func own(f *os.File) (bool, error) {
	if locked, err := lockFile(f, Exclusive); errors.Is(err, errNoLocks) {
		return true, nil
	} else if !locked {
		return false, err
	}
	return present(f)
}

// removeStale removes a temporary that nobody has locked. The lock is held
// until the name is gone, so that own cannot succeed on it. Where files have
// no locks it leaves everything: a living temporary cannot be told from a dead
// one.
func removeStale(path string) (bool, error) {
	f, err := openFile(path, os.O_RDWR|noFollow, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if locked, err := lockFile(f, Exclusive); errors.Is(err, errNoLocks) || !locked && err == nil {
		return false, nil
	} else if err != nil {
		return false, err
	}
	// The owner may have committed between ReadDir and here: the name is then
	// gone, and the file under its final name is not ours to touch.
	if err := Remove(path); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return true, nil
}
