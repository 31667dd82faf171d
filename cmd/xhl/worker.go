package main

import (
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/batch"
	"paye/app/send"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/jobs"
	"paye/internal/ledger"
	"paye/vault"
)

func (p *program) workerCommand() *cli.Command {
	return &cli.Command{
		Name:      "worker",
		Usage:     p.t("faire les travaux que « xhl batch --database » met en file", "do the jobs that \"xhl batch --database\" puts into the queue"),
		UsageText: p.t("xhl worker --database postgres://… [--steps check,build] [--metrics ADRESSE]", "xhl worker --database postgres://… [--steps check,build] [--metrics ADDRESS]"),
		Description: p.t(`Plusieurs ouvriers, sur une machine ou sur plusieurs, se partagent les travaux d'une base PostgreSQL, qui est aussi le
registre des flux : la fin d'un travail et l'inscription de ses volumes sont une seule transaction. Tous voient les mêmes
dossiers sous les mêmes chemins. Un ouvrier tué ne perd rien : son travail est repris par un autre quand son temps est passé.
SIGTERM ou Ctrl-C laisse finir ce qui est en cours, le temps de --grace ; le reste retourne dans la file.`,
			`Several workers, on one machine or on several, share the jobs of a PostgreSQL database, which is the book of fluxes too:
the end of a job and the entry of its volumes are one transaction. All of them see the same folders below the same paths. A
worker that is killed loses nothing: another one takes its job up when its time is over.
SIGTERM or Ctrl-C lets end what is under way, for the time of --grace; the rest goes back to the queue.`),
		Flags:  p.workerFlags(),
		Action: p.work,
	}
}

func (p *program) workerFlags() []cli.Flag {
	work := p.t("Travail", "Work")
	flags := []cli.Flag{
		&cli.StringFlag{Name: "database", Category: work, Required: true, Usage: p.t("base PostgreSQL des travaux et du registre, `URL` postgres://…", "PostgreSQL database of the jobs and of the ledger, `URL` postgres://…")},
		&cli.StringFlag{Name: "steps", Category: work, Value: "check,variations,build,bulletins", Usage: p.t("ce que cet ouvrier fait : deposit demande un coffre, send une plateforme", "what this worker does: deposit wants a vault, send a platform")},
		&cli.IntFlag{Name: "workers", Category: work, Usage: p.t("processeurs (0 : tous)", "processors (0: all)")},
		&cli.StringFlag{Name: "memory", Category: work, Value: "256MiB", Usage: p.t("mémoire des employeurs en cours, `TAILLE`", "memory of the employers at work, `SIZE`")},
		&cli.StringFlag{Name: "disk", Category: work, Usage: p.t("place sur disque des employeurs en cours, `TAILLE` (sans borne par défaut)", "disk space of the employers at work, `SIZE` (not bounded by default)")},
		&cli.StringFlag{Name: "spool", Category: work, Usage: p.t("`DOSSIER` des fichiers temporaires (celui du système par défaut)", "`FOLDER` of temporary files (that of the system by default)")},
		&cli.DurationFlag{Name: "grace", Category: work, Value: 20 * time.Second, Usage: p.t("`DURÉE` laissée à ce qui est en cours à l'arrêt", "`TIME` left to what is under way at the end")},
		&cli.BoolFlag{Name: "poll", Category: work, Usage: p.t("interroger la base au lieu de l'écouter (un PgBouncer est reconnu sans cela)", "ask the database instead of listening to it (a PgBouncer is noticed without it)")},
		&cli.StringFlag{Name: "metrics", Category: work, Usage: p.t("`ADRESSE` de boucle locale où montrer /metrics (Prometheus), /healthz et /readyz", "loopback `ADDRESS` to show /metrics (Prometheus), /healthz and /readyz on")},
	}
	taken := make(map[string]bool)
	for _, f := range flags {
		taken[f.Names()[0]] = true
	}
	for _, f := range append(append(p.ledgerFlags(), p.tdtFlags()...), append(p.actorFlags(), p.remoteFlags()...)...) {
		if name := f.Names()[0]; !taken[name] && name != "ledger" {
			taken[name] = true
			flags = append(flags, f)
		}
	}
	return flags
}

// work takes jobs until it is told to end.
func (p *program) work(c *cli.Context) error {
	if c.NArg() > 0 {
		return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
	}
	url := c.String("database")
	if !ledger.Remote(url) {
		return batch.Codes.New(batch.NoDatabase)
	}
	steps, err := batch.ParseSteps(c.String("steps"))
	if err != nil {
		return err
	}
	n := &night{env: &batch.Env{Version: version(), Language: p.ui.lang, Now: time.Now, Exit: exitCode, Spool: c.String("spool"), Look: p.looks()}}
	if n.limits, err = p.nightLimits(c); err != nil {
		return err
	}
	does := make(map[batch.Step]bool)
	for _, s := range steps {
		does[s] = true
	}
	return p.withLots(c, url, func(lots *batch.Lots, book *fluxbook.Book) error {
		n.env.Recorder = recorderOf(book)
		if does[batch.StepSend] {
			tdt, err := p.tdt(c)
			if err != nil {
				return err
			}
			n.env.Book, n.env.Platform = book, &send.Sender{Book: book, Tdt: tdt}
			if n.env.Platform.Window, err = p.window(c); err != nil {
				return err
			}
		}
		if !does[batch.StepDeposit] {
			return p.takeJobs(c, n, lots, does)
		}
		return p.store(c, vault.Options{}, func(v vault.Guichet, par vault.Acteur) error {
			n.env.Vault, n.env.Par = v, par
			return p.takeJobs(c, n, lots, does)
		})
	})
}

// takeJobs works, watched by the metrics.
func (p *program) takeJobs(c *cli.Context, n *night, lots *batch.Lots, does map[batch.Step]bool) error {
	log := p.logger()
	machine := batch.NewMachine(n.env, n.limits)
	m := newWorkerMetrics(lots.Queue)
	watched, err := p.watchedBy(c, m.handler(lots), log)
	if err != nil {
		return err
	}
	var watch sync.WaitGroup
	watch.Go(watched)
	defer watch.Wait()
	p.boundBooks()
	defer p.spareThread(n.limits.Workers)()
	defer durable.Group()()
	w := &batch.Worker{Lots: lots, Env: n.env, Machine: machine, Log: log, Ended: m.ended}
	log.Info("ready", "version", version())
	err = lots.Queue.Work(c.Context, jobs.Options{Queues: queues(machine, does), Grace: c.Duration("grace"), Poll: c.Bool("poll"), Log: quieter(log), Fit: m.setFit}, w.Handle)
	if err != nil {
		return err
	}
	log.Info("drained")
	return nil
}

// queues are those that a worker takes jobs from, and how many at once.
func queues(m *batch.Machine, does map[batch.Step]bool) map[string]int {
	large, small, slips := m.Jobs()
	q := make(map[string]int)
	if does[batch.StepCheck] || does[batch.StepVariations] || does[batch.StepBuild] || does[batch.StepBulletins] {
		q[batch.QueueLarge], q[batch.QueueSmall], q[batch.QueueSlips] = large, small, slips
	}
	if does[batch.StepDeposit] {
		q[batch.QueueDeposit] = slips
	}
	if does[batch.StepSend] {
		q[batch.QueueSend] = 1
	}
	return q
}
