package coffre

import (
	"net/http"
	"net/url"
	"slices"

	"paye/app/portal"
	"paye/web/ui"
)

// refusalRoutes are « Demande de distribution des bulletins de paie au format
// papier », for who is signed in, and for who has a notice and no account.
func (c *Pages) refusalRoutes() {
	c.private("GET "+Home+"/employeurs", c.employers)
	c.private("POST "+Home+"/employeurs/refus", c.draft)
	c.private("GET "+Home+"/employeurs/{siret}/{matricule}/confirmer", c.confirmPage)
	c.private("POST "+Home+"/employeurs/{siret}/{matricule}/confirmer", c.confirm)
	c.private("GET "+Home+"/employeurs/{siret}/{matricule}/papier", c.receipt)
	c.private("POST "+Home+"/employeurs/{siret}/{matricule}/electronique", c.ask)
	c.private("POST "+Home+"/employeurs/{siret}/{matricule}/electronique/confirmer", c.reaccept)
	c.Site.Public("GET "+Home+"/refus", c.refusalPage)
	c.Site.Public("POST "+Home+"/refus", c.refusal)
	c.Site.Public("GET "+Home+"/refus/annuler/{siret}/{mot}", c.undoRefusalPage)
	c.Site.Public("POST "+Home+"/refus/annuler/{siret}/{mot}", c.undoRefusal)
}

// memberOf is the membership of the address, when it is the account's.
func (c *Pages) memberOf(call *ui.Call, a *portal.Account, siret, matricule string) (*portal.Membership, string, error) {
	i := slices.IndexFunc(a.Member, func(m portal.Member) bool { return m.Siret == siret && m.Matricule == matricule })
	if i < 0 {
		return nil, "", ui.ErrNotFound
	}
	m, err := c.p.Membership(call.Context(), siret, matricule)
	if err != nil || m == nil {
		return nil, "", err
	}
	name, err := c.p.EmployerName(call.Context(), siret)
	return m, name, err
}

// employerPath is where a membership is decided on.
func employerPath(m *portal.Membership) string {
	return Home + "/employeurs/" + m.Siret + "/" + url.PathEscape(m.Matricule)
}

func (c *Pages) employers(call *ui.Call, a *portal.Account) error {
	t := ui.Table{ID: "employeurs", Caption: call.T("Vos employeurs", "Your employers"), Columns: []ui.Column{{Title: call.T("Employeur", "Employer")}, {Title: call.T("Action", "Action")}}}
	for _, member := range a.Member {
		m, name, err := c.memberOf(call, a, member.Siret, member.Matricule)
		if err != nil {
			return err
		}
		if m == nil {
			continue
		}
		base := employerPath(m)
		state, last := call.T("bulletins électroniques", "electronic payslips"), ui.Cell{Post: &ui.Post{Action: Home + "/employeurs/refus", Text: call.T("Demander le papier", "Ask for paper"), About: name, Hidden: [][2]string{{"siret", m.Siret}, {"matricule", m.Matricule}}}}
		switch m.Mode {
		case portal.Confirmed, portal.Paper:
			state = call.T("bulletins sur papier", "payslips on paper")
			last = ui.Cell{Post: &ui.Post{Action: base + "/electronique", Text: call.T("Revenir à l’électronique", "Go back to electronic"), About: name}, Text: call.T("Récépissé", "Receipt"), Href: base + "/papier"}
		case portal.Reactivated:
			state = call.T("retour à confirmer", "return to confirm")
			last = ui.Cell{Post: &ui.Post{Action: base + "/electronique/confirmer", Text: call.T("Confirmer", "Confirm"), About: name}}
			if c.p.BackBySupport() {
				last = ui.Cell{Text: call.T("transmis au service de paye", "passed on to the payroll office")}
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name + ", " + m.Matricule, Head: true}, last}, Detail: state})
	}
	p := call.Page(call.T("Papier ou électronique", "Paper or electronic"))
	p.Lead = call.T("Employeur par employeur, à tout moment. Les bulletins déjà déposés restent ici.", "Employer by employer, at any time. Payslips that are deposited already stay here.")
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "tables", p)
}

func (c *Pages) draft(call *ui.Call, a *portal.Account) error {
	m, _, err := c.memberOf(call, a, call.R.PostFormValue("siret"), call.R.PostFormValue("matricule"))
	if err != nil {
		return err
	}
	if m == nil {
		return ui.ErrNotFound
	}
	if err := c.p.DraftRefusal(call.Context(), m.Siret, m.Matricule); err != nil {
		return err
	}
	return call.Redirect(employerPath(m) + "/confirmer")
}

func (c *Pages) confirmPage(call *ui.Call, a *portal.Account) error {
	m, name, err := c.memberOf(call, a, call.Path("siret"), call.Path("matricule"))
	if err != nil || m == nil {
		return err
	}
	return press(call, employerPath(m)+"/confirmer", call.T("Confirmer : bulletins sur papier", "Confirm: payslips on paper"),
		call.T("%s vous remettra vos bulletins sur papier, dès la prochaine paye et dans trois mois au plus tard.", "%s will give you your payslips on paper, from the next payroll on and within three months.", name), call.T("Confirmer ma demande", "Confirm my request"))
}

func (c *Pages) confirm(call *ui.Call, a *portal.Account) error {
	m, _, err := c.memberOf(call, a, call.Path("siret"), call.Path("matricule"))
	if err != nil || m == nil {
		return err
	}
	if _, err := c.p.ConfirmRefusal(call.Context(), m.Siret, m.Matricule); err != nil {
		return err
	}
	return call.Redirect(employerPath(m) + "/papier")
}

// receiptOf is the page to print: a number, a certain date, a limit.
func receiptOf(call *ui.Call, m *portal.Membership, name string) error {
	return done(call, call.T("Demande enregistrée", "Request recorded"), ui.Confirm{Title: call.T("Vos bulletins vous seront remis sur papier", "Your payslips will be given to you on paper"), Reference: m.Number,
		Text:  call.T("Imprimez ou gardez cette page : elle donne date certaine à votre demande (Code du travail, D.3243-7).", "Print or keep this page: it gives your request a certain date (Code du travail, D.3243-7)."),
		Facts: []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: name}, {Name: "Matricule", Value: m.Matricule}, {Name: call.T("Enregistrée le", "Recorded on"), Value: ui.Instant(m.Confirmed)}, {Name: call.T("À suivre au plus tard le", "To be followed by"), Value: ui.Date(m.Limit)}},
		Next:  []ui.Link{{Text: call.T("Mes bulletins", "My payslips"), Href: Home}}})
}

func (c *Pages) receipt(call *ui.Call, a *portal.Account) error {
	m, name, err := c.memberOf(call, a, call.Path("siret"), call.Path("matricule"))
	if err != nil {
		return err
	}
	if m == nil || m.Mode != portal.Confirmed && m.Mode != portal.Paper {
		return ui.ErrNotFound
	}
	return receiptOf(call, m, name)
}

func (c *Pages) ask(call *ui.Call, a *portal.Account) error {
	m, _, err := c.memberOf(call, a, call.Path("siret"), call.Path("matricule"))
	if err != nil || m == nil {
		return err
	}
	if err := c.p.AskElectronic(call.Context(), m.Siret, m.Matricule); err != nil {
		return err
	}
	return call.Redirect(Home + "/employeurs")
}

func (c *Pages) reaccept(call *ui.Call, a *portal.Account) error {
	m, _, err := c.memberOf(call, a, call.Path("siret"), call.Path("matricule"))
	if err != nil || m == nil {
		return err
	}
	if err := c.p.ConfirmElectronic(call.Context(), m.Siret, m.Matricule); err != nil {
		return err
	}
	return call.Redirect(Home + "/employeurs")
}

// noticeForm is for who has no account: the notice brought a code.
func noticeForm(call *ui.Call, sure string) *ui.Form {
	return call.Form(Home+"/refus", call.T("Valider", "Validate"),
		ui.Field{Name: "siret", Label: call.T("SIRET de l’employeur", "SIRET of the employer"), Required: true, Inputmode: "numeric", Max: 14, Size: 16},
		ui.Field{Name: "matricule", Label: "Matricule", Required: true, Max: 64, Size: 20},
		ui.Field{Name: "code", Label: call.T("Code de la notification", "Code of the notice"), Required: true, Autocomplete: "off", Max: 40, Size: 24},
		policyField(call), ui.Field{Name: "sur", Type: "hidden", Default: sure, Max: 3})
}

func (c *Pages) refusalView(call *ui.Call, f *ui.Form) *ui.Page {
	p := call.Page(call.T("Demande de distribution des bulletins de paie au format papier", "Request for payslips on paper"))
	p.Data = struct {
		Form       *ui.Form
		Home, Door string
	}{f, Home, Door}
	return p
}

func (c *Pages) refusalPage(call *ui.Call) error {
	return call.Render(http.StatusOK, "refusal", c.refusalView(call, noticeForm(call, "")))
}

// refusal takes the code twice: the first sending shows what it will do.
func (c *Pages) refusal(call *ui.Call) error {
	f := noticeForm(call, "")
	if f.Read() && f.Value("politique") != "oui" {
		f.Fail("politique", call.Sentence(portal.Codes.New(portal.PolicyAsked)))
	}
	var m *portal.Membership
	if !f.Failed() {
		var err error
		prove := func() error {
			m, err = c.p.ProveCode(call.Context(), f.Value("siret"), f.Value("matricule"), f.Value("code"))
			return err
		}
		err = c.braked(call, prove)
		if err := refused(call, f, "code", err); err != nil {
			return err
		}
	}
	if f.Failed() {
		return call.Again("refusal", c.refusalView(call, f))
	}
	if f.Value("sur") != "oui" {
		if err := c.p.DraftRefusal(call.Context(), m.Siret, m.Matricule); err != nil {
			return err
		}
		f.Field("sur").Value, f.Submit = "oui", call.T("Confirmer ma demande", "Confirm my request")
		p := c.refusalView(call, f)
		p.Title = call.T("Confirmer : bulletins sur papier", "Confirm: payslips on paper")
		return call.Render(http.StatusOK, "refusal", p)
	}
	m, err := c.p.ConfirmRefusal(call.Context(), m.Siret, m.Matricule)
	if err != nil {
		return err
	}
	name, err := c.p.EmployerName(call.Context(), m.Siret)
	if err != nil {
		return err
	}
	return receiptOf(call, m, name)
}

func (c *Pages) undoRefusalPage(call *ui.Call) error {
	return press(call, Home+"/refus/annuler/"+call.Path("siret")+"/"+call.Path("mot"), call.T("Annuler la demande de papier", "Undo the request for paper"), call.T("Vos bulletins resteront électroniques.", "Your payslips will stay electronic."), call.T("Annuler la demande", "Undo the request"))
}

func (c *Pages) undoRefusal(call *ui.Call) error {
	if err := c.p.UndoRefusal(call.Context(), call.Path("siret"), call.Path("mot")); err != nil {
		return err
	}
	return done(call, call.T("Demande annulée", "Request undone"), ui.Confirm{Title: call.T("Vos bulletins restent électroniques", "Your payslips stay electronic")})
}
