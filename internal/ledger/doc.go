// Package ledger is the memory of what was produced, sent and acknowledged: one
// SQLite file in the state folder, that several parts of the product share.
//
// A part declares its own tables as a [Schema], a folder of numbered SQL files;
// [Open] brings every schema that it is given up to date in one transaction
// each, and refuses a file that a newer version of the product has written. The
// ledger itself knows nothing of what its tables mean.
//
// Glossary:
//
//	state folder  --state, else $XHL_STATE, else $XDG_STATE_HOME/xhl, else ~/.local/state/xhl
//	Schema        the tables of one part, and how they came to be
//	migration     one numbered SQL file of a Schema, applied once, never edited
//
// Times are written by [Time] as UTC text that sorts; the clock is the
// caller's. Parameters are written $1, $2…, which PostgreSQL reads too.
package ledger
