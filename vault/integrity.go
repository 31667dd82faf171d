package vault

import (
	"context"
	"errors"

	"paye/vault/internal/acts"
)

// CheckCatalogue reads every page of the catalogue again, with what SQLite
// knows of its own file: COF-110 says that it is damaged, while the journal,
// from which it can be made again, may be whole. It is for a service that has
// the vault open for months; [Fsck] verifies everything else.
func (a *Upkeep) CheckCatalogue(ctx context.Context, par Acteur) error {
	if par.Role != RoleSysteme {
		return a.c.denied(ctx, par, "controle du catalogue", ID{}, Codes.New("COF-306"))
	}
	var verdict string
	err := a.c.book.Read.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && verdict != "ok" {
		err = errors.New(verdict)
	}
	if err != nil {
		a.c.opts.Log.Error("catalogue is damaged", "err", err)
		return Codes.New("COF-110")
	}
	return a.c.log(ctx, EvMaintenance, nil, acts.Acte{Par: par.Nom, Objet: "controle du catalogue"})
}
