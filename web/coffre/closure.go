package coffre

import (
	"net/http"

	"paye/app/portal"
	"paye/internal/anomalie"
	"paye/web/ui"
)

// closureRoutes end a space at its owner's wish.
func (c *Pages) closureRoutes() {
	c.private("GET "+Home+"/profil/cloture", c.closurePage)
	c.private("POST "+Home+"/profil/cloture", c.closeSpace)
}

func closureForm(call *ui.Call) *ui.Form {
	f := call.Form(Home+"/profil/cloture", call.T("Clore mon espace", "Close my space"),
		ui.Field{Name: "compris", Type: "checkbox", Required: true, Label: call.T("J’ai emporté ce que je veux garder : rien ne pourra être retrouvé.", "I took away what I want to keep: nothing can be found again.")})
	f.Danger, f.Cancel = true, Home+"/profil"
	return f
}

func (c *Pages) closureView(call *ui.Call, f *ui.Form) *ui.Page {
	p := call.Page(call.T("Clore mon espace", "Close my space"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Mes informations de profil", "My profile"), Href: Home + "/profil"}}
	p.Data = struct{ Form *ui.Form }{f}
	return p
}

func (c *Pages) closurePage(call *ui.Call, _ *portal.Account) error {
	return call.Render(http.StatusOK, "closure", c.closureView(call, closureForm(call)))
}

func (c *Pages) closeSpace(call *ui.Call, a *portal.Account) error {
	if recent, err := call.Recent(); !recent {
		return err
	}
	f := closureForm(call)
	if !f.Read() {
		return call.Again("closure", c.closureView(call, f))
	}
	complete, err := c.p.CloseByOwner(call.Context(), a.ID)
	if x := anomalie.As(err); x != nil {
		f.Fail("", call.Sentence(x))
		return call.Again("closure", c.closureView(call, f))
	}
	if err != nil {
		return err
	}
	if err := c.Site.EndSessions(call.Context(), a.ID); err != nil {
		return err
	}
	call.Session = nil
	return done(call, call.T("Espace clos", "Space closed"), ui.Confirm{Title: call.T("Votre espace est clos", "Your space is closed"),
		Text:  call.T("Vos exemplaires et vos documents sont effacés. Vos employeurs vous remettent vos bulletins sur papier ; ils gardent le double que la loi leur demande.", "Your copies and your documents are erased. Your employers give you your payslips on paper; they keep the double that the law asks of them."),
		Facts: []ui.Fact{{Name: call.T("Plus dans aucune sauvegarde après le", "In no backup after"), Value: ui.Date(complete)}}})
}
