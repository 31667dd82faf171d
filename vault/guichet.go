package vault

import "context"

// Depositaire is what a session of deposit needs: a store, and the book of its
// sessions. [Coffre] and the client of package remote implement it.
type Depositaire interface {
	Store

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

	// Verificateur is the public key that verifies receipts and checkpoints.
	Verificateur(ctx context.Context) (string, error)
}

var _ Guichet = (*Coffre)(nil)
