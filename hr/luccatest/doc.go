// Package luccatest is a tenant for tests: it speaks the part of the interface
// v3 that paye/hr/lucca uses, on loopback, with the faults that a test asks
// for. It refuses and remembers whatever a reader must never do: write, put the
// key into the address, ask for health data.
//
// Glossary:
//
//	Tenant   users, leaves, contracts, lists of one account, editable between runs
//	Fault    what goes wrong, at which request
//	Clock    a clock that waits for nobody
//
// Its answers are made after the public documentation; no live tenant was asked.
package luccatest
