package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// Spares returns an anomaly IsInput when path is one of the inputs.
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
