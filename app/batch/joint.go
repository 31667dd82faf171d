package batch

import (
	"context"

	"paye/app/build"
	"paye/internal/durable"
	"paye/internal/fluxbook"
)

// joined records the delivery of a step together with the step itself.
type joined struct {
	w        *work
	book     Recorder // nil for what is not recorded
	prepared bool     // what is published is this work's
}

// Prepare refuses what another process has done meanwhile: the folder is
// locked, so that it has ended.
func (j *joined) Prepare(ctx context.Context, a *build.Account) (note []byte, err error) {
	if err := j.w.join.Wanted(j.w.Dossier, StepBuild, j.w.key); err != nil {
		return nil, err
	}
	j.w.made(a.Manifest)
	if j.book != nil {
		note, err = j.book.Prepare(ctx, a)
	}
	j.prepared = err == nil
	return note, err
}

// Published records. A delivery that a former process decided, and this one
// only put in place, is recorded alone.
func (j *joined) Published(note []byte) error {
	if !j.prepared {
		if j.book == nil && len(note) > 0 {
			return durable.Codes.New(durable.Unrecorded, j.w.Sortie)
		}
		if j.book == nil {
			return nil
		}
		return j.book.Published(note)
	}
	if j.w.noted { // told twice
		return nil
	}
	err := j.w.join.AddWith(j.w.entry(StepBuild, j.w.key), j.book, note)
	j.w.noted = err == nil
	return err
}

// unseen is what a book knows, without asking it for a month that it is known not
// to have.
type unseen struct {
	build.Memory
	join Joint
}

// Past reports whether a volume of the payroll has left, and whether names of its
// month are taken.
func (u unseen) Past(ctx context.Context, p build.Paye) (sent, names bool, err error) {
	if u.join.Unseen(fluxbook.Month{Siret: p.Siret, Annee: p.Annee, Mois: p.Mois}) {
		return false, false, nil
	}
	return u.Memory.Past(ctx, p)
}
