package vault

import (
	"context"
	"fmt"
)

// Sweep removes blobs that no document has and that are older than a day, and
// temporaries of processes that died. It returns how many files went.
func (c *Coffre) Sweep(ctx context.Context, par Acteur) (removed int, err error) {
	if par.Role != RoleSysteme {
		return 0, c.denied(ctx, par, "balayage", ID{}, Codes.New("COF-306"))
	}
	if local, ok := c.blobs.(*folderBlobs); ok {
		if removed, err = local.clean(c.now().Add(-orphanAge)); err != nil {
			return removed, err
		}
	}
	for b, err := range c.blobs.All(ctx) {
		if err != nil {
			return removed, err
		}
		if c.now().Sub(b.Date) <= orphanAge {
			continue
		}
		var n int
		if err := c.read.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE blob=? AND copies<>0", b.Name[:]).Scan(&n); err != nil {
			return removed, fmt.Errorf("look for the document of a blob: %w", err)
		}
		if n > 0 {
			continue
		}
		if err := c.blobs.Delete(ctx, b.Name); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, c.log(ctx, EvMaintenance, nil, corpsActe{Par: par.Nom, Objet: "balayage"})
}
