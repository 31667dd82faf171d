package vault

import (
	"paye/internal/identifiants"
	"paye/vault/internal/acts"
	"paye/vault/internal/faults"
	"paye/vault/internal/fsck"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
	"paye/vault/internal/packs"
)

// What the journal, the packs and the keys are told in has its home below; here
// it has the names that callers use.
type (
	// ID names a document, an agent or a session of deposit.
	ID = names.ID
	// BlobName is the SHA-256 of a blob, which is ciphertext.
	BlobName = names.BlobName
	// Blobs keeps ciphertext by its name: a folder of packs, or a bucket with
	// object lock, in package s3store.
	Blobs = packs.Store
	// BlobInfo is what a store of blobs says of one.
	BlobInfo = packs.Info
	// Identite says whose a document is. It prints as its Matricule only.
	Identite = acts.Identite
	// Periode is the month a document is of.
	Periode = identifiants.Periode
	// Nature is what a document is.
	Nature = acts.Nature
	// Copie is a set of the ways to a document.
	Copie = acts.Copie
	// Fiche is a small record with versions that lives in the journal.
	Fiche = acts.Fiche
	// Genre is the kind of an event of the journal.
	Genre = journal.Genre
	// RapportFsck is what a verification found, FsckProgress how far it is.
	RapportFsck  = fsck.Rapport
	FsckProgress = fsck.Progress
	// Point is a checkpoint: so many leaves had this root at this time.
	Point = journal.Point
)

// What the vault bounds.
const (
	// MaxDocument is the default limit of a document, in bytes.
	MaxDocument = 32 << 20
	// MaxLot is the most documents that one Deposit takes. 50 to 200 is best: the
	// disk is synced once for the journal of a batch.
	MaxLot = 2000
	// MaxEcarts bounds the list of a session; the counts are always complete.
	MaxEcarts = 2000
	// ConservationPaie and ConservationComptable are the years of retention of the
	// employer's double.
	ConservationPaie      = 5
	ConservationComptable = 10
	// SauvegardesMax is for how many days backups of the journal and the keys may
	// be kept: what was erased is in none after a month (délibération CNIL
	// 2013-270).
	SauvegardesMax = 30
)

// Natures of documents, and their copies: the agent's and the employer's double
// have each its own wrapped key and its own life.
const (
	Bulletin = acts.Bulletin
	Annexe   = acts.Annexe

	CopieAgent   = acts.CopieAgent
	CopieDouble  = acts.CopieDouble
	ToutesCopies = acts.ToutesCopies
)

// Kinds of events.
const (
	EvCreation       = journal.EvCreation
	EvAgent          = journal.EvAgent
	EvEnveloppe      = journal.EvEnveloppe
	EvDepot          = journal.EvDepot
	EvLecture        = journal.EvLecture
	EvRefusAcces     = journal.EvRefusAcces
	EvMetadata       = journal.EvMetadata
	EvControle       = journal.EvControle
	EvRecherche      = journal.EvRecherche
	EvJournal        = journal.EvJournal
	EvDestruction    = journal.EvDestruction
	EvFiche          = journal.EvFiche
	EvExport         = journal.EvExport
	EvHorloge        = journal.EvHorloge
	EvMaintenance    = journal.EvMaintenance
	EvSecours        = journal.EvSecours
	EvRenouvellement = journal.EvRenouvellement
	EvOubli          = journal.EvOubli
)

// Key files of a vault, in keys/.
const (
	CleCatalogue = keys.Catalogue
	CleJournal   = keys.Journal
	CleMaitre    = keys.Maitre
	CleSecours   = keys.Secours
)

// CleEmployeur names the key that opens the double of one employer.
func CleEmployeur(siret string) string { return keys.Employeur(siret) }

// Codes are the anomalies of the vault.
var Codes = faults.Codes

// ParseID reads 32 lower-case hexadecimal digits.
func ParseID(s string) (ID, error) { return names.ParseID(s) }

// ParseBlobName reads 64 lower-case hexadecimal digits.
func ParseBlobName(s string) (BlobName, error) { return names.ParseBlobName(s) }

// ParsePeriode reads "2026-09".
func ParsePeriode(s string) (Periode, error) { return identifiants.ParsePeriode(s) }
