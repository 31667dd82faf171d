package batch

import (
	"context"
	"path/filepath"
	"strings"

	"paye/app/deposit"
	"paye/app/send"
	"paye/internal/fluxbook"
	"paye/vault"
)

// deposit hands the slips to the vault; what is there already is left alone.
func (w *work) deposit(ctx context.Context) error {
	if w.env.Vault == nil {
		return Codes.New(NoVault)
	}
	path, release, err := w.journal(ctx)
	if err != nil {
		return err
	}
	defer release()
	job, err := deposit.Prepare(ctx, deposit.Request{Journal: path}, deposit.Watch{Anomalie: w.notice})
	if err != nil {
		return err
	}
	old, err := job.Earlier(ctx, w.env.Vault, w.env.Par)
	if err != nil || old != nil {
		return err
	}
	renderer, err := w.renderer()
	if err != nil {
		return err
	}
	session, err := job.Deposit(ctx, w.env.Vault, w.env.Par, renderer)
	if err != nil {
		return err
	}
	return refusedSlips(&session)
}

func refusedSlips(v *vault.Versement) error {
	if n := v.Bilan.Refuses + v.Bilan.EnAttente; n > 0 {
		return Codes.New(SlipsRefused, n)
	}
	return nil
}

// send hands over the fluxes of the employer's folder that are produced. What
// waits for the window of the platform leaves with a later run.
func (w *work) send(ctx context.Context) error {
	if w.env.Book == nil || w.env.Platform == nil {
		return Codes.New(NoPlatform)
	}
	dir, err := filepath.Abs(w.Sortie)
	if err != nil {
		return err
	}
	all, err := w.env.Book.List(ctx, fluxbook.Filtre{Siret: w.out.Siret})
	if err != nil {
		return err
	}
	var mine []*fluxbook.Flux
	for _, f := range all {
		if f.Etat == fluxbook.Produit && filepath.Dir(f.Fichier) == dir {
			mine = append(mine, f)
		}
	}
	var kept []string
	err = w.env.Platform.Deposit(ctx, mine, fluxbook.Once, func(d *send.Departure) error {
		if d.Faute != nil || d.Issue != fluxbook.IssueDepose {
			kept = append(kept, d.Flux.NomFic)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(kept) > 0 {
		return Codes.New(NotSent, len(kept), strings.Join(kept[:min(len(kept), 5)], ", "))
	}
	return nil
}
