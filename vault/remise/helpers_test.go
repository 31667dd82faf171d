package remise

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"paye/vault"
	"paye/vault/vaulttest"
)

const siret = vaulttest.Siret

var ctx = context.Background()

var september = vault.Periode{Annee: 2026, Mois: 9}

// testVault makes a vault with one active employer.
func testVault(t testing.TB) (*vault.Coffre, *vaulttest.Clock) {
	t.Helper()
	clock := vaulttest.NewClock(time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC))
	root, o := filepath.Join(t.TempDir(), "coffre"), vault.Options{Clock: clock.Now, Workers: 1}
	must(t, vault.Init(ctx, root, vault.InitOptions{Options: o}))
	c, err := vault.Open(ctx, root, o)
	must(t, err)
	t.Cleanup(func() { c.Close(ctx) })
	sys := vault.Systeme("essai")
	must(t, c.Registre().AddEmployeur(ctx, sys, siret, "Ville d'essai", nil))
	must(t, c.Registre().SetEmployeur(ctx, sys, siret, func(e *vault.Employeur) { e.Actif = true }))
	return c, clock
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func pdf(text string) []byte { return vaulttest.PDF(text) }

func content(b []byte) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

func bulletin(matricule string) vault.Document {
	return vault.Document{Identite: vault.Identite{Employeur: siret, Matricule: matricule, Nom: "NOM" + matricule, Prenom: "Prénom"}, Periode: september,
		Nature: vault.Bulletin, Titre: "Bulletin 2026-09.pdf", Contenu: content(pdf("bulletin de " + matricule))}
}

func bulletins(from, to int) (list []vault.Document) {
	for i := from; i < to; i++ {
		list = append(list, bulletin(fmt.Sprintf("A%05d", i)))
	}
	return list
}

// deposit deposits documents that must all be accepted.
func deposit(t testing.TB, s vault.Store, docs ...vault.Document) (recus []*vault.Recu) {
	t.Helper()
	results, err := s.Deposit(ctx, vault.Systeme("essai"), docs)
	must(t, err)
	for _, r := range results {
		must(t, r.Err)
		recus = append(recus, r.Recu)
	}
	return recus
}

func files(t testing.TB, root string) (list []string) {
	t.Helper()
	must(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	}))
	return list
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	vaulttest.WantCode(t, "refusal", err, code)
}

func read(t testing.TB, c *vault.Coffre, par vault.Acteur, id vault.ID) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := c.Read(ctx, par, id, &b)
	must(t, err)
	return b.Bytes()
}
