// Package volumes reads what xhl build says that it made. It looks only at what
// the manifest of any version has, and shares no code with the binary that is
// measured.
package volumes

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Volume is a file of a set, as manifest.json has it.
type Volume struct {
	Fichier   string
	Octets    int64
	Bulletins int
	Pieces    []string // IdUnique
}

// Read reads the manifest of the set in a folder.
func Read(dir string) ([]Volume, error) {
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return nil, err
	}
	var m struct{ Volumes []Volume }
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("read manifest.json: %w", err)
	}
	return m.Volumes, nil
}
