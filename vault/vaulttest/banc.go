package vaulttest

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie"
	"paye/vault"
)

// Siret is the employer of the bench.
const Siret = "21060011800017"

// Other is another employer, for whom carl deposits too.
const Other = "21967674900019"

// Banc is a vault on which Conform runs.
type Banc struct {
	Coffre *vault.Coffre
	// Poste gives the store as a user reaches it, and whom to name in calls.
	Poste func(login string) (vault.Guichet, vault.Acteur)
	Clock *Clock
}

// Clock is the time of a vault: each look takes a millisecond.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock gives a clock that stands at t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const password = "une longue phrase de passe"

// Prepare makes the employer and the users of the bench in a new vault.
func Prepare(ctx context.Context, c *vault.Coffre) error {
	sys := vault.Systeme("essai")
	err := errors.Join(
		c.Registre().AddEmployeur(ctx, sys, Siret, "Ville d'essai", nil),
		c.Registre().SetEmployeur(ctx, sys, Siret, func(e *vault.Employeur) { e.Actif = true }),
		c.Registre().AddEmployeur(ctx, sys, Other, "Autre ville", nil),
		c.Registre().SetEmployeur(ctx, sys, Other, func(e *vault.Employeur) { e.Actif = true }))
	for login, droits := range map[string][]vault.Droit{
		"anne": {vault.DroitDepot, vault.DroitSuivi, vault.DroitLecture, vault.DroitDestruction, vault.DroitValidation},
		"bob":  {vault.DroitSuivi, vault.DroitValidation},
		"carl": {vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation},
		"eve":  nil,
	} {
		err = errors.Join(err, c.Comptes().AddUtilisateur(ctx, sys, login, "", password))
		if droits != nil {
			err = errors.Join(err, c.Comptes().Grant(ctx, sys, login, Siret, droits...))
		}
		if login == "carl" {
			err = errors.Join(err, c.Comptes().Grant(ctx, sys, login, Other, droits...))
		}
	}
	return err
}

// Local reaches a vault of this process.
func Local(c *vault.Coffre) func(string) (vault.Guichet, vault.Acteur) {
	return func(login string) (vault.Guichet, vault.Acteur) { return c, vault.Utilisateur(login) }
}

// Slip is a bulletin whose text is that of its matricule and period.
func Slip(matricule string, p vault.Periode) vault.Document {
	d := vault.Document{Identite: vault.Identite{Employeur: Siret, Matricule: matricule, Nom: "Nom"}, Periode: p, Nature: vault.Bulletin}
	return WithText(d, matricule+" "+p.String())
}

// WithText gives a document other bytes.
func WithText(d vault.Document, text string) vault.Document {
	d.Contenu = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(pdf(text))), nil }
	return d
}

// PDF is a small document that says a text.
func PDF(text string) []byte { return []byte(pdf(text)) }

func pdf(text string) string {
	return "%PDF-1.7\n1 0 obj<</Pages<</Kids[<</Type/Page>>]>>>>endobj trailer<</Root 1 0 R>>\n% bulletin de " + text + "\n%%EOF\n"
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// WantCode wants an anomaly of a code.
func WantCode(t testing.TB, what string, err error, code string) {
	t.Helper()
	if a := anomalie.As(err); a == nil || a.Code != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}
