package gestion

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync/atomic"

	"paye/app/sync"
	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/vault"
	"paye/web/task"
	"paye/web/ui"
)

const taskSync = "synchro"

// subjectSync is what a synchronisation is about: there is one HR tool.
const subjectSync = "rh"

// synced is how a synchronisation ended.
type synced struct {
	Applied  bool              `json:"applied,omitempty"`
	Trial    bool              `json:"trial,omitempty"`
	Read     int               `json:"read"`
	Matched  int               `json:"matched"`
	Created  int               `json:"created"`
	Former   int               `json:"former"`
	Gone     int               `json:"gone"`
	Changed  int               `json:"changed"`
	Profils  map[hr.Profil]int `json:"profils"`
	Refusals []notice          `json:"refusals,omitempty"` // of the guards
	Notices  []notice          `json:"notices,omitempty"`
}

// notice is an anomaly that is kept.
type notice struct {
	Code    string    `json:"code"`
	Message lang.Text `json:"message"`
	Aide    lang.Text `json:"aide"`
}

// maxNotices of a synchronisation are kept.
const maxNotices = 200

func noticesOf(list []*anomalie.Anomalie) (kept []notice) {
	for _, a := range list[:min(len(list), maxNotices)] {
		kept = append(kept, notice{a.Code, lang.Text{FR: a.Message(lang.French), EN: a.Message(lang.English)}, lang.Text{FR: a.OnPage(lang.French), EN: a.OnPage(lang.English)}})
	}
	return kept
}

func (c *Console) syncRoutes() {
	c.tasks.Register(taskSync, task.NewLane(1), c.runSync)
	c.Site.Private("POST /gestion/rh/synchroniser", c.startSync)
	c.Site.Private("POST /gestion/rh/decider", c.decideSheet)
	c.Site.Private("POST /gestion/rh/annuler", c.cancelSync)
	c.Site.Private("POST /gestion/rh/reprendre", c.resumeSync)
	c.Site.Private("GET /gestion/rh/recap.pdf", c.recapFile)
	c.Site.Private("GET /gestion/rh/recap.xlsx", c.recapFile)
	c.Site.Private("GET /gestion/rh/recap.csv", c.recapFile)
}

// seesHR refuses who may not see the agents of every employer.
func (c *Console) seesHR(call *ui.Call) error {
	if c.o.HR == nil {
		return ui.ErrNotFound
	}
	r, err := c.rights(call)
	if err == nil && !r.overAll(vault.DroitDepot) {
		err = ui.ErrNotFound
	}
	return err
}

// runSync reads the HR tool and takes over what it changed.
func (c *Console) runSync(ctx context.Context, r *task.Run) (any, error) {
	var req sync.Request
	if err := json.Unmarshal(r.Request, &req); err != nil {
		return nil, fmt.Errorf("read what is to be synchronised: %w", err)
	}
	j, err := c.o.HRSource(ctx, r.Owner)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	var done, total atomic.Int64
	r.Watch(func() task.Step {
		return task.Step{Label: lang.Text{FR: "Lecture des fiches", EN: "Reading the sheets"}, Done: done.Load(), Total: max(0, total.Load())}
	})
	rep, err := j.Run(ctx, req, sync.Watch{Read: func(n, of int) { done.Store(int64(n)); total.Store(int64(of)) }})
	if rep == nil || rep.Plan == nil || err != nil && len(rep.Plan.Refusals) == 0 {
		return nil, err
	}
	p := rep.Plan // a guard that refuses is shown with what it refused
	return synced{Applied: rep.Applied, Trial: req.DryRun, Read: p.Read, Matched: p.Matched, Created: p.Created, Former: p.Former, Gone: p.Gone,
		Changed: len(p.Changes) - p.Created, Profils: p.Profils, Refusals: noticesOf(p.Refusals), Notices: noticesOf(p.Notices)}, nil
}

// syncForm begins a synchronisation. A reason is asked for once a guard has
// refused the last one.
func syncForm(call *ui.Call, last *synced) *ui.Form {
	fields := []ui.Field{{Name: "essai", Type: "checkbox", Label: call.T("Essai : tout faire sauf écrire", "Trial: do everything but write")}}
	if last != nil && len(last.Refusals) > 0 {
		fields = append(fields, ui.Field{Name: "motif", Label: call.T("Motif de passer outre", "Reason to overrule"), Max: 200, Hint: call.T("Il est gardé avec la synchronisation.", "It is kept with the synchronisation.")})
	}
	return call.Form("/gestion/rh/synchroniser", call.T("Synchroniser maintenant", "Synchronise now"), fields...).WithOnce()
}

// sheetForm settles a sheet that could not be told by itself.
func sheetForm(call *ui.Call) *ui.Form {
	return call.Form("/gestion/rh/decider", call.T("Décider et synchroniser", "Decide and synchronise"),
		ui.Field{Name: "fiche", Label: call.T("Numéro de la fiche", "Number of the sheet"), Required: true, Max: 60, Size: 14},
		ui.Field{Name: "quoi", Type: "radios", Label: call.T("Cette fiche", "This sheet"), Required: true, Options: []ui.Option{
			{Value: "link", Text: call.T("est cet agent", "is this agent")}, {Value: "apart", Text: call.T("n’est pas cet agent", "is not this agent")}, {Value: "create", Text: call.T("est un agent nouveau", "is a new agent")}}},
		ui.Field{Name: "matricule", Label: call.T("Matricule de l’agent", "Matricule of the agent"), Max: 60, Size: 14, Hint: call.T("Vide pour un agent nouveau.", "Empty for a new agent.")})
}

func (c *Console) startSync(call *ui.Call) error {
	if err := c.seesHR(call); err != nil {
		return err
	}
	_, last, err := c.lastSync(call)
	if err != nil {
		return err
	}
	f := syncForm(call, last)
	if !f.Read() {
		return c.recapView(call, f, nil)
	}
	return call.Once(f, func() (string, error) {
		req := sync.Request{DryRun: f.Value("essai") == "oui"}
		if f.Field("motif") != nil {
			req.Reason = f.Value("motif")
		}
		return "/gestion/rh", c.beginSync(call, req)
	})
}

func (c *Console) beginSync(call *ui.Call, req sync.Request) error {
	if t, err := c.tasks.Of(call.Context(), subjectSync, taskSync); err == nil && !t.State.Over() {
		return Codes.New(UnderWay)
	}
	_, err := c.tasks.Start(call.Context(), taskSync, call.Session.Login, subjectSync, req)
	return err
}

func (c *Console) decideSheet(call *ui.Call) error {
	if err := c.seesHR(call); err != nil {
		return err
	}
	f := sheetForm(call)
	if f.Read() && f.Value("quoi") != "create" && f.Value("matricule") == "" {
		f.Fail("matricule", call.T("À remplir : le matricule de l’agent.", "Fill in: the matricule of the agent."))
	}
	if f.Failed() {
		return c.recapView(call, nil, f)
	}
	pair := []string{f.Value("fiche") + "=" + f.Value("matricule")}
	req := sync.Request{}
	switch f.Value("quoi") {
	case "link":
		req.Link = pair
	case "apart":
		req.Apart = pair
	default:
		req.Create = []string{f.Value("fiche")}
	}
	if err := c.beginSync(call, req); err != nil {
		return err
	}
	return call.Redirect("/gestion/rh")
}

func (c *Console) cancelSync(call *ui.Call) error {
	if err := c.seesHR(call); err != nil {
		return err
	}
	if t, err := c.tasks.Of(call.Context(), subjectSync, taskSync); err == nil {
		c.tasks.Cancel(t.ID)
	}
	return call.Done("/gestion/rh", "annule")
}

func (c *Console) resumeSync(call *ui.Call) error {
	if err := c.seesHR(call); err != nil {
		return err
	}
	t, err := c.tasks.Of(call.Context(), subjectSync, taskSync)
	if err != nil {
		return ui.ErrNotFound
	}
	if err := c.tasks.Resume(call.Context(), t.ID); err != nil {
		return err
	}
	return call.Redirect("/gestion/rh")
}

// lastSync is the last synchronisation that was asked for here, and how it
// ended if it did.
func (c *Console) lastSync(call *ui.Call) (*task.Task, *synced, error) {
	t, err := c.tasks.Of(call.Context(), subjectSync, taskSync)
	if errors.Is(err, task.ErrUnknown) {
		return nil, nil, nil
	}
	if err != nil || t.State != task.Done {
		return t, nil, err
	}
	s := new(synced)
	if json.Unmarshal(t.Result, s) != nil {
		return t, nil, nil // of an earlier version
	}
	return t, s, nil
}

// outcomes are the four states of a profile after a synchronisation.
func outcomes(call *ui.Call, s *synced) []ui.Fact {
	badge := func(p hr.Profil, kind ui.Kind, text string) ui.Fact {
		if s.Profils[p] == 0 {
			kind = ui.Neutral
		}
		return ui.Fact{Name: text, Badge: &ui.Badge{Kind: kind, Text: call.T("%d", "%d", s.Profils[p])}}
	}
	return []ui.Fact{badge(hr.Complet, ui.Good, call.T("Profils complets", "Complete profiles")), badge(hr.Incomplet, ui.Warning, call.T("Profils incomplets", "Incomplete profiles")),
		badge(hr.AConfirmer, ui.Warning, call.T("À confirmer", "To be confirmed")), badge(hr.EnConflit, ui.Bad, call.T("En conflit", "In conflict"))}
}

func (s *synced) facts(call *ui.Call) []ui.Fact {
	facts := []ui.Fact{}
	for _, f := range []struct {
		name string
		n    int
	}{{call.T("Fiches lues", "Sheets read"), s.Read}, {call.T("Agents reconnus", "Recognised agents"), s.Matched}, {call.T("Agents créés", "Created agents"), s.Created}, {call.T("Valeurs modifiées", "Changed values"), s.Changed},
		{call.T("Partis ou plus visibles", "Left or no longer visible"), s.Gone}, {call.T("Anciens laissés de côté", "Former ones left aside"), s.Former}} {
		facts = append(facts, ui.Fact{Name: f.name, Value: call.T("%d", "%d", f.n)})
	}
	return facts
}

// verdict says whether anything was written.
func (s *synced) verdict(call *ui.Call) ui.Notice {
	switch {
	case len(s.Refusals) > 0 && !s.Applied:
		n := ui.Notice{Kind: ui.Bad, Title: call.T("Un garde-fou s’y oppose : rien n’est écrit.", "A guard forbids it: nothing is written.")}
		for _, r := range s.Refusals {
			n.Items = append(n.Items, sentenceOf(r.Message.In(call.Lang)))
		}
		return n
	case s.Trial:
		return ui.Notice{Kind: ui.Good, Title: call.T("Essai : rien n’est écrit.", "Trial: nothing is written.")}
	}
	return ui.Notice{Kind: ui.Good, Title: call.T("Synchronisation faite.", "Synchronisation done.")}
}

func (s *synced) table(call *ui.Call) ui.Table {
	t := ui.Table{ID: "avis", Caption: call.T("À regarder", "To look at"), Total: len(s.Notices), Columns: []ui.Column{{Title: call.T("Code", "Code")}, {Title: call.T("Constat", "Finding")}, {Title: call.T("Que faire", "What to do")}}}
	for _, n := range s.Notices {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: n.Code, Head: true}, {Text: sentenceOf(n.Message.In(call.Lang))}, {Text: sentenceOf(n.Aide.In(call.Lang))}}})
	}
	return t
}

// recapFile gives the recap of a month as a file; NIR and IBAN are masked.
func (c *Console) recapFile(call *ui.Call) (err error) {
	if err := c.seesHR(call); err != nil {
		return err
	}
	j, err := c.o.HR(call.Context(), call.Session.Login)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	month := j.Today().Mois()
	if wish, ok := hr.ParseMois(call.Query("mois")); ok {
		month = wish
	}
	recap, err := j.Recap(call.Context(), month)
	if err != nil {
		return err
	}
	doc := recap.Document(call.Lang, hr.MaskSecrets, c.o.Ledger.Now())
	ext := filepath.Ext(call.R.URL.Path)
	var b bytes.Buffer
	kind := map[string]string{".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[ext]
	switch ext {
	case ".pdf":
		err = doc.WritePDF(&b)
	case ".csv":
		err = hr.WriteCSV(&b, doc)
	default:
		err = hr.WriteXLSX(&b, doc)
	}
	if err != nil {
		return err
	}
	attachment(call, "recap-"+month.String()+ext, kind)
	http.ServeContent(call.W, call.R, "", c.o.Ledger.Now(), bytes.NewReader(b.Bytes()))
	return nil
}
