// Package jobs is the queue of the work of many machines: River, in the
// PostgreSQL database of the ledger, so that the end of a job and what it wrote
// into the ledger are one transaction.
//
// Glossary:
//
//	Args      what a job is: employer, month, train, step, and references
//	Queue     the jobs of a database, for who inserts and watches
//	Worker    a process that takes jobs
//	Job       one attempt at a job, in the hands of a worker
//	Complete  end a job inside the transaction of its result
//
// Nothing in a River database guards a job by the number of its attempt: a
// worker that was stopped for an hour still believes that it holds its job.
// Complete therefore commits nothing unless it is the one that ends the job, and
// who works has a lock of its own on what it writes.
//
// It knows nothing of what the steps do. What is written into the rows of
// River, errors included, holds no personal datum: [Fault] keeps the class of an
// error and drops its words.
package jobs
