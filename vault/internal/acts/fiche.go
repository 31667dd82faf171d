package acts

import (
	"encoding/json"
	"time"

	"paye/vault/internal/names"
)

// Fiche is a small record with a version that lives in the journal like
// everything else: employers, users, refusals, sessions of deposit, and what a
// portal keeps of its accounts. The whole history stays in the journal, until
// what is told of its subject is erased; the catalogue knows the last version.
type Fiche struct {
	Genre     string // a word; the words of this package are the fiche… constants
	Cle       string // unique within its Genre
	Employeur string // SIRET, or empty
	// Sujet is whom it tells of, zero for nobody: all versions of all fiches of
	// a subject are erased together.
	Sujet   names.ID
	Version int64 // of what was read; 0 for a fiche that is not there
	Par     string
	Temps   time.Time
	Valeur  json.RawMessage // nil once removed
}
