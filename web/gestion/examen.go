package gestion

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"paye/app/check"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/progress"
	"paye/web/task"
	"paye/web/ui"
)

// examen is the data of a dossier that is checked.
type examen struct {
	Files   int      `json:"files"`
	Bytes   int64    `json:"bytes"`
	Verdict *verdict `json:"verdict,omitempty"`
}

// verdict is what a check found.
type verdict struct {
	Erreurs        int       `json:"erreurs"`
	Avertissements int       `json:"avertissements"`
	Fichiers       []checked `json:"fichiers"`
	Groups         []group   `json:"groups,omitempty"`
	Acquit         bool      `json:"acquit,omitempty"` // an acknowledgment is among them
}

// checked is one file.
type checked struct {
	Nom       string `json:"nom"`
	Genre     string `json:"genre"`
	Octets    int64  `json:"octets"`
	Schema    bool   `json:"schema"`
	Employeur string `json:"employeur,omitempty"`
	Siret     string `json:"siret,omitempty"`
	Annee     string `json:"annee,omitempty"`
	Mois      string `json:"mois,omitempty"`
	Bulletins int    `json:"bulletins,omitempty"`
	Brut      int64  `json:"brut,omitempty"` // centimes
	Net       int64  `json:"net,omitempty"`
	Pieces    int    `json:"pieces,omitempty"`
	Acceptes  int    `json:"acceptes,omitempty"`
	Refus     int    `json:"refus,omitempty"`
}

const taskCheck = "check"

func (c *Console) checkRoutes() {
	c.tasks.Register(taskCheck, task.NewLane(2), c.runCheck)
	c.Site.Private("GET /gestion/controler", func(call *ui.Call) error { return c.checkView(call, "") })
	c.Site.Private("POST /gestion/controler", c.dropToCheck)
	c.Site.Private("GET /gestion/controler/{id}", c.examenPage)
	c.Site.Private("POST /gestion/controler/{id}/annuler", c.cancelExamen)
	c.Site.Private("POST /gestion/controler/{id}/reprendre", c.resumeExamen)
	c.Site.Private("GET /gestion/controler/{id}/rapport.html", c.report)
}

func (c *Console) checkView(call *ui.Call, wrong string) error {
	list, err := c.dossiers(call, kindExamen, 20)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: call.T("Vos contrôles", "Your checks"), Columns: []ui.Column{{Title: call.T("Fichier", "File")}, {Title: call.T("Le", "On")}, {Title: call.T("Verdict", "Verdict")}}}
	for _, d := range list {
		var e examen
		if err := json.Unmarshal(d.Data, &e); err != nil {
			return fmt.Errorf("read a dossier: %w", err)
		}
		cell := ui.Cell{Badge: &ui.Badge{Kind: ui.Busy, Text: call.T("en cours", "under way")}}
		if e.Verdict != nil {
			n := e.Verdict.notice(call)
			cell.Badge = &ui.Badge{Kind: n.Kind, Text: n.Title}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: d.Name, Href: "/gestion/controler/" + d.ID, Head: true}, {Text: ui.Instant(d.Made.In(c.o.Place))}, cell}})
	}
	p := call.Page(call.T("Contrôler un fichier", "Check a file"))
	p.Lead = call.T("Un journal XHL, un flux PES, un acquittement, une archive ou les volumes d’un lot : le verdict vient en quelques secondes.",
		"An XHL journal, a PES flux, an acknowledgment, an archive or the volumes of a set: the verdict comes in seconds.")
	p.Data = struct {
		Action, Wrong, Submit string
		Drops                 []ui.Drop
		Table                 ui.Table
		Keep                  string
	}{"/gestion/controler", wrong, call.T("Contrôler", "Check"), []ui.Drop{{Name: "fichiers", Multiple: true, Error: wrong, Label: call.T("Fichier, ou volumes d’un même lot", "File, or volumes of one set"),
		Hint: call.T("Faites-les glisser ici, ou choisissez-les.", "Drag them here, or choose them.")}}, t, call.T("Ce qui est déposé est effacé sept jours après.", "What is dropped is erased seven days later.")}
	if wrong != "" {
		return call.Again("drop", p)
	}
	return call.Render(http.StatusOK, "drop", p)
}

func (c *Console) dropToCheck(call *ui.Call) error {
	d, err := c.receiveDossier(call, kindExamen)
	if err != nil {
		return err
	}
	if d == nil {
		return c.checkView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	if _, err := c.tasks.Start(call.Context(), taskCheck, d.Owner, d.ID, nil); err != nil {
		return err
	}
	return call.Redirect("/gestion/controler/" + d.ID)
}

// checking is the word for what a check is at.
var checking = lang.Text{FR: "Contrôle", EN: "Checking"}

// runCheck judges what was dropped.
func (c *Console) runCheck(ctx context.Context, r *task.Run) (any, error) {
	d, err := c.dossierOf(ctx, r.Subject)
	if err != nil {
		return nil, Codes.New(Erased)
	}
	var e examen
	if err := json.Unmarshal(d.Data, &e); err != nil {
		return nil, fmt.Errorf("read a dossier: %w", err)
	}
	counters := new(progress.Progress)
	r.Watch(func() task.Step {
		_, done, total := counters.Status()
		return task.Step{Label: checking, Done: done, Total: total}
	})
	path := c.dropped(d)
	if entries, err := os.ReadDir(path); err == nil && len(entries) == 1 && !entries[0].IsDir() {
		path = filepath.Join(path, entries[0].Name()) // a file by itself is no set
	}
	rapport, err := check.Check(ctx, []string{path}, check.Options{Jour: c.o.Ledger.Now().In(c.o.Place), Progress: counters})
	if err != nil {
		return nil, err
	}
	e.Verdict = verdictOf(rapport)
	for _, l := range []lang.Language{lang.French, lang.English} {
		var b bytes.Buffer
		if err := rapport.WriteHTML(&b, l, "xhl "+c.o.Version); err != nil {
			return nil, err
		}
		if err := durable.WriteFile(c.reportOf(d, l), b.Bytes()); err != nil {
			return nil, fmt.Errorf("write a report: %w", err)
		}
	}
	return nil, c.save(ctx, d, e)
}

func (c *Console) reportOf(d *dossier, l lang.Language) string {
	return filepath.Join(c.work(d), "rapport-"+l.String()+".html")
}

func verdictOf(r *check.Rapport) *verdict {
	found := r.Observe(maxExamples)
	v := &verdict{Erreurs: found.Erreurs, Avertissements: found.Avertissements}
	for _, one := range found.Comptes() {
		g := gather{}
		for _, a := range one.Exemples {
			g.add(a)
		}
		list, _ := g.list()
		if len(list) > 0 {
			list[0].N = one.N
			v.Groups = append(v.Groups, list[0])
		}
	}
	for _, f := range r.Fichiers {
		one := checked{Nom: filepath.Base(f.Nom), Genre: f.Genre.String(), Octets: f.Octets, Schema: f.Conforme, Pieces: f.Pieces}
		for _, j := range f.Journaux {
			one.add(j)
		}
		if f.Reponses != nil {
			one.Acceptes, one.Refus, v.Acquit = f.Reponses.Acceptes, f.Reponses.Refus, true
		}
		v.Fichiers = append(v.Fichiers, one)
	}
	return v
}

func (f *checked) add(j *check.Journal) {
	if j.Bilan == nil {
		return
	}
	f.Bulletins += j.Bilan.Bulletins
	f.Brut += int64(j.Bilan.MtBrut)
	f.Net += int64(j.Bilan.MtNetAPayer)
	if e := j.Bilan.Entete; e != nil && f.Siret == "" {
		f.Employeur, f.Siret, f.Annee, f.Mois = e.Employeur.Nom, e.Employeur.Siret, e.Annee, e.Mois
	}
}

// notice is the first thing to read.
func (v *verdict) notice(call *ui.Call) ui.Notice {
	switch {
	case v.Erreurs > 0:
		return ui.Notice{Kind: ui.Bad, Title: call.T("%d erreur{s} à corriger avant l’envoi", "%d error{s} to be corrected before sending", v.Erreurs)}
	case v.Acquit:
		return ui.Notice{Kind: ui.Good, Title: call.T("Lu sans erreur", "Read without an error")}
	case v.Avertissements > 0:
		return ui.Notice{Kind: ui.Warning, Title: call.T("Rien n’empêche l’envoi ; %d avertissement{s}", "Nothing prevents sending; %d warning{s}", v.Avertissements)}
	}
	return ui.Notice{Kind: ui.Good, Title: call.T("Rien n’empêche l’envoi", "Nothing prevents sending")}
}

func (c *Console) examenPage(call *ui.Call) error {
	d, err := c.dossier(call, kindExamen)
	if err != nil {
		return err
	}
	t, err := c.tasks.Of(call.Context(), d.ID, taskCheck)
	if err != nil && !errors.Is(err, task.ErrUnknown) {
		return err
	}
	// The task is read before the data: one that is done has written them.
	if d, err = c.dossier(call, kindExamen); err != nil {
		return err
	}
	var e examen
	if err := saved(d, &e); err != nil {
		return err
	}
	p := call.Page(d.Name)
	p.Crumbs = []ui.NavItem{{Title: call.T("Contrôler", "Check"), Href: "/gestion/controler"}}
	data := struct {
		Work    *work
		Verdict *ui.Notice
		Files   ui.Table
		Facts   []ui.Fact
		Groups  []groupView
		Report  string
	}{Work: c.workOf(call, t, "/gestion/controler/"+d.ID)}
	if data.Work != nil && data.Work.Live != "" {
		p.Refresh = 2
	}
	if v := e.Verdict; v != nil && data.Work == nil {
		n := v.notice(call)
		data.Verdict, data.Files, data.Facts, data.Report = &n, checkedTable(call, v), checkedFacts(call, v), "/gestion/controler/"+d.ID+"/rapport.html"
		for _, g := range v.Groups {
			data.Groups = append(data.Groups, groupView{groupNotice(call, g)})
		}
	}
	p.Data = data
	return call.Render(http.StatusOK, "examen", p)
}

// checkedFacts are whose payroll it is, and its totals.
func checkedFacts(call *ui.Call, v *verdict) []ui.Fact {
	var total checked
	for _, f := range v.Fichiers {
		if total.Siret == "" {
			total.Employeur, total.Siret, total.Annee, total.Mois = f.Employeur, f.Siret, f.Annee, f.Mois
		}
		total.Bulletins += f.Bulletins
		total.Brut += f.Brut
		total.Net += f.Net
		total.Pieces += f.Pieces
	}
	if total.Siret == "" && total.Bulletins == 0 {
		return nil
	}
	return []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: total.Employeur}, {Name: "SIRET", Value: total.Siret}, {Name: call.T("Mois", "Month"), Value: monthOf(call.Lang, total.Annee, total.Mois)},
		{Name: call.T("Bulletins", "Bulletins"), Value: call.T("%d", "%d", total.Bulletins)}, {Name: call.T("Total brut", "Gross total"), Value: ui.Amount(call.Lang, total.Brut)},
		{Name: call.T("Total net à payer", "Net total to pay"), Value: ui.Amount(call.Lang, total.Net)}, {Name: call.T("Justificatifs", "Justificatifs"), Value: call.T("%d", "%d", total.Pieces)}}
}

func checkedTable(call *ui.Call, v *verdict) ui.Table {
	t := ui.Table{Caption: call.T("Fichiers", "Files"), Columns: []ui.Column{{Title: call.T("Fichier", "File")}, {Title: call.T("Nature", "Kind")}, {Title: call.T("Taille", "Size"), Number: true},
		{Title: call.T("Bulletins", "Bulletins"), Number: true}, {Title: call.T("Schéma", "Schema")}, {Title: call.T("Réponses", "Answers")}}}
	for _, f := range v.Fichiers {
		schema := ui.Badge{Kind: ui.Good, Text: call.T("valide", "valid")}
		if !f.Schema {
			schema = ui.Badge{Kind: ui.Bad, Text: call.T("invalide", "invalid")}
		}
		answers := ""
		if f.Acceptes+f.Refus > 0 {
			answers = call.T("%d acceptée{s}, %d refusée{s}", "%d accepted, %d refused", f.Acceptes, f.Refus)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: f.Nom, Head: true}, {Text: f.Genre}, {Text: ui.Bytes(call.Lang, f.Octets), Number: true},
			{Text: call.T("%d", "%d", f.Bulletins), Number: true}, {Badge: &schema}, {Text: answers}}})
	}
	return t
}

func (c *Console) cancelExamen(call *ui.Call) error {
	d, err := c.dossier(call, kindExamen)
	if err != nil {
		return err
	}
	t, err := c.tasks.Of(call.Context(), d.ID, taskCheck)
	if err == nil {
		c.tasks.Cancel(t.ID)
	}
	return call.Done("/gestion/controler/"+d.ID, "annule")
}

func (c *Console) resumeExamen(call *ui.Call) error {
	d, err := c.dossier(call, kindExamen)
	if err != nil {
		return err
	}
	t, err := c.tasks.Of(call.Context(), d.ID, taskCheck)
	if err != nil {
		return err
	}
	if err := c.tasks.Resume(call.Context(), t.ID); err != nil {
		return err
	}
	return call.Redirect("/gestion/controler/" + d.ID)
}

// report is the page that can be mailed: it stands alone, so it keeps its own
// style and gets no script.
func (c *Console) report(call *ui.Call) error {
	d, err := c.dossier(call, kindExamen)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(c.reportOf(d, call.Lang))
	if err != nil {
		return ui.ErrNotFound
	}
	h := call.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'")
	http.ServeContent(call.W, call.R, "", d.Made, bytes.NewReader(b))
	return nil
}
