package portal

import (
	"context"

	"paye/internal/lang"
)

// Suspend ends everything at once: the owner says that somebody else was in
// (T15). The caller ends the sessions.
func (p *Portal) Suspend(ctx context.Context, id string) error {
	return p.suspend(ctx, "", id)
}

// SuspendByDesk is the same for who says so by telephone.
func (p *Portal) SuspendByDesk(ctx context.Context, par, siret, matricule string) error {
	a, err := p.agent(ctx, siret, matricule)
	if err != nil {
		return err
	}
	return p.suspend(ctx, par, a.ID)
}

func (p *Portal) suspend(ctx context.Context, desk, id string) error {
	par := desk
	if par == "" {
		par = "compte " + id
	}
	err := p.changeAccount(ctx, par, id, func(a *Account) error {
		if err := a.move(p.clock(), Suspend); err != nil {
			return err
		}
		a.Suspended, a.Reset, a.Pending = &Suspension{Since: p.clock()}, nil, nil
		return nil
	})
	if err != nil {
		return err
	}
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	p.post(a, a.Mail, lang.Text{FR: "Espace suspendu", EN: "Space suspended"}, lang.Text{FR: "Votre espace est suspendu : personne n’y entre plus. Deux personnes de votre employeur le rouvrent après vous avoir rappelé.", EN: "Your space is suspended: nobody gets in any more. Two persons of your employer open it again after calling you back."})
	if err := p.askAll(ctx, AskRelease, a); err != nil {
		return err
	}
	return p.note(ctx, id, Event{What: HapSuspended, Par: desk})
}

// agent gives the account of an agent of an employer.
func (p *Portal) agent(ctx context.Context, siret, matricule string) (*Account, error) {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Account == "" {
		return nil, Codes.New(NotMember)
	}
	a, err := p.follow(ctx, m.Account)
	if err == nil && a == nil {
		err = Codes.New(NotMember)
	}
	return a, err
}

// Release lifts a suspension: the first person's word is kept, a second
// person's does it. The former password is dead, since whoever was in knew it:
// the owner chooses another by the link that goes to his address, or with a
// letter.
func (p *Portal) Release(ctx context.Context, par, siret, matricule string) (lifted bool, err error) {
	a, err := p.agent(ctx, siret, matricule)
	if err != nil {
		return false, err
	}
	err = p.changeAccount(ctx, par, a.ID, func(a *Account) error {
		lifted = false
		switch {
		case a.Suspended == nil:
			return Codes.New(NotNow)
		case a.Suspended.Released == "":
			a.Suspended.Released = par
			return nil
		case a.Suspended.Released == par:
			return Codes.New(SecondPerson)
		}
		if err := a.move(p.clock(), Release); err != nil {
			return err
		}
		a.Suspended, a.Hash, a.Secret, a.Reopened, lifted = nil, "", nil, true, true
		return nil
	})
	if err != nil {
		return false, err
	}
	if err := p.actedAll(ctx, par, AskRelease, a, lifted); err != nil {
		return lifted, err
	}
	if !lifted {
		return false, p.note(ctx, a.ID, Event{What: HapHalfReleased, Par: par})
	}
	p.post(a, a.Mail, lang.Text{FR: "Espace rouvert", EN: "Space open again"}, lang.Text{FR: "La suspension de votre espace est levée. L’ancien mot de passe ne fonctionne plus : choisissez-en un autre par « Mot de passe oublié », %s/oubli", EN: "The suspension of your space is lifted. The former password no longer works: choose another by “Forgotten password”, %s/oubli"}, p.o.Address)
	return true, p.note(ctx, a.ID, Event{What: HapReleased, Par: par})
}
