package build

import (
	"context"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/xhl"
)

// ReadHead reads the head of an input, a journal or a run, and nothing of its
// bulletins: whose payroll it is, and of which month.
func ReadHead(ctx context.Context, entree string) (*xhl.Entete, error) {
	in, err := openSource(ctx, entree, nil, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r, err := xhl.NewReader(in, xhl.Options{Fichier: entree, Anomalie: func(*anomalie.Anomalie) {}})
	if err != nil {
		return nil, err
	}
	return r.Entete(), nil
}
