package batch

import (
	"context"
	"errors"
	"io"

	"paye/app/build"
	"paye/compress"
	"paye/internal/anomalie"
	"paye/xhl"
	"paye/xhl/run"
)

// FillHeads reads the head of each payroll for the SIRET of its employer. A
// payroll that cannot be read keeps an empty one: the batch says why.
func FillHeads(ctx context.Context, list []Employeur) error {
	for i := range list {
		if list[i].Faute != nil {
			continue
		}
		head, err := readHead(ctx, list[i].Entree)
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

func readHead(ctx context.Context, entree string) (*xhl.Entete, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, err := openHead(ctx, entree)
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

// openHead opens the journal of an input; the encoding of a run ends with the
// reading of its head.
func openHead(ctx context.Context, entree string) (io.ReadCloser, error) {
	w := &work{Task: &Task{Build: build.Request{Entree: entree}}}
	if !isRun(entree) {
		path, _, err := w.journal(ctx)
		if err != nil {
			return nil, err
		}
		return build.OpenJournal(path, compress.Limits{})
	}
	r, out := io.Pipe()
	go func() {
		err := build.Encode(ctx, entree, out, run.EncodeOptions{Run: xhl.Options{Fichier: entree}})
		out.CloseWithError(errors.Join(err))
	}()
	return r, nil
}
