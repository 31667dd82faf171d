package vault

import (
	"context"
	"slices"

	"paye/vault/internal/acts"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// Acteur is in whose name a verb is done.
type Acteur struct {
	Role  Role
	Nom   string // login of a user, name of a job; goes into the journal
	Agent ID     // for RoleAgent
}

// Role is the part an actor plays.
type Role uint8

const (
	// RoleSysteme is the operator of the machine, who holds its files: rights
	// of users do not apply, activation and retention do.
	RoleSysteme Role = 1 + iota
	// RoleUtilisateur is a user of the payroll office, with an account and rights.
	RoleUtilisateur
	// RoleAgent is an agent, for his own documents.
	RoleAgent
	// RoleAdministrateur runs the service. He sees technical metadata and the
	// journal, and has no way to a document or a name.
	RoleAdministrateur
)

// Systeme, Utilisateur, Agent and Administrateur make actors.
func Systeme(nom string) Acteur { return Acteur{Role: RoleSysteme, Nom: nom} }

func Utilisateur(login string) Acteur { return Acteur{Role: RoleUtilisateur, Nom: login} }

func Administrateur(nom string) Acteur { return Acteur{Role: RoleAdministrateur, Nom: nom} }

func Agent(id ID) Acteur { return Acteur{Role: RoleAgent, Nom: "agent " + id.String(), Agent: id} }

// Droit is what a user may do for an employer.
type Droit string

const (
	DroitDepot       Droit = "depot"       // deposit
	DroitSuivi       Droit = "suivi"       // follow deposits, list, technical metadata
	DroitValidation  Droit = "validation"  // validate the deposits of another
	DroitLecture     Droit = "lecture"     // open the employer's double
	DroitDestruction Droit = "destruction" // destroy doubles whose retention ended
	DroitComptes     Droit = "comptes"     // manage users, rights, options
)

// Droits are all the rights, in the order they are shown.
var Droits = []Droit{DroitDepot, DroitSuivi, DroitValidation, DroitLecture, DroitDestruction, DroitComptes}

// tousEmployeurs in a user's rights stands for every employer.
const tousEmployeurs = "*"

// require returns an anomaly unless par may use one of the rights for an
// employer. An empty employer asks for a right over all of them.
func (c *Coffre) require(ctx context.Context, par Acteur, employeur string, droits ...Droit) error {
	switch par.Role {
	case RoleSysteme:
		return nil
	case RoleUtilisateur:
		u, err := c.utilisateur(ctx, par.Nom)
		if err != nil {
			return err
		}
		if u == nil || !u.Actif {
			return Codes.New("COF-303")
		}
		for _, d := range droits {
			if slices.Contains(u.Droits[tousEmployeurs], d) || employeur != "" && slices.Contains(u.Droits[employeur], d) {
				return nil
			}
		}
		if employeur == "" {
			return Codes.New("COF-305")
		}
		return Codes.New("COF-304", string(droits[0]), employeur)
	}
	return Codes.New("COF-306")
}

// denied writes a refusal into the journal and returns it.
func (c *Coffre) denied(ctx context.Context, par Acteur, objet string, sujet ID, refusal error) error {
	cause := "refuse"
	if a, ok := faults.As(refusal); ok {
		cause = a.Code
	} else {
		return refusal // the machine failed, nobody was refused
	}
	if c.frozen.Load() != nil {
		return refusal
	}
	d := &journal.Draft{Genre: EvRefusAcces, Sujet: sujet, Corps: acts.Acte{Par: par.Nom, Objet: objet, Cause: cause}}
	if err := c.commit(ctx, &operation{prepare: func(*transaction) ([]*journal.Draft, error) { return []*journal.Draft{d}, nil }}); err != nil {
		return err
	}
	return refusal
}
