package fsck

import (
	"context"
	"database/sql"
	"fmt"

	"golang.org/x/sync/errgroup"

	"paye/internal/anomalie"
	"paye/vault/internal/book"
)

// maxLooks bounds how often what others change is looked at again.
const maxLooks = 5

// looks holds the catalogue, the keys and the blobs against the journal. A vault
// that others use changes meanwhile: what is erased or replaced by an event
// after those that were read looks damaged. Such an event is in the journal
// before anything is erased, so what looks wrong is looked at again with the
// events since; what is wrong each time is wrong.
func (f *fsck) looks(ctx context.Context, db *sql.DB, second string) error {
	certain := f.r
	var suspects map[string]bool
	for n := 1; ; n++ {
		f.r = &Rapport{Fautes: map[string]int64{}, Evenements: f.builder.Size, Points: certain.Points}
		f.doubles = map[string]book.Openers{}
		if err := f.look(ctx, db, second); err != nil {
			f.r = certain
			return err
		}
		found := f.r
		found.keep(suspects)
		size := f.builder.Size
		if found.grave() && n < maxLooks {
			if err := f.builder.Extend(-1); err != nil {
				return err
			}
		}
		if f.builder.Size == size {
			found.join(certain)
			f.r = found
			return nil
		}
		suspects = found.marks()
	}
}

// look is one of them. What it looks at is looked at at once.
func (f *fsck) look(ctx context.Context, db *sql.DB, second string) error {
	v, err := f.view(ctx, second)
	if err != nil {
		return err
	}
	if v != nil {
		defer v.close(ctx)
		if v.size > f.builder.Size {
			if err := f.builder.Extend(v.size); err != nil {
				return err
			}
		}
	}
	f.r.Evenements = f.builder.Size
	group, gctx := errgroup.WithContext(ctx)
	if v != nil {
		group.Go(func() error { return f.compare(gctx, v) })
	}
	group.Go(func() error { return f.slots(gctx, db) })
	group.Go(func() error {
		f.privateKeys(gctx, db)
		return f.data(gctx, db)
	})
	return group.Wait()
}

// mark tells an anomaly from others, but for a number of rows.
func mark(a *anomalie.Anomalie) string {
	args := a.Args
	if a.Code == "COF-125" || a.Code == "COF-126" {
		args = args[:1]
	}
	return fmt.Sprint(a.Code, a.Fichier, a.Offset, args)
}

func (r *Rapport) marks() map[string]bool {
	m := map[string]bool{}
	for _, a := range r.Anomalies {
		m[mark(a)] = true
	}
	return m
}

// keep leaves out what was not among the suspects of the look before, unless
// this is the first, or there were too many to list.
func (r *Rapport) keep(suspects map[string]bool) {
	if suspects == nil {
		return
	}
	kept := r.Anomalies[:0]
	for _, a := range r.Anomalies {
		if a.Gravite == anomalie.Info || suspects[mark(a)] || r.Fautes[a.Code] > MaxFautes {
			kept = append(kept, a)
		} else if r.Fautes[a.Code]--; r.Fautes[a.Code] == 0 {
			delete(r.Fautes, a.Code)
		}
	}
	r.Anomalies = kept
}

// grave reports whether something is wrong beyond a remark.
func (r *Rapport) grave() bool {
	for _, a := range r.Anomalies {
		if a.Gravite != anomalie.Info {
			return true
		}
	}
	return false
}

// join puts what is certain before what was found.
func (r *Rapport) join(certain *Rapport) {
	r.Anomalies = append(certain.Anomalies[:len(certain.Anomalies):len(certain.Anomalies)], r.Anomalies...)
	for code, n := range certain.Fautes {
		r.Fautes[code] += n
	}
}
