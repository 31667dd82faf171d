// Package task runs long work for the pages and the API: each piece of work has
// a number that can be looked up, shows how far it is, can be cancelled, and is
// remembered when the server stops.
//
// Glossary:
//
//	Task     one piece of work: what was asked, by whom, where it is, what came of it
//	Runner   does the work of a kind
//	Run      a Task under way, as its Runner sees it
//	Lane     how many of some kinds run at once
//	Step     how far a Task is: a pulled count
//
// Requests and results are JSON: a task is run again from its request, after a
// restart too. What a task reads and writes is its Runner's affair.
//
// It knows no payroll, no page and no right: who may see a task is decided by
// who asks for it.
package task
