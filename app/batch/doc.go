// Package batch does the steps of a night for many employers: a thousand towns
// on one machine, or one job of many on a worker. It calls the other wishes of
// app with their plain requests and keeps what became of each employer.
//
// # Glossary
//
//	Go name    domain      gloss
//	Employeur  employeur   a folder that holds a payroll, and what its flux needs
//	Task       -           one employer and its steps: a plain value, which a worker is sent
//	Step       -           check, variations, build, bulletins, deposit, send: in this order
//	Outcome    -           what became of a task: how far it came, and what a person must do
//	Journal    batch.jsonl the steps that are done, by content and options
//	Summary    -           the outcomes of a night
//
// A fault of one employer stops that employer alone. A step that was done with
// the same content, options and version is not done again.
//
// # What it does not do
//
// It prints nothing, starts no process, and opens neither ledger, vault nor
// platform: Env holds them.
package batch
