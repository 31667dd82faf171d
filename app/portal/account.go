package portal

import (
	"context"
	"slices"
	"strings"
	"time"

	"paye/vault"
)

// Account is one person of the portal. Its key is a random identifier that
// nobody types; the twelve digits and the mail lead to it.
type Account struct {
	ID        string      `json:"id"`
	Number    string      `json:"numero"`
	Former    string      `json:"ancien_numero,omitempty"` // good until Number is used
	State     State       `json:"etat"`
	Nom       string      `json:"nom,omitempty"`
	Prenom    string      `json:"prenom,omitempty"`
	Member    []Member    `json:"employeurs"`
	Hash      string      `json:"hash,omitempty"` // argon2id, PHC string
	Secret    *Secret     `json:"secret,omitempty"`
	Mail      string      `json:"mail,omitempty"` // proved
	Pending   *Token      `json:"mail_attendu,omitempty"`
	Undo      *Token      `json:"mail_retour,omitempty"`
	Reset     *Token      `json:"nouveau_passe,omitempty"`
	Paused    time.Time   `json:"pause,omitzero"` // no reset by mail before
	Policy    *Policy     `json:"politique,omitempty"`
	Letters   []Sent      `json:"courriers,omitempty"`
	Devices   []string    `json:"appareils,omitempty"`
	Lang      string      `json:"langue,omitempty"`
	Private   []byte      `json:"numero_prive,omitempty"` // digest of the six digits of the letter
	Suspended *Suspension `json:"suspendu,omitempty"`
	// Reopened says that a suspension was lifted and no password chosen since:
	// second steps that somebody else may have put there are not to be trusted.
	Reopened bool       `json:"rouvert,omitempty"`
	Merge    *Merge     `json:"fusion,omitempty"`
	Alias    string     `json:"alias_de,omitempty"`
	Absorbed []Absorbed `json:"absorbes,omitempty"`
	Pieces   []Piece    `json:"pieces,omitempty"`
	Closed   time.Time  `json:"clos,omitzero"`
	Told     time.Time  `json:"fin_dite,omitzero"`      // of the end of the service
	Ended    bool       `json:"service_fini,omitempty"` // closed by it: taking everything away stays
}

// Member is an employer that has documents for the account.
type Member struct {
	Siret     string    `json:"siret"`
	Matricule string    `json:"matricule"`
	Agent     vault.ID  `json:"agent"`
	Since     time.Time `json:"depuis"`
	Until     time.Time `json:"jusque,omitzero"` // the membership ended; its documents stay
}

// Secret is the one-time password of a letter.
type Secret struct {
	Digest []byte    `json:"empreinte"`
	Until  time.Time `json:"jusque"`
}

// Token is a one-time word that is out, by its digest.
type Token struct {
	Digest []byte    `json:"empreinte"`
	Until  time.Time `json:"jusque"`
	Mail   string    `json:"mail,omitempty"` // that it proves or brings back
}

// Policy is the version of the privacy policy that was accepted, and when.
type Policy struct {
	Version string    `json:"version"`
	Date    time.Time `json:"date"`
}

// Sent is a letter: its date is that of the notice.
type Sent struct {
	Date time.Time `json:"date"`
	Par  string    `json:"par"`
}

// Suspension is a takeover that was reported, and who has said that it is over.
type Suspension struct {
	Since    time.Time `json:"depuis"`
	Released string    `json:"leve_par,omitempty"` // the first of two persons
}

// At is the state of the account at a time, for a source that is locked or not:
// the lock is of a source, and a link that is out has an end.
func (a *Account) At(now time.Time, locked bool) State {
	if a.State != Active && a.State != Unverified {
		return a.State
	}
	if locked {
		return Locked
	}
	if a.State == Active && a.Reset.live(now) {
		return Recovering
	}
	return a.State
}

func (t *Token) live(now time.Time) bool { return t != nil && now.Before(t.Until) }

// may refuses a move that the machine does not have.
func (a *Account) may(now time.Time, m Move) error {
	if _, ok := Next(a.At(now, false), m); !ok {
		return Codes.New(NotNow)
	}
	return nil
}

// move makes a move, which is refused when the machine does not have it. What
// is kept is where the account stands whatever the time: a link that is out is
// kept by its end.
func (a *Account) move(now time.Time, m Move) error {
	next, ok := Next(a.At(now, false), m)
	if !ok {
		return Codes.New(NotNow)
	}
	switch next {
	case Recovering, Locked:
	default:
		a.State = next
	}
	return nil
}

// Sees reports whether the account may see documents.
func (a *Account) Sees() bool {
	return (a.State == Unverified || a.State == Active) && a.Hash != ""
}

// Chooses reports whether the account must choose a password before anything
// else: the secret of a letter opened it.
func (a *Account) Chooses() bool {
	return a.State == Entered || (a.State == Unverified || a.State == Active) && a.Hash == ""
}

// Name is how the person is called.
func (a *Account) Name() string { return strings.TrimSpace(a.Prenom + " " + a.Nom) }

// of gives the membership of an agent of the vault.
func (a *Account) of(agent vault.ID) *Member {
	i := slices.IndexFunc(a.Member, func(m Member) bool { return m.Agent == agent })
	if i < 0 {
		return nil
	}
	return &a.Member[i]
}

// spaces are the account and those that went into it.
func (a *Account) spaces() []string {
	list := []string{a.ID}
	for _, x := range a.Absorbed {
		list = append(list, x.ID)
	}
	return list
}

// Account reads an account; nil when there is none.
func (p *Portal) Account(ctx context.Context, id string) (*Account, error) {
	var a Account
	version, err := p.read(ctx, kindAccount, id, &a)
	if err != nil || version == 0 || a.ID == "" {
		return nil, err
	}
	return &a, nil
}

// changeAccount changes an account, again when another changed it meanwhile.
func (p *Portal) changeAccount(ctx context.Context, par, id string, f func(a *Account) error) error {
	return change(ctx, p, par, kindAccount, id, "", func(a *Account, exists bool) error {
		if !exists {
			return Codes.New(NotNow)
		}
		return f(a)
	})
}
