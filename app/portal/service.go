package portal

import (
	"context"
	"errors"
	"slices"
	"time"

	"paye/internal/lang"
)

// serviceNotice is how long before the end of the service each agent is told
// (Code du travail, D.3243-8).
const serviceNotice = 3 // months

// Service is the end of the portal, once two persons have announced it.
type Service struct {
	End       time.Time `json:"fin"`
	By        []string  `json:"par"`
	Announced time.Time `json:"annonce,omitzero"` // by the second person
}

const kindService = "portail.service"

// ServiceEnd gives what was announced; nil when nothing was.
func (p *Portal) ServiceEnd(ctx context.Context) (*Service, error) {
	var s Service
	version, err := p.read(ctx, kindService, "fin", &s)
	if err != nil || version == 0 {
		return nil, err
	}
	return &s, nil
}

// AnnounceEnd announces the end of the service (T18), for two persons: the
// first says when, at least three months ahead; the second confirms that date.
// From then on each agent is told; his own three months count from the day he
// was. It reports whether it is announced.
func (p *Portal) AnnounceEnd(ctx context.Context, par string, end time.Time) (done bool, err error) {
	now := p.clock()
	if end.Before(now.AddDate(0, serviceNotice, 0)) {
		return false, Codes.New(TooSoon, now.AddDate(0, serviceNotice, 1).Format("02/01/2006"))
	}
	err = change(ctx, p, par, kindService, "fin", "", func(s *Service, exists bool) error {
		done = false
		switch {
		case !exists || s.Announced.IsZero() && !s.End.Equal(end):
			*s = Service{End: end, By: []string{par}}
			return nil
		case !s.Announced.IsZero():
			return Codes.New(NotNow)
		case slices.Contains(s.By, par):
			return Codes.New(SecondPerson)
		}
		s.By, s.Announced, done = append(s.By, par), now, true
		return nil
	})
	return done, err
}

// serviceRound tells those who have an address, and closes the accounts whose
// three months are over. Who has no address is told by letter: see
// [Portal.EndLetters].
func (p *Portal) serviceRound(ctx context.Context) error {
	s, err := p.ServiceEnd(ctx)
	if err != nil || s == nil || s.Announced.IsZero() {
		return err
	}
	list, err := all[Account](ctx, p, kindAccount, "")
	if err != nil {
		return err
	}
	var errs []error
	for i := range list {
		a := &list[i]
		switch {
		case a.State == Merged || a.State == Closed:
		case a.Told.IsZero() && a.Mail != "" && p.SendsMail():
			errs = append(errs, p.tellEnd(ctx, a, s))
		case !a.Told.IsZero() && p.mayEnd(a, s) && (a.State == Unverified || a.State == Active): // the others come in first
			errs = append(errs, p.endOf(ctx, a.ID))
		}
	}
	return errors.Join(errs...)
}

// mayEnd reports whether the service may end for an account.
func (p *Portal) mayEnd(a *Account, s *Service) bool {
	now := p.clock()
	return !now.Before(s.End) && !now.Before(a.Told.AddDate(0, serviceNotice, 0))
}

func (p *Portal) tellEnd(ctx context.Context, a *Account, s *Service) error {
	if err := p.told(ctx, "portail", a.ID); err != nil {
		return err
	}
	p.post(a, a.Mail, lang.Text{FR: "Ce service ferme", EN: "This service closes"}, lang.Text{FR: "Votre espace documents ferme le %s. Emportez vos bulletins et leurs preuves, en un seul fichier : %s/export\nVous le pourrez encore après cette date.", EN: "Your space closes on %s. Take your payslips and their proofs away, in one file: %s/export\nYou still can after that date."}, s.End.Format("02/01/2006"), p.o.Address)
	return nil
}

func (p *Portal) told(ctx context.Context, par, id string) error {
	err := p.changeAccount(ctx, par, id, func(a *Account) error {
		if a.Told.IsZero() {
			a.Told = p.clock()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.note(ctx, id, Event{What: HapService, Par: par})
}

// endOf closes an account whose three months are over. Its owner may still sign
// in to take everything away, and do nothing else.
func (p *Portal) endOf(ctx context.Context, id string) error {
	return p.changeAccount(ctx, "portail", id, func(a *Account) error {
		a.Reset, a.Pending = nil, nil
		if a.State == Closed {
			return nil
		}
		if err := a.move(p.clock(), CloseService); err != nil {
			return err
		}
		a.Closed, a.Ended = p.clock(), true
		return nil
	})
}

// Takes reports whether an account may take its documents away: it sees them,
// or the service has ended for it.
func (a *Account) Takes() bool { return a.Sees() || a.State == Closed && a.Ended }

// EndLetters are the notices of the end for the agents of an employer who have
// no address, in the order of their matricules; whoever is on them is told.
func (p *Portal) EndLetters(ctx context.Context, par, siret string) (list []Letter, err error) {
	s, err := p.ServiceEnd(ctx)
	if err != nil {
		return nil, err
	}
	if s == nil || s.Announced.IsZero() {
		return nil, Codes.New(NotNow)
	}
	name, err := p.EmployerName(ctx, siret)
	if err != nil {
		return nil, err
	}
	for m, err := range p.memberships(ctx, siret) {
		if err != nil {
			return nil, err
		}
		if m.Account == "" {
			continue
		}
		a, err := p.follow(ctx, m.Account)
		if err != nil {
			return nil, err
		}
		if a == nil || a.State == Closed || a.Mail != "" && p.SendsMail() {
			continue
		}
		if err := p.told(ctx, par, a.ID); err != nil {
			return nil, err
		}
		list = append(list, Letter{Date: p.clock(), Employeur: name, Siret: siret, Matricule: m.Matricule, Nom: a.Nom, Prenom: a.Prenom, End: s.End})
	}
	slices.SortFunc(list, func(a, b Letter) int { return compareMatricule(a.Matricule, b.Matricule) })
	return list, nil
}
