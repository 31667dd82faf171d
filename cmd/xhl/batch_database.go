package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/batch"
	"paye/internal/fluxbook"
	"paye/internal/jobs"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/progress"
)

// databaseFlag is where the queue of jobs is.
func (p *program) databaseFlag(usageFR, usageEN string) cli.Flag {
	return &cli.StringFlag{Name: "database", Category: p.t("Lot", "Batch"), Usage: p.t(usageFR, usageEN)}
}

// database is the URL of the queue of jobs, "" for a batch of this machine.
func (p *program) database(c *cli.Context) (string, error) {
	url := c.String("database")
	if url == "" {
		return "", nil
	}
	if !ledger.Remote(url) {
		return "", batch.Codes.New(batch.NoDatabase)
	}
	if other := c.String("ledger"); other != "" && other != url {
		return "", p.usage("--ledger et --database sont une même base : donnez --database seule", "--ledger and --database are one database: give --database only")
	}
	return url, nil
}

// withLots opens the database of the jobs, and the book of fluxes in it.
func (p *program) withLots(c *cli.Context, url string, f func(*batch.Lots, *fluxbook.Book) error) error {
	flux, err := fluxbook.Schema()
	if err != nil {
		return err
	}
	lots, err := batch.Schema()
	if err != nil {
		return err
	}
	l, err := ledger.Open(c.Context, url, time.Now, flux, lots)
	if err != nil {
		return err
	}
	q, err := jobs.Open(c.Context, l, url)
	if err == nil {
		err = f(&batch.Lots{L: l, Queue: q}, fluxbook.New(l, p.actor(c)))
	}
	return errors.Join(err, l.Close())
}

// look is how often a batch asks the database what has changed, while something does.
const look = 100 * time.Millisecond

// remoteNight has the workers of a database do a batch, and writes its report.
func (p *program) remoteNight(c *cli.Context, n *night, url string) error {
	p.boundBooks()
	return p.withLots(c, url, func(lots *batch.Lots, book *fluxbook.Book) error {
		n.env.Recorder = recorderOf(book)
		o := &batch.Order{Lot: n.out, Tasks: n.tasks, Faults: n.faults, Langue: p.ui.lang, Time: c.Duration("timeout"), Attempts: c.Int("attempts")}
		now := time.Now()
		for _, t := range n.tasks {
			t.Jour = now
		}
		if err := lots.Submit(c.Context, o, n.env); err != nil {
			return err
		}
		if c.Bool("detach") {
			p.ui.say(lang.Text{FR: "%d employeur{s} {est|sont} dans la file ; la même commande sans --detach {le|les} suit et fait le rapport", EN: "%d employer{s} {is|are} in the queue; the same command without --detach follows {it|them} and makes the report"}, len(n.tasks))
			return p.ui.data(map[string]any{"type": "result", "ok": true, "employeurs": len(n.tasks), "sortie": n.out})
		}
		tick := time.NewTicker(look)
		defer tick.Stop()
		return p.watched(c.Context, n, func(w batch.Watch) (*batch.Summary, error) {
			return lots.Follow(c.Context, o, n.env, w, tick.C)
		})
	})
}

// watched runs a batch with its progress, and ends it.
func (p *program) watched(ctx context.Context, n *night, run func(batch.Watch) (*batch.Summary, error)) error {
	live := newLiveNight(p.ui, time.Now)
	watch := batch.Watch{Progress: new(progress.Progress), Begun: live.begun, Ended: func(o *batch.Outcome) {
		live.ended(o)
		p.showOutcome(o)
	}}
	p.ui.startTable(func() status {
		_, done, total := watch.Progress.Status()
		return status{employersPhase, string(batch.Employers), done, total}
	}, live.lines)
	sum, err := run(watch)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	return p.endNight(n, sum)
}

func (p *program) batchCancelCommand() *cli.Command {
	return &cli.Command{
		Name: "cancel", Usage: p.t("retirer de la file les travaux d'un lot", "take the jobs of a batch out of the queue"),
		UsageText: p.t("xhl batch cancel --database URL -o SORTIE [EMPLOYEUR…]", "xhl batch cancel --database URL -o OUT [EMPLOYER…]"),
		Flags: []cli.Flag{p.databaseFlag("base PostgreSQL des travaux, `URL` postgres://…", "PostgreSQL database of the jobs, `URL` postgres://…"),
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Required: true, Usage: p.t("`DOSSIER` de sortie du lot", "output `FOLDER` of the batch")}},
		Action: func(c *cli.Context) error {
			url, err := p.database(c)
			if err == nil && url == "" {
				err = batch.Codes.New(batch.NoDatabase)
			}
			if err != nil {
				return err
			}
			out, err := filepath.Abs(c.String("out"))
			if err != nil {
				return err
			}
			return p.withLots(c, url, func(lots *batch.Lots, _ *fluxbook.Book) error {
				count, err := lots.Cancel(c.Context, out, c.Args().Slice())
				if err != nil {
					return err
				}
				p.ui.print(p.ui.text(lang.Text{FR: "%d trav{ail annulé|aux annulés}", EN: "%d job{s} cancelled"}, count))
				return p.ui.data(map[string]any{"type": "result", "ok": true, "annules": count, "sortie": out})
			})
		},
	}
}
