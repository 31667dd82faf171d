package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// NotRegularError tells that what has the name of an output is no file that
// could be replaced: a device, a pipe, a socket, a link or a folder.
type NotRegularError struct {
	Path string
	Mode fs.FileMode
}

func (e *NotRegularError) Error() string {
	return fmt.Sprintf("%s is %s, and is not replaced", e.Path, e.Kind())
}

// Kind names what is there.
func (e *NotRegularError) Kind() string {
	switch {
	case e.Mode.IsDir():
		return "a folder"
	case e.Mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case e.Mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case e.Mode&fs.ModeSocket != 0:
		return "a socket"
	case e.Mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "not a file"
}

// replaceable returns an error where something else than a regular file has
// the name, which a rename would put an end to.
func replaceable(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return &NotRegularError{Path: path, Mode: info.Mode()}
	}
	return nil
}

// IsInputError tells that an output would take the place of what is read.
type IsInputError struct{ Path string }

func (e *IsInputError) Error() string { return e.Path + " is the input, and is not replaced" }

// Inputs are the files that a work reads: none of its outputs may take the
// place of one of them, by whatever name. The zero value holds none.
type Inputs struct{ infos []fs.FileInfo }

// InputsOf notes the files at paths, and those right inside the folders among
// them. What is not there is left for its reader to tell.
func InputsOf(paths ...string) *Inputs {
	in := new(Inputs)
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			continue
		}
		in.infos = append(in.infos, info)
		if !info.IsDir() {
			continue
		}
		entries, err := os.ReadDir(p)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if inside, err := os.Stat(filepath.Join(p, e.Name())); err == nil {
				in.infos = append(in.infos, inside)
			}
		}
	}
	return in
}

// Spares returns an IsInputError when path is one of the inputs.
func (in *Inputs) Spares(path string) error {
	if in == nil {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil // nothing is there to be replaced
	}
	for _, read := range in.infos {
		if os.SameFile(read, info) {
			return &IsInputError{Path: path}
		}
	}
	return nil
}
