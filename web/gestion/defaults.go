package gestion

import (
	"cmp"
	"context"

	"paye/app/build"
	"paye/splitter"
	"paye/xhl"
)

// Defaults are what the configuration file of the command line says for a budget of
// an employer; "" where it says nothing.
type Defaults struct {
	Limit, Format, Packaging, Mode      string
	IdPost, CodCol, CodBud, FinJur      string
	TypFic, LibelleColBud, LibellePoste string
}

// defaults are those of the payroll of a head; nil is a payroll that cannot be read
// yet, or says nothing.
func (c *Console) defaults(head *xhl.Entete) Defaults {
	if c.o.Defaults == nil {
		return Defaults{}
	}
	return c.o.Defaults(whose(head))
}

// whose is the employer and the budget of a payroll.
func whose(head *xhl.Entete) (siret, budget string) {
	if head == nil {
		return "", ""
	}
	if head.Budget != nil {
		budget = head.Budget.Code
	}
	return head.Employeur.Siret, budget
}

// propose fills in what nobody has typed yet: what was used last for the budget, else
// what the configuration file has, else what was used last for the employer. What
// leaves is fluxes where the file says so, or has what they need.
func (c *Console) propose(ctx context.Context, s *settings, head *xhl.Entete) error {
	siret, budget := whose(head)
	used, err := c.recall(ctx, siret, budget)
	if err != nil {
		return err
	}
	d := c.defaults(head)
	filed := header{d.IdPost, d.CodCol, d.CodBud, d.FinJur}
	s.header = filed
	if used.IdPost != "" && (used.budget == budget || filed == header{}) {
		s.header = used.header
	}
	s.Limit = cmp.Or(d.Limit, s.Limit)
	if d.Packaging == build.EnPieces {
		s.Packaging = d.Packaging
	}
	if d.Mode == string(splitter.Separe) { // the other one wants a number that the file cannot have
		s.Mode = d.Mode
	}
	if wanted := d.Format == build.FormatPES || d.Format == "" && filed != (header{}); wanted && s.IdPost != "" && s.CodCol != "" && s.CodBud != "" {
		s.Format = build.FormatPES
	}
	s.Proposed = false
	return nil
}

// dress gives a request what the configuration file has and the form does not ask.
func (d *Defaults) dress(q *build.Request) {
	q.Flux.TypFic = cmp.Or(d.TypFic, q.Flux.TypFic)
	q.Flux.LibelleColBud, q.Flux.LibellePoste = d.LibelleColBud, d.LibellePoste
}
