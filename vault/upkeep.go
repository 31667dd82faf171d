package vault

import (
	"context"
	"errors"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/fsck"
	"paye/vault/internal/packs"
)

// Upkeep is what the operator of the machine does now and then.
type Upkeep struct{ c *Coffre }

// Upkeep gives what the operator does.
func (c *Coffre) Upkeep() *Upkeep { return &Upkeep{c} }

// Sweep removes what is left of destroyed documents, blobs that no document has
// and that are older than a day, and packs in which nothing is left. It returns
// how many blobs went.
func (a *Upkeep) Sweep(ctx context.Context, par Acteur) (removed int, err error) {
	if par.Role != RoleSysteme {
		return 0, a.c.denied(ctx, par, "balayage", ID{}, Codes.New("COF-306"))
	}
	for b, err := range a.c.blobs.All(ctx) {
		if faults.Is(err) {
			a.c.opts.Log.Warn("part of the blobs is not swept", "err", err)
			continue
		}
		if err != nil {
			return removed, err
		}
		if b.Vide {
			if err := a.c.finishVoid(ctx, b); err != nil {
				return removed, err
			}
			continue
		}
		var kept, destroyed int
		const count = "SELECT count(*) FILTER (WHERE copies<>0), count(*) FILTER (WHERE copies=0) FROM documents WHERE blob=?"
		if err := a.c.book.Read.QueryRowContext(ctx, count, b.Name[:]).Scan(&kept, &destroyed); err != nil {
			return removed, catalogue.Fault(err, "look for the document of a blob")
		}
		// A young blob that no document ever had may be of a deposit under way.
		if kept > 0 || destroyed == 0 && a.c.now().Sub(b.Date) <= fsck.OrphanAge {
			continue
		}
		err := a.c.blobs.Delete(ctx, b.Name, b.Lieu)
		if err != nil && destroyed > 0 {
			a.c.opts.Log.Warn("blob of an erased document stays", "err", err)
			continue
		}
		if err != nil {
			return removed, err
		}
		removed++
	}
	if local, ok := a.c.blobs.(*packs.Folder); ok {
		if _, err := local.Clean(a.c.now().Add(-fsck.OrphanAge)); err != nil {
			return removed, err
		}
	}
	return removed, a.c.log(ctx, EvMaintenance, nil, acts.Acte{Par: par.Nom, Objet: "balayage"})
}

// finishVoid finishes a deletion that a power cut left half-way.
func (c *Coffre) finishVoid(ctx context.Context, b BlobInfo) error {
	local, ok := c.blobs.(*packs.Folder)
	if !ok {
		return nil
	}
	if empty, err := local.Voided(b.Lieu); err != nil || empty {
		return err
	}
	return local.Delete(ctx, b.Name, b.Lieu)
}

// CheckCatalogue reads every page of the catalogue again, with what SQLite
// knows of its own file, and looks for its indexes: COF-110 says that it is damaged, while the journal,
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
	if err == nil {
		var strange []string
		if strange, err = catalogue.Strange(ctx, a.c.book.Read); err == nil && len(strange) > 0 {
			err = catalogue.StrangeError(strange)
		}
	}
	if err != nil {
		a.c.opts.Log.Error("catalogue is damaged", "err", err)
		return Codes.New("COF-110")
	}
	return a.c.log(ctx, EvMaintenance, nil, acts.Acte{Par: par.Nom, Objet: "controle du catalogue"})
}
