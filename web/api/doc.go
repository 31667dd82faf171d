// Package api is what programs ask over HTTP: check a file, plan and build a
// payroll as a job, compare two months, follow fluxes, give an acknowledgment.
//
// openapi.json says what it is; a test holds it against the handlers. Errors are
// problem+json (RFC 9457) with the stable codes of the anomalies. A token
// belongs to an account, has scopes and an end, and does nothing that its
// account may not do.
//
// Glossary:
//
//	scope   what a token may do: check, prepare, flux, send, vault
//	job     a plan or a build that goes on after the answer
//	problem an error as JSON: type, title, status, code, detail
//
// No rule of the domain is here. The vault has a protocol of its own, in
// package vault/remote.
package api
