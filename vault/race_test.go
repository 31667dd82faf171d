//go:build race

package vault

// raceEnabled tells that the race detector looks on, which makes SQLite and the
// cryptography ten times slower.
const raceEnabled = true
