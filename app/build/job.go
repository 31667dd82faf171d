package build

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/identifiants"
	"paye/splitter"
	"paye/xhl"
	"paye/xhl/run"
)

// Job is a job that is read, measured and planned. Close frees it.
type Job struct {
	Livre  *splitter.Livre
	Pieces splitter.Pieces
	Plan   *splitter.Plan
	Paye   Paye
	Format splitter.Format

	// HorsLigne is the plan of the whole book, when Plan was made on the way.
	HorsLigne *splitter.Plan

	Advice *Advice // what lighter twins would save, where Prepare found heavy scans

	dem       *demand
	catalogue *catalogue
	source    *source
	souvenir  souvenir
	allege    allege

	lignesMandats []Mandat // of this budget
}

// Close frees the spool and the folder of pieces, and closes the input.
func (d *Job) Close() error {
	err := errors.Join(d.source.Close(), d.allege.close())
	if d.catalogue != nil {
		err = errors.Join(err, d.catalogue.Close())
	}
	if d.Livre != nil {
		err = errors.Join(err, d.Livre.Close())
	}
	return err
}

// Prepare opens the input, measures the pieces, reads the journal and plans
// the volumes. What stops the work is an *anomalie.Anomalie whose Classe says
// how; the rest goes to Request.Anomalie.
func Prepare(ctx context.Context, r Request, w Watch) (*Job, error) {
	dem := newDemand(r, w)
	told := make(map[string]bool)
	tell := dem.Anomalie
	dem.Anomalie = func(a *anomalie.Anomalie) {
		if len(told) < maxTold {
			told[a.Error()] = true
		}
		tell(a)
	}
	d, err := prepare(ctx, dem)
	if err == nil || dem.reserved == nil {
		return d, err
	}
	// The index named a document as the journal names another: read again, with
	// the names of the journal known.
	dem.Anomalie = func(a *anomalie.Anomalie) {
		if !told[a.Error()] {
			tell(a)
		}
	}
	return prepare(ctx, dem)
}

// maxTold bounds the anomalies that are not told twice.
const maxTold = 10_000

func prepare(ctx context.Context, dem *demand) (_ *Job, err error) {
	past, err := dem.past(ctx)
	if err != nil {
		return nil, err
	}
	src, err := openSource(ctx, dem.Entree, run.EncodeOptions{Past: past, Workers: dem.Workers}, compress.Limits{})
	if err != nil {
		return nil, err
	}
	how := dem.lecture()
	how.Original = src.again
	read, err := splitter.NewReading(src, how)
	if err != nil {
		src.Close()
		return nil, err
	}
	d, err := newDepot(ctx, dem, src, read.Entete)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	dem.Progress.Begin(Reading, src.total)
	if d.Livre, err = read.Livre(ctx, d.catalogue.references); err != nil {
		return nil, cause(ctx, src, err)
	}
	src.tell(dem)
	d.lostZeros(past)
	d.doublons()
	d.paid()
	if d.Pieces, err = d.catalogue.resolve(ctx, d.Livre); err != nil {
		return nil, err
	}
	if err := d.identifiers(slices.Concat(d.Pieces.ParRef, d.Pieces.Generales)); err != nil {
		return nil, err
	}
	before, err := d.heavy(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.leaveOut(ctx, slices.Concat(d.Pieces.ParRef, d.Pieces.Generales)); err != nil {
		return nil, err
	}
	d.sansRefCompta()
	if err := d.plan(ctx); err != nil {
		return nil, err
	}
	d.tellLight(before)
	return d, nil
}

// plan plans the volumes, and says what lighter pieces would change: most of
// all where one is too large for any.
func (d *Job) plan(ctx context.Context) error {
	scans := d.heavyScans()
	d.catalogue.forget()
	d.dem.Progress.Begin(Planning, 0)
	var err error
	d.Plan, err = splitter.NewPlan(ctx, d.Livre, d.Pieces, d.Format, d.options())
	var tooLarge *anomalie.Anomalie
	if err != nil && !errors.As(err, &tooLarge) {
		return err
	}
	d.tellUneven()
	return cmp.Or(d.advise(ctx, scans), err)
}

// heavy makes the lighter twins, and returns how many volumes there would be
// without them: "–" when a piece would be too large.
func (d *Job) heavy(ctx context.Context) (string, error) {
	if !d.dem.Light {
		return "", nil
	}
	volumes := "–"
	plan, err := splitter.NewPlan(ctx, d.Livre, d.Pieces, d.Format, d.options())
	var tooLarge *anomalie.Anomalie
	switch {
	case err == nil:
		volumes = strconv.Itoa(len(plan.Volumes))
	case !errors.As(err, &tooLarge):
		return "", err
	}
	return volumes, d.lighten(ctx, slices.Concat(d.Pieces.ParRef, d.Pieces.Generales))
}

// newDepot is a job before its journal is read: the format is known, and the
// pieces of the index are measured. The source is the job's from here on.
func newDepot(ctx context.Context, dem *demand, src *source, entete *xhl.Entete) (_ *Job, err error) {
	d := &Job{dem: dem, source: src}
	defer func() {
		if err != nil {
			d.Close()
		}
	}()
	if d.Paye, err = newPaye(entete, dem.Siret); err != nil {
		return nil, located(err, dem.Entree)
	}
	if err := dem.spares(d.Paye); err != nil {
		return nil, err
	}
	if d.Format, err = newFormat(dem, d.Paye); err != nil {
		return nil, err
	}
	if err := d.remember(ctx); err != nil {
		return nil, err
	}
	dir, err := openDossier(dem, src)
	if err != nil {
		return nil, err
	}
	d.catalogue = newCatalogue(dem, dir, src.dir)
	if err := d.mandats(src); err != nil {
		return nil, err
	}
	return d, d.index(ctx, src)
}

// doublons tells of the agents that have several bulletins.
func (d *Job) doublons() {
	for _, m := range d.Livre.Doublons() {
		a := xhl.Codes.New("XHL-201", m)
		a.Matricule, a.Fichier = m, d.dem.Entree
		d.dem.Anomalie(a)
	}
}

// sansRefCompta tells that pieces name no mandat.
func (d *Job) sansRefCompta() {
	if d.dem.Format == FormatPES && d.references() == 0 {
		d.dem.Anomalie(Codes.New(SansRefCompta))
	}
}

// lecture says how the journal is read.
func (d *demand) lecture() splitter.ReadOptions {
	niveau := d.Niveau
	switch {
	case d.Format == FormatXHL:
		niveau = compress.Rapide // of the spool alone: the volumes are not compressed
	case niveau == compress.Auto && d.Mode != splitter.Optimise && d.Mode != "":
		niveau = compress.Normal // the other modes do not look for the fewest volumes
	}
	return splitter.ReadOptions{
		Journal: xhl.Options{Fichier: d.Entree, Anomalie: d.Anomalie},
		Niveau:  niveau, Spool: d.Spool, Workers: d.Workers, Lus: d.Progress.Done(),
	}
}

// options are those of the plan.
func (d *Job) options() splitter.Options {
	return splitter.Options{Limit: d.dem.Limit, Marge: d.margin(), Mode: d.dem.Mode, Par: d.dem.Par,
		GardeOrdre: d.dem.GardeOrdre, Equilibre: d.dem.Equilibre, Ensemble: d.dem.Ensemble}
}

// located adds the file to an anomaly that lacks it.
func located(err error, fichier string) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Fichier == "" {
		a.Fichier = fichier
	}
	return err
}

// cause prefers what stopped the input over what its reader then said: an
// interruption, or the fault of the run that the journal was encoded from.
func cause(ctx context.Context, src io.Reader, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// index reads the index of the pieces, given or found beside the input.
func (d *Job) index(ctx context.Context, src *source) error {
	path := d.dem.Index
	if path == "" {
		path = indexBeside(src.dir)
	}
	if path == "" {
		return d.indexInside(ctx)
	}
	d.dem.Index = path
	blank := 0
	lines, err := readIndex(path, &blank, d.dem.Anomalie)
	if err != nil {
		return err
	}
	if blank > 0 {
		a := Codes.New(LignesVides, blank)
		a.Fichier = path
		d.dem.Anomalie(a)
	}
	return d.catalogue.fromIndex(ctx, lines, d.Paye)
}

// indexInside reads the index that travels in the archive of the journal, if
// there is one.
func (d *Job) indexInside(ctx context.Context) error {
	dir := d.catalogue.dossier
	if dir == nil || !dir.archive {
		return nil
	}
	found := d.catalogue.directory().folded[indexName]
	if len(found) != 1 {
		return nil
	}
	f, err := dir.Open(found[0])
	if err != nil {
		return Codes.New(ArchiveIllisible, err.Error()).At(dir.name, -1, 0)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxIndex+1))
	if err != nil {
		return Codes.New(ArchiveIllisible, err.Error()).At(dir.name, -1, 0)
	}
	d.dem.Index = dir.name + "!" + found[0]
	lines, err := parseIndex(d.dem.Index, data, new(int))
	if err != nil {
		return err
	}
	return d.catalogue.fromIndex(ctx, lines, d.Paye)
}

// identifiers refuses the identifiers that a PES cannot carry, when every
// piece needs one.
func (d *Job) identifiers(list []*splitter.Justificatif) error {
	if d.dem.Format != FormatPES || d.dem.Packaging != EnPieces {
		return nil
	}
	for _, p := range list {
		if p == nil {
			continue
		}
		if fault := identifiants.CheckIdUnique(p.IdUnique); fault != nil {
			return Codes.New(IdUniqueRefuse, p.IdUnique, fault)
		}
	}
	return nil
}
