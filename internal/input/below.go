package input

import (
	"io/fs"
	"os"
)

// Below is the file system of what is below a folder, where regular files and
// folders can be opened and nothing else is waited for.
func Below(root *os.Root) fs.FS { return below{root} }

type below struct{ root *os.Root }

func (b below) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	info, err := b.root.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return b.root.Open(name)
	}
	f, err := OpenIn(b.root, name)
	if err != nil {
		return nil, err
	}
	return plain{f}, nil
}

func (b below) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(b.root.FS(), name) }
func (b below) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(b.root.FS(), name) }

// plain is a File that closes.
type plain struct{ *File }

func (p plain) Stat() (fs.FileInfo, error) { return p.Info(), nil }
