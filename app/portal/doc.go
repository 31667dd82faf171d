// Package portal is the wishes of agents about their documents: a first
// sign-in, a lost password, a refusal of electronic slips, a link for somebody
// else; and those of the support desk about agents. It prints nothing and has
// no HTML.
//
// Glossary:
//
//	Account     one person of the portal, with the memberships that he proved
//	Number      the twelve digits that name an account, the last one a check digit
//	Membership  one agent of one employer, and how he gets his slips
//	State       where an account is (A0 to A9), Mode where a membership is (M0 to M5)
//	Move, Edge  one numbered transition of the two machines
//	Secret      the one-time password of the letter
//	Letter      what is printed and posted to an agent
//	Share       a link to one document, with an end and a code
//	Piece       a document that an agent put there himself
//	Trace       what happened to an account, as its owner reads it
//	Request     what somebody asks of the support desk
//
// Accounts and all that is decided are fiches of the vault: encrypted, with
// their history in its journal. What only counts attempts is in the ledger.
// Own documents are files of the state folder, each with a key of its own.
//
// Sources: Code du travail L.3243-2 and D.3243-7 (refusal, three months, certain
// date), D.3243-8 (recovery at any time), CNIL délibération 2013-270 (no NIR for
// routing) and 2022-100 (passwords), RFC 9106 (argon2id).
//
// It does not know what an agent earns, was born or lives at: none of that
// opens an account.
package portal
