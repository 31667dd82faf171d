package portal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"paye/vault"
)

// A letter: its secret is good for 90 days, and three go out in thirty days.
const (
	secretLetters = 16 // of five bits
	secretLasts   = 90 * 24 * time.Hour
	lettersAtMost = 3
	lettersWithin = 30 * 24 * time.Hour
)

// Letter is what an agent is sent: the only place where its secret is.
type Letter struct {
	Date      time.Time
	Employeur string
	Siret     string
	Matricule string
	Nom       string
	Prenom    string
	Number    string // twelve digits
	Secret    string
	Private   string // six digits, asked for by « Identifiant perdu »
	Until     time.Time
	Again     bool // the former letter no longer works
	// Code is that of a notice before any account exists: it refuses
	// electronic slips.
	Code string
	// End is when the service ends: the letter tells nothing else.
	End time.Time
}

// newcomer is an agent of the vault who has no account yet.
type newcomer struct {
	vault.Identite
	Agent vault.ID
}

// Enrol makes the accounts of the agents of an employer who got a document and
// have none, with a letter each in the order of the matricules (T1). It also
// tells memberships that a run has passed. The letters are given once: what is
// kept of a secret is its digest.
func (p *Portal) Enrol(ctx context.Context, par, siret string) ([]Letter, error) {
	list, err := p.newcomers(ctx, siret)
	if err != nil {
		return nil, err
	}
	e, err := p.o.Coffre.Registre().Employeur(ctx, siret)
	if err != nil || e == nil {
		return nil, err
	}
	out := make([]*Letter, len(list))
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(16) // they share the writes of the journal
	for i, n := range list {
		g.Go(func() (err error) {
			out[i], err = p.invite(inner, par, e, n)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var done []Letter
	for _, l := range out {
		if l != nil {
			done = append(done, *l)
		}
	}
	slices.SortFunc(done, func(a, b Letter) int { return compareMatricule(a.Matricule, b.Matricule) })
	return done, p.AfterRun(ctx, siret)
}

func compareMatricule(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// newcomers are the agents whom the vault has a document for, and no
// membership leads to.
func (p *Portal) newcomers(ctx context.Context, siret string) (list []newcomer, err error) {
	known := map[string]bool{}
	for m, err := range p.memberships(ctx, siret) {
		if err != nil {
			return nil, err
		}
		// Who refused, or closed his space, gets no letter until he comes back.
		if m.Account != "" || m.Mode == Confirmed || m.Mode == Paper {
			known[m.Matricule] = true
		}
	}
	for d, err := range p.o.Coffre.List(ctx, vault.Systeme("portail"), vault.Filtre{Employeur: siret, Nature: vault.Bulletin, Distribue: true}) {
		if err != nil {
			return nil, err
		}
		if !known[d.Matricule] {
			known[d.Matricule] = true
			list = append(list, newcomer{d.Identite, d.Agent})
		}
	}
	return list, nil
}

// Newcomers counts the agents who wait for their letter.
func (p *Portal) Newcomers(ctx context.Context, siret string) (int, error) {
	list, err := p.newcomers(ctx, siret)
	return len(list), err
}

// invite makes the account of one agent. The membership is claimed first: of
// two who invite at once one makes an account.
func (p *Portal) invite(ctx context.Context, par string, e *vault.Employeur, n newcomer) (*Letter, error) {
	id, err := p.newID()
	if err != nil {
		return nil, err
	}
	now := p.clock()
	taken := false
	err = change(ctx, p, par, kindMembership, membershipKey(e.Siret, n.Matricule), e.Siret, func(m *Membership, exists bool) error {
		if taken = m.Account != ""; taken {
			return nil
		}
		m.Siret, m.Matricule, m.Account, m.Agent = e.Siret, n.Matricule, id, n.Agent
		if !exists {
			m.Mode, m.Notice = Electronic, now
		}
		return nil
	})
	if err != nil || taken {
		return nil, err
	}
	a := &Account{ID: id, Nom: n.Nom, Prenom: n.Prenom, Member: []Member{{Siret: e.Siret, Matricule: n.Matricule, Agent: n.Agent, Since: now}}}
	if err := a.move(now, Invite); err != nil {
		return nil, err
	}
	letter, err := p.newLetter(ctx, par, a, e)
	if err != nil {
		return nil, err
	}
	err = change(ctx, p, par, kindAccount, id, "", func(stored *Account, _ bool) error { *stored = *a; return nil })
	if err != nil {
		return nil, err
	}
	if err := p.indexName(ctx, par, a); err != nil {
		return nil, err
	}
	return letter, p.note(ctx, id, Event{What: HapInvited, Par: par, Note: e.Nom})
}

// nameGap is how many free places end the list of those who have one name:
// places become free when an account is closed, and are filled first.
const nameGap = 8

// nameKey is the place of one of those who have a name. Each has a record of
// his own, so that it can be erased with his account.
func nameKey(nom, prenom string, n int) string {
	return fmt.Sprintf("%s/%s/%d", fold(nom), fold(prenom), n)
}

// named gives the accounts of all who have a name, and the first free place.
func (p *Portal) named(ctx context.Context, nom, prenom string) (list []string, free int, err error) {
	free = -1
	for n, gap := 0, 0; gap < nameGap; n++ {
		var l lead
		if _, err := p.read(ctx, kindName, nameKey(nom, prenom, n), &l); err != nil {
			return nil, 0, err
		}
		gap++
		if len(l.Accounts) > 0 {
			list, gap = append(list, l.Accounts...), 0
		} else if free < 0 {
			free = n
		}
	}
	return list, free, nil
}

// indexName lets « Identifiant perdu » find the account.
func (p *Portal) indexName(ctx context.Context, par string, a *Account) error {
	for {
		list, free, err := p.named(ctx, a.Nom, a.Prenom)
		if err != nil || slices.Contains(list, a.ID) {
			return err
		}
		taken := false
		err = change(ctx, p, par, kindName, nameKey(a.Nom, a.Prenom, free), "", func(l *lead, _ bool) error {
			if taken = len(l.Accounts) > 0; !taken {
				l.Accounts = []string{a.ID}
			}
			return nil
		})
		if err != nil || !taken {
			return err
		}
	}
}

// newLetter gives an account a new secret, and a number if it has none. The
// caller writes the account.
func (p *Portal) newLetter(ctx context.Context, par string, a *Account, e *vault.Employeur) (*Letter, error) {
	now := p.clock()
	recent := 0
	for _, s := range a.Letters {
		if now.Sub(s.Date) < lettersWithin {
			recent++
		}
	}
	if recent >= lettersAtMost {
		return nil, Codes.New(TooManyLetter, lettersAtMost)
	}
	if a.Number == "" {
		number, err := p.claimNumber(ctx, par, a.ID)
		if err != nil {
			return nil, err
		}
		a.Number = number
	}
	secret, err := newSecret(p.o.Random, secretLetters)
	if err != nil {
		return nil, err
	}
	private, err := newNumber(p.o.Random)
	if err != nil {
		return nil, err
	}
	private = private[:6]
	again := len(a.Letters) > 0
	a.Secret, a.Private = &Secret{digest(secret), now.Add(secretLasts)}, digest(a.ID+private)
	a.Letters = append(a.Letters, Sent{now, par})
	l := &Letter{Date: now, Employeur: e.Nom, Siret: e.Siret, Nom: a.Nom, Prenom: a.Prenom, Number: a.Number, Secret: showSecret(secret), Private: private, Until: a.Secret.Until, Again: again}
	for _, m := range a.Member {
		if m.Siret == e.Siret {
			l.Matricule = m.Matricule
		}
	}
	return l, nil
}

// claimNumber draws a number that nobody has.
func (p *Portal) claimNumber(ctx context.Context, par, id string) (string, error) {
	for range 20 {
		number, err := newNumber(p.o.Random)
		if err != nil {
			return "", err
		}
		taken := false
		err = change(ctx, p, par, kindNumber, number, "", func(l *lead, exists bool) error {
			if taken = exists && len(l.Accounts) > 0; !taken {
				l.Accounts = []string{id}
			}
			return nil
		})
		if err != nil || !taken {
			return number, err
		}
	}
	return "", Codes.New(NotNow)
}

// Resend makes a new letter for an agent who never signed in, or who lost his
// password before he proved a mail (T2). The former secret is dead.
func (p *Portal) Resend(ctx context.Context, par, siret, matricule string) (*Letter, error) {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Account == "" {
		return nil, Codes.New(NotMember)
	}
	e, err := p.o.Coffre.Registre().Employeur(ctx, siret)
	if err != nil || e == nil {
		return nil, err
	}
	var letter *Letter
	err = p.changeAccount(ctx, par, m.Account, func(a *Account) error {
		if err := a.move(p.clock(), Reinvite); err != nil {
			return err
		}
		a.Hash, a.Pending = "", nil
		letter, err = p.newLetter(ctx, par, a, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return letter, p.note(ctx, m.Account, Event{What: HapInvited, Par: par, Note: e.Nom})
}

func sortAgents(list []Agent) {
	slices.SortFunc(list, func(a, b Agent) int { return compareMatricule(a.Matricule, b.Matricule) })
}
