package gestion

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"strings"

	"paye/app/build"
	"paye/internal/manifest"
	"paye/web/task"
	"paye/web/ui"
)

// preparation is the data of a dossier that becomes volumes.
type preparation struct {
	Settings settings           `json:"settings"`
	Plan     *planned           `json:"plan,omitempty"`
	Delivery *manifest.Manifest `json:"delivery,omitempty"`
	Folder   string             `json:"folder,omitempty"` // of the volumes, once they are made
	Files    int                `json:"files"`
	Bytes    int64              `json:"bytes"`
}

// Kinds of tasks of a preparation.
const (
	taskPlan  = "plan"
	taskBuild = "build"
)

func (c *Console) prepareRoutes() {
	heavy := task.NewLane(1)
	c.tasks.Register(taskPlan, heavy, c.runPlan)
	c.tasks.Register(taskBuild, heavy, c.runBuild)
	c.Site.Private("GET /gestion/preparer", c.preparePage)
	c.Site.Private("POST /gestion/preparer", c.drop)
	c.Site.Private("GET /gestion/preparer/{id}", c.preparationPage)
	c.Site.Private("POST /gestion/preparer/{id}/plan", c.replan)
	c.Site.Private("POST /gestion/preparer/{id}/construire", c.startBuild)
	c.Site.Private("POST /gestion/preparer/{id}/annuler", c.cancelPreparation)
	c.Site.Private("POST /gestion/preparer/{id}/reprendre", c.resumePreparation)
	c.Site.Private("POST /gestion/preparer/{id}/effacer", c.erasePreparation)
	c.Site.Private("GET /gestion/preparer/{id}/dessin.svg", c.picture)
	c.Site.Private("GET /gestion/preparer/{id}/volumes/{fichier}", c.volume)
	c.Site.Private("GET /gestion/preparer/{id}/tout.zip", c.allVolumes)
}

// preparePage is where files are dropped, above what was dropped before.
func (c *Console) preparePage(call *ui.Call) error { return c.prepareView(call, "") }

func (c *Console) prepareView(call *ui.Call, wrong string) error {
	list, err := c.dossiers(call, kindPreparation, 50)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Préparer la paye", "Prepare the payroll"))
	p.Lead = call.T("Déposez le journal de paye et ses justificatifs : vous voyez aussitôt ce qu’ils pèsent et comment ils partiront.",
		"Drop the payroll journal and its justificatifs: you see at once what they weigh and how they will leave.")
	p.Data = struct {
		Action, Wrong, Submit string
		Drops                 []ui.Drop
		Table                 ui.Table
		Keep                  string
	}{"/gestion/preparer", wrong, call.T("Déposer et voir", "Drop and see"), []ui.Drop{
		{Name: "fichiers", Multiple: true, Error: wrong, Label: call.T("Journal et justificatifs", "Journal and justificatifs"),
			Hint: call.T("Le journal .xhl ou .xml, un .zip, un run .jsonl, les PDF, justificatifs.csv ou .xlsx.", "The journal .xhl or .xml, a .zip, a run .jsonl, the PDFs, justificatifs.csv or .xlsx.")},
		{Name: "dossier", Folder: true, Multiple: true, Label: call.T("ou le dossier qui les contient", "or the folder that holds them")},
	}, c.preparationTable(call, list), call.T("Ce qui est déposé est effacé sept jours après.", "What is dropped is erased seven days later.")}
	if wrong != "" {
		return call.Again("drop", p)
	}
	return call.Render(http.StatusOK, "drop", p)
}

func (c *Console) preparationTable(call *ui.Call, list []*dossier) ui.Table {
	t := ui.Table{Caption: call.T("Vos préparations", "Your preparations"), Columns: []ui.Column{{Title: call.T("Journal", "Journal")}, {Title: call.T("Employeur", "Employer")},
		{Title: call.T("Mois", "Month")}, {Title: call.T("Bulletins", "Bulletins"), Number: true}, {Title: call.T("État", "State")}, {Title: call.T("Effacé le", "Erased on")}}}
	for _, d := range list {
		var p preparation
		if json.Unmarshal(d.Data, &p) != nil {
			continue
		}
		row := []ui.Cell{{Text: d.Name, Href: "/gestion/preparer/" + d.ID, Head: true}, {}, {}, {Number: true}, {Badge: &ui.Badge{Kind: ui.Neutral, Text: call.T("déposé", "dropped")}}, {Text: ui.Date(d.Expires.In(c.o.Place))}}
		if p.Plan != nil {
			row[1].Text, row[2].Text = p.Plan.Employeur, p.Plan.month(call.Lang)
			row[3].Text = call.T("%d", "%d", p.Plan.Bulletins)
			row[4].Badge = &ui.Badge{Kind: ui.Busy, Text: call.T("à construire", "to be built")}
		}
		if p.Delivery != nil {
			row[4].Badge = &ui.Badge{Kind: ui.Good, Text: call.T("prêt", "ready")}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	return t
}

// drop takes the files and begins to look at them.
func (c *Console) drop(call *ui.Call) error {
	d, err := c.receiveDossier(call, kindPreparation)
	if err != nil {
		return err
	}
	if d == nil {
		return c.prepareView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	if _, err := c.tasks.Start(call.Context(), taskPlan, d.Owner, d.ID, nil); err != nil {
		return err
	}
	return call.Redirect("/gestion/preparer/" + d.ID)
}

// receiveDossier takes what a form brings into a new dossier; nil when no file
// came.
func (c *Console) receiveDossier(call *ui.Call, kind string) (*dossier, error) {
	d, err := c.newDossier(call.Context(), kind, call.Session.Login, "")
	if err != nil {
		return nil, err
	}
	got, err := c.take(call, d)
	if err != nil || len(got.Files) == 0 {
		return nil, errors.Join(err, c.erase(call.Context(), d))
	}
	d.Name = mainName(got.Files)
	return d, c.save(call.Context(), d, preparation{Files: len(got.Files), Bytes: got.Bytes, Settings: settings{Limit: "128Mo", Format: build.FormatZip, Proposed: true}})
}

// mainName is what a dossier is called: its journal, else its first file.
func mainName(files []string) string {
	for _, f := range files {
		switch strings.ToLower(path.Ext(f)) {
		case ".xhl", ".xml", ".jsonl":
			return path.Base(f)
		}
	}
	return path.Base(files[0])
}

// preparationOf reads the dossier of the address and its data.
func (c *Console) preparationOf(call *ui.Call) (*dossier, *preparation, error) {
	d, err := c.dossier(call, kindPreparation)
	if err != nil {
		return nil, nil, err
	}
	p := new(preparation)
	if err := json.Unmarshal(d.Data, p); err != nil {
		return nil, nil, fmt.Errorf("read a dossier: %w", err)
	}
	return d, p, nil
}

// current is the task that a dossier waits for or that came last, nil for none.
func (c *Console) current(call *ui.Call, d *dossier) (*task.Task, error) {
	t, err := c.tasks.Of(call.Context(), d.ID, taskPlan, taskBuild)
	if errors.Is(err, task.ErrUnknown) {
		return nil, nil
	}
	return t, err
}

func (c *Console) replan(call *ui.Call) error {
	d, p, err := c.preparationOf(call)
	if err != nil {
		return err
	}
	f := c.settingsForm(call, d, p)
	if f.Read() {
		p.Settings = readSettings(f)
		p.Settings.judge(call, f)
	}
	if f.Failed() {
		return c.preparationView(call, f)
	}
	if err := c.free(call, d); err != nil {
		return err
	}
	p.Plan = nil
	if err := c.save(call.Context(), d, p); err != nil {
		return err
	}
	if _, err := c.tasks.Start(call.Context(), taskPlan, d.Owner, d.ID, nil); err != nil {
		return err
	}
	return call.Redirect("/gestion/preparer/" + d.ID)
}

// free refuses to begin while something is under way.
func (c *Console) free(call *ui.Call, d *dossier) error {
	t, err := c.current(call, d)
	if err == nil && t != nil && !t.State.Over() {
		return Codes.New(UnderWay)
	}
	return err
}

func (c *Console) startBuild(call *ui.Call) error {
	d, p, err := c.preparationOf(call)
	if err != nil {
		return err
	}
	f := call.Form("", "")
	if !f.Read() || p.Plan == nil {
		return Codes.New(NotReady)
	}
	return call.Once(f, func() (string, error) {
		if err := c.free(call, d); err != nil {
			return "", err
		}
		_, err := c.tasks.Start(call.Context(), taskBuild, d.Owner, d.ID, nil)
		return "/gestion/preparer/" + d.ID, err
	})
}

func (c *Console) cancelPreparation(call *ui.Call) error {
	d, _, err := c.preparationOf(call)
	if err != nil {
		return err
	}
	t, err := c.current(call, d)
	if err != nil {
		return err
	}
	if t != nil {
		c.tasks.Cancel(t.ID)
	}
	return call.Done("/gestion/preparer/"+d.ID, "annule")
}

func (c *Console) resumePreparation(call *ui.Call) error {
	d, _, err := c.preparationOf(call)
	if err != nil {
		return err
	}
	t, err := c.current(call, d)
	if err != nil {
		return err
	}
	if t != nil {
		if err := c.tasks.Resume(call.Context(), t.ID); err != nil {
			return err
		}
	}
	return call.Redirect("/gestion/preparer/" + d.ID)
}

func (c *Console) erasePreparation(call *ui.Call) error {
	d, _, err := c.preparationOf(call)
	if err != nil {
		return err
	}
	if err := c.free(call, d); err != nil {
		return err
	}
	if err := c.erase(call.Context(), d); err != nil {
		return err
	}
	return call.Done("/gestion/preparer", "efface")
}

// picture shows the drawing of the plan.
func (c *Console) picture(call *ui.Call) error {
	d, _, err := c.preparationOf(call)
	if err != nil {
		return err
	}
	f, err := os.Open(c.pictureOf(d, call.Lang))
	if err != nil {
		return ui.ErrNotFound
	}
	defer f.Close()
	h := call.W.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	http.ServeContent(call.W, call.R, "", d.Made, f)
	return nil
}
