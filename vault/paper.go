package vault

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// Papier says that the slips of an agent are printed, and since when.
type Papier struct {
	Employeur string    `json:"employeur"`
	Matricule string    `json:"matricule"`
	Cause     Cause     `json:"cause"`
	Depuis    time.Time `json:"depuis"`
	Preuve    int64     `json:"-"` // version of the fiche; its event has the certain date
}

// Cause is why a slip is printed and not deposited.
type Cause string

const (
	CauseRefus   Cause = "refus"   // the agent refused dematerialisation (Code du travail L.3243-2)
	CauseInconnu Cause = "inconnu" // the agent cannot be reached
	CauseSorti   Cause = "sorti"   // left the employer
	CauseDeces   Cause = "deces"
)

func papierKey(siret, matricule string) string { return siret + "/" + matricule }

// SetPapier puts an agent on the paper list. Slips deposited before stay.
func (a *Registre) SetPapier(ctx context.Context, par Acteur, p Papier) error {
	i := Identite{Employeur: p.Employeur, Matricule: p.Matricule}
	if err := i.Validate(); err != nil {
		return err
	}
	switch p.Cause {
	case CauseRefus, CauseInconnu, CauseSorti, CauseDeces:
	default:
		return faults.Of(Codes.New("COF-201", "cause"), p.Matricule)
	}
	if p.Depuis.IsZero() {
		p.Depuis = a.c.now()
	}
	v, err := journal.Marshal(p)
	if err != nil {
		return err
	}
	return a.c.changePapier(ctx, par, p.Employeur, p.Matricule, v)
}

// RemovePapier takes an agent off the paper list, at his own demand.
func (a *Registre) RemovePapier(ctx context.Context, par Acteur, siret, matricule string) error {
	return a.c.changePapier(ctx, par, siret, matricule, nil)
}

func (c *Coffre) changePapier(ctx context.Context, par Acteur, siret, matricule string, v []byte) error {
	if par.Role == RoleAgent {
		// Agents speak for themselves, and for nobody else.
		if id, err := c.Registre().AgentDe(ctx, siret, matricule); err != nil {
			return err
		} else if id != par.Agent {
			return c.denied(ctx, par, "papier", ID{}, Codes.New("COF-306"))
		}
	} else if err := c.require(ctx, par, siret, DroitDepot, DroitComptes); err != nil {
		return c.denied(ctx, par, "papier", ID{}, err)
	}
	f, err := c.book.Fiche(ctx, acts.FichePapier, papierKey(siret, matricule))
	if err != nil {
		return err
	}
	if f.Valeur == nil && v == nil {
		return nil
	}
	f.Employeur, f.Valeur = siret, v
	return c.putFiche(ctx, par.Nom, f)
}

// Papier lists the agents of an employer whose slips are printed, in the order
// of their matricules.
func (c *Coffre) Papier(ctx context.Context, par Acteur, siret string) ([]Papier, error) {
	if err := c.require(ctx, par, siret, DroitDepot, DroitSuivi); err != nil {
		return nil, c.denied(ctx, par, "papier", ID{}, err)
	}
	var list []Papier
	for f, err := range c.book.Fiches(ctx, acts.FichePapier, siret) {
		if err != nil {
			return nil, err
		}
		var p Papier
		if err := json.Unmarshal(f.Valeur, &p); err != nil {
			return nil, fmt.Errorf("read a fiche of the paper list: %w", err)
		}
		p.Preuve = f.Version
		list = append(list, p)
	}
	sortBy(list, func(p Papier) string { return p.Matricule })
	return list, nil
}
