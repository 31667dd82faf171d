package vault_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/vault"
	"paye/vault/vaulttest"
)

const (
	goldenArchive  = "testdata/golden-vault.zip"
	goldenSiret    = "21967674900019"
	goldenPassword = "une longue phrase de passe"
)

// golden opens the golden vault a month after it was made.
func golden(t *testing.T) (c *vault.Coffre, dir string, o vault.Options) {
	t.Helper()
	dir = vaulttest.Golden(t, goldenArchive)
	o = vault.Options{Clock: vaulttest.NewClock(vaulttest.GoldenTime.Add(30 * 24 * time.Hour)).Now}
	c, err := vault.Open(context.Background(), filepath.Join(dir, "coffre"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c, dir, o
}

func TestGoldenVaultIsSoundAndContinuesItsWitness(t *testing.T) {
	dir := vaulttest.Golden(t, goldenArchive)
	witness, err := os.ReadFile(filepath.Join(dir, "temoin.note"))
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "coffre")
	r, err := vault.Fsck(t.Context(), root, vault.FsckOptions{Secours: filepath.Join(root, "keys", "secours.cle"), Temoins: [][]byte{witness}})
	if err != nil || len(r.Anomalies) > 0 {
		t.Fatal(r.Anomalies, err)
	}
	if r.Evenements != 46 || r.Documents != 4 || r.Destroyed != 1 || r.Dechiffres != 4 || r.Points != 23 {
		t.Errorf("%d events, %d documents, %d destroyed, %d opened, %d checkpoints", r.Evenements, r.Documents, r.Destroyed, r.Dechiffres, r.Points)
	}
}

func TestGoldenReceiptsAreStillTheSame(t *testing.T) {
	c, dir, _ := golden(t)
	ctx := t.Context()
	key, err := c.Verificateur(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sys, n := vault.Systeme("essai"), 0
	for m, err := range c.List(ctx, sys, vault.Filtre{Employeur: goldenSiret}) {
		if err != nil {
			t.Fatal(err)
		}
		var pdf bytes.Buffer
		if _, err := c.Read(ctx, sys, m.ID, &pdf); err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(pdf.Bytes())
		raw, err := os.ReadFile(filepath.Join(dir, "recus", m.ID.String()+".json"))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := vault.ParseRecu(raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := kept.Verify(key, hex.EncodeToString(digest[:])); err != nil {
			t.Errorf("receipt of %s: %v", m.ID, err)
		}
		again, err := c.Check(ctx, sys, m.ID)
		if err != nil || len(again.Fautes) > 0 {
			t.Fatal(again.Fautes, err)
		}
		if again.Recu.Corps != kept.Corps || again.Recu.Index != kept.Index || !bytes.Equal(again.Recu.Entete, kept.Entete) {
			t.Errorf("%s: the leaf is another now", m.ID)
		}
		n++
	}
	if n != 4 {
		t.Errorf("%d documents, want 4", n)
	}
}

func TestGoldenAccountsAndAgentsStillHaveTheirRights(t *testing.T) {
	c, _, _ := golden(t)
	ctx := t.Context()
	anne, err := c.Comptes().Authenticate(ctx, vault.Provenance{}, "anne", goldenPassword)
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := c.Versements(ctx, anne, goldenSiret)
	if err != nil || len(sessions) != 2 || sessions[0].Etape != vault.Verification || sessions[1].ValidePar != "bob" {
		t.Fatalf("sessions %+v, %v", sessions, err)
	}
	agent, err := c.Registre().AgentDe(ctx, goldenSiret, "69751")
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for m, err := range c.List(ctx, vault.Agent(agent), vault.Filtre{}) {
		if err != nil {
			t.Fatal(err)
		}
		var pdf bytes.Buffer
		if _, err := c.Read(ctx, vault.Agent(agent), m.ID, &pdf); err != nil {
			t.Error(err)
		}
		seen = append(seen, m.Periode.String())
	}
	if got := strings.Join(seen, " "); got != "2026-05" {
		t.Errorf("the agent sees %q before the second session is validated", got)
	}
	bob, err := c.Comptes().Authenticate(ctx, vault.Provenance{}, "bob", goldenPassword)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Validate(ctx, bob, sessions[0].ID); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Count(ctx, vault.Agent(agent), vault.Filtre{}); err != nil || n != 2 {
		t.Errorf("the agent sees %d documents after the validation, %v", n, err)
	}
}

func TestCatalogueOfTheGoldenVaultIsMadeAgain(t *testing.T) {
	dir := vaulttest.Golden(t, goldenArchive)
	root := filepath.Join(dir, "coffre")
	if err := os.Remove(filepath.Join(root, "catalogue.db")); err != nil {
		t.Fatal(err)
	}
	o := vault.Options{Clock: vaulttest.NewClock(vaulttest.GoldenTime.Add(time.Hour)).Now}
	made, err := vault.Recover(t.Context(), root, vault.Systeme("essai"), o)
	if err != nil || len(made.Anomalies) > 0 || made.Documents != 4 {
		t.Fatalf("%+v, %v", made, err)
	}
	r, err := vault.Fsck(t.Context(), root, vault.FsckOptions{Options: o})
	if err != nil || !r.Sound() {
		t.Error(r.Anomalies, err)
	}
}
