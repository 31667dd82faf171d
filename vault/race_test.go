//go:build race

package vault

// raceEnabled makes tests that repeat one thing many times repeat it less: the
// race detector makes SQLite and the cryptography ten times slower.
const raceEnabled = true
