// Package fsck verifies a vault from its bytes: it makes the catalogue again
// from the journal, compares, reads every blob and names what is wrong.
//
// Glossary:
//
//	Rapport   what was found: anomalies, and how much was verified
//	orphan    a blob that no document has
//	witness   a checkpoint that was kept outside
//
// It changes nothing, and needs no vault that is open.
package fsck
