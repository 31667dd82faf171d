package portal

import (
	"context"
	"errors"
	"time"

	"paye/vault"
)

// Desk is what the support desk sees of an agent: states and dates, never a
// content, an amount or a whole address.
type Desk struct {
	Siret, Matricule string
	Deposited        bool      // a run of the employer was distributed
	LastRun          time.Time // its last one
	HasDocument      bool
	LastDocument     time.Time
	LastMonth        vault.Periode
	Membership       *Membership // nil when nobody told the agent anything
	Account          bool
	State            State
	Number           string // twelve digits, of which the last four are shown
	MailHint         string
	Letters          []Sent
	Requests         []Request
	Suspended        *Suspension
}

// Look gives what the support desk may know of an agent, and writes the look
// into the agent's trace: deposit first, because a letter comes after it.
func (p *Portal) Look(ctx context.Context, par, siret, matricule string) (*Desk, error) {
	d := &Desk{Siret: siret, Matricule: matricule}
	runs, err := p.o.Coffre.Versements(ctx, vault.Systeme("portail"), siret)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		if runs[i].Distribue() {
			d.Deposited, d.LastRun = true, runs[i].Debut
			break
		}
	}
	for m, err := range p.o.Coffre.List(ctx, vault.Systeme("portail"), vault.Filtre{Employeur: siret, Matricule: matricule, Distribue: true, Limite: 1}) {
		if err != nil {
			return nil, err
		}
		d.HasDocument, d.LastDocument, d.LastMonth = true, m.Date, m.Periode
	}
	if d.Requests, err = p.requestsOf(ctx, siret, matricule); err != nil {
		return nil, err
	}
	if d.Membership, err = p.Membership(ctx, siret, matricule); err != nil || d.Membership == nil || d.Membership.Account == "" {
		return d, err
	}
	a, err := p.follow(ctx, d.Membership.Account)
	if err != nil || a == nil {
		return d, err
	}
	d.Account, d.State, d.MailHint, d.Letters, d.Suspended = true, a.At(p.clock(), false), hint(a.Mail), a.Letters, a.Suspended
	d.Number = "…" + a.Number[len(a.Number)-4:]
	return d, p.note(ctx, a.ID, Event{What: HapSupport, Par: par, Note: siret})
}

// Agent is a line of the list of the payroll office.
type Agent struct {
	Matricule string
	Mode      Mode
	State     State
	Notice    time.Time
	Confirmed time.Time
	Limit     time.Time
}

// Agents lists the memberships of an employer in the order of the matricules.
func (p *Portal) Agents(ctx context.Context, siret string) (list []Agent, err error) {
	for m, err := range p.memberships(ctx, siret) {
		if err != nil {
			return nil, err
		}
		line := Agent{Matricule: m.Matricule, Mode: m.Mode, Notice: m.Notice, Confirmed: m.Confirmed, Limit: m.Limit}
		if m.Account != "" {
			a, err := p.Account(ctx, m.Account)
			if err != nil {
				return nil, err
			}
			if a != nil {
				line.State = a.At(p.clock(), false)
			}
		}
		list = append(list, line)
	}
	sortAgents(list)
	return list, nil
}

// Round does what comes with time: notices that are a month old, refusals that
// a run has passed, merges whose three days are over, and what was interrupted.
// What fails for one employer keeps the others waiting for nothing.
func (p *Portal) Round(ctx context.Context) error {
	errs := []error{p.counter.sweep(ctx, p.clock().AddDate(0, 0, -2)), p.mergeRound(ctx), p.closingRound(ctx), p.serviceRound(ctx), p.sweepRequests(ctx)}
	list, err := p.o.Coffre.Employeurs(ctx, vault.Systeme("portail"))
	errs = append(errs, err)
	for _, e := range list {
		errs = append(errs, p.Month(ctx, e.Siret), p.AfterRun(ctx, e.Siret))
	}
	return errors.Join(errs...)
}
