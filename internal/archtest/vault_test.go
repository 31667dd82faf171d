package archtest

import (
	"slices"
	"strings"
	"testing"
)

// vaultRooms are the rooms below the vault's store, from its ground up, and the
// others that each stands on.
var vaultRooms = map[string][]string{
	"names":     {},
	"faults":    {},
	"disk":      {"faults"},
	"keys":      {"faults", "names"},
	"packs":     {"disk", "faults", "keys", "names"},
	"journal":   {"disk", "keys", "names"},
	"acts":      {"faults", "names"},
	"catalogue": {"acts", "disk", "faults", "journal", "keys", "names"},
	"fsck":      {"acts", "book", "catalogue", "disk", "faults", "journal", "keys", "names", "packs"},
	"book":      {"acts", "catalogue", "faults", "journal", "keys", "names"},
}

func TestRoomsOfTheVaultStandOnTheOnesBelow(t *testing.T) {
	const below = "paye/vault/internal/"
	seen := 0
	for _, p := range list(t) {
		name, ok := strings.CutPrefix(p.ImportPath, below)
		if !ok {
			continue
		}
		seen++
		stands, known := vaultRooms[name]
		if !known {
			t.Errorf("%s has no row: say which rooms it stands on", p.ImportPath)
		}
		for _, imp := range p.Imports {
			if !within(imp, "paye/vault") {
				continue
			}
			if room, ok := strings.CutPrefix(imp, below); !ok || !slices.Contains(stands, room) {
				t.Errorf("%s imports %s; it stands on %v", p.ImportPath, imp, stands)
			}
		}
	}
	if seen != len(vaultRooms) {
		t.Errorf("%d rooms are there, %d have a row", seen, len(vaultRooms))
	}
}
