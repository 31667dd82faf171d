package portal

import (
	"context"
	"slices"
	"time"

	"paye/vault"
)

// Leave is an agent who left an employer (T19): slips that come after are
// printed, and his account and what it holds stay as they are.
func (p *Portal) Leave(ctx context.Context, par, siret, matricule string) error {
	return p.leave(ctx, par, siret, matricule, vault.CauseSorti, HapLeft)
}

func (p *Portal) leave(ctx context.Context, par, siret, matricule string, cause vault.Cause, what Happening) error {
	now := p.clock()
	err := p.o.Coffre.Registre().SetPapier(ctx, vault.Utilisateur(par), vault.Papier{Employeur: siret, Matricule: matricule, Cause: cause, Depuis: now})
	if err != nil {
		return err
	}
	return p.ended(ctx, par, siret, matricule, now, what)
}

// Return is an agent who came back, or who was said to have left by mistake.
func (p *Portal) Return(ctx context.Context, par, siret, matricule string) error {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return err
	}
	if m == nil || m.Left.IsZero() {
		return Codes.New(NotNow)
	}
	if m.Mode != Confirmed && m.Mode != Paper && m.Mode != Reactivated { // who refused stays on paper
		if err := p.o.Coffre.Registre().RemovePapier(ctx, vault.Utilisateur(par), siret, matricule); err != nil {
			return err
		}
	}
	return p.ended(ctx, par, siret, matricule, time.Time{}, HapReturned)
}

// ended writes when a membership ended, into it and into the account that it
// leads to.
func (p *Portal) ended(ctx context.Context, par, siret, matricule string, when time.Time, what Happening) error {
	var account string
	err := p.changeMembership(ctx, par, siret, matricule, func(m *Membership) error {
		m.Left, account = when, m.Account
		return nil
	})
	if err != nil || account == "" {
		return err
	}
	a, err := p.follow(ctx, account)
	if err != nil || a == nil {
		return err
	}
	err = p.changeAccount(ctx, par, a.ID, func(a *Account) error {
		for i := range a.Member {
			if a.Member[i].Siret == siret && a.Member[i].Matricule == matricule {
				a.Member[i].Until = when
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.note(ctx, a.ID, Event{What: what, Par: par, Note: siret})
}

// Decease is the word of heirs (T20), for two persons of the desk: the last
// slips are printed for them, and the account stays as its owner left it.
func (p *Portal) Decease(ctx context.Context, par, siret, matricule string) (done bool, err error) {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return false, err
	}
	if m == nil {
		return false, Codes.New(NotMember)
	}
	done, err = p.second(ctx, par, Request{Kind: AskDeath, Siret: siret, Matricule: matricule, Account: m.Account})
	if err != nil || !done {
		return false, err
	}
	if err := p.leave(ctx, par, siret, matricule, vault.CauseDeces, HapDeath); err != nil {
		return false, err
	}
	return true, p.acted(ctx, par, AskDeath, siret, matricule, true)
}

// second keeps the word of a first person and reports whether par is another
// one. The request stays open: the caller says when it is done.
func (p *Portal) second(ctx context.Context, par string, asked Request) (another bool, err error) {
	key := requestKey(asked.Kind, asked.Siret, asked.Matricule)
	id, err := p.newID()
	if err != nil {
		return false, err
	}
	err = change(ctx, p, par, kindRequest, key, asked.Siret, func(r *Request, _ bool) error {
		another = false
		switch {
		case r.ID == "" || !r.Done.IsZero():
			*r = asked
			r.ID, r.Date, r.By = id, p.clock(), []string{par}
		case slices.Equal(r.By, []string{par}):
			return Codes.New(SecondPerson)
		default:
			another = true
			if !slices.Contains(r.By, par) {
				r.By = append(r.By, par)
			}
		}
		return nil
	})
	return another, err
}

// Drop takes back what a first person of the desk began.
func (p *Portal) Drop(ctx context.Context, par, kind, siret, matricule string) error {
	list, err := p.requestsOf(ctx, siret, matricule)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(r Request) bool { return r.Kind == kind })
	if i < 0 || kind != AskDeath && kind != AskMerge {
		return Codes.New(NotNow)
	}
	if kind == AskMerge {
		err := p.changeMerge(ctx, par, list[i].Other, func(m *Merge) error {
			if m.Step == MergeByOne {
				m.Step = MergeOver
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return p.acted(ctx, par, kind, siret, matricule, true)
}

// MergeByDesk is a merge that the desk asks for, for an agent who cannot prove
// both spaces: two persons and what they have seen. The names, births or
// addresses of two spaces being equal is no evidence. The three days and the
// notices to both are the same. into and from are agents of employers.
func (p *Portal) MergeByDesk(ctx context.Context, par, siret, matricule, otherSiret, otherMatricule, evidence string) error {
	into, err := p.agent(ctx, siret, matricule)
	if err != nil {
		return err
	}
	from, err := p.agent(ctx, otherSiret, otherMatricule)
	if err != nil {
		return err
	}
	if from.ID == into.ID {
		return Codes.New(SameVault)
	}
	if evidence == "" {
		return Codes.New(NoEvidence)
	}
	if err := p.mayMerge(ctx, into.ID, from.ID); err != nil {
		return err
	}
	err = p.changeMerge(ctx, par, from.ID, func(m *Merge) error {
		if m.open(p.clock()) && m.Step != MergeProved {
			return Codes.New(NotNow)
		}
		*m = Merge{From: from.ID, Into: into.ID, Step: MergeByOne, Evidence: evidence, By: []string{par}}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = p.second(ctx, par, Request{Kind: AskMerge, Siret: siret, Matricule: matricule, Account: into.ID, Other: from.ID, Note: otherSiret + " / " + otherMatricule, Evidence: evidence})
	return err
}

// ConfirmMerge is the word of the second person.
func (p *Portal) ConfirmMerge(ctx context.Context, par, siret, matricule string) error {
	into, err := p.agent(ctx, siret, matricule)
	if err != nil {
		return err
	}
	var r Request
	if _, err := p.read(ctx, kindRequest, requestKey(AskMerge, siret, matricule), &r); err != nil {
		return err
	}
	if r.ID == "" || !r.Done.IsZero() {
		return Codes.New(NotNow)
	}
	err = p.askMerge(ctx, par, into.ID, r.Other, func(m *Merge) error {
		if m.Step != MergeByOne || m.Into != into.ID {
			return Codes.New(NotNow)
		}
		if slices.Contains(m.By, par) {
			return Codes.New(SecondPerson)
		}
		m.By = append(m.By, par)
		return nil
	})
	if err != nil {
		return err
	}
	return p.acted(ctx, par, AskMerge, siret, matricule, true)
}
