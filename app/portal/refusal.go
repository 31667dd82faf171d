package portal

import (
	"context"
	"fmt"
	"time"

	"paye/internal/lang"
	"paye/vault"
)

// refusalMonths is how long an employer has to follow a refusal (Code du
// travail, D.3243-7).
const refusalMonths = 3

// actorOf is in whose name a membership's paper list is changed: the agent
// himself, once the vault knows him.
func actorOf(m *Membership) vault.Acteur {
	if m.Agent.IsZero() {
		return vault.Systeme("portail")
	}
	return vault.Agent(m.Agent)
}

// DraftRefusal is the form: it decides nothing yet.
func (p *Portal) DraftRefusal(ctx context.Context, siret, matricule string) error {
	return p.changeMembership(ctx, "portail", siret, matricule, func(m *Membership) error {
		if m.Mode == Confirmed || m.Mode == Paper {
			return nil // already: the confirmation shows the same number
		}
		return m.step(DraftRefusal)
	})
}

// ConfirmRefusal is the second page: the certain date. Asked again it gives the
// same number. The employer sees it at once, and the next run prints.
func (p *Portal) ConfirmRefusal(ctx context.Context, siret, matricule string) (*Membership, error) {
	return p.confirmRefusal(ctx, siret, matricule, false)
}

// confirmRefusal is the same for an account that is closed: nobody is left to
// be told, or to undo it.
func (p *Portal) confirmRefusal(ctx context.Context, siret, matricule string, closed bool) (*Membership, error) {
	now := p.clock()
	number, err := newSecret(p.o.Random, 10)
	if err != nil {
		return nil, err
	}
	var undo string
	var done Membership
	err = p.changeMembership(ctx, "portail", siret, matricule, func(m *Membership) error {
		undo = ""
		if m.Mode != Confirmed && m.Mode != Paper {
			if err := m.step(ConfirmRefusal); err != nil {
				return err
			}
			m.Number = "R-" + number
			m.Confirmed, m.Limit, m.Paper = now, now.AddDate(0, refusalMonths, 0), time.Time{}
			if m.Account != "" && !closed {
				undo, m.Undo, err = p.newToken(m.Account, undoLasts, "")
			}
		}
		done = *m
		return err
	})
	if err != nil {
		return nil, err
	}
	// Also when it was confirmed before: a kill in between left it undone.
	err = p.o.Coffre.Registre().SetPapier(ctx, actorOf(&done), vault.Papier{Employeur: siret, Matricule: matricule, Cause: vault.CauseRefus, Depuis: done.Confirmed})
	if err != nil || undo == "" {
		return &done, err
	}
	return &done, p.tellRefusal(ctx, &done, undo)
}

func (p *Portal) tellRefusal(ctx context.Context, m *Membership, undo string) error {
	a, err := p.Account(ctx, m.Account)
	if err != nil || a == nil {
		return err
	}
	name, err := p.EmployerName(ctx, m.Siret)
	if err != nil {
		return err
	}
	p.post(a, a.Mail, lang.Text{FR: "Bulletins sur papier", EN: "Payslips on paper"},
		lang.Text{FR: "Votre demande %s est enregistrée : %s vous remettra vos bulletins sur papier, au plus tard le %s. Si ce n’était pas vous, ce lien l’annule pendant 7 jours :\n\n%s/refus/annuler/%s", EN: "Your request %s is recorded: %s will give you your payslips on paper, by %s at the latest. If it was not you, this link undoes it for 7 days:\n\n%s/refus/annuler/%s"},
		m.Number, name, m.Limit.Format("02/01/2006"), p.o.Address, m.Siret+"/"+undo)
	return p.note(ctx, m.Account, Event{What: HapRefusal, Note: m.Number})
}

// UndoRefusal is the link of the notice.
func (p *Portal) UndoRefusal(ctx context.Context, siret, word string) error {
	a, err := p.byToken(ctx, word)
	if err != nil {
		return err
	}
	for _, member := range a.Member {
		if member.Siret != siret {
			continue
		}
		m, err := p.Membership(ctx, siret, member.Matricule)
		if err != nil {
			return err
		}
		if m != nil && m.Undo.good(p.clock(), word) {
			return p.backToElectronic(ctx, "compte "+a.ID, m, UndoRefusal, HapUndone)
		}
	}
	return Codes.New(LinkDead)
}

// backToElectronic takes a membership off the paper list.
func (p *Portal) backToElectronic(ctx context.Context, par string, m *Membership, s Step, what Happening) error {
	err := p.changeMembership(ctx, par, m.Siret, m.Matricule, func(m *Membership) error {
		if err := m.step(s); err != nil {
			return err
		}
		m.Undo = nil
		return nil
	})
	if err != nil {
		return err
	}
	if err := p.o.Coffre.Registre().RemovePapier(ctx, actorOf(m), m.Siret, m.Matricule); err != nil {
		return err
	}
	if m.Account == "" {
		return nil
	}
	return p.note(ctx, m.Account, Event{What: what, Par: par, Note: m.Number})
}

// AfterRun tells the memberships of an employer that a run has passed: who
// refused before it began is on paper since.
func (p *Portal) AfterRun(ctx context.Context, siret string) error {
	runs, err := p.o.Coffre.Versements(ctx, vault.Systeme("portail"), siret)
	if err != nil || len(runs) == 0 {
		return err
	}
	last := runs[0].Debut
	for m, err := range p.memberships(ctx, siret) {
		if err != nil {
			return err
		}
		if m.Mode != Confirmed || !last.After(m.Confirmed) {
			continue
		}
		err := p.changeMembership(ctx, "portail", siret, m.Matricule, func(m *Membership) error {
			if m.Mode != Confirmed || !last.After(m.Confirmed) {
				return nil
			}
			m.Paper = last
			return m.step(RunPassed)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Late are the refusals that no run has followed although their limit is near
// or past: an alarm of the payroll office.
func (p *Portal) Late(ctx context.Context, siret string, within time.Duration) (list []Membership, err error) {
	now := p.clock()
	for m, err := range p.memberships(ctx, siret) {
		if err != nil {
			return nil, err
		}
		if m.Mode == Confirmed && now.Add(within).After(m.Limit) {
			list = append(list, m)
		}
	}
	return list, nil
}

// Notice tells an agent that his slips will be electronic, before any account
// exists: the code of the letter refuses without a password (D.3243-7 asks for
// a month and a certain date).
func (p *Portal) Notice(ctx context.Context, par, siret string, i vault.Identite) (*Letter, error) {
	e, err := p.o.Coffre.Registre().Employeur(ctx, siret)
	if err != nil {
		return nil, err
	}
	i.Employeur = siret
	if e == nil {
		return nil, Codes.New(NotMember)
	}
	if err := i.Validate(); err != nil {
		return nil, err
	}
	code, err := newSecret(p.o.Random, secretLetters)
	if err != nil {
		return nil, err
	}
	now := p.clock()
	err = change(ctx, p, par, kindMembership, membershipKey(siret, i.Matricule), siret, func(m *Membership, exists bool) error {
		if m.Account != "" {
			return Codes.New(NotNow)
		}
		if !exists {
			*m = Membership{Siret: siret, Matricule: i.Matricule, Mode: Noticed, Notice: now}
		}
		m.Code = digest(code)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Letter{Date: now, Employeur: e.Nom, Siret: siret, Matricule: i.Matricule, Nom: i.Nom, Prenom: i.Prenom, Code: showSecret(code)}, nil
}

// ProveCode answers the membership of who has the code of a notice. What does
// not exist answers as what is wrong does.
func (p *Portal) ProveCode(ctx context.Context, siret, matricule, code string) (*Membership, error) {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return nil, err
	}
	if _, err := p.hash.Verify(ctx, p.decoy, code); err != nil {
		return nil, err
	}
	if m == nil || !same(m.Code, cleanSecret(code)) {
		return nil, Codes.New(Refused)
	}
	return m, nil
}

// Month makes the memberships electronic whose notice is a month old.
func (p *Portal) Month(ctx context.Context, siret string) error {
	now := p.clock()
	for m, err := range p.memberships(ctx, siret) {
		if err != nil {
			return err
		}
		if m.Mode != Noticed || now.Before(m.Notice.AddDate(0, 1, 0)) {
			continue
		}
		err := p.changeMembership(ctx, "portail", siret, m.Matricule, func(m *Membership) error { return m.step(BecomeElectronic) })
		if err != nil {
			return fmt.Errorf("end the month of a notice: %w", err)
		}
	}
	return nil
}
