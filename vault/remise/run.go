package remise

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"

	"paye/internal/anomalie"
	"paye/vault"
	"paye/vault/internal/faults"
)

// Request says how the bulletins of one journal are deposited.
type Request struct {
	Employeur string
	Periode   vault.Periode
	Source    string // identifies the input: SHA-256 of the journal
	Deposant  string // connector shown in the suivi; "xhl" when empty
	Bulletins int    // announced number; 0 when it is not known before the end
	Fichiers  int    // input files
	Lot       int    // documents a batch; 100 when 0

	// Archive gets every PDF before it is deposited; nil for none.
	Archive *Archive
}

// Watch is how a deposit is watched. The zero Watch does not.
type Watch struct {
	// Ecart is called for each bulletin that is not deposited; nil for none.
	Ecart func(vault.Ecart)
}

// paper is the code of a slip that is printed instead.
const paper = "COF-219"

// saveEvery is how many batches pass between two notes of how far a session is.
const saveEvery = 20

// Run deposits documents in one session. It prints nothing and skips nobody:
// each bulletin is deposited, on the paper list, refused, or waiting, and the
// counts of the Versement that it returns say so. Interrupted, it can be run
// again with the same Request: what was deposited is not rendered a second time.
//
// An annexe comes after the slip of its agent (sequence 0) and is filed with
// it; when that slip is printed or refused, so is the annexe, for its reason.
//
// The error is the first of docs or of the machine; refusals of documents are
// no error. The Versement is valid with an error too.
func Run(ctx context.Context, s vault.Depositaire, par vault.Acteur, o Request, w Watch, docs iter.Seq2[vault.Document, error]) (vault.Versement, error) {
	if o.Lot <= 0 {
		o.Lot = 100
	}
	if o.Deposant == "" {
		o.Deposant = "xhl"
	}
	if o.Archive != nil {
		if err := o.Archive.Check(); err != nil {
			return vault.Versement{}, err
		}
	}
	v, err := s.OpenVersement(ctx, par, vault.Versement{Employeur: o.Employeur, Periode: o.Periode, Source: o.Source, Deposant: o.Deposant, Fichiers: o.Fichiers})
	if err != nil {
		return v, err
	}
	r := &run{s: s, par: par, o: o, w: w, v: v, paper: map[string]bool{}, done: map[uint64]bool{}, slips: map[string]vault.ID{}, refused: map[string]*anomalie.Anomalie{}, seed: maphash.MakeSeed()}
	if err := r.membership(ctx); err != nil {
		return v, err
	}
	runErr := r.all(ctx, docs)
	v, err = r.finish(context.WithoutCancel(ctx), runErr)
	return v, errors.Join(runErr, err)
}

type run struct {
	s     vault.Depositaire
	par   vault.Acteur
	o     Request
	w     Watch
	v     vault.Versement
	paper map[string]bool // matricules
	done  map[uint64]bool // hashes of business keys deposited before an interruption
	seed  maphash.Seed
	seen  vault.Bilan
	gaps  []vault.Ecart
	batch []vault.Document

	apart []vault.Document // on their way to the archive alone: on the paper list, or deposited before

	slips   map[string]vault.ID           // first slip of each matricule; zero while it is in the batch
	refused map[string]*anomalie.Anomalie // why a matricule has none
}

// membership reads who gets paper, and what an interrupted run deposited.
func (r *run) membership(ctx context.Context) error {
	list, err := r.s.Papier(ctx, r.par, r.o.Employeur)
	if err != nil {
		return fmt.Errorf("read the paper list: %w", err)
	}
	for _, p := range list {
		r.paper[p.Matricule] = true
	}
	for m, err := range r.s.List(ctx, r.par, vault.Filtre{Employeur: r.o.Employeur, Versement: r.v.ID}) {
		if err != nil {
			return fmt.Errorf("read what the interrupted session deposited: %w", err)
		}
		r.done[r.key(m.Matricule, m.Nature, m.Sequence, m.Version)] = true
		if m.Nature == vault.Bulletin && m.Sequence == 0 {
			r.slips[m.Matricule] = m.ID
		}
	}
	return nil
}

func (r *run) key(matricule string, n vault.Nature, sequence, version int) uint64 {
	return maphash.String(r.seed, fmt.Sprintf("%s\x00%s\x00%d\x00%d", matricule, n, sequence, version))
}

func (r *run) all(ctx context.Context, docs iter.Seq2[vault.Document, error]) error {
	batches := 0
	for d, err := range docs {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		d.Versement = r.v.ID
		if d.Nature == vault.Bulletin {
			r.seen.Bulletins++
			if d.Employeur != r.o.Employeur || d.Periode != r.o.Periode {
				a := vault.Codes.New("COF-217")
				a.Trouve, a.Attendu = d.Employeur+" "+d.Periode.String(), r.o.Employeur+" "+r.o.Periode.String()
				r.gap(&d, a)
				continue
			}
		}
		if r.done[r.key(d.Matricule, d.Nature, d.Sequence, d.Version)] {
			r.deposited(&d)
			if r.o.Archive != nil && !r.o.Archive.Has(&d) {
				if err := r.setApart(ctx, d); err != nil {
					return err
				}
			}
			continue
		}
		if r.paper[d.Matricule] { // but for what is deposited: a refusal is for the next run
			if err := r.setApart(ctx, d); err != nil {
				return err
			}
			r.gap(&d, vault.Codes.New(paper))
			continue
		}
		if accepted, err := r.together(ctx, &d); err != nil {
			return err
		} else if !accepted {
			continue
		}
		r.batch = append(r.batch, d)
		if len(r.batch) < r.o.Lot {
			continue
		}
		if err := r.flush(ctx); err != nil {
			return err
		}
		if batches++; batches%saveEvery == 0 {
			if err := r.save(ctx); err != nil {
				return err
			}
		}
	}
	return r.flush(ctx)
}

// together keeps an annexe with the slip of its agent: it gets it as parent,
// or is refused with it.
func (r *run) together(ctx context.Context, d *vault.Document) (accepted bool, err error) {
	if d.Nature == vault.Bulletin {
		if d.Sequence == 0 {
			r.slips[d.Matricule] = vault.ID{}
		}
		return true, nil
	}
	slip, known := r.slips[d.Matricule]
	if known && slip.IsZero() {
		if err := r.flush(ctx); err != nil {
			return false, err
		}
		slip = r.slips[d.Matricule]
	}
	if why, ok := r.refused[d.Matricule]; ok {
		r.gap(d, why)
		return false, nil
	}
	if d.Parent.IsZero() {
		d.Parent = slip
	}
	return true, nil
}

func (r *run) deposited(d *vault.Document) {
	if d.Nature == vault.Bulletin {
		r.seen.Deposes++
	}
}

// gap notes that d is not deposited, and why.
func (r *run) gap(d *vault.Document, why *anomalie.Anomalie) {
	if d.Nature == vault.Bulletin && d.Sequence == 0 {
		delete(r.slips, d.Matricule)
		r.refused[d.Matricule] = why
	}
	e := d.Ecart(why)
	if len(r.gaps) < vault.MaxEcarts {
		r.gaps = append(r.gaps, e)
	}
	if r.w.Ecart != nil {
		r.w.Ecart(e)
	}
	switch {
	case d.Nature != vault.Bulletin:
	case why.Code == paper:
		r.seen.Papier++
	default:
		r.seen.Refuses++
	}
}

// setApart has a document written to the archive with others.
func (r *run) setApart(ctx context.Context, d vault.Document) error {
	if r.apart = append(r.apart, d); len(r.apart) < maxTogether {
		return nil
	}
	return r.flushApart(ctx)
}

// flushApart writes the PDFs that are not deposited now: for the printer, or since
// they are no longer where an interrupted run put them.
func (r *run) flushApart(ctx context.Context) error {
	if r.o.Archive != nil {
		if err := r.o.Archive.keepAll(ctx, r.apart); err != nil {
			return err
		}
	}
	clear(r.apart)
	r.apart = r.apart[:0]
	return nil
}

func (r *run) flush(ctx context.Context) error {
	if err := r.flushApart(ctx); err != nil {
		return err
	}
	if len(r.batch) == 0 {
		return nil
	}
	var kept newer
	if r.o.Archive != nil {
		var err error
		if kept, err = r.o.Archive.keep(ctx, r.batch); err != nil {
			return err
		}
		defer kept.drop()
	}
	results, err := r.s.Deposit(ctx, r.par, r.batch)
	if err != nil {
		return err
	}
	if len(results) != len(r.batch) {
		return fmt.Errorf("store answered %d results for %d documents", len(results), len(r.batch))
	}
	for i, res := range results {
		d := &r.batch[i]
		if res.Err != nil {
			a, ok := faults.As(res.Err)
			if !ok {
				return res.Err
			}
			r.gap(d, a)
			continue
		}
		if err := kept.place(i); err != nil {
			return err
		}
		if d.Nature == vault.Bulletin && d.Sequence == 0 {
			r.slips[d.Matricule] = res.Recu.ID
		}
		// The answer to an answer that was lost says "already" too: only the
		// receipt tells which session filed the slip.
		if res.Deja && d.Nature == vault.Bulletin {
			if by, err := res.Recu.Versement(); err != nil {
				return err
			} else if by != r.v.ID {
				r.seen.Deja++
			}
		}
		r.deposited(d)
	}
	clear(r.batch)
	r.batch = r.batch[:0]
	return nil
}

// tally is the count as it stands: what was not come to is waiting.
func (r *run) tally() vault.Bilan {
	b := r.seen
	b.Bulletins = max(b.Bulletins, r.o.Bulletins)
	b.EnAttente = b.Bulletins - b.Deposes - b.Papier - b.Refuses
	return b
}

func (r *run) save(ctx context.Context) error {
	r.v.Etape, r.v.Statut, r.v.Motif, r.v.Bilan, r.v.Ecarts = vault.Preparation, vault.StatutBon, "", r.tally(), r.gaps
	v, err := r.s.SaveVersement(ctx, r.par, r.v)
	if err == nil {
		r.v = v
	}
	return err
}

// finish notes the end: done and verified, or interrupted and to be resumed.
func (r *run) finish(ctx context.Context, failed error) (vault.Versement, error) {
	r.v.Bilan, r.v.Ecarts = r.tally(), r.gaps
	r.v.Etape, r.v.Statut, r.v.Motif = vault.Verification, vault.StatutBon, ""
	b := r.v.Bilan
	switch {
	case failed != nil:
		r.v.Etape, r.v.Statut, r.v.Motif = vault.Preparation, vault.StatutAction, "COF-506"
	case b.EnAttente > 0:
		r.v.Etape, r.v.Statut, r.v.Motif = vault.Preparation, vault.StatutAction, "COF-507"
	case b.Refuses > 0 && b.Deposes == 0:
		r.v.Statut, r.v.Motif = vault.StatutRejete, "COF-508"
	case b.Refuses > 0:
		r.v.Statut, r.v.Motif = vault.StatutAction, "COF-508"
	}
	v, err := r.s.SaveVersement(ctx, r.par, r.v)
	if err != nil {
		return r.v, fmt.Errorf("note the end of the session: %w", err)
	}
	return v, nil
}

// RunArchive writes the PDFs to the archive and deposits nothing: the mode
// « PDF seulement, sans dépôt ». It returns how many it wrote.
func RunArchive(ctx context.Context, a *Archive, docs iter.Seq2[vault.Document, error]) (written int, err error) {
	if err := a.Check(); err != nil {
		return 0, err
	}
	var batch []vault.Document
	flush := func() error {
		err := a.keepAll(ctx, batch)
		if err == nil {
			written += len(batch)
		}
		clear(batch)
		batch = batch[:0]
		return err
	}
	for d, err := range docs {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			if ctx.Err() == nil { // what came before the fault is kept, and counted
				err = errors.Join(err, flush())
			}
			return written, err
		}
		if batch = append(batch, d); len(batch) == maxTogether {
			if err := flush(); err != nil {
				return written, err
			}
		}
	}
	err = flush()
	return written, err
}
