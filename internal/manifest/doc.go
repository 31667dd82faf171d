// Package manifest is manifest.json, the list of what a build delivered, which
// stands beside its volumes. Whoever reads a delivery needs it: the check of a
// set, the book of fluxes, the console; none needs the job that wrote it.
//
//	Manifest   manifest.json   a set of volumes, and the proof of their number
//	Volume     volumes[]       a file of the set
//	Offline    hors_ligne      what a plan of the whole book would have given
//
// Its JSON form is a contract, documented in docs/formats.md. What a manifest
// says is not believed: the check holds the files against it.
package manifest
