package portal

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"paye/internal/anomalie"
	"paye/internal/ledger"
	"paye/vault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the tables that count attempts, for [ledger.Open].
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("read the migrations of the portal: %w", err)
	}
	return ledger.Schema{Name: "portail", Files: files}, nil
}

// PolicyVersion is that of the privacy policy that is shown.
const PolicyVersion = "2026-11"

// Options of a Portal. Coffre and Ledger are needed.
type Options struct {
	Coffre *vault.Coffre
	Ledger *ledger.Ledger // opened with Schema; its clock is the portal's
	Random io.Reader      // crypto/rand when nil
	Hash   Hasher         // argon2id when nil
	Mail   Mailer         // nil sends nothing
	// Address is where agents find the portal, https://paie.example.org/coffre;
	// it is on the letters and in the mails.
	Address string
	Files   string // folder of the documents that agents put there
	Quota   int64  // bytes of them for one account; 200 MB when 0
	Scan    func(ctx context.Context, b []byte) error
	Rule    LockRule
	// ImmediateRecovery sends a new identifier and a secret to whatever address
	// is typed by somebody who knows the name and the six digits of the letter.
	// Colleagues know names: it is unsafe, and off.
	ImmediateRecovery bool
	// ReactivationBySupport leaves the way back from paper to the employer.
	ReactivationBySupport bool
	Log                   *slog.Logger // silent when nil
}

// LockRule says when signing in is blocked. The zero rule is three failures
// within 15 minutes for 120.
type LockRule struct {
	Failures int
	Window   time.Duration
	Delay    time.Duration
}

// Portal is the wishes of agents.
type Portal struct {
	o       Options
	clock   func() time.Time
	hash    Hasher
	decoy   string
	outbox  *outbox
	counter counter
}

// New opens the portal. The caller calls Close.
func New(ctx context.Context, o Options) (*Portal, error) {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Rule == (LockRule{}) {
		o.Rule = LockRule{3, 15 * time.Minute, 120 * time.Minute}
	}
	if o.Quota == 0 {
		o.Quota = 200e6
	}
	mark, err := readMark(ctx, o.Ledger)
	if err != nil {
		return nil, err
	}
	p := &Portal{o: o, clock: mark.Now, hash: o.Hash, counter: counter{o.Ledger, mark}}
	if p.hash == nil {
		p.hash = NewArgon(o.Random)
	}
	if o.ImmediateRecovery {
		o.Log.WarnContext(ctx, "immediate recovery is on: who knows a name and six digits takes an account over")
	}
	secret, err := newSecret(o.Random, 20)
	if err != nil {
		return nil, err
	}
	if p.decoy, err = p.hash.Hash(ctx, secret); err != nil {
		return nil, err
	}
	p.outbox = startOutbox(o.Mail, o.Log)
	return p, nil
}

// MoveTo says where agents find the portal, once it is known; before anybody is
// served.
func (p *Portal) MoveTo(address string) { p.o.Address = address }

// Close sends what is waiting, and stops.
func (p *Portal) Close() { p.outbox.close() }

// Kinds of the fiches of the portal.
const (
	kindAccount    = "portail.compte"
	kindNumber     = "portail.identifiant" // twelve digits to account
	kindMail       = "portail.mail"        // proved mail to account
	kindMembership = "portail.adhesion"
	kindName       = "portail.nom" // folded name to accounts
	kindRequest    = "portail.demande"
	kindShare      = "portail.partage"
	kindTrace      = "portail.trace"
	kindMerge      = "portail.fusion"
	kindClosing    = "portail.cloture"
)

// conflict is the code of a fiche that another wrote meanwhile.
const conflict = "COF-401"

// read reads a record; its version is 0 when there is none.
func (p *Portal) read(ctx context.Context, kind, key string, v any) (version int64, err error) {
	f, err := p.o.Coffre.Fiches().Get(ctx, kind, key)
	if err != nil || f.Valeur == nil {
		return 0, err
	}
	if err := json.Unmarshal(f.Valeur, v); err != nil {
		return 0, fmt.Errorf("read a record of kind %s: %w", kind, err)
	}
	return f.Version, nil
}

// change reads, changes and writes a record, again when another wrote it in
// between. An error of f is returned and nothing is written.
func change[T any](ctx context.Context, p *Portal, par, kind, key, employeur string, f func(v *T, exists bool) error) error {
	for range 20 {
		stored, err := p.o.Coffre.Fiches().Get(ctx, kind, key)
		if err != nil {
			return err
		}
		v := new(T)
		if stored.Valeur != nil {
			if err := json.Unmarshal(stored.Valeur, v); err != nil {
				return fmt.Errorf("read a record of kind %s: %w", kind, err)
			}
		}
		if err := f(v, stored.Valeur != nil); err != nil {
			return err
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("write a record of kind %s: %w", kind, err)
		}
		err = p.o.Coffre.Fiches().Put(ctx, vault.Systeme(par), vault.Fiche{Genre: kind, Cle: key, Employeur: employeur, Sujet: about(kind, key, v), Version: stored.Version, Valeur: raw})
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Code != conflict {
			return err
		}
	}
	return Codes.New(NotNow)
}

// remove removes a record.
func (p *Portal) remove(ctx context.Context, par, kind, key string) error {
	f, err := p.o.Coffre.Fiches().Get(ctx, kind, key)
	if err != nil || f.Valeur == nil {
		return err
	}
	f.Valeur = nil
	return p.o.Coffre.Fiches().Put(ctx, vault.Systeme(par), f)
}

// lead is what an identifier, a mail or a name leads to.
type lead struct {
	Accounts []string `json:"comptes"`
}
