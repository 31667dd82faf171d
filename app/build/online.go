package build

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"paye/internal/anomalie"
	"paye/internal/manifest"
	"paye/splitter"
	"paye/xhl"
	"paye/xhl/run"
)

// EntreeStandard is the Request.Entree of a run that comes from
// Request.Lecteur.
const EntreeStandard = "-"

// Online is Prepare and Write in one pass over a run, which may come from a
// pipe: bulletins are encoded, compressed and put into the volume that is
// open; a volume is written and read back as soon as it is closed. The modes
// and wishes of the request have no part in it. All the same the volumes
// appear together, once the run has come to its end.
//
// The Plan of the job is the one that was carried out; HorsLigne is what
// Prepare would have planned.
func Online(ctx context.Context, r Request, w Watch) (_ *Job, _ *manifest.Manifest, err error) {
	dem := newDemand(r, w)
	var annonce *xhl.Annonce
	src, err := openRun(ctx, dem, func(a *xhl.Annonce) { annonce = a })
	if err != nil {
		return nil, nil, err
	}
	read, err := splitter.NewReading(src, dem.lecture())
	if err != nil {
		src.Close()
		return nil, nil, cause(ctx, src, err)
	}
	d, err := newDepot(ctx, dem, src, read.Entete)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	out, err := d.livraison(ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	defer out.abort()
	dem.Progress.Begin(Encodage, 0)
	// A run gives the end of its journal, if it does so early, before its first
	// bulletin: that is before its head can be read here.
	d.Livre, d.Plan, err = read.Online(out.ctx, d.catalogue.references, splitter.Online{
		Format: d.Format, Limit: dem.Limit, Marge: d.margin(), Annonce: annonce,
		Pieces: d.take, Generales: d.generales,
		Volume: func(v *splitter.Volume) error {
			out.write(v)
			return out.ctx.Err()
		},
	})
	if err != nil {
		out.cancel()
		return nil, nil, firstCause(ctx, out.group.Wait(), err)
	}
	src.tell(dem)
	if annonce.Nomenclatures == nil {
		dem.Anomalie(Codes.New(NomenclaturesTardives))
	}
	d.doublons()
	d.sansRefCompta()
	d.HorsLigne, err = splitter.NewPlan(out.ctx, d.Livre, d.Pieces, d.Format, splitter.Options{Limit: dem.Limit, Marge: d.margin()})
	if failed := out.group.Wait(); failed != nil || err != nil {
		return nil, nil, firstCause(ctx, failed, err)
	}
	d.Plan.Borne, d.Plan.Prouve = d.HorsLigne.Borne, d.HorsLigne.Borne == len(d.Plan.Volumes)
	d.tellLight("–")
	m, err := d.Manifeste()
	if err != nil {
		return nil, nil, err
	}
	if err := out.deliver(ctx, m); err != nil {
		return nil, nil, err
	}
	return d, m, nil
}

// firstCause chooses among the errors of the writers and of the reader that
// they stop, or that stops them, the one that is not a mere consequence.
func firstCause(ctx context.Context, failed, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed != nil && (err == nil || !errors.Is(failed, context.Canceled)) {
		return failed
	}
	return err
}

// take finds the documents of the references that the book has from one on.
func (d *Job) take(ctx context.Context, l *splitter.Livre, from int) ([]*splitter.Justificatif, error) {
	fresh, err := d.catalogue.seek(l, from)
	if err != nil {
		return nil, err
	}
	list, err := d.catalogue.take(ctx, l, from, fresh)
	if err != nil {
		return nil, err
	}
	d.Pieces.ParRef = append(d.Pieces.ParRef, list...)
	if err := d.identifiers(list); err != nil {
		return nil, err
	}
	if err := d.lighten(ctx, list); err != nil {
		return nil, err
	}
	return list, d.leaveOut(ctx, list)
}

func (d *Job) generales(ctx context.Context, l *splitter.Livre) ([]*splitter.Justificatif, error) {
	d.Pieces.Generales = d.catalogue.generales(l)
	if err := d.identifiers(d.Pieces.Generales); err != nil {
		return nil, err
	}
	if err := d.lighten(ctx, d.Pieces.Generales); err != nil {
		return nil, err
	}
	return d.Pieces.Generales, d.leaveOut(ctx, d.Pieces.Generales)
}

// openRun opens a run as the journal that it encodes to.
func openRun(ctx context.Context, dem *demand, annonce func(*xhl.Annonce)) (*source, error) {
	notes := new([]*anomalie.Anomalie)
	o := run.EncodeOptions{Writer: dem.Encodage, Run: xhl.Options{Fichier: dem.Entree, Anomalie: columnNotes(notes)}, Workers: dem.Workers, Annonce: annonce}
	var err error
	if o.Past, err = dem.past(ctx); err != nil {
		return nil, err
	}
	encode := func(ctx context.Context, w io.Writer) error { return Encode(ctx, dem.Entree, w, o) }
	s := &source{name: dem.Entree, notes: notes}
	if dem.Entree == EntreeStandard {
		encode = func(ctx context.Context, w io.Writer) error { return EncodeStream(ctx, dem.Lecteur, w, o) }
	} else {
		st, err := os.Stat(dem.Entree)
		if err != nil {
			return nil, notFound(dem.Entree, err)
		}
		s.dir = dem.Entree
		if !st.IsDir() {
			s.dir = filepath.Dir(dem.Entree)
		}
		s.files = RunFiles(dem.Entree)
	}
	s.ReadCloser = encoded(ctx, encode)
	return s, nil
}
