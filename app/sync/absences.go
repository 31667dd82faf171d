package sync

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/durable"
)

// Fetched is how a fetch of absences ended.
type Fetched struct {
	Lot     *hr.Lot
	Outcome hr.Outcome
	Waits   bool   // the lot is to be imported
	Added   string // path of the file of what is to be added; empty when nothing is
	Deleted string // path of the file of what is to be deleted; empty when nothing is
	Notices []*anomalie.Anomalie
	Parked  int // half-days that wait for a decision
	Mail    string
}

// FetchAbsences compares the absences of the source, up to the end of the
// month, with those that payroll took over, and records a batch. Nothing goes
// to payroll yet. The files go to the folder out, else to that of the employer.
func (j *Job) FetchAbsences(ctx context.Context, m hr.Mois, out string) (*Fetched, error) {
	dir, err := j.folder()
	if err != nil {
		return nil, err
	}
	run, err := j.newRun()
	if err != nil {
		return nil, err
	}
	release, err := j.lock(dir, run, false)
	if err != nil {
		return nil, err
	}
	defer release()
	if m == (hr.Mois{}) {
		m = j.Today().Mois()
	}
	f, err := j.fetch(ctx, run, m)
	if err == nil {
		if out == "" {
			out = dir
		}
		err = j.writeLot(ctx, out, f)
	}
	if f == nil {
		f = new(Fetched)
	}
	where, mailErr := j.tellAbsences(ctx, run, f, err)
	f.Mail = where
	if err == nil {
		err = mailErr
	}
	return f, err
}

func (j *Job) fetch(ctx context.Context, run string, m hr.Mois) (*Fetched, error) {
	reg, err := j.store.Register(ctx)
	if err != nil {
		return nil, err
	}
	owners := reg.Owners()
	from, to := j.Mapping.Absences.Window(m)
	q := hr.AbsenceQuery{From: from, To: to, Etabs: slices.Sorted(maps.Keys(j.Mapping.Etablissements))}
	if len(q.Etabs) == 0 {
		q.Owners = slices.Sorted(maps.Keys(owners))
	}
	rows, err := j.source.Absences(ctx, q)
	if err != nil {
		return nil, err
	}
	was, first, err := j.store.Acknowledged(ctx)
	if err != nil {
		return nil, err
	}
	sorted, err := j.Mapping.Absences.Sort(rows, from, to, owners)
	if err != nil {
		return nil, err
	}
	d := hr.DiffAbsences(was, sorted.Kept, from, m, first)
	// The filter follows the établissement of today: who was transferred is
	// asked for by name before anything counts as deleted.
	if who := ownersOf(d.Minus, reg); len(q.Etabs) > 0 && len(who) > 0 {
		more, err := j.source.Absences(ctx, hr.AbsenceQuery{From: from, To: to, Owners: who})
		if err != nil {
			return nil, err
		}
		if sorted, err = j.Mapping.Absences.Sort(append(rows, more...), from, to, owners); err != nil {
			return nil, err
		}
		d = hr.DiffAbsences(was, sorted.Kept, from, m, first)
	}
	lot := &hr.Lot{ID: run, Mois: m, At: j.o.Clock.Now(), Outcome: d.Outcome(), State: hr.Waiting, Content: hr.LotContent{Plus: d.Plus, Minus: d.Minus}}
	for _, a := range d.Added {
		lot.Content.Added = append(lot.Content.Added, hr.LotAbsence{Absence: a, Owner: sorted.Owners[a], Period: sorted.Periods[a]})
	}
	for _, a := range d.Deleted {
		lot.Content.Deleted = append(lot.Content.Deleted, hr.LotAbsence{Absence: a})
	}
	f := &Fetched{Lot: lot, Outcome: lot.Outcome, Parked: sorted.Parked(), Notices: notices(sorted, d, m, reg)}
	if err := j.store.PutLot(ctx, lot); err != nil {
		return nil, err
	}
	f.Waits = lot.Outcome != hr.Nothing || len(d.Support) > 0
	if !f.Waits && len(d.Plus)+len(d.Minus) > 0 {
		// Only stoppages of the month in hand: remembered, so that a later
		// change of them can be told.
		return f, j.store.TakeLot(ctx, lot)
	}
	return f, nil
}

// ownersOf are the sheets of the agents of a list.
func ownersOf(list []hr.Absence, reg *hr.Register) []string {
	var out []string
	for _, x := range list {
		if a := reg.Find(x.Agent); a != nil {
			for _, l := range a.Liens {
				out = append(out, l.SourceID)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// notices are what is to be told of a fetch.
func notices(s *hr.Sorting, d *hr.AbsenceDiff, m hr.Mois, reg *hr.Register) []*anomalie.Anomalie {
	var list []*anomalie.Anomalie
	for code, parked := range map[string]map[string]int{"RH-501": s.Unknown, "RH-502": s.Nobody, "RH-503": s.Hours} {
		for _, what := range slices.Sorted(maps.Keys(parked)) {
			list = append(list, hr.Codes.New(code, what, parked[what]))
		}
	}
	told := make(map[string]bool)
	add := func(code string, agent int64, month hr.Mois) {
		a := hr.Codes.New(code, month.String())
		if found := reg.Find(agent); found != nil {
			a.Matricule = found.Name()
		}
		if key := code + a.Matricule + month.String(); !told[key] {
			told[key] = true
			list = append(list, a)
		}
	}
	for _, x := range d.Deleted {
		if x.Day.Mois().Before(m) {
			add("RH-508", x.Agent, x.Day.Mois())
		}
	}
	for i, month := range d.Support {
		add("RH-509", d.SupportAgents[i], month)
	}
	slices.SortStableFunc(list, func(a, b *anomalie.Anomalie) int { return bytes.Compare([]byte(a.Code), []byte(b.Code)) })
	return list
}

// writeLot writes the files of a batch, for people to look at before they
// import.
func (j *Job) writeLot(ctx context.Context, out string, f *Fetched) error {
	if f.Outcome == hr.Nothing {
		return nil
	}
	if err := durable.MkdirAll(out); err != nil {
		return fmt.Errorf("make the folder of the batch: %w", err)
	}
	reg, err := j.store.Register(ctx)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		list []hr.LotAbsence
		what hr.Action
		name string
		path *string
	}{{f.Lot.Content.Added, hr.ToAdd, "a-importer", &f.Added}, {f.Lot.Content.Deleted, hr.ToDelete, "a-supprimer", &f.Deleted}} {
		if len(part.list) == 0 {
			continue
		}
		var text bytes.Buffer
		if err := reg.WriteVariables(&text, part.list, part.what, f.Lot.Mois); err != nil {
			return err
		}
		*part.path = filepath.Join(out, "absences-"+f.Lot.ID+"-"+part.name+".csv")
		if err := durable.WriteFile(*part.path, text.Bytes()); err != nil {
			return fmt.Errorf("write the batch: %w", err)
		}
	}
	return nil
}

// ImportAbsences gives the absences of a batch to write, then takes the batch
// over. A batch is imported once, and not at all when a newer fetch took its
// place or deletions were not regularised.
func (j *Job) ImportAbsences(ctx context.Context, id string, r hr.Regularised, write func(func(io.Writer) error) error) (*hr.Lot, error) {
	dir, err := j.folder()
	if err != nil {
		return nil, err
	}
	release, err := j.lock(dir, id, false)
	if err != nil {
		return nil, err
	}
	defer release()
	lot, err := j.store.Lot(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := lot.Importable(r); err != nil {
		return lot, err
	}
	reg, err := j.store.Register(ctx)
	if err != nil {
		return lot, err
	}
	// First the file, then the memory: killed between the two, the same import
	// writes the same file again.
	if err := write(func(w io.Writer) error { return reg.WriteVariables(w, lot.Content.Added, hr.ToAdd, lot.Mois) }); err != nil {
		return lot, err
	}
	return lot, j.store.TakeLot(ctx, lot)
}

// Presences writes who is there.
func (j *Job) Presences(ctx context.Context, w io.Writer) error {
	reg, err := j.store.Register(ctx)
	if err != nil {
		return err
	}
	return reg.WritePresences(w)
}
