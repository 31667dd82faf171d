package gestion

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"paye/app/portal"
	"paye/internal/lang"
	"paye/vault"
	"paye/web/ui"
)

// agentRoutes are the pages about the agents' portal: letters, and the support
// desk. They show states and dates, never a document.
func (c *Console) agentRoutes() {
	if c.o.Portal == nil {
		return
	}
	c.Site.Notices["courriers-aucun"] = lang.Text{FR: "Aucun agent n’attend de courrier.", EN: "No agent waits for a letter."}
	base := "/gestion/coffre/{siret}/agents"
	c.Site.Private("GET "+base, c.agentsPage)
	c.Site.Private("POST "+base+"/courriers", c.lettersOfRun)
	c.Site.Private("GET "+base+"/un", c.findAgent)
	c.Site.Private("GET "+base+"/un/{matricule}", c.agentPage)
	c.Site.Private("POST "+base+"/un/{matricule}/courrier", c.letterAgain)
	c.Site.Private("POST "+base+"/notification", c.notice)
	for _, list := range []map[string]lang.Text{deskNotices, lifeNotices} {
		for code, text := range list {
			c.Site.Notices[code] = text
		}
	}
	c.deskRoutes(base + "/un/{matricule}")
}

func agentsBase(siret string) string { return "/gestion/coffre/" + siret + "/agents" }

func agentPath(siret, matricule string) string {
	return agentsBase(siret) + "/un/" + url.PathEscape(matricule)
}

// stateTexts are the states of an account as the office reads them.
var stateTexts = map[portal.State]struct {
	lang.Text
	kind ui.Kind
}{
	portal.Absent:     {lang.Text{FR: "pas de compte", EN: "no account"}, ui.Neutral},
	portal.Invited:    {lang.Text{FR: "courrier parti, pas encore venu", EN: "letter sent, has not come yet"}, ui.Busy},
	portal.Entered:    {lang.Text{FR: "première connexion commencée", EN: "first sign-in begun"}, ui.Busy},
	portal.Unverified: {lang.Text{FR: "ouvert, adresse non confirmée", EN: "open, address not confirmed"}, ui.Good},
	portal.Active:     {lang.Text{FR: "ouvert", EN: "open"}, ui.Good},
	portal.Recovering: {lang.Text{FR: "nouveau mot de passe demandé", EN: "new password asked for"}, ui.Busy},
	portal.Suspended:  {lang.Text{FR: "suspendu", EN: "suspended"}, ui.Bad},
	portal.Merged:     {lang.Text{FR: "fusionné", EN: "merged"}, ui.Neutral},
	portal.Closed:     {lang.Text{FR: "clos", EN: "closed"}, ui.Neutral},
}

// modeTexts are the modes of a membership.
var modeTexts = map[portal.Mode]struct {
	lang.Text
	kind ui.Kind
}{
	portal.Noticed:     {lang.Text{FR: "informé", EN: "told"}, ui.Neutral},
	portal.Electronic:  {lang.Text{FR: "électronique", EN: "electronic"}, ui.Good},
	portal.Draft:       {lang.Text{FR: "refus commencé", EN: "refusal begun"}, ui.Neutral},
	portal.Confirmed:   {lang.Text{FR: "refus confirmé", EN: "refusal confirmed"}, ui.Warning},
	portal.Paper:       {lang.Text{FR: "papier", EN: "paper"}, ui.Warning},
	portal.Reactivated: {lang.Text{FR: "demande l’électronique", EN: "asks for electronic"}, ui.Busy},
}

func stateBadge(call *ui.Call, s portal.State) *ui.Badge {
	x := stateTexts[s]
	return &ui.Badge{Kind: x.kind, Text: x.In(call.Lang)}
}

func modeBadge(call *ui.Call, m portal.Mode) *ui.Badge {
	x := modeTexts[m]
	return &ui.Badge{Kind: x.kind, Text: x.In(call.Lang)}
}

// agentsPage says who waits for a letter, and lists the agents.
func (c *Console) agentsPage(call *ui.Call) error { return c.agentsWith(call, nil) }

// agentsWith shows the page with the form of a notice that was refused, or with
// a fresh one.
func (c *Console) agentsWith(call *ui.Call, notice *ui.Form) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot, vault.DroitSuivi)
	if err != nil {
		return err
	}
	waiting, err := c.o.Portal.Newcomers(call.Context(), e.Siret)
	if err != nil {
		return err
	}
	list, err := c.o.Portal.Agents(call.Context(), e.Siret)
	if err != nil {
		return err
	}
	late, err := c.o.Portal.Late(call.Context(), e.Siret, alarmBefore)
	if err != nil {
		return err
	}
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Agents", "Agents"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Coffre-fort", "Vault"), Href: "/gestion/coffre/" + e.Siret}}
	p.Context = []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: e.Nom}}
	find := call.Form(agentsBase(e.Siret)+"/un", call.T("Chercher", "Find"), ui.Field{Name: "matricule", Label: call.T("Matricule d’un agent qui appelle", "Matricule of an agent who calls"), Required: true, Max: 64, Size: 20})
	find.Get = true
	requests, err := c.o.Portal.Requests(call.Context(), e.Siret)
	if err != nil {
		return err
	}
	d := agentsData{Waiting: waiting, MayPrint: r.any(e.Siret, vault.DroitDepot), Base: agentsBase(e.Siret), Find: find, Table: agentTable(call, e.Siret, list, waiting), Late: late, Requests: requestTable(call, e.Siret, requests)}
	if d.End, err = c.o.Portal.ServiceEnd(call.Context()); err != nil {
		return err
	}
	d.MayEnd = r.overAll(vault.DroitComptes)
	if d.MayPrint {
		if notice == nil {
			notice = noticeForm(call, e.Siret)
		}
		d.Notice = notice
	}
	p.Data = d
	if notice != nil && notice.Failed() {
		return call.Again("agents", p)
	}
	return call.Render(http.StatusOK, "agents", p)
}

// agentsData is what the page of the agents shows.
type agentsData struct {
	Waiting  int
	MayPrint bool
	Base     string
	Find     *ui.Form
	Notice   *ui.Form
	End      *portal.Service // announced, or to be confirmed
	MayEnd   bool
	Requests ui.Table
	Table    ui.Table
	Late     []portal.Membership
}

// shownAgents is how many agents a page lists.
const shownAgents = 200

func agentTable(call *ui.Call, siret string, list []portal.Agent, waiting int) ui.Table {
	t := ui.Table{ID: "agents", Caption: call.T("Agents", "Agents"), Total: len(list), Columns: []ui.Column{{Title: "Matricule"}, {Title: call.T("Compte", "Account")}, {Title: call.T("Bulletins", "Payslips")}, {Title: call.T("Informé le", "Told on")}, {Title: call.T("Refus du", "Refused on")}},
		Empty: call.T("Aucun agent n’a encore de courrier. Déposez un train de paye, puis éditez les courriers.", "No agent has a letter yet. Deposit a payroll, then print the letters.")}
	if waiting > 0 {
		t.Empty = call.T("Aucun courrier n’est encore édité : les agents apparaissent ici dès que le leur l’est.", "No letter is printed yet: agents appear here as soon as theirs is.")
	}
	after := call.Query("apres")
	for _, a := range list {
		if after != "" {
			if a.Matricule == after {
				after = ""
			}
			continue
		}
		if len(t.Rows) == shownAgents {
			t.Next = agentsBase(siret) + "?apres=" + url.QueryEscape(t.Rows[len(t.Rows)-1].Cells[0].Text)
			break
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: a.Matricule, Href: agentPath(siret, a.Matricule), Head: true}, {Badge: stateBadge(call, a.State)}, {Badge: modeBadge(call, a.Mode)}, {Text: ui.Date(a.Notice)}, {Text: ui.Date(a.Confirmed)}}})
	}
	return t
}

// lettersOfRun makes the accounts that are missing and hands out their letters,
// once: what is lost is printed again agent by agent.
func (c *Console) lettersOfRun(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot)
	if err != nil {
		return err
	}
	format := call.R.PostFormValue("format")
	list, err := c.o.Portal.Enrol(call.Context(), call.Session.Login, e.Siret)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return call.Done(agentsBase(e.Siret), "courriers-aucun")
	}
	return c.handOut(call, format, list)
}

// handOut answers with letters as a file.
func (c *Console) handOut(call *ui.Call, format string, list []portal.Letter) error {
	var b bytes.Buffer
	kind, name := "application/pdf", "courriers.pdf"
	var err error
	if format == "csv" {
		kind, name = "text/csv; charset=utf-8", "courriers.csv"
		err = c.o.Portal.WriteMerge(&b, list)
	} else {
		var unprintable []string
		unprintable, err = c.o.Portal.WriteLetters(&b, list)
		if len(unprintable) > 0 {
			c.o.Log.WarnContext(call.Context(), "names are not printed in full", "matricules", strings.Join(unprintable, " "))
		}
	}
	if err != nil {
		return err
	}
	h := call.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	call.W.Write(b.Bytes()) // who went away prints them again
	return nil
}

func (c *Console) findAgent(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot, vault.DroitSuivi)
	if err != nil {
		return err
	}
	matricule := strings.TrimSpace(call.Query("matricule"))
	if matricule == "" || len(matricule) > 64 {
		return call.Redirect(agentsBase(e.Siret))
	}
	return call.Redirect(agentPath(e.Siret, matricule))
}
