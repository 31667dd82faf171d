// Package lucca reads an HR tenant through its interface v3: sheets of users,
// contracts, choices of lists, absences. It is an [hr.Source].
//
// Glossary:
//
//	account      the address of a tenant, https://town.ilucca.net
//	key          the application key, sent in the header "Authorization: lucca application=…" only
//	collection   a list of objects in pages: paging=offset,limit and a count when asked for
//	extendedData the fields that each tenant defines for itself, wrapped or plain
//	leave        a half-day of absence; its account is its type
//
// Sources: the vendor's public developer documentation (users, leaves, limits,
// errors) and what public clients of live tenants read. What those leave open
// is read leniently and never guessed: names in any case, identifiers as
// numbers or texts, dates with or without a time.
//
// It sends GET requests only. It never asks for comments, attachments or
// certificates of absences.
package lucca
