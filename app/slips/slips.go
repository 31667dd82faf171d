package slips

import (
	"context"
	"fmt"
	"sync/atomic"

	"paye/app/build"
	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/payslip"
	"paye/xhl"
	"paye/xhl/check"
)

// Request is what is asked.
type Request struct {
	Entree     string   // journal
	Sortie     string   // folder of the files
	Matricules []string // whose bulletins; all of them when empty

	TrustEncoding bool // render even when the accents are not of the announced charset
}

// Watch is how the work is watched. The zero Watch watches nothing.
type Watch struct {
	Anomalie func(*anomalie.Anomalie)    // findings that do not stop the work; may be nil
	Begin    func(written *atomic.Int64) // told of the counter of files before the first; may be nil
	Inputs   *durable.Inputs             // what the folder must not be written over; may be nil
	Workers  int                         // that render and write at once; 1 when 0
}

// Result is what was written.
type Result struct {
	Written []payslip.Fichier
	Octets  int64
	Missing []*anomalie.Anomalie // matricules that the journal does not have
}

// Verify tells what agents would read wrong, before anything is written.
func Verify(ctx context.Context, q Request, w Watch) error {
	journal, err := build.OpenJournal(q.Entree, compress.Limits{})
	if err != nil {
		return err
	}
	defer journal.Close()
	return check.BeforeSlips(ctx, journal, check.SlipOptions{Fichier: q.Entree, TrustEncoding: q.TrustEncoding, Anomalie: w.tell()})
}

// Write writes the bulletins.
func Write(ctx context.Context, r *payslip.Renderer, q Request, w Watch) (*Result, error) {
	journal, err := build.OpenJournal(q.Entree, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer journal.Close()
	reader, err := xhl.NewReader(journal, xhl.Options{Fichier: q.Entree, Anomalie: w.tell()})
	if err != nil {
		return nil, err
	}
	folder, err := durable.Begin(q.Sortie, durable.DeliveryOptions{Inputs: w.Inputs})
	if err != nil {
		return nil, fmt.Errorf("make folder %s: %w", q.Sortie, err)
	}
	defer folder.Abort()
	res := new(Result)
	d := &payslip.Dossier{Renderer: r, Out: folder, Workers: max(1, w.Workers), Ecrit: func(f payslip.Fichier) error {
		if f.Lacks {
			a := payslip.Codes.New("BUL-005", f.Matricule)
			a.Matricule = f.Matricule
			w.tell()(a)
		}
		res.Written = append(res.Written, f)
		res.Octets += f.Octets
		return nil
	}}
	missing := q.chosen(d)
	if w.Begin != nil {
		w.Begin(&d.Fait)
	}
	err = d.Write(ctx, reader.Entete(), xhl.NotEmpty(q.Entree, reader.Bulletins()))
	if err == nil {
		err = journal.Held()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = folder.Publish()
	}
	if err != nil {
		return nil, err
	}
	for _, m := range q.Matricules {
		if missing[m] {
			missing[m] = false
			a := payslip.Codes.New("BUL-003", m).At(q.Entree, -1, 0)
			a.Matricule = m
			res.Missing = append(res.Missing, a)
		}
	}
	return res, nil
}

// chosen has d write the bulletins of the matricules that were asked for, and
// returns those that were not met yet.
func (q Request) chosen(d *payslip.Dossier) map[string]bool {
	missing := make(map[string]bool, len(q.Matricules))
	for _, m := range q.Matricules {
		missing[m] = true
	}
	if len(missing) > 0 {
		d.Garde = func(b *xhl.Bulletin) bool {
			_, wanted := missing[b.Agent.Matricule]
			if wanted {
				missing[b.Agent.Matricule] = false
			}
			return wanted
		}
	}
	return missing
}

func (w Watch) tell() func(*anomalie.Anomalie) {
	if w.Anomalie == nil {
		return func(*anomalie.Anomalie) {}
	}
	return w.Anomalie
}
