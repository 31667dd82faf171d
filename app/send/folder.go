package send

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"paye/internal/durable"
)

// NewFolder returns a folder of this machine that somebody else empties;
// acquit, where acknowledgments come, may be empty.
func NewFolder(deposit, acquit string) *Drop {
	return &Drop{name: "folder " + deposit, deposit: filepath.ToSlash(deposit), acquit: filepath.ToSlash(acquit),
		connect: func(context.Context) (files, error) { return local{}, nil }}
}

// local is the file system of this machine.
type local struct{}

func (local) Stat(name string) (fs.FileInfo, error)   { return os.Stat(name) }
func (local) Open(name string) (io.ReadCloser, error) { return os.Open(name) }
func (local) Remove(name string) error                { return os.Remove(name) }
func (local) Close() error                            { return nil }
func (local) Put(ctx context.Context, name string, r io.Reader) error {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, &stoppable{ctx, r})
	return errors.Join(err, out.Sync(), out.Close())
}

func (local) Rename(from, to string) error {
	if err := os.Link(from, to); err != nil { // unlike a rename, it fails when the name is taken
		if errors.Is(err, fs.ErrExist) {
			return err
		}
		if _, err := os.Lstat(to); err == nil {
			return fs.ErrExist
		}
		if err := os.Rename(from, to); err != nil { // no links on this file system
			return err
		}
	} else if err := os.Remove(from); err != nil {
		return err
	}
	return durable.SyncFolder(filepath.Dir(to))
}

func (local) ReadDir(name string) ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	var list []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // taken meanwhile
		}
		if err != nil {
			return nil, err
		}
		list = append(list, info)
	}
	return list, nil
}

// stoppable ends with its context.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(b)
}
