package portal

import (
	"context"

	"paye/internal/lang"
)

// AskElectronic begins the way back from paper; it is two steps too, of which
// the second is the desk's where the employer keeps that to himself.
func (p *Portal) AskElectronic(ctx context.Context, siret, matricule string) error {
	var account string
	err := p.changeMembership(ctx, "portail", siret, matricule, func(m *Membership) error {
		account = m.Account
		return m.step(AskElectronic)
	})
	if err != nil || account == "" {
		return err
	}
	if p.o.ReactivationBySupport {
		if err := p.ask(ctx, AskReactivation, siret, matricule, account); err != nil {
			return err
		}
	}
	return p.note(ctx, account, Event{What: HapAskedBack, Note: siret})
}

// BackBySupport reports whether the way back from paper ends at the desk.
func (p *Portal) BackBySupport() bool { return p.o.ReactivationBySupport }

// ConfirmElectronic ends it, unless the employer keeps that to himself.
func (p *Portal) ConfirmElectronic(ctx context.Context, siret, matricule string) error {
	if p.o.ReactivationBySupport {
		return Codes.New(OnlySupport)
	}
	return p.reaccept(ctx, "portail", siret, matricule)
}

func (p *Portal) reaccept(ctx context.Context, par, siret, matricule string) error {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return err
	}
	if m == nil {
		return Codes.New(NotMember)
	}
	return p.backToElectronic(ctx, par, m, ConfirmAsk, HapElectronic)
}

// AcceptElectronic is the desk's word for an agent who asked for electronic
// slips again, here or by telephone; he is told.
func (p *Portal) AcceptElectronic(ctx context.Context, par, siret, matricule string) error {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return err
	}
	if m == nil {
		return Codes.New(NotMember)
	}
	if m.Mode == Confirmed || m.Mode == Paper {
		err := p.changeMembership(ctx, par, siret, matricule, func(m *Membership) error { return m.step(AskElectronic) })
		if err != nil {
			return err
		}
	}
	if err := p.reaccept(ctx, par, siret, matricule); err != nil {
		return err
	}
	if err := p.acted(ctx, par, AskReactivation, siret, matricule, true); err != nil || m.Account == "" {
		return err
	}
	a, err := p.follow(ctx, m.Account)
	if err != nil || a == nil {
		return err
	}
	name, err := p.EmployerName(ctx, siret)
	if err != nil {
		return err
	}
	p.tell(a, lang.Text{FR: "Bulletins électroniques", EN: "Electronic payslips"}, lang.Text{FR: "%s vous remettra de nouveau vos bulletins sous forme électronique.", EN: "%s will give you your payslips in electronic form again."}, name)
	return nil
}

// KeepPaper is the desk's word that a wish for electronic slips is not followed:
// the agent stays on paper.
func (p *Portal) KeepPaper(ctx context.Context, par, siret, matricule string) error {
	var account string
	err := p.changeMembership(ctx, par, siret, matricule, func(m *Membership) error {
		account = m.Account
		return m.step(DropAsk)
	})
	if err != nil {
		return err
	}
	if err := p.acted(ctx, par, AskReactivation, siret, matricule, true); err != nil || account == "" {
		return err
	}
	return p.note(ctx, account, Event{What: HapKept, Par: par, Note: siret})
}
