package portal

import "time"

// Merge is a merge that waits: both owners were told, and either may stop it.
type Merge struct {
	With  string    `json:"avec"` // the account that will be an alias, or the one that absorbs
	Into  bool      `json:"absorbe"`
	After time.Time `json:"apres"`
}

// Absorbed is an account that became an alias of this one.
type Absorbed struct {
	ID     string    `json:"id"`
	Since  time.Time `json:"depuis"`
	Member []Member  `json:"employeurs"`
}
