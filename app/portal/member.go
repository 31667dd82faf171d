package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"paye/vault"
)

// Membership is how an agent of an employer gets his slips. It exists before
// any account does.
type Membership struct {
	Siret     string    `json:"siret"`
	Matricule string    `json:"matricule"`
	Account   string    `json:"compte,omitempty"`
	Agent     vault.ID  `json:"agent,omitzero"`
	Mode      Mode      `json:"mode"`
	Notice    time.Time `json:"notification"`
	Code      []byte    `json:"code,omitempty"` // digest of the code of the notice

	Number    string    `json:"numero,omitempty"`       // of the refusal
	Confirmed time.Time `json:"confirme,omitzero"`      // certain date of the refusal
	Limit     time.Time `json:"limite,omitzero"`        // three months later, at the latest
	Paper     time.Time `json:"papier_depuis,omitzero"` // the run that took it into account
	Before    Mode      `json:"avant,omitempty"`
	Undo      *Token    `json:"retour,omitempty"`
	Left      time.Time `json:"parti,omitzero"` // the agent left the employer, or died
	Closed    time.Time `json:"clos,omitzero"`  // the agent closed his space
}

func membershipKey(siret, matricule string) string { return siret + "/" + matricule }

// step makes a step, which is refused when the machine does not have it.
func (m *Membership) step(s Step) error {
	to, ok := NextMode(m.Mode, s)
	if !ok {
		return Codes.New(NotNow)
	}
	m.Mode = to
	return nil
}

// Membership reads a membership; nil when there is none.
func (p *Portal) Membership(ctx context.Context, siret, matricule string) (*Membership, error) {
	var m Membership
	version, err := p.read(ctx, kindMembership, membershipKey(siret, matricule), &m)
	if err != nil || version == 0 {
		return nil, err
	}
	return &m, nil
}

// memberships gives those of an employer.
func (p *Portal) memberships(ctx context.Context, siret string) iter.Seq2[Membership, error] {
	return func(yield func(Membership, error) bool) {
		for f, err := range p.o.Coffre.Fiches().All(ctx, kindMembership, siret) {
			var m Membership
			if err == nil {
				if err = json.Unmarshal(f.Valeur, &m); err != nil {
					err = fmt.Errorf("read a membership: %w", err)
				}
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

func (p *Portal) changeMembership(ctx context.Context, par, siret, matricule string, f func(m *Membership) error) error {
	return change(ctx, p, par, kindMembership, membershipKey(siret, matricule), siret, func(m *Membership, exists bool) error {
		if !exists {
			return Codes.New(NotMember)
		}
		return f(m)
	})
}

// EmployerName is what an employer is called.
func (p *Portal) EmployerName(ctx context.Context, siret string) (string, error) {
	e, err := p.o.Coffre.Registre().Employeur(ctx, siret)
	if err != nil || e == nil {
		return siret, err
	}
	return e.Nom, nil
}
