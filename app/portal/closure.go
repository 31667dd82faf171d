package portal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"paye/internal/durable"
	"paye/internal/lang"
	"paye/vault"
)

// closing says that an account is on its way out. It is written first, and
// removed when nothing is left to do.
type closing struct {
	Account string    `json:"compte"`
	Since   time.Time `json:"depuis"`
}

// CloseByOwner ends an account at its owner's wish (T17): his copies are
// erased, his employers go back to paper and are told, and nothing that was
// kept of him can be read any more. It answers when no backup holds it either.
// The caller asked him again who he is, and ends the sessions.
func (p *Portal) CloseByOwner(ctx context.Context, id string) (complete time.Time, err error) {
	a, err := p.Account(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	now := p.clock()
	if a == nil {
		return time.Time{}, Codes.New(NotNow)
	}
	if err := a.may(now, CloseByOwner); err != nil {
		return time.Time{}, err
	}
	err = change(ctx, p, "compte "+id, kindClosing, id, "", func(c *closing, _ bool) error {
		*c = closing{id, now}
		return nil
	})
	if err != nil {
		return time.Time{}, err
	}
	err = p.changeAccount(ctx, "compte "+id, id, func(a *Account) error {
		if err := a.move(now, CloseByOwner); err != nil {
			return err
		}
		a.Closed = now
		a.Hash, a.Secret, a.Reset, a.Pending, a.Undo = "", nil, nil, nil, nil
		return nil
	})
	if err != nil {
		return time.Time{}, errors.Join(err, p.remove(ctx, "portail", kindClosing, id))
	}
	p.post(a, a.Mail, lang.Text{FR: "Votre espace est clos", EN: "Your space is closed"}, lang.Text{FR: "Votre espace est clos à votre demande et vos exemplaires sont effacés. Vos employeurs vous remettent vos bulletins sur papier.", EN: "Your space is closed at your request and your copies are erased. Your employers give you your payslips on paper."})
	return p.finishClosure(ctx, id)
}

// closingRound carries on the closures that were interrupted.
func (p *Portal) closingRound(ctx context.Context) error {
	list, err := all[closing](ctx, p, kindClosing, "")
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range list {
		_, err := p.finishClosure(ctx, c.Account)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// finishClosure does what a closed account leaves to do. Each step does no harm
// when it is done twice.
func (p *Portal) finishClosure(ctx context.Context, id string) (complete time.Time, err error) {
	a, err := p.Account(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	if a != nil && a.State != Closed { // it died before anything was decided
		return time.Time{}, p.remove(ctx, "portail", kindClosing, id)
	}
	if a != nil && len(a.Member) > 0 {
		if err := p.empty(ctx, a); err != nil {
			return time.Time{}, err
		}
	}
	var gone vault.Effacement
	spaces := []string{id}
	if a != nil {
		for _, x := range a.Absorbed {
			spaces = append(spaces, x.ID)
		}
	}
	// The account itself last: it says what is left to do.
	for i := len(spaces) - 1; i >= 0; i-- {
		if gone, err = p.o.Coffre.Fiches().Erase(ctx, vault.Systeme("portail"), Subject(spaces[i]), "cloture"); err != nil {
			return time.Time{}, err
		}
	}
	return gone.Complet, p.remove(ctx, "portail", kindClosing, id)
}

// empty takes everything out of an account that was closed.
func (p *Portal) empty(ctx context.Context, a *Account) error {
	list, err := all[Merge](ctx, p, kindMerge, "")
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.From != a.ID && m.Into != a.ID || m.Step == MergeOver {
			continue
		}
		err := p.changeMerge(ctx, "portail", m.From, func(m *Merge) error {
			*m = Merge{From: m.From, Into: m.Into, Step: MergeOver, Done: m.Done}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, m := range a.Member {
		if err := p.letGo(ctx, a, &m); err != nil {
			return err
		}
		if err := p.eraseCopies(ctx, m.Agent); err != nil {
			return err
		}
	}
	for _, x := range a.Pieces {
		if err := durable.Remove(p.pathOf(x.ID)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("delete a document: %w", err)
		}
	}
	return nil
}

// letGo takes an account off a membership: the agent gets his slips on paper
// from the next run on, with the certain date of the closure, and the employer
// is told. Who has left already is on paper.
func (p *Portal) letGo(ctx context.Context, a *Account, member *Member) error {
	m, err := p.Membership(ctx, member.Siret, member.Matricule)
	if err != nil || m == nil || m.Account != a.ID {
		return err
	}
	if m.Mode != Confirmed && m.Mode != Paper && member.Until.IsZero() {
		err := p.changeMembership(ctx, "portail", m.Siret, m.Matricule, func(m *Membership) error {
			s := DraftRefusal
			if m.Mode == Reactivated {
				s = DropAsk
			}
			return m.step(s)
		})
		if err != nil {
			return err
		}
	}
	if member.Until.IsZero() {
		if _, err := p.confirmRefusal(ctx, m.Siret, m.Matricule, true); err != nil {
			return err
		}
	}
	if err := p.ask(ctx, SayClosed, m.Siret, m.Matricule, a.ID); err != nil {
		return err
	}
	return p.changeMembership(ctx, "portail", m.Siret, m.Matricule, func(m *Membership) error {
		m.Account, m.Code, m.Undo, m.Closed = "", nil, nil, a.Closed
		return nil
	})
}

// eraseCopies erases the agent's copies of his documents; the employer's
// doubles stay as long as the law wants.
func (p *Portal) eraseCopies(ctx context.Context, agent vault.ID) error {
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(8) // they share the writes of the journal
	for d, err := range p.o.Coffre.List(ctx, vault.Agent(agent), vault.Filtre{Agent: agent}) {
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		if d.Copies&vault.CopieAgent == 0 {
			continue
		}
		g.Go(func() error {
			_, err := p.o.Coffre.Destroy(inner, vault.Agent(agent), d.ID, vault.CopieAgent, "cloture de l'espace")
			return err
		})
	}
	return g.Wait()
}

// Acknowledge is the desk's word that it read what it was told.
func (p *Portal) Acknowledge(ctx context.Context, par, siret, matricule string) error {
	return p.acted(ctx, par, SayClosed, siret, matricule, true)
}
