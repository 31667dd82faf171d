// Package ledger is the memory of what was produced, sent and acknowledged:
// one database that several parts of the product share, an SQLite file of the
// state folder or a PostgreSQL database.
//
// A part declares its own tables as a [Schema], a folder of numbered SQL files;
// [Open] brings every schema that it is given up to date in one transaction
// each, and refuses a ledger that a newer version of the product has written.
// The ledger itself knows nothing of what its tables mean, and the parts do
// not know which database they are in: see [DB] for what they may write.
//
// Glossary:
//
//	Ledger        an open ledger
//	Schema        the tables of one part, and how they came to be
//	migration     one numbered SQL file of a Schema, applied once, never edited
//	dialect       what the two databases do not say alike
//
// Times are written by [Time] as UTC text that sorts; the clock is the
// caller's.
package ledger
