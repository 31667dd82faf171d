package main

import (
	"cmp"
	"context"
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
func (p *program) checkFirst(ctx context.Context, dem *build.Request) error {
	if dem.Entree == build.EntreeStandard {
		return p.usage("--check : donnez le journal par son nom, l'entrée standard ne se lit qu'une fois", "--check: give the journal by its name, the standard input can be read once only")
	}
	at, isRun, err := build.InputAt(dem.Entree)
	if err != nil {
		return err
	}
	o := check.Options{Max: standardExemples, Jour: time.Now(), Progress: new(progress.Progress)}
	if isRun {
		encode := xhlrun.EncodeOptions{Run: xhl.Options{Anomalie: func(*anomalie.Anomalie) {}}} // told again when volumes are made
		if dem.LastMonth != "" {
			if encode.Past, err = build.ReadPast(ctx, dem.LastMonth); err != nil {
				return err
			}
		}
		journal, release, err := build.JournalFile(ctx, at, "", encode)
		if err != nil {
			return err
		}
		defer release()
		o.Journal = journal
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

// unplaced takes away where faults are in a journal that nobody has.
func unplaced(all *check.Constats) {
	for _, compte := range all.Comptes() {
		for _, a := range compte.Exemples {
			a.Offset, a.Ligne = -1, 0
		}
	}
}
