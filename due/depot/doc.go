// Package build is the machine-to-machine deposit of declarations: an
// interface, and a client that is off. No address is known here; all of them
// are configuration and empty by default, and no command of the product uses
// the client.
//
// Glossary:
//
//	Depot     what a deposit channel does: authenticate, deposit, list, download
//	Client    the channel over HTTP
//	jeton     token of an authentication
//	AEE, ARE  receipt and rejection of a deposit (due.Retour of level 1)
//
// Sources: what public clients of the service were seen to do; the official
// guides were not read. An XML body with siret, nom, prenom, motdepasse and
// service gives a token as text; a deposit is the gzip of the XML under the
// header "Authorization: DSNLogin jeton=…"; 401 and 422 refuse an
// authentication, and 422 may carry an ARE. The form of the list of returns is
// not known: it is given as it came.
//
// The indicator of the file alone decides whether a deposit declares: there is
// no test address to rely on.
package depot
