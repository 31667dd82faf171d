package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/urfave/cli/v2"

	"paye/app/batch"
	"paye/app/build"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/lang"
)

func (p *program) watchCommand() *cli.Command {
	watch := p.t("Surveillance", "Watching")
	return &cli.Command{
		Name:      "watch",
		Usage:     p.t("contrôler ou découper ce qui arrive dans un dossier, et poser le verdict à côté", "check or build what arrives in a folder, and put the verdict beside it"),
		UsageText: p.t("xhl watch [--steps check,build --limit 128Mo -o SORTIE] DOSSIER", "xhl watch [--steps check,build --limit 128Mo -o OUT] FOLDER"),
		Description: p.t(`Chaque fichier (.xhl, .xml, .zip, .gz, .jsonl) ou dossier d'un run qui arrive dans DOSSIER, et ne change plus, est contrôlé
une fois. NOM.verdict.json, posé à côté en dernier et entier, dit ce qu'il en est et pourquoi ; NOM.verdict.html est le rapport
du contrôle. Avec build, les volumes de ce qui est sans erreur sont dans SORTIE/NOM. Un contenu qui change a un nouveau verdict.
Le système signale ce qui arrive ; un partage réseau, qui ne signale pas tout, est aussi relu toutes les --poll.`,
			`Each file (.xhl, .xml, .zip, .gz, .jsonl) or folder of a run that arrives in FOLDER, and changes no more, is checked once.
NAME.verdict.json, which comes beside it last and whole, says how it stands and why; NAME.verdict.html is the report of the
check. With build, the volumes of what has no error are in OUT/NAME. A content that changes gets a new verdict.
The system tells of what arrives; a network share, which does not tell everything, is also read again every --poll.`),
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "steps", Category: watch, Value: "check", Usage: p.t("check, ou check,build", "check, or check,build")},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Category: watch, Usage: p.t("`DOSSIER` des volumes, pour build", "`FOLDER` of the volumes, for build")},
			&cli.DurationFlag{Name: "settle", Category: watch, Value: 2 * time.Second, Usage: p.t("`DURÉE` sans changement au bout de laquelle un fichier est arrivé", "`TIME` without a change after which a file has arrived")},
			&cli.DurationFlag{Name: "poll", Category: watch, Value: 15 * time.Second, Usage: p.t("`DURÉE` entre deux lectures du dossier quand rien n'est signalé", "`TIME` between two readings of the folder when nothing is told")},
			&cli.BoolFlag{Name: "once", Category: watch, Usage: p.t("traiter ce qui est là, puis finir", "work on what is there, then end")},
		}, p.planFlags()...),
		Action: p.watchFolder,
	}
}

func (p *program) watchFolder(c *cli.Context) error {
	dir, err := p.one(c, "un DOSSIER", "one FOLDER")
	if err != nil {
		return err
	}
	w, err := p.watcher(c, dir)
	if err != nil {
		return err
	}
	lock, err := durable.LockFile(filepath.Join(w.Dir, ".xhl-watch"), durable.Exclusive)
	if errors.Is(err, durable.ErrLocked) {
		return batch.Codes.New(batch.Running, w.Dir)
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	p.boundBooks()
	defer durable.Group()()
	counts := make(map[batch.Etat]int)
	w.Ended = func(v *batch.Verdict) {
		counts[v.Etat]++
		p.showVerdict(v)
	}
	run := func() error { return p.watchLoop(c, w) }
	if slices.Contains(w.Base.Steps, batch.StepBuild) && w.Base.Build.Format == build.FormatPES && !c.Bool("no-ledger") {
		loop := run
		run = func() error {
			return p.withBook(c, func(b *fluxbook.Book) error {
				w.Env.Recorder = recorderOf(b)
				return loop()
			})
		}
	}
	if err := run(); err != nil {
		return err
	}
	bad := counts[batch.Failed] + counts[batch.Anomalies]
	if err := p.ui.data(map[string]any{"type": "result", "ok": bad == 0, "faits": counts[batch.Done], "a_reprendre": bad}); err != nil || bad == 0 {
		return err
	}
	return verdict(exitAnomalies)
}

// watcher reads what is asked.
func (p *program) watcher(c *cli.Context, dir string) (*batch.Watcher, error) {
	w := &batch.Watcher{Env: &batch.Env{Version: version(), Language: p.ui.lang, Now: time.Now, Exit: exitCode}}
	var err error
	if w.Dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if st, err := os.Stat(w.Dir); err != nil || !st.IsDir() {
		return nil, batch.Codes.New(batch.WatchUnreadable, dir)
	}
	w.Settle = c.Duration("settle")
	if w.Base.Steps, err = batch.ParseSteps(c.String("steps")); err != nil {
		return nil, err
	}
	for _, s := range w.Base.Steps {
		if s != batch.StepCheck && s != batch.StepBuild {
			return nil, p.usage("--steps : check ou check,build", "--steps: check or check,build")
		}
	}
	if !slices.Contains(w.Base.Steps, batch.StepBuild) {
		return w, nil
	}
	if w.Base.Sortie, err = p.absolute(c.String("out")); err != nil {
		return nil, err
	}
	if w.Base.Sortie == "" {
		return nil, p.usage("il manque le dossier de sortie : -o DOSSIER", "the output folder is missing: -o FOLDER")
	}
	w.Except = w.Base.Sortie
	base, err := p.volumeOptions(c)
	if err == nil {
		err = p.wishes(c, base)
	}
	if err != nil {
		return nil, err
	}
	base.Entree = ""
	w.Base.Build = *base
	if fault := w.Base.Complete(); fault != nil {
		return nil, fault
	}
	return w, nil
}

// watchLoop works until the context ends: when the system tells of a change, when
// something has settled, and every --poll.
func (p *program) watchLoop(c *cli.Context, w *batch.Watcher) error {
	told, end := p.told(w.Dir)
	defer end()
	poll := time.NewTicker(max(c.Duration("poll"), 100*time.Millisecond))
	defer poll.Stop()
	if !c.Bool("once") {
		p.ui.say(lang.Text{FR: "%s est surveillé", EN: "%s is watched"}, w.Dir)
	}
	for {
		again, err := w.Round(c.Context)
		if errors.Is(err, context.Canceled) {
			return nil // who stops a watch has not failed
		}
		if err != nil {
			return err
		}
		if again == 0 && c.Bool("once") {
			return nil
		}
		var settled <-chan time.Time
		if again > 0 {
			settled = time.After(again)
		}
		select {
		case <-c.Context.Done():
			return nil
		case <-told:
		case <-settled:
		case <-poll.C:
		}
	}
}

// told gives a channel on which the system tells that something changed in a
// folder; where it cannot, nothing comes and the folder is only read again.
func (p *program) told(dir string) (<-chan struct{}, func()) {
	n, err := fsnotify.NewWatcher()
	if err == nil {
		if err = n.Add(dir); err != nil {
			n.Close()
		}
	}
	if err != nil {
		p.ui.say(lang.Text{FR: "le système ne signale pas ce qui arrive dans %s : le dossier est relu", EN: "the system does not tell what arrives in %s: the folder is read again"}, dir)
		return nil, func() {}
	}
	change := make(chan struct{}, 1)
	go func() {
		for {
			select {
			case e, ok := <-n.Events:
				if !ok {
					return
				}
				if e.Op == fsnotify.Chmod || strings.HasPrefix(filepath.Base(e.Name), ".") || strings.Contains(e.Name, ".verdict.") {
					continue
				}
			case _, ok := <-n.Errors: // some were lost: look at everything
				if !ok {
					return
				}
			}
			select {
			case change <- struct{}{}:
			default: // a look is due already
			}
		}
	}()
	return change, func() { n.Close() }
}

// showVerdict tells of an arrival.
func (p *program) showVerdict(v *batch.Verdict) {
	p.ui.data(struct {
		Type string `json:"type"`
		*batch.Verdict
	}{"verdict", v})
	line := oneLine(v.Dossier) + p.ui.colon() + v.Etat.Label(p.ui.lang)
	if v.Waits() {
		line += p.ui.colon() + oneLine(strings.TrimSpace(v.Code+" "+v.Message)) + " — " + oneLine(v.Geste)
	}
	p.ui.print(line)
}
