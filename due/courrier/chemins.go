package courrier

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// Chemins are the three paths that the user confirms once, and that are
// verified before every send. Programme may be empty.
type Chemins struct {
	Cles      string // the key folder, private to its owner
	Travail   string // the working folder, private to its owner
	Programme string // an external encryption program
}

// String is the paths as they are recorded when they are confirmed.
func (c Chemins) String() string { return strings.Join([]string{c.Cles, c.Travail, c.Programme}, "\n") }

// Check returns an anomaly for a path that does not exist, is not of its kind,
// or that others may use. confirmed is what was recorded, empty when nothing
// was.
func (c Chemins) Check(confirmed string) error {
	for _, p := range [...]struct {
		key, path string
		good      func(fs.FileInfo) bool
	}{
		{"cles", c.Cles, private},
		{"travail", c.Travail, private},
		{"programme", c.Programme, runnable},
	} {
		if p.path == "" && p.key == "programme" {
			continue
		}
		if p.path == "" {
			return Codes.New("DUE-C01", p.key)
		}
		info, err := os.Stat(p.path)
		if errors.Is(err, fs.ErrNotExist) {
			return Codes.New("DUE-C10", p.key)
		}
		if err != nil {
			return fmt.Errorf("look at the path of %s: %w", p.key, err)
		}
		if !p.good(info) {
			return Codes.New("DUE-C11", p.key)
		}
	}
	if confirmed != "" && confirmed != c.String() {
		return Codes.New("DUE-C12")
	}
	return nil
}

// rights reports whether the bits of a mode are those of the system. Windows has
// lists of access, which the folders of a person's profile hand down; Go makes up
// the bits there.
const rights = runtime.GOOS != "windows"

func private(info fs.FileInfo) bool {
	return info.IsDir() && (!rights || info.Mode().Perm()&0o077 == 0 && info.Mode().Perm()&0o700 == 0o700)
}

func runnable(info fs.FileInfo) bool {
	return info.Mode().IsRegular() && (!rights || info.Mode().Perm()&0o111 != 0 && info.Mode().Perm()&0o022 == 0)
}
