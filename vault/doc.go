// Package vault is the coffre-fort: it keeps payslips encrypted, proves what
// was deposited and when, and lets each person read only what is his.
//
// Glossary:
//
//	Store          the eight verbs of NF Z42-020: Deposit, Read, Destroy, Metadata, Check, Journal, List, Count
//	Coffre         the embedded store, a folder: its comment says what is in it
//	Document       one PDF with whose it is and of which month
//	business key   employer, matricule, period, nature, sequence, version: one document each
//	rectificatif   a next version of a document; the former stays
//	double         the employer's copy, with a key and a retention of its own
//	Recu           receipt: proof that a document is in the journal
//	Point          signed checkpoint: so many leaves had this root at this time
//	blob           ciphertext, named by its SHA-256
//	Fiche          a small record with versions: employer, user, paper list, session
//	Versement      a session of deposit, one line of the suivi: the follow-up, read only
//	Acteur         in whose name a verb is done; Droit: what a user may do
//	Papier         an agent whose slips are printed
//
// # For a command line, a portal, a page
//
// [Init], [Open], [Fsck] and [Recover] are the life of a vault. A [Guichet] is
// a vault here or on another machine: package remise deposits a journal through
// it and gives the suivi. [Coffre.Comptes] has the accounts and says which
// actions a user sees, [Coffre.Registre] the employers and the agents,
// [Coffre.Upkeep] what the operator does. A portal reads with the actor [Agent]
// and keeps its own state with [Coffre.Fiches]. Exit codes come from the Classe
// of anomalies.
//
// Sources: RFC 6962 (tree), RFC 9180 (HPKE), RFC 8493 (BagIt), Code du travail
// L.3243-2 and L.3243-4, Code de commerce L.123-22. NF Z42-020 was not read:
// its verbs and metadata are as public sources tell them.
//
// It does not render bulletins, send mail, or keep accounts of agents. It does
// not defend against who holds all keys and can rewrite every copy of the
// checkpoints: send checkpoints outside (Options.Temoin).
package vault
