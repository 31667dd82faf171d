package main

import (
	"cmp"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/batch"
	"paye/app/build"
	"paye/app/send"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/payslip"
	"paye/pespj"
	"paye/vault"
)

func (p *program) batchCommand() *cli.Command {
	return &cli.Command{
		Name:      "batch",
		Usage:     p.t("faire les volumes de beaucoup d'employeurs, et le rapport de la nuit", "make the volumes of many employers, and the report of the night"),
		UsageText: p.t("xhl batch --limit 128Mo -o SORTIE DOSSIER|TABLEAU.csv [--database postgres://…]", "xhl batch --limit 128Mo -o OUT FOLDER|TABLE.csv [--database postgres://…]"),
		Description: p.t(`DOSSIER contient un dossier par employeur, avec un run ou un journal ; TABLEAU, une ligne par employeur
(« xhl batch init DOSSIER » le propose). Chaque employeur a son dossier dans SORTIE, où rapport.html commence
par ce qu'il faut faire. Relancée, la commande ne refait pas ce qui est fait. Code de retour 3 si quelque chose attend une personne.`,
			`FOLDER holds a folder an employer, with a run or a journal; TABLE, a line an employer ("xhl batch init FOLDER"
proposes it). Each employer has its folder in OUT, where rapport.html begins with what there is to do.
Run again, the command does not do again what is done. Exit code 3 when something waits for a person.`),
		Flags:       append(p.batchFlags(), p.planFlags()...),
		Subcommands: []*cli.Command{p.batchInitCommand(), p.batchCancelCommand()},
		Action:      p.batch,
	}
}

// batchFlags are the options of a batch beside those of its builds.
func (p *program) batchFlags() []cli.Flag {
	night := p.t("Lot", "Batch")
	return append(append(p.tdtFlags(), p.batchVaultFlags()...),
		&cli.StringFlag{Name: "steps", Category: night, Value: "check,build", Usage: "check,variations,build,bulletins,deposit,send"},
		&cli.StringFlag{Name: "avant", Category: night, Usage: p.t("`DOSSIER` du mois précédent, avec les mêmes dossiers d'employeurs, pour variations", "`FOLDER` of the month before, with the same folders of employers, for variations")},
		&cli.IntFlag{Name: "workers", Category: night, Usage: p.t("processeurs (0 : tous)", "processors (0: all)")},
		&cli.StringFlag{Name: "memory", Category: night, Value: "256MiB", Usage: p.t("mémoire des employeurs en cours, `TAILLE`", "memory of the employers at work, `SIZE`")},
		&cli.StringFlag{Name: "disk", Category: night, Usage: p.t("place sur disque des employeurs en cours, `TAILLE` (sans borne par défaut)", "disk space of the employers at work, `SIZE` (not bounded by default)")},
		&cli.StringFlag{Name: "logo", Category: night, Usage: p.t("`FICHIER` PNG ou JPEG, sur les bulletins", "PNG or JPEG `FILE`, on the slips")},
		&cli.StringFlag{Name: "color", Category: night, Value: payslip.CouleurDefaut, Usage: p.t("couleur des bulletins, `RRVVBB`", "colour of the slips, `RRGGBB`")},
		p.databaseFlag("confier le travail aux ouvriers (« xhl worker ») de cette base PostgreSQL, qui est aussi le registre, `URL` postgres://…", "leave the work to the workers (\"xhl worker\") of this PostgreSQL database, which is the ledger too, `URL` postgres://…"),
		&cli.BoolFlag{Name: "detach", Category: night, Usage: p.t("avec --database : mettre en file et ne pas attendre", "with --database: put into the queue and do not wait")},
		&cli.DurationFlag{Name: "timeout", Category: night, Usage: p.t("avec --database : `DURÉE` d'un travail au plus (2 min et 1 s par Mio par défaut) ; celui d'un ouvrier mort est repris après", "with --database: `TIME` of a job at most (2 min and 1 s a MiB by default); that of a dead worker is taken up after it")},
		&cli.IntFlag{Name: "attempts", Category: night, Value: 6, Usage: p.t("avec --database : tentatives au plus quand une machine est en panne", "with --database: attempts at most when machines fail")},
		&cli.BoolFlag{Name: "again", Category: night, Usage: p.t("refaire aussi ce qui est fait", "do again what is done, too")},
		&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Category: night, Usage: p.t("`DOSSIER` de sortie", "output `FOLDER`")},
	)
}

// batchVaultFlags are those of the vault that the flags of a build have not.
func (p *program) batchVaultFlags() []cli.Flag {
	var list []cli.Flag
	taken := make(map[string]bool)
	for _, f := range p.ledgerFlags() {
		taken[f.Names()[0]] = true
	}
	for _, f := range append(p.actorFlags(), p.remoteFlags()...) {
		if !taken[f.Names()[0]] {
			taken[f.Names()[0]] = true
			list = append(list, f)
		}
	}
	return list
}

func (p *program) batchInitCommand() *cli.Command {
	return &cli.Command{
		Name: "init", Usage: p.t("proposer le tableau des employeurs d'un dossier", "propose the table of the employers of a folder"),
		UsageText: p.t("xhl batch init [-o TABLEAU.csv] DOSSIER", "xhl batch init [-o TABLE.csv] FOLDER"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` du tableau (employeurs.csv dans DOSSIER par défaut ; - pour la sortie standard)", "`FILE` of the table (employeurs.csv in FOLDER by default; - for standard output)")},
			&cli.BoolFlag{Name: "replace", Usage: p.t("remplacer le tableau qui existe", "replace the table that exists")},
		},
		Action: func(c *cli.Context) error {
			dir, err := p.one(c, "un DOSSIER", "one FOLDER")
			if err != nil {
				return err
			}
			out := firstOf(c.String("out"), filepath.Join(dir, "employeurs.csv"))
			if err := sparesFilled(c, out); err != nil {
				return err
			}
			list, without, err := batch.Find(dir)
			if err != nil {
				return err
			}
			p.tellWithout(without)
			if err := batch.FillHeads(c.Context, list); err != nil {
				return err
			}
			if err := p.toFile(out, func(w io.Writer) error { return batch.WriteTable(w, filepath.Dir(out), list) }); err != nil {
				return err
			}
			p.ui.say(lang.Text{FR: "%d employeur{s} dans %s ; remplissez idpost, codcol et codbud, et limite si vous ne donnez pas --limit", EN: "%d employer{s} in %s; fill in idpost, codcol and codbud, and limite where you give no --limit"}, len(list), out)
			return p.ui.data(map[string]any{"type": "result", "ok": true, "employeurs": len(list), "tableau": out})
		},
	}
}

// night is a batch that is ready to be run.
type night struct {
	tasks   []*batch.Task
	faults  []*batch.Outcome
	env     *batch.Env
	limits  batch.Limits
	out     string
	without []string // what of the input is no employer
}

func (p *program) batch(c *cli.Context) error {
	n, err := p.night(c)
	if err != nil {
		return err
	}
	url, err := p.database(c)
	if err != nil {
		return err
	}
	if url != "" {
		return p.remoteNight(c, n, url)
	}
	return p.equipped(c, n, func() error { return p.runNight(c.Context, n) })
}

// night reads what a batch is asked.
func (p *program) night(c *cli.Context) (*night, error) {
	in, err := p.one(c, "un DOSSIER ou un TABLEAU.csv", "one FOLDER or TABLE.csv")
	if err != nil {
		return nil, err
	}
	n := &night{env: &batch.Env{Version: version(), Language: p.ui.lang, Now: time.Now, Exit: exitCode}}
	if n.out, err = p.absolute(c.String("out")); err != nil {
		return nil, err
	}
	if n.out == "" {
		return nil, p.usage("il manque le dossier de sortie : -o DOSSIER", "the output folder is missing: -o FOLDER")
	}
	if n.limits, err = p.nightLimits(c); err != nil {
		return nil, err
	}
	base, err := p.volumeOptions(c)
	if err == nil {
		err = p.wishes(c, base)
	}
	if err != nil {
		return nil, err
	}
	steps, err := batch.ParseSteps(c.String("steps"))
	if err != nil {
		return nil, err
	}
	list, without, err := p.employers(in)
	if err != nil {
		return nil, err
	}
	n.without = without
	p.tellWithout(without)
	avant, err := p.absolute(c.String("avant"))
	if err != nil {
		return nil, err
	}
	n.tasks = batch.NewTasks(list, *base, avant, steps, func(name string) string { return filepath.Join(n.out, filepath.FromSlash(name)) })
	if err := p.dress(c, n.tasks); err != nil {
		return nil, err
	}
	n.faults = make([]*batch.Outcome, len(list))
	for i := range list {
		n.tasks[i].Retry = c.Bool("again")
		if list[i].Faute != nil {
			n.faults[i] = batch.Fault(&list[i], n.env)
		}
	}
	return n, nil
}

// dress tells tasks the look of their slips, which is one of their options.
func (p *program) dress(c *cli.Context, tasks []*batch.Task) error {
	get, err := p.settings(c)
	if err != nil {
		return err
	}
	logo, err := p.absolute(get("logo"))
	for _, t := range tasks {
		t.Couleur, t.Logo = get("color"), logo
	}
	return err
}

// employers lists those of a folder or of a table; without is what of the folder
// is none.
func (p *program) employers(in string) (list []batch.Employeur, without []string, err error) {
	if in, err = p.absolute(in); err != nil {
		return nil, nil, err
	}
	if st, err := os.Stat(in); err == nil && !st.IsDir() {
		list, err = batch.ReadTable(in)
		return list, nil, err
	}
	return batch.Find(in)
}

// maxWithout is how many names are said; the report has all.
const maxWithout = 5

// tellWithout says what of a folder is no employer: a payroll may be missing.
func (p *program) tellWithout(names []string) {
	if len(names) == 0 {
		return
	}
	some := make([]string, 0, maxWithout+1)
	for _, name := range names[:min(len(names), maxWithout)] {
		some = append(some, oneLine(name))
	}
	if len(names) > maxWithout {
		some = append(some, "…")
	}
	p.ui.say(lang.Text{FR: "%d laissé{s} de côté, faute d'un dossier avec une paye : %s", EN: "%d left aside, being no folder with a payroll: %s"}, len(names), strings.Join(some, ", "))
}

// absolute makes a path absolute: a worker has another working folder.
func (p *program) absolute(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	return filepath.Abs(path)
}

func (p *program) nightLimits(c *cli.Context) (l batch.Limits, err error) {
	l.Workers = cmp.Or(c.Int("workers"), runtime.GOMAXPROCS(0))
	if l.Memory, err = pespj.ParseLimit(c.String("memory")); err == nil && c.String("disk") != "" {
		l.Disk, err = pespj.ParseLimit(c.String("disk"))
	}
	return l, err
}

// equipped opens what the steps of a batch need, and gives it back after f.
func (p *program) equipped(c *cli.Context, n *night, f func() error) error {
	steps := make(map[batch.Step]bool)
	for _, s := range n.tasks[0].Steps {
		steps[s] = true
	}
	if steps[batch.StepBulletins] || steps[batch.StepDeposit] {
		r, err := p.renderer(c, "")
		if err != nil {
			return err
		}
		n.env.Renderer = r
	}
	work := f
	if steps[batch.StepDeposit] {
		work = func() error {
			return p.store(c, vault.Options{}, func(v vault.Guichet, par vault.Acteur) error {
				n.env.Vault, n.env.Par = v, par
				return f()
			})
		}
	}
	pes := n.tasks[0].Build.Format == build.FormatPES && !c.Bool("no-ledger")
	if !steps[batch.StepSend] && !(steps[batch.StepBuild] && pes) {
		return work()
	}
	return p.withBook(c, func(b *fluxbook.Book) error {
		n.env.Recorder = recorderOf(b)
		if steps[batch.StepSend] {
			tdt, err := p.tdt(c)
			if err != nil {
				return err
			}
			n.env.Book, n.env.Platform = b, &send.Sender{Book: b, Tdt: tdt}
			if n.env.Platform.Window, err = p.window(c); err != nil {
				return err
			}
		}
		return work()
	})
}

// recorderOf writes the deliveries of tasks into a book.
func recorderOf(b *fluxbook.Book) func(*batch.Task) batch.Recorder {
	return func(t *batch.Task) batch.Recorder {
		return &send.Recorder{Book: b, CodCol: t.Build.Flux.CodCol, CodBud: t.Build.Flux.CodBud}
	}
}

// runNight works on all employers of this machine.
func (p *program) runNight(ctx context.Context, n *night) error {
	done, err := batch.OpenJournal(n.out)
	if err != nil {
		return err
	}
	p.boundBooks()
	defer p.spareThread(n.limits.Workers)()
	defer durable.Group()()
	return p.watched(ctx, n, func(w batch.Watch) (*batch.Summary, error) {
		return batch.Run(ctx, n.tasks, n.faults, n.env, done, n.limits, w), done.Close()
	})
}

var employersPhase = lang.Text{FR: "employeurs", EN: "employers"}

// endNight writes the report and tells what it begins with.
func (p *program) endNight(n *night, sum *batch.Summary) error {
	sum.SansPaye = n.without
	if err := sum.Write(n.out, p.ui.lang, version()); err != nil {
		return err
	}
	waiting := sum.Waiting()
	p.ui.print(p.ui.text(lang.Text{FR: "%d employeur{s} : %d fait{s}, %d déjà fait{s}, %d à reprendre, %d interrompu{s}. Le rapport est dans %s.",
		EN: "%d employer{s}: %d done, %d done before, %d to take up again, %d interrupted. The report is in %s."},
		len(sum.Outcomes), sum.Count(batch.Done), sum.Count(batch.Already), len(waiting), sum.Count(batch.Interrupted), filepath.Join(n.out, batch.ReportName+".html")))
	err := p.ui.data(map[string]any{"type": "result", "ok": sum.Exit() == exitOK, "exit": sum.Exit(), "employeurs": len(sum.Outcomes), "faits": sum.Count(batch.Done),
		"deja": sum.Count(batch.Already), "a_reprendre": len(waiting), "interrompus": sum.Count(batch.Interrupted), "sans_paye": len(n.without), "sortie": n.out})
	if err == nil && sum.Exit() != exitOK {
		return verdict(sum.Exit())
	}
	return err
}

// showOutcome tells of an employer that ended: as data each, in words those
// that want a person.
func (p *program) showOutcome(o *batch.Outcome) {
	p.ui.data(struct {
		Type string `json:"type"`
		*batch.Outcome
	}{"employeur", o})
	if o.Waits() && !p.ui.json {
		p.ui.say(lang.Text{FR: "%s : %s — %s", EN: "%s: %s — %s"}, oneLine(o.Dossier), oneLine(strings.TrimSpace(o.Code+" "+o.Message)), oneLine(o.Geste))
	}
}
