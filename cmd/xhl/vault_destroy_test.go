package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/payslip"
	"paye/vault"
	"paye/xhl"
)

// slips renders a bulletin of nothing for each of n agents.
func slips(t *testing.T, n int) (docs []vault.Document) {
	t.Helper()
	renderer, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := &xhl.Entete{Annee: "2026", Mois: "05"}
	e.Employeur.Siret = "21967564200017"
	for i := range n {
		slip := &xhl.Bulletin{}
		slip.Agent.Matricule = fmt.Sprintf("A%05d", i)
		pdf, err := renderer.Append(nil, e, slip)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, vault.Document{Identite: vault.Identite{Employeur: e.Employeur.Siret, Matricule: slip.Agent.Matricule, Nom: "NOM", Prenom: "Prénom"},
			Periode: vault.Periode{Annee: 2026, Mois: 5}, Nature: vault.Bulletin, Titre: "Bulletin 2026-05.pdf",
			Contenu: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(pdf)), nil }})
	}
	return docs
}

func TestDoublesWhoseRetentionEndedAreDestroyedAndTheOthersRefused(t *testing.T) {
	ctx := context.Background()
	state := t.TempDir()
	root := filepath.Join(state, "coffre")
	now := time.Now().AddDate(-6, 0, 0)
	o := vault.Options{Clock: func() time.Time { return now }}
	sys := vault.Systeme("essai")
	docs := slips(t, 3)
	siret := docs[0].Employeur
	if err := vault.Init(ctx, root, vault.InitOptions{Options: o}); err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(ctx, root, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Registre().AddEmployeur(ctx, sys, siret, "Ville d'essai", nil); err != nil {
		t.Fatal(err)
	}
	if err := v.Registre().SetEmployeur(ctx, sys, siret, func(e *vault.Employeur) { e.Actif = true }); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i, n := range []int{2, 1} { // two of six years ago, one of today
		now = now.AddDate(6*i, 0, 0)
		results, err := v.Deposit(ctx, sys, docs[len(ids):len(ids)+n])
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			ids = append(ids, r.Recu.ID.String())
		}
	}
	// What is due goes in a batch, which wants a second person.
	const phrase = "une phrase pour detruire 2026"
	err = errors.Join(v.Comptes().AddUtilisateur(ctx, sys, "alice", "", phrase), v.Comptes().Grant(ctx, sys, "alice", siret, vault.DroitDestruction),
		os.WriteFile(filepath.Join(state, "alice.txt"), []byte(phrase+"\n"), 0o600), v.Close(ctx))
	if err != nil {
		t.Fatal(err)
	}

	destroy := []string{"vault", "destroy", "--state", state, "--motif", "fin de conservation", "--yes", "--json"}
	due := append(destroy, "--expired")
	if code, _, stderr := inProcess(ctx, due...); code != exitUsage || !strings.Contains(stderr, "seconde personne") {
		t.Errorf("exit %d, %s; want a second person asked for", code, stderr)
	}
	code, stdout, stderr := inProcess(ctx, append(due, "--second", "alice", "--second-password-file", filepath.Join(state, "alice.txt"))...)
	if code != 0 || strings.Count(stdout, `"type":"effacement"`) != 2 || strings.Contains(stdout, ids[2]) {
		t.Errorf("exit %d, %s, %s; want the two documents of six years ago", code, stdout, stderr)
	}
	code, stdout, _ = inProcess(ctx, append(destroy, ids...)...)
	if code != exitAnomalies || !strings.Contains(stdout, `"COF-209"`) || !strings.Contains(stdout, `"detruits":2,"ok":false,"refuses":1`) {
		t.Errorf("exit %d, %s; want the third refused, and that the others were done", code, stdout)
	}
	code, stdout, stderr = inProcess(ctx, "vault", "list", "--state", state)
	if code != 0 || strings.Count(stdout, "double de l'employeur ; effacement complet le") != 2 || strings.Count(stdout, "bulletin") != 3 {
		t.Errorf("exit %d, %s, %s; want two of three without their double", code, stdout, stderr)
	}
}
