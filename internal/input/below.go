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
	f, err := b.open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err == nil && info.IsDir():
		return f, nil
	case err == nil && info.Mode().IsRegular():
		return plain{&File{f: f, path: name, before: info}}, nil
	case err == nil:
		err = Codes.New(NotRegular, name)
	}
	f.Close()
	return nil, err
}

func (b below) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(b.root.FS(), name) }

// plain is a File that closes.
type plain struct{ *File }

func (p plain) Stat() (fs.FileInfo, error) { return p.Info(), nil }
