//go:build !js

package input

import (
	"io/fs"
	"os"
)

func (b below) open(name string) (*os.File, error) {
	return b.root.OpenFile(name, os.O_RDONLY|nonBlock, 0)
}

func (b below) Stat(name string) (fs.FileInfo, error) { return fs.Stat(b.root.FS(), name) }
