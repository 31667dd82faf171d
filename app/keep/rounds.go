package keep

import (
	"context"
	"log/slog"

	"paye/internal/server"
	"paye/vault"
	"paye/vault/s3store"
)

// Rounds are those of a vault: the checkpoint, last, covers what the
// others wrote into the journal.
func Rounds(v *vault.Coffre, par vault.Acteur, bucket *s3store.Blobs, log *slog.Logger) server.Rounds {
	list := server.Rounds{
		{Do: func(ctx context.Context) error {
			n, err := v.Upkeep().Sweep(ctx, par)
			if n > 0 {
				log.Info("vault was swept", "blobs", n)
			}
			return err
		}},
		{Nom: "catalogue", Do: func(ctx context.Context) error { return v.Upkeep().CheckCatalogue(ctx, par) }},
	}
	if bucket != nil {
		list = append(list, &server.Round{Nom: "verrou", Do: bucket.Guaranteed})
	}
	return append(list, &server.Round{Nom: "point", Do: func(ctx context.Context) error { _, err := v.WritePoint(ctx); return err }})
}

// Standing is what /sante asks of a vault.
type Standing interface {
	Err() error
	Point(context.Context) ([]byte, error)
}

// Alive says whether a vault still takes deposits: one that stopped after a
// write that failed can be read, and has to be opened again.
func Alive(v Standing) server.Probe {
	return server.Probe{Nom: "coffre", Etat: func(ctx context.Context) error {
		if err := v.Err(); err != nil {
			return err
		}
		_, err := v.Point(ctx)
		return err
	}}
}
