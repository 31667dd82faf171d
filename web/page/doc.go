// Package page makes the page: one HTML file that checks a payroll, plans and
// builds its volumes in a browser, with nothing to install and nothing that
// leaves the machine.
//
// The program inside is this one: package engine and what it asks, compiled
// for WebAssembly (command wasm). It runs in a worker, over a file layer of a
// few hundred lines of script (assets/files.js) that feeds Go's os: what the
// command says of a file the page says too, and the bytes are the same. A second
// worker does parts of what the first is asked (assets/peer.js, internal/share):
// windows of a journal, blocks, pieces, volumes that are read back.
//
// Glossary:
//
//	Artefact  the program and the script of Go that starts it, made by go generate
//	Page      the file: policy, style, script, worker and program, in that order
//
// The page has a policy of its own (Content-Security-Policy in a meta): it may
// load and post nothing, run its one script, by digest, and workers that the
// script makes. A policy is no wall around a browser: it says nothing of
// navigation, which the script does not do.
//
// What it does not do: keep a memory of fluxes, send, open a vault.
package page
