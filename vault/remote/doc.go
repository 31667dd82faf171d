// Package remote carries a coffre-fort over HTTP: a handler that exposes a
// [Coffre], and a client that is a [vault.Depositaire].
//
// Every verb is a POST below /coffre/v1/, so that nothing about a person is in
// an address, and every verb can be sent twice: the client does so by itself
// when it heard no answer. The server decides in whose name a call is made,
// from the bearer token; the Acteur that is given to the client is not sent.
//
// Glossary:
//
//	Handler  the server's side, to be mounted
//	Client   the client's side, a vault.Depositaire
//	token    what /coffre/v1/session gives for a login and a password, or an account for its machine
//	line     one JSON object and a line feed
//	fin      the last line of an answer of several lines; without it the answer was cut
//	point    the newest signed checkpoint, for the client to keep
//
// Bodies are JSON but for documents, which go as their bytes after a line that
// gives their size and digest. Anomalies go by code and arguments and come out
// as they went in. The client believes a receipt once it proves the bytes that
// were sent.
//
// It is our own protocol: no vendor publishes one, and none is invented here.
// The connection, its encryption and its limits are those of package server.
package remote
