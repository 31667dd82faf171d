// Package pgtest gives tests a real PostgreSQL: a temporary cluster that the
// test process makes with initdb, reaches by a socket of its own folder, and
// that ends and is removed with the process, even a killed one.
//
// As root the cluster belongs to the user postgres, since the server refuses
// to run as root. A test whose machine has no PostgreSQL is skipped with the
// reason.
package pgtest
