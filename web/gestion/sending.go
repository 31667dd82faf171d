package gestion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"paye/app/send"
	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/vault"
	"paye/web/task"
	"paye/web/ui"
)

// Platform is where fluxes are sent.
type Platform struct {
	Name string // as the book calls it; it holds no secret
	// Open gives the platform and its hours, with the keys as they are now; the
	// console adds its book.
	Open func(context.Context) (*send.Sender, error)
}

const taskSend = "envoi"

// departure is what is asked of a sending: fluxes that are produced, or, again,
// those whose fate is not known. Without any the platform is asked for news.
type departure struct {
	Fluxes []fluxName `json:"fluxes,omitempty"`
	Again  bool       `json:"again,omitempty"`
}

type fluxName struct {
	NomFic string `json:"nomfic"`
	CodCol string `json:"codcol"`
}

// departed is what became of one flux.
type departed struct {
	fluxName
	Issue   fluxbook.Issue `json:"issue,omitempty"`
	Message string         `json:"message,omitempty"`
	Waits   time.Time      `json:"waits,omitzero"`
	Fault   *lang.Text     `json:"fault,omitempty"`
}

// sendRoutes are what a sending is begun, stopped and settled by.
func (c *Console) sendRoutes() {
	c.tasks.Register(taskSend, task.NewLane(1), c.runSend)
	c.Site.Private("POST /gestion/flux/{siret}/{mois}/envoyer", c.sendPayroll)
	c.Site.Private("POST /gestion/flux/{siret}/{mois}/nouvelles", c.askNews)
	c.Site.Private("POST /gestion/flux/{siret}/{mois}/annuler", c.cancelSending)
	c.Site.Private("POST /gestion/flux/{siret}/{mois}/reprendre", c.resumeSending)
	c.Site.Private("POST /gestion/flux/{siret}/{mois}/{nomfic}/regler", c.settle)
	c.Site.Private("POST /gestion/flux/{siret}/{mois}/{nomfic}/abandonner", c.giveUp)
}

// deposits gives the fluxes of the address to who deposits for their employer;
// for others they do not exist.
func (c *Console) deposits(call *ui.Call) ([]*fluxbook.Flux, error) {
	list, err := c.payrollOf(call)
	if err != nil {
		return nil, err
	}
	may, err := c.mayDeposit(call, call.Path("siret"))
	if err == nil && !may {
		err = ui.ErrNotFound
	}
	return list, err
}

func (c *Console) mayDeposit(call *ui.Call, siret string) (bool, error) {
	r, err := c.rights(call)
	return err == nil && r.any(siret, vault.DroitDepot), err
}

// startSending begins a sending unless one of the payroll is under way.
func (c *Console) startSending(call *ui.Call, key fluxbook.Key, d departure) error {
	if c.o.Tdt == nil {
		return send.Codes.New(send.SansTdt)
	}
	subject := payrollHref(key)
	if t, err := c.tasks.Of(call.Context(), subject, taskSend); err == nil && !t.State.Over() {
		return Codes.New(UnderWay)
	}
	_, err := c.tasks.Start(call.Context(), taskSend, call.Session.Login, subject, d)
	return err
}

func (c *Console) sendPayroll(call *ui.Call) error {
	list, err := c.deposits(call)
	if err != nil {
		return err
	}
	form := call.Form("", "")
	if !form.Read() {
		return ui.ErrNotFound
	}
	return call.Once(form, func() (string, error) {
		var d departure
		for _, f := range list {
			if f.Etat == fluxbook.Produit {
				d.Fluxes = append(d.Fluxes, fluxName{f.NomFic, f.CodCol})
			}
		}
		if len(d.Fluxes) == 0 {
			return payrollHref(list[0].Key), nil
		}
		return payrollHref(list[0].Key), c.startSending(call, list[0].Key, d)
	})
}

func (c *Console) askNews(call *ui.Call) error {
	list, err := c.deposits(call)
	if err != nil {
		return err
	}
	if err := c.startSending(call, list[0].Key, departure{}); err != nil {
		return err
	}
	return call.Redirect(payrollHref(list[0].Key))
}

func (c *Console) cancelSending(call *ui.Call) error {
	list, err := c.deposits(call)
	if err != nil {
		return err
	}
	at := payrollHref(list[0].Key)
	if t, err := c.tasks.Of(call.Context(), at, taskSend); err == nil {
		c.tasks.Cancel(t.ID)
	}
	return call.Done(at, "annule")
}

func (c *Console) resumeSending(call *ui.Call) error {
	list, err := c.deposits(call)
	if err != nil {
		return err
	}
	at := payrollHref(list[0].Key)
	t, err := c.tasks.Of(call.Context(), at, taskSend)
	if err != nil {
		return ui.ErrNotFound
	}
	if err := c.tasks.Resume(call.Context(), t.ID); err != nil {
		return err
	}
	return call.Redirect(at)
}

var (
	handingOver = lang.Text{FR: "Dépôt chez la plateforme", EN: "Deposit at the platform"}
	askingNews  = lang.Text{FR: "La plateforme est interrogée", EN: "The platform is asked for news"}
)

// runSend hands fluxes over, then asks for news of what has left. What has left
// meanwhile is not handed over again: the book refuses it.
func (c *Console) runSend(ctx context.Context, r *task.Run) (any, error) {
	var d departure
	if err := json.Unmarshal(r.Request, &d); err != nil {
		return nil, fmt.Errorf("read what is to be sent: %w", err)
	}
	if c.o.Tdt == nil {
		return nil, send.Codes.New(send.SansTdt)
	}
	sender, err := c.o.Tdt.Open(ctx)
	if err != nil {
		return nil, err
	}
	var done atomic.Int64
	total := int64(len(d.Fluxes))
	r.Watch(func() task.Step {
		if n := done.Load(); n < total {
			return task.Step{Label: handingOver, Done: n, Total: total}
		}
		return task.Step{Label: askingNews}
	})
	sender.Book = c.Book(r.Owner)
	again, from := fluxbook.Once, []fluxbook.Etat{fluxbook.Produit}
	if d.Again {
		again, from = fluxbook.Resume, []fluxbook.Etat{fluxbook.EnEnvoi, fluxbook.Incertain}
	}
	ready, err := sender.Book.In(ctx, from...)
	if err != nil {
		return nil, err
	}
	rows := []departed{}
	err = sender.Deposit(ctx, among(ready, d.Fluxes), again, func(one *send.Departure) error {
		done.Add(1)
		rows = append(rows, departedOf(one))
		return nil
	})
	if err != nil {
		return nil, err
	}
	done.Store(total)
	sender.Book = c.book // what the platform says is nobody's act
	err = sender.Follow(ctx, func(one *send.Followed) error {
		if one.Faute != nil && one.Flux != nil {
			rows = append(rows, departed{fluxName: fluxName{one.Flux.NomFic, one.Flux.CodCol}, Fault: faultText(one.Faute)})
		}
		return nil
	})
	return rows, err
}

// among are the fluxes that were asked for, in the order of the book.
func among(list []*fluxbook.Flux, names []fluxName) []*fluxbook.Flux {
	asked := make(map[fluxName]bool, len(names))
	for _, n := range names {
		asked[n] = true
	}
	var kept []*fluxbook.Flux
	for _, f := range list {
		if asked[fluxName{f.NomFic, f.CodCol}] {
			kept = append(kept, f)
		}
	}
	return kept
}

func departedOf(d *send.Departure) departed {
	row := departed{fluxName: fluxName{d.Flux.NomFic, d.Flux.CodCol}, Issue: d.Issue, Message: d.Message, Waits: d.Waits}
	if d.Faute != nil {
		row.Fault = faultText(d.Faute)
	}
	return row
}

// faultText is an anomaly in both languages; of another error only that the
// platform did not answer is told, since its words may hold an address.
func faultText(err error) *lang.Text {
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return &lang.Text{FR: a.Code + " " + a.Message(lang.French), EN: a.Code + " " + a.Message(lang.English)}
	}
	return &lang.Text{FR: "la plateforme n’a pas répondu", EN: "the platform did not answer"}
}

// sendingTable shows what became of the last sending of a payroll.
func (c *Console) sendingTable(call *ui.Call, t *task.Task) ui.Table {
	table := ui.Table{ID: "envoi", Caption: call.T("Dernier envoi, %s", "Last sending, %s", ui.Instant(t.Ended.In(c.o.Place))), Columns: []ui.Column{{Title: "NomFic"}, {Title: call.T("Résultat", "Result")}, {Title: call.T("Ce qui est dit", "What is said")}}}
	var rows []departed
	if err := json.Unmarshal(t.Result, &rows); err != nil {
		return table // of an earlier version
	}
	for _, d := range rows {
		row := []ui.Cell{{Text: d.NomFic, Head: true}, {}, {Text: d.Message}}
		switch {
		case d.Fault != nil:
			row[1].Badge, row[2].Text = &ui.Badge{Kind: ui.Bad, Text: call.T("refusé", "refused")}, sentenceOf(d.Fault.In(call.Lang))
		case !d.Waits.IsZero():
			row[1].Badge = &ui.Badge{Kind: ui.Busy, Text: call.T("attend", "waits")}
			row[2].Text = call.T("La plateforme prend à partir du %s.", "The platform takes from %s.", ui.Instant(d.Waits.In(c.o.Place)))
		default:
			row[1].Badge = issueBadge(call, d.Issue)
		}
		table.Rows = append(table.Rows, ui.Row{Cells: row})
	}
	return table
}

func issueBadge(call *ui.Call, issue fluxbook.Issue) *ui.Badge {
	switch issue {
	case fluxbook.IssueDepose:
		return &ui.Badge{Kind: ui.Good, Text: call.T("déposé", "deposited")}
	case fluxbook.IssueRefuse:
		return &ui.Badge{Kind: ui.Bad, Text: call.T("refusé par la plateforme", "refused by the platform")}
	case fluxbook.IssueIncertain:
		return &ui.Badge{Kind: ui.Stopped, Text: call.T("à vérifier sur la plateforme", "to be verified on the platform")}
	}
	return &ui.Badge{Kind: ui.Warning, Text: call.T("pas parti", "not sent")}
}

// payrollPage lists the fluxes of a payroll, with the button that sends them.
func (c *Console) payrollPage(call *ui.Call) error {
	list, err := c.payrollOf(call)
	if err != nil {
		return err
	}
	key := list[0].Key
	t, err := c.tasks.Of(call.Context(), payrollHref(key), taskSend)
	if err != nil && !errors.Is(err, task.ErrUnknown) {
		return err
	}
	if list, err = c.payrollOf(call); err != nil { // after the task: one that is done has written them
		return err
	}
	may, err := c.mayDeposit(call, key.Siret)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Paye %s", "Payroll %s", ui.OfMonth(call.Lang, key.Annee, key.Mois)))
	p.Lead = "SIRET " + key.Siret
	p.Crumbs = []ui.NavItem{{Title: call.T("Flux", "Fluxes"), Href: "/gestion/flux"}}
	data := struct {
		Work            *work
		Table, Sent     ui.Table
		Base, Once      string
		Platform        string
		May             bool
		Ready, Awaiting int
	}{Work: c.workOf(call, t, payrollHref(key)), Table: c.fluxTable(call, list), Base: payrollHref(key), Once: call.Form("", "").WithOnce().Once, May: may}
	if data.Work != nil && data.Work.Live != "" {
		p.Refresh = 2
	}
	if t != nil && t.State == task.Done {
		data.Sent = c.sendingTable(call, t)
	}
	if c.o.Tdt != nil {
		data.Platform = c.o.Tdt.Name
	}
	for _, f := range list {
		switch f.Etat {
		case fluxbook.Produit:
			data.Ready++
		case fluxbook.Depose, fluxbook.Transmis, fluxbook.Incertain, fluxbook.EnEnvoi:
			data.Awaiting++
		}
	}
	p.Data = data
	return call.Render(http.StatusOK, "payroll", p)
}
