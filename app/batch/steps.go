package batch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"paye/app/build"
	"paye/app/check"
	"paye/app/slips"
	"paye/app/states"
	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/manifest"
	"paye/payslip"
	"paye/xhl"
	xhlcheck "paye/xhl/check"
	"paye/xhl/run"
)

// journal gives the path of the journal of the input; that of a run is encoded
// into a temporary file, which release removes.
func (w *work) journal(ctx context.Context) (path string, release func(), err error) {
	return build.JournalFile(ctx, w.Build.Entree, w.env.Spool, run.EncodeOptions{Run: xhl.Options{Anomalie: w.notice}, Workers: w.env.Workers})
}

// byBuild reports whether the input is a run that is judged while volumes are made
// of it.
func (w *work) byBuild(isRun bool) bool {
	return isRun && w.env.Checked == nil && (slices.Contains(w.Steps, StepBuild) || slices.Contains(w.Later, StepBuild))
}

// check judges the journal, or the one that a run becomes.
func (w *work) check(ctx context.Context) error {
	at, isRun, err := build.InputAt(w.Build.Entree)
	if err != nil || w.byBuild(isRun) {
		return err
	}
	path, release, err := w.journal(ctx)
	if err != nil {
		return err
	}
	defer release()
	r, err := check.Check(ctx, []string{at}, check.Options{Journal: path, Jour: w.today()})
	if err != nil {
		return err
	}
	if w.env.Checked != nil {
		w.env.Checked(w.Task, r)
	}
	all := r.Observe(1)
	w.out.Avis += all.Avertissements
	if all.Erreurs == 0 {
		return nil
	}
	worst := all.Comptes()[0]
	first := worst.Code
	if len(worst.Exemples) > 0 {
		first += " " + worst.Exemples[0].Message(w.env.Language)
		if c := worst.Exemples[0].Classe(); c != anomalie.Autre {
			return worst.Exemples[0]
		}
	}
	return Codes.New(CheckFailed, all.Erreurs, first)
}

// variations compares with the month before.
func (w *work) variations(ctx context.Context) error {
	if w.Avant == "" {
		return Codes.New(NoMonthBefore)
	}
	path, release, err := w.journal(ctx)
	if err != nil {
		return err
	}
	defer release()
	c, err := states.Variations(ctx, &states.VariationsRequest{Avant: []string{w.Avant}, Apres: []string{path}, Justificatifs: w.Build.Index}, &states.Watch{Anomalie: w.notice})
	if err != nil {
		return err
	}
	if n := c.Synthese.Manquantes; n > 0 {
		return Codes.New(PiecesMissing, n)
	}
	return nil
}

// build makes the volumes.
func (w *work) build(ctx context.Context) error {
	req := w.Build
	if req.Date.IsZero() {
		req.Date = w.today()
	}
	watch := build.Watch{Spool: w.env.Spool, Workers: w.env.Workers, Version: w.env.Version, Anomalie: w.notice, Written: w.written}
	var book Recorder
	if w.env.Recorder != nil && (req.Format == "" || req.Format == build.FormatPES) {
		book = w.env.Recorder(w.Task)
		watch.Recorder, watch.Memory = book, book
	}
	if w.join != nil {
		watch.Recorder = &joined{w: w, book: book}
		if book != nil {
			watch.Memory = unseen{book, w.join}
		}
	}
	job, err := build.Prepare(ctx, req, watch)
	if err != nil {
		return err
	}
	m, err := job.Write(ctx)
	if err := errors.Join(err, job.Close()); err != nil {
		return err
	}
	w.made(m)
	return nil
}

// today is the day of the work, which is that on which it was asked for.
func (w *work) today() time.Time {
	if !w.Jour.IsZero() {
		return w.Jour
	}
	return w.env.Now()
}

// made notes what a delivery holds.
func (w *work) made(m *manifest.Manifest) {
	w.out.Siret, w.out.Periode = m.Siret, m.Annee+"-"+fmt.Sprintf("%02s", m.Mois)
	w.out.Bulletins, w.out.Volumes, w.out.Octets = m.Bulletins, len(m.Volumes), m.Octets()
}

// SlipsFolder is the folder of the slips below that of an employer.
const SlipsFolder = "bulletins"

// slips is the folder of the slips of an employer.
func (w *work) slips() string { return filepath.Join(w.Sortie, SlipsFolder) }

// bulletins renders the slips.
func (w *work) bulletins(ctx context.Context) error {
	path, release, err := w.journal(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := beforeSlips(ctx, path, w.notice); err != nil {
		return err
	}
	journal, err := build.OpenJournal(path, compress.Limits{})
	if err != nil {
		return err
	}
	defer journal.Close()
	reader, err := xhl.NewReader(journal, xhl.Options{Fichier: path, Anomalie: w.notice})
	if err != nil {
		return err
	}
	renderer, err := w.renderer()
	if err != nil {
		return err
	}
	classes, err := slips.Classes("", w.Build.Entree)
	if err != nil {
		return err
	}
	renderer = renderer.Sorted(classes)
	folder, err := durable.Begin(w.slips(), durable.DeliveryOptions{})
	if err != nil {
		return err
	}
	defer folder.Abort()
	d := &payslip.Dossier{Renderer: renderer, Out: folder, Workers: max(1, w.env.Workers)}
	if err := d.Write(ctx, reader.Entete(), xhl.NotEmpty(path, reader.Bulletins())); err != nil {
		return err
	}
	if err := errors.Join(journal.Held(), ctx.Err()); err != nil {
		return err
	}
	return folder.Publish()
}

// beforeSlips tells what agents would read wrong.
func beforeSlips(ctx context.Context, path string, notice func(*anomalie.Anomalie)) error {
	journal, err := build.OpenJournal(path, compress.Limits{})
	if err != nil {
		return err
	}
	defer journal.Close()
	return xhlcheck.BeforeSlips(ctx, journal, xhlcheck.SlipOptions{Fichier: path, Anomalie: notice})
}

func (w *work) renderer() (*payslip.Renderer, error) {
	if w.env.Look != nil {
		return w.env.Look(w.Task)
	}
	if w.env.Renderer != nil {
		return w.env.Renderer, nil
	}
	return payslip.New(payslip.Options{Couleur: payslip.CouleurDefaut})
}
