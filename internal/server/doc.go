// Package server is the HTTP server of the program: it carries handlers that
// know nothing of addresses, certificates, slow callers and signals.
//
// Glossary:
//
//	Serveur   the server, around one handler
//	source    where a request comes from: an address, or the network of one in IPv6
//	Brake     brake: a source that fails to log in too often has to wait
//	débit     rate: a caller who sends or reads too slowly is left
//	sonde     probe: whether a component works; /sante shows them
//	Round     round: what the server does by itself, at its start and every day
//	requête   a request; its number is in the log, in the answer, in every error
//
// What holds for every handler: requests are numbered and logged without an
// address, a name or a path that could hold one; bodies are bounded; a panic is
// an answer 500; errors are JSON with the code of an anomaly ([Refuse]). On the
// end of its context the server takes no new request and finishes those under
// way.
//
// It listens on loopback without more, elsewhere with a certificate only, or
// behind a proxy that has one.
//
// It does not know who calls: that is the handlers' affair.
package server
