package gestion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"paye/app/build"
	"paye/app/intake"
	"paye/app/send"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/internal/manifest"
	"paye/internal/progress"
	"paye/splitter"
	"paye/web/task"
)

// planned is what is known of a payroll once it was read: whose it is, and how
// it will leave.
type planned struct {
	Employeur   string                 `json:"employeur"`
	Octets      int64                  `json:"octets"` // of the journal
	Groupes     int                    `json:"groupes"`
	Pieces      int                    `json:"pieces"`
	Manifest    *manifest.Manifest     `json:"manifest"`
	Bulletins   int                    `json:"bulletins"`
	Otherwise   []splitter.Alternative `json:"otherwise,omitempty"`
	Groups      []group                `json:"groups,omitempty"`
	Erreurs     int                    `json:"erreurs"`
	ForSettings settings               `json:"for_settings"`
}

// month names the month of the payroll.
func (p *planned) month(l lang.Language) string {
	text := monthOf(l, p.Manifest.Annee, p.Manifest.Mois)
	if p.Manifest.Train != "" {
		text += ", " + p.Manifest.Train
	}
	return text
}

// group is the anomalies of one code.
type group struct {
	Code     string           `json:"code"`
	Gravite  anomalie.Gravite `json:"-"`
	Level    string           `json:"gravite"`
	N        int              `json:"n"`
	Message  lang.Text        `json:"message"`
	Aide     lang.Text        `json:"aide"`
	Examples []lang.Text      `json:"examples,omitempty"` // where
}

const maxExamples = 5

// gather groups anomalies by code, in the order in which they first came, the
// graver first.
type gather struct {
	groups []*group
	by     map[string]*group
}

func (g *gather) add(a *anomalie.Anomalie) {
	if g.by == nil {
		g.by = map[string]*group{}
	}
	one := g.by[a.Code]
	if one == nil {
		one = &group{Code: a.Code, Gravite: a.Gravite, Level: a.Gravite.String(),
			Message: lang.Text{FR: a.Message(lang.French), EN: a.Message(lang.English)}, Aide: lang.Text{FR: a.OnPage(lang.French), EN: a.OnPage(lang.English)}}
		g.by[a.Code] = one
		g.groups = append(g.groups, one)
	}
	if one.N++; one.N <= maxExamples && a.Lieu(lang.French) != "" {
		a.Fichier = filepath.Base(a.Fichier)
		one.Examples = append(one.Examples, lang.Text{FR: a.Lieu(lang.French), EN: a.Lieu(lang.English)})
	}
}

func (g *gather) list() (list []group, errs int) {
	for _, level := range []anomalie.Gravite{anomalie.Erreur, anomalie.Avertissement, anomalie.Info} {
		for _, one := range g.groups {
			if one.Gravite == level {
				list = append(list, *one)
				if level == anomalie.Erreur {
					errs += one.N
				}
			}
		}
	}
	return list, errs
}

// phases are the words for what app/build is at.
var phases = map[progress.Phase]lang.Text{
	build.Pieces: {FR: "Examen des pièces", EN: "Looking at the pieces"}, build.Reading: {FR: "Lecture du journal", EN: "Reading the journal"},
	build.Planning: {FR: "Calcul des volumes", EN: "Planning the volumes"}, build.Writing: {FR: "Écriture et relecture", EN: "Writing and reading back"},
}

// watch shows how far a task is by the counters of what does its work.
func watch(r *task.Run, p *progress.Progress, words map[progress.Phase]lang.Text) {
	r.Watch(func() task.Step {
		phase, done, total := p.Status()
		return task.Step{Label: words[phase], Done: done, Total: total}
	})
}

// prepareJob reads what was dropped and plans its volumes.
func (c *Console) prepareJob(ctx context.Context, r *task.Run, sortie string) (*dossier, *preparation, *build.Job, *gather, error) {
	d, err := c.dossierOf(ctx, r.Subject)
	if err != nil {
		return nil, nil, nil, nil, Codes.New(Erased)
	}
	p := new(preparation)
	if err := json.Unmarshal(d.Data, p); err != nil {
		return nil, nil, nil, nil, fmt.Errorf("read a dossier: %w", err)
	}
	drop, err := intake.Sort(ctx, c.dropped(d))
	if errors.Is(err, fs.ErrNotExist) {
		err = Codes.New(Erased)
	}
	if err != nil {
		return nil, nil, nil, nil, err
	}
	head, err := build.ReadHead(ctx, drop.Entree)
	if err != nil {
		head = nil // who reads the whole journal says what is wrong with it
	}
	if p.Settings.Proposed && head != nil {
		if err := c.propose(ctx, &p.Settings, head); err != nil {
			return nil, nil, nil, nil, err
		}
	}
	q, err := p.Settings.request(c.o.Version)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	filed := c.defaults(head)
	filed.dress(&q)
	q.Entree, q.PJ, q.Index, q.Date, q.Sortie = drop.Entree, drop.PJ, drop.Index, c.o.Ledger.Now().In(c.o.Place), sortie
	found := &gather{}
	counters := new(progress.Progress)
	watch(r, counters, phases)
	w := build.Watch{Spool: c.work(d), Workers: buildCores(), Version: c.o.Version, Progress: counters, Anomalie: found.add}
	c.account(&w, &q, r.Owner)
	job, err := build.Prepare(ctx, q, w)
	return d, p, job, found, err
}

// buildCores leaves one processor to those who look at pages meanwhile.
func buildCores() int { return max(1, runtime.GOMAXPROCS(0)-1) }

// runPlan tells what a payroll becomes.
func (c *Console) runPlan(ctx context.Context, r *task.Run) (any, error) {
	d, p, job, found, err := c.prepareJob(ctx, r, "")
	if err != nil {
		return nil, err
	}
	defer job.Close()
	others, err := job.Compare(ctx)
	if err != nil {
		return nil, err
	}
	if p.Plan, err = planOf(job, found); err != nil {
		return nil, err
	}
	p.Plan.Otherwise, p.Plan.ForSettings = others, p.Settings
	for _, l := range []lang.Language{lang.French, lang.English} {
		if err := c.draw(d, job, l); err != nil {
			return nil, err
		}
	}
	return nil, c.save(ctx, d, p)
}

func planOf(job *build.Job, found *gather) (*planned, error) {
	m, err := job.Manifeste()
	if err != nil {
		return nil, err
	}
	n := len(job.Pieces.Generales)
	for _, piece := range job.Pieces.ParRef {
		if piece != nil {
			n++
		}
	}
	p := &planned{Employeur: job.Livre.Entete.Employeur.Nom, Octets: job.Livre.Octets, Groupes: job.Livre.Groupes(), Pieces: n, Manifest: m, Bulletins: m.Bulletins}
	p.Groups, p.Erreurs = found.list()
	return p, nil
}

// pictureOf is the file of the drawing in a language.
func (c *Console) pictureOf(d *dossier, l lang.Language) string {
	return filepath.Join(c.work(d), "plan-"+l.String()+".svg")
}

// draw writes the picture of the plan.
func (c *Console) draw(d *dossier, job *build.Job, l lang.Language) error {
	f, err := durable.Create(c.pictureOf(d, l))
	if err != nil {
		return fmt.Errorf("draw the plan: %w", err)
	}
	defer f.Abort()
	err = job.SVG(f, l)
	if err != nil {
		return fmt.Errorf("draw the plan: %w", err)
	}
	return f.Commit()
}

// runBuild makes the volumes.
func (c *Console) runBuild(ctx context.Context, r *task.Run) (any, error) {
	d, err := c.dossierOf(ctx, r.Subject)
	if err != nil {
		return nil, Codes.New(Erased)
	}
	folder := c.folder("livraisons", d.ID)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the volumes: %w", err)
	}
	d, p, job, found, err := c.prepareJob(ctx, r, folder)
	if err != nil {
		return nil, err
	}
	defer job.Close()
	m, err := job.Write(ctx)
	if err != nil {
		return nil, err
	}
	if p.Plan, err = planOf(job, found); err != nil {
		return nil, err
	}
	p.Plan.ForSettings = p.Settings
	p.Delivery, p.Folder = m, folder
	if err := c.remember(ctx, m.Siret, budgetOf(job), p.Settings.header); err != nil {
		return nil, err
	}
	return map[string]int{"volumes": len(m.Volumes)}, c.save(ctx, d, p)
}

// budgetOf is the budget that a journal names, "" for none.
func budgetOf(job *build.Job) string {
	_, budget := whose(job.Livre.Entete)
	return budget
}

// account lets a build of PES fluxes be recorded in the book, and tells it what
// was sent before; nothing else is acknowledged.
func (c *Console) account(w *build.Watch, q *build.Request, owner string) {
	if q.Format != build.FormatPES {
		return
	}
	r := &send.Recorder{Book: fluxbook.New(c.o.Ledger, owner), CodCol: q.Flux.CodCol, CodBud: q.Flux.CodBud}
	w.Recorder, w.Memory = r, r
}
