package remote

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"paye/internal/server"
	"paye/vault"
	"paye/vault/vaulttest"
)

// conform runs the contract of a store over the loopback; transport may be nil.
func conform(t *testing.T, transport http.RoundTripper) {
	root, clock := filepath.Join(t.TempDir(), "coffre"), vaulttest.NewClock(vaulttest.Start)
	vaulttest.Furnish(t, root)
	c, err := vault.Open(ctx, root, vault.Options{Clock: clock.Now})
	must(t, err)
	t.Cleanup(func() { c.Close(ctx) })
	h := httptest.NewServer(NewHandler(c, ForCoffre(c, clock.Now, server.NewBrake(1000, time.Minute, clock.Now))))
	t.Cleanup(h.Close)
	vaulttest.Conform(t, &vaulttest.Banc{Coffre: c, Clock: clock, Poste: func(login string) (vault.Guichet, vault.Acteur) {
		token, err := c.Comptes().NewToken(ctx, vault.Systeme("essai"), login, clock.Now().Add(48*time.Hour))
		must(t, err)
		return at(t, nil, h.URL, Options{Token: token, HTTP: &http.Client{Transport: transport}}), none
	}})
}

func TestRemoteStoreConforms(t *testing.T) { conform(t, nil) }

func TestRemoteStoreConformsOverABadNetwork(t *testing.T) {
	u := &unreliable{rng: rand.New(rand.NewPCG(11, 7))}
	conform(t, u)
	if u.bad < 20 {
		t.Errorf("only %d calls went wrong", u.bad)
	}
}
