package batch

import (
	"context"

	"paye/app/build"
)

// FillHeads reads the head of each payroll for the SIRET of its employer. A
// payroll that cannot be read keeps an empty one: the batch says why.
func FillHeads(ctx context.Context, list []Employeur) error {
	for i := range list {
		if list[i].Faute != nil {
			continue
		}
		head, err := build.ReadHead(ctx, list[i].Entree)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			continue
		}
		list[i].Siret = head.Employeur.Siret
	}
	return nil
}
