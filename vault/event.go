package vault

import (
	"encoding/json"
	"time"
)

// Evenement is one line of the journal as people read it. Corps is nil once
// the subject was erased.
type Evenement struct {
	Index int64           `json:"index"`
	Genre Genre           `json:"genre"`
	Temps time.Time       `json:"temps"`
	Sujet ID              `json:"sujet,omitzero"`
	Corps json.RawMessage `json:"corps,omitempty"`
}
