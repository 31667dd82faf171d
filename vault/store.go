package vault

import (
	"context"
	"io"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Store is a coffre-fort: the eight verbs of NF Z42-020 (déposer, lire,
// détruire, lire les métadonnées techniques, contrôler, lire le journal,
// lister, compter). The embedded store is [Coffre]; package remote has the
// client of another's.
//
// Every verb is done in the name of an [Acteur]. An implementation MUST refuse
// what the actor may not do with an anomaly that says why, MUST write the call
// and the refusal into the journal, and MUST NOT tell an actor that a document
// exists which is not his: it is refused as unknown.
//
// No error holds personal data but the Matricule. All methods may be called
// from several goroutines.
type Store interface {
	// Deposit files a batch, and answers once everything it accepted survives
	// a power cut. There is one Resultat a document, in order.
	//
	// It MUST NOT give a receipt for a document of which a byte or a key could
	// still be lost. The same business key with the same bytes MUST give the
	// same receipt again, whoever asks and however often; with other bytes it
	// MUST be refused as a conflict (COF-202) that names both digests, and
	// MUST NOT change what is stored. An error means that the batch as a whole
	// was not done and MAY be tried again with the same documents.
	Deposit(ctx context.Context, par Acteur, lot []Document) ([]Resultat, error)

	// Read writes the document to w. It MUST NOT write a byte before the whole
	// document was decrypted and compared with its digest.
	Read(ctx context.Context, par Acteur, id ID, w io.Writer) (Metadata, error)

	// Destroy erases the keys of copies of a document, and the document with
	// the last one. It MUST NOT erase the employer's double before its
	// retention ended. It cannot be undone. Erasing a copy that is gone is no
	// error; a document whose last copy is gone is refused with the dates
	// (COF-223) to who has a right over its employer, to others as unknown. It
	// says what was erased, now or before, and when that is complete.
	Destroy(ctx context.Context, par Acteur, id ID, copies Copie, motif string) (Effacement, error)

	// Metadata says what the store knows of a document without opening it.
	Metadata(ctx context.Context, par Acteur, id ID) (Metadata, error)

	// Check re-reads one document, its ciphertext, its leaf and the path to a
	// checkpoint, and gives its receipt against the newest checkpoint.
	Check(ctx context.Context, par Acteur, id ID) (Controle, error)

	// Journal gives events in order. The sequence MUST be consistent with one
	// checkpoint, the newest when the call began.
	Journal(ctx context.Context, par Acteur, f FiltreJournal) iter.Seq2[Evenement, error]

	// List gives documents, newest period first, then in order of deposit.
	List(ctx context.Context, par Acteur, f Filtre) iter.Seq2[Metadata, error]

	// Count counts what List would give.
	Count(ctx context.Context, par Acteur, f Filtre) (int64, error)
}

// Filtre chooses documents. Zero fields choose everything.
type Filtre struct {
	Employeur string  // SIRET
	Matricule string  // with Employeur
	Agent     ID      // all the documents of one agent
	Periode   Periode // of one month
	Annee     int     // of one year
	Nature    Nature
	Versement ID
	Distribue bool // only what agents may see: sessions that were validated
	Limite    int  // at most so many; all of them when it is none
	Apres     ID   // start after this document, in the order of List; COF-204 or COF-223 when it is not there
}

// FiltreJournal chooses events. Zero fields choose everything.
type FiltreJournal struct {
	Sujet ID    // one document, agent or session
	Genre Genre // one kind
	Debut int64 // first index
	Fin   int64 // index after the last; 0 for the end
}

// Resultat is what became of one document of a batch: a receipt, or the
// anomaly for which it was refused.
type Resultat struct {
	Recu *Recu
	Err  error
	Deja bool // it was there before this call
}

// Controle is the verdict of Check: the receipt, and what is wrong.
type Controle struct {
	Recu   *Recu
	Fautes []error // anomalies; none when everything is as it was deposited
	Depuis time.Time
}

// Depositaire is what a session of deposit needs: a store, and the book of its
// sessions. [Coffre] and the client of package remote implement it.
type Depositaire interface {
	Store

	// MayDeposit returns an anomaly unless par may deposit for an employer, to be
	// asked before anything is sent. The refusal is in the journal.
	MayDeposit(ctx context.Context, par Acteur, siret string) error

	// Papier lists the agents whose slips are printed.
	Papier(ctx context.Context, par Acteur, siret string) ([]Papier, error)

	// OpenVersement begins a session, or returns the one that an interruption
	// left for the same employer, period and source.
	OpenVersement(ctx context.Context, par Acteur, v Versement) (Versement, error)

	// SaveVersement writes how far a session is. Etape may be Preparation,
	// Verification or Annule, and Bilan MUST be just. The store counts the
	// documents itself, and moves a session whose employer asks for no second
	// person from Verification to Termine.
	SaveVersement(ctx context.Context, par Acteur, v Versement) (Versement, error)

	// Versements gives the sessions of an employer, newest first.
	Versements(ctx context.Context, par Acteur, siret string) ([]Versement, error)
}

// Guichet is a vault as people and programs reach it, of this machine or of
// another: the store, its sessions of deposit and the second person's word on
// them, and what verifies its receipts. [Coffre] is one and the client of
// package remote another; a command, an HTTP handler, a bench and a portal need
// no more than this.
type Guichet interface {
	Depositaire

	// Validate is the second person's yes to a session: agents see its
	// documents from then on. Who deposited any of them cannot say it.
	Validate(ctx context.Context, par Acteur, id ID) (Versement, error)

	// Reject is the second person's no; motif is shown in the suivi. The
	// documents stay out of sight of the agents and can be recalled with Destroy.
	Reject(ctx context.Context, par Acteur, id ID, motif string) (Versement, error)

	// Employeurs are those over whom par has a right, whichever it is, in the
	// order of their SIRET; all of them for the operator.
	Employeurs(ctx context.Context, par Acteur) ([]Employeur, error)

	// Point is the newest signed checkpoint, nil of a journal without events.
	Point(ctx context.Context) ([]byte, error)

	// Coherence proves that the journal at size from is a prefix of the journal
	// at size to, both at least 1 and at most the newest checkpoint's.
	Coherence(ctx context.Context, from, to int64) ([]tlog.Hash, error)

	// Verificateur is the public key that verifies receipts and checkpoints.
	Verificateur(ctx context.Context) (string, error)
}

var _ Guichet = (*Coffre)(nil)
