package input

import (
	"errors"
	"io/fs"
	"os"
	"sync"
)

// Folder is a folder whose regular files are read, and that no link leads out
// of. It is a file system of the files right below it.
type Folder struct {
	root *os.Root
	mu   sync.Mutex
	read []*File
}

// OpenFolder opens the folder at path.
func OpenFolder(path string) (*Folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Folder{root: root}, nil
}

// Open opens a regular file of the folder. It stays open, when it is closed, for
// Held to read again.
func (d *Folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	f, err := OpenIn(d.root, name)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.read = append(d.read, f)
	return member{f}, nil
}

// member is a file of a Folder, which closes it.
type member struct{ *File }

func (m member) Stat() (fs.FileInfo, error) { return m.Info(), nil }
func (m member) Close() error               { return nil }

// Held returns an anomaly Changed when a file that was read is no longer what
// it was: see [File.Held].
func (d *Folder) Held() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.read {
		if err := f.Held(); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the folder and its files.
func (d *Folder) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var err error
	for _, f := range d.read {
		err = errors.Join(err, f.Close())
	}
	return errors.Join(err, d.root.Close())
}
