package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// replaceable returns an anomaly where something else than a regular file has
// the name, which a rename would put an end to: a device, a pipe, a link.
func replaceable(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return Codes.New(NotRegular, path)
	}
	return nil
}

// Inputs are the files that a work reads: none of its outputs may take the
// place of one of them, by whatever name. The zero value holds none.
type Inputs struct{ infos []fs.FileInfo }

// Add notes the files at paths. What is not there is left for its reader to
// tell.
func (in *Inputs) Add(paths ...string) {
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil {
			in.infos = append(in.infos, info)
		}
	}
}

// InputsOf notes the files at paths.
func InputsOf(paths ...string) *Inputs {
	in := new(Inputs)
	in.Add(paths...)
	return in
}

// Spares returns an anomaly IsInput when path is one of the inputs. A nil Inputs
// holds none.
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
			return Codes.New(IsInput, path)
		}
	}
	return nil
}
