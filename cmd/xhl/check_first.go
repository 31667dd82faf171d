package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"paye/app/build"
	"paye/app/check"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/progress"
	"paye/xhl"
	xhlrun "paye/xhl/run"
)

// checkFirst judges the journal that volumes are about to be made of, or the one
// that a run becomes. What is wrong is shown as a check shows it.
func (p *program) checkFirst(ctx context.Context, dem *build.Request) (err error) {
	if dem.Entree == build.EntreeStandard {
		return p.usage("--check : donnez le journal par son nom, l'entrée standard ne se lit qu'une fois", "--check: give the journal by its name, the standard input can be read once only")
	}
	at, isRun, err := build.InputAt(dem.Entree)
	if err != nil {
		return err
	}
	o := check.Options{Max: standardExemples, Jour: time.Now(), Progress: new(progress.Progress)}
	if isRun {
		dir, err := os.MkdirTemp("", "xhl-")
		if err != nil {
			return fmt.Errorf("make a journal of the run: %w", err)
		}
		defer os.RemoveAll(dir)
		o.Journal = filepath.Join(dir, "journal.xhl")
		if err := becomes(ctx, at, dem.LastMonth, o.Journal); err != nil {
			return err
		}
	}
	r, err := p.judge(ctx, []string{at}, o)
	if err != nil {
		return err
	}
	all := r.Observe(o.Max)
	if isRun {
		unplaced(all)
	}
	if v := verdict(r.ExitCode(all, false)); v != exitOK {
		p.showCheck(r, all, v)
		return cmp.Or(p.dataCheck(r, all, v), error(v))
	}
	p.ui.say(lang.Text{FR: "contrôle : %d erreur{s}, %d avertissement{s}", EN: "check: %d error{s}, %d warning{s}"}, all.Erreurs, all.Avertissements)
	return nil
}

// becomes writes the journal of a run. What that notices is told when volumes are
// made of it.
func becomes(ctx context.Context, at, lastMonth, journal string) (err error) {
	o := xhlrun.EncodeOptions{Run: xhl.Options{Fichier: at, Anomalie: func(*anomalie.Anomalie) {}}}
	if lastMonth != "" {
		if o.Past, err = build.ReadPast(ctx, lastMonth); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(journal, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make a journal of the run: %w", err)
	}
	out := bufio.NewWriterSize(f, 256<<10)
	err = build.Encode(ctx, at, out, o)
	return cmp.Or(err, out.Flush(), f.Close())
}

// unplaced takes away where faults are in a journal that nobody has.
func unplaced(all *check.Constats) {
	for _, compte := range all.Comptes() {
		for _, a := range compte.Exemples {
			a.Offset, a.Ligne = -1, 0
		}
	}
}
