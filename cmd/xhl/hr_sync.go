package main

import (
	"context"
	"io"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"paye/app/sync"
	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/lang"
)

func (p *program) hrSyncCommand() *cli.Command {
	return &cli.Command{
		Name: "sync", Usage: p.t("reprendre les agents de la source", "take the agents of the source over"),
		UsageText: p.t("xhl hr sync [--dry-run] [--paie JOURNAL] [--at 20:00] [--link FICHE=MATRICULE] …", "xhl hr sync [--dry-run] [--paie JOURNAL] [--at 20:00] [--link SHEET=MATRICULE] …"),
		Description: p.t("Sans --at, une synchronisation. Rien n'est supprimé ni clos, et rien n'est écrit quand un garde-fou s'y oppose.",
			"Without --at, one synchronisation. Nothing is deleted or closed, and nothing is written when a guard forbids it."),
		Flags: append(p.hrFlags(),
			&cli.BoolFlag{Name: "dry-run", Usage: p.t("tout faire sauf écrire", "do everything but write")},
			&cli.StringFlag{Name: "paie", Usage: p.t("`JOURNAL` de la paye : ce qu'elle sait de ses agents", "payroll `JOURNAL`: what it knows of its agents")},
			&cli.StringFlag{Name: "at", Usage: p.t("`HH:MM` de chaque jour, heure de Paris ; la commande ne rend pas la main", "`HH:MM` of each day, Paris time; the command does not end")},
			&cli.StringFlag{Name: "motif", Usage: p.t("`RAISON` de passer outre un garde-fou ; elle est gardée", "`REASON` to overrule a guard; it is kept")},
			&cli.StringSliceFlag{Name: "link", Usage: p.t("`FICHE=MATRICULE` : cette fiche est cet agent", "`SHEET=MATRICULE`: this sheet is this agent")},
			&cli.StringSliceFlag{Name: "apart", Usage: p.t("`FICHE=MATRICULE` : cette fiche n'est pas cet agent", "`SHEET=MATRICULE`: this sheet is not this agent")},
			&cli.StringSliceFlag{Name: "create", Usage: p.t("`FICHE` dont on fait un agent nouveau", "`SHEET` of which a new agent is made")},
			&cli.StringFlag{Name: "presences", Usage: p.t("écrire dans `FICHIER` qui est présent, sans les noms", "write to `FILE` who is there, without names")},
			&cli.BoolFlag{Name: "break-lock", Usage: p.t("prendre la place d'une synchronisation morte", "take the place of a dead synchronisation")}),
		Action: func(c *cli.Context) error {
			req := sync.Request{DryRun: c.Bool("dry-run"), Reason: c.String("motif"), Payroll: c.String("paie"),
				Link: c.StringSlice("link"), Apart: c.StringSlice("apart"), Create: c.StringSlice("create"), BreakLock: c.Bool("break-lock")}
			open := p.hrJob
			if req.DryRun && c.String("at") == "" {
				open = p.hrTrial
			}
			return open(c, func(j *sync.Job) error {
				if at := c.String("at"); at != "" {
					return p.hrLoop(c, j, at, func(ctx context.Context) error { return p.hrSync(ctx, j, req, c.String("presences")) })
				}
				return p.hrSync(c.Context, j, req, c.String("presences"))
			})
		},
	}
}

func (p *program) hrSync(ctx context.Context, j *sync.Job, req sync.Request, presences string) error {
	var done, total atomic.Int64
	p.ui.startProgress(func() status {
		return status{name: lang.Text{FR: "lecture de la source", EN: "reading the source"}, key: "lecture", done: done.Load(), total: max(0, total.Load())}
	})
	rep, err := j.Run(ctx, req, sync.Watch{
		Read: func(n, of int) { done.Store(int64(n)); total.Store(int64(of)) },
		Resumed: func(run string) {
			p.ui.say(lang.Text{FR: "reprise de la lecture %s", EN: "going on with reading %s"}, run)
		},
	})
	p.ui.endProgress()
	if rep == nil || rep.Plan == nil {
		return err
	}
	for _, a := range rep.Plan.Notices {
		p.report(a)
	}
	if err != nil {
		return err
	}
	for _, a := range rep.Plan.Refusals {
		p.ui.anomalie(a)
		if req.DryRun {
			p.errors++
		}
	}
	if presences != "" {
		if err := p.toFile(presences, func(w io.Writer) error { return j.Presences(ctx, w) }); err != nil {
			return err
		}
	}
	p.hrSummary(rep)
	return p.ui.data(hrResult(rep, p.errors))
}

// hrSummary says how a run ended.
func (p *program) hrSummary(rep *sync.Report) {
	plan := rep.Plan
	if !rep.Applied {
		p.ui.print(p.t("Essai : rien n'est écrit.", "Trial: nothing is written."))
	}
	p.ui.print(p.ui.text(lang.Text{FR: "%d fiche{s} lue{s} : %d agent{s} reconnu{s}, %d créé{s}, %d ancien{s} laissé{s} de côté", EN: "%d sheet{s} read: %d agent{s} recognised, %d created, %d former one{s} left aside"},
		plan.Read, plan.Matched, plan.Created, plan.Former))
	p.ui.print(p.ui.text(lang.Text{FR: "%d valeur{s} modifiée{s} ; profils : %d complet{s}, %d incomplet{s}, %d à confirmer, %d en conflit ; %d parti{s} ou plus visible{s}",
		EN: "%d value{s} changed; profiles: %d complete, %d incomplete, %d to be confirmed, %d in conflict; %d left or no longer visible"},
		changed(plan), plan.Profils[hr.Complet], plan.Profils[hr.Incomplet], plan.Profils[hr.AConfirmer], plan.Profils[hr.EnConflit], plan.Gone))
	if rep.Mail != "" {
		p.ui.say(lang.Text{FR: "message : %s", EN: "message: %s"}, rep.Mail)
	}
}

// changed is how many values a plan changes of agents that were there.
func changed(plan *hr.Plan) int { return len(plan.Changes) - plan.Created }

func hrResult(rep *sync.Report, errors int) map[string]any {
	plan := rep.Plan
	return map[string]any{
		"type": "result", "ok": errors == 0, "run": rep.Run, "ecrit": rep.Applied, "repris": rep.Resumed, "lues": plan.Read, "reconnus": plan.Matched, "crees": plan.Created,
		"anciens": plan.Former, "modifies": changed(plan), "partis": plan.Gone, "complets": plan.Profils[hr.Complet], "incomplets": plan.Profils[hr.Incomplet],
		"a_confirmer": plan.Profils[hr.AConfirmer], "conflits": plan.Profils[hr.EnConflit],
		"avertissements": count(plan.Notices, anomalie.Avertissement),
	}
}

func count(list []*anomalie.Anomalie, g anomalie.Gravite) int {
	n := 0
	for _, a := range list {
		if a.Gravite == g {
			n++
		}
	}
	return n
}
