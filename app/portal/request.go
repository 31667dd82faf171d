package portal

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Request is what somebody asks of the support desk of an employer.
type Request struct {
	ID        string    `json:"id"`
	Kind      string    `json:"genre"`
	Siret     string    `json:"siret"`
	Matricule string    `json:"matricule"`
	Account   string    `json:"compte"`
	Date      time.Time `json:"date"`
	Done      time.Time `json:"faite,omitzero"`
	By        []string  `json:"par,omitempty"` // who of the desk acted
	// Of a merge that the desk asks for.
	Other    string `json:"autre,omitempty"` // the space that becomes an alias
	Note     string `json:"objet,omitempty"` // its employer and matricule
	Evidence string `json:"preuve,omitempty"`
}

// Kinds of requests.
const (
	AskNumber       = "identifiant"  // a lost identifier
	AskRelease      = "suspension"   // two persons lift it
	AskReactivation = "electronique" // back from paper
	AskMerge        = "fusion"       // of two spaces of one person, for two persons of the desk
	AskDeath        = "deces"        // asked by heirs, for two persons of the desk
	SayClosed       = "cloture"      // the agent closed his space: to be read
)

// requestsKept is for how long the desk sees what it did.
const requestsKept = 30 * 24 * time.Hour

func requestKey(kind, siret, matricule string) string {
	return kind + "/" + membershipKey(siret, matricule)
}

// ask leaves a request at the desk; one that waits already stays as it is.
func (p *Portal) ask(ctx context.Context, kind, siret, matricule, account string) error {
	id, err := p.newID()
	if err != nil {
		return err
	}
	return change(ctx, p, "portail", kindRequest, requestKey(kind, siret, matricule), siret, func(r *Request, _ bool) error {
		if r.ID == "" || !r.Done.IsZero() {
			*r = Request{ID: id, Kind: kind, Siret: siret, Matricule: matricule, Account: account, Date: p.clock()}
		}
		return nil
	})
}

// askAll leaves a request at the desk of each employer of an account.
func (p *Portal) askAll(ctx context.Context, kind string, a *Account) error {
	for _, m := range a.Member {
		if err := p.ask(ctx, kind, m.Siret, m.Matricule, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// acted writes who of the desk acted on a request, and that it is done when it
// is; a request that nobody left is no error.
func (p *Portal) acted(ctx context.Context, par, kind, siret, matricule string, done bool) error {
	key := requestKey(kind, siret, matricule)
	var r Request
	version, err := p.read(ctx, kindRequest, key, &r)
	if err != nil || version == 0 || !r.Done.IsZero() {
		return err
	}
	return change(ctx, p, par, kindRequest, key, siret, func(r *Request, _ bool) error {
		if !r.Done.IsZero() {
			return nil
		}
		if !slices.Contains(r.By, par) {
			r.By = append(r.By, par)
		}
		if done {
			r.Done = p.clock()
		}
		return nil
	})
}

// actedAll is acted at the desk of each employer of an account.
func (p *Portal) actedAll(ctx context.Context, par, kind string, a *Account, done bool) error {
	for _, m := range a.Member {
		if err := p.acted(ctx, par, kind, m.Siret, m.Matricule, done); err != nil {
			return err
		}
	}
	return nil
}

// Requests are what waits at the desk of an employer, the oldest first.
func (p *Portal) Requests(ctx context.Context, siret string) ([]Request, error) {
	list, err := all[Request](ctx, p, kindRequest, siret)
	list = slices.DeleteFunc(list, func(r Request) bool { return !r.Done.IsZero() })
	slices.SortFunc(list, func(a, b Request) int {
		return cmp.Or(a.Date.Compare(b.Date), compareMatricule(a.Matricule, b.Matricule), cmp.Compare(a.Kind, b.Kind))
	})
	return list, err
}

// requestsOf are those of one agent that wait.
func (p *Portal) requestsOf(ctx context.Context, siret, matricule string) (list []Request, err error) {
	for _, kind := range []string{AskNumber, AskRelease, AskReactivation, AskMerge, AskDeath, SayClosed} {
		var r Request
		version, err := p.read(ctx, kindRequest, requestKey(kind, siret, matricule), &r)
		if err != nil {
			return nil, err
		}
		if version > 0 && r.Done.IsZero() {
			list = append(list, r)
		}
	}
	return list, nil
}

// sweepRequests forgets requests that were done some time ago; what was done is
// in the trace of the account.
func (p *Portal) sweepRequests(ctx context.Context) error {
	list, err := all[Request](ctx, p, kindRequest, "")
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.Done.IsZero() || p.clock().Sub(r.Done) < requestsKept {
			continue
		}
		if err := p.remove(ctx, "portail", kindRequest, requestKey(r.Kind, r.Siret, r.Matricule)); err != nil {
			return err
		}
	}
	return nil
}
