package gestion

import (
	"net/http"
	"strings"
	"time"

	"paye/internal/lang"
	"paye/web/token"
	"paye/web/ui"
)

// scopes are what a token may do, in words.
var scopes = map[token.Scope]lang.Text{
	token.Check:   {FR: "contrôler des fichiers, comparer deux mois", EN: "check files, compare two months"},
	token.Prepare: {FR: "préparer et construire des payes", EN: "prepare and build payrolls"},
	token.Send:    {FR: "envoyer des flux, renvoyer des pièces refusées", EN: "send fluxes, send refused pieces again"},
	token.Vault:   {FR: "déposer au coffre-fort, suivre et décider les dépôts", EN: "deposit in the vault, follow and decide deposits"},
	token.Flux:    {FR: "suivre les flux, donner des acquittements", EN: "follow fluxes, give acknowledgments"},
}

func (c *Console) tokenRoutes() {
	c.Site.Private("GET /gestion/jetons", func(call *ui.Call) error { return c.tokensView(call, c.tokenForm(call)) })
	c.Site.Private("POST /gestion/jetons", c.makeToken)
	c.Site.Private("POST /gestion/jetons/revoquer", c.revokeToken)
}

func (c *Console) tokens() *token.Tokens { return token.NewTokens(c.o.Ledger) }

func (c *Console) tokenForm(call *ui.Call) *ui.Form {
	what := ui.Field{Name: "portees", Type: "checkboxes", Label: call.T("Ce qu’il peut faire", "What it may do")}
	for _, s := range token.Scopes {
		what.Options = append(what.Options, ui.Option{Value: string(s), Text: string(s), Hint: scopes[s].In(call.Lang)})
	}
	return call.Form("/gestion/jetons", call.T("Créer le jeton", "Make the token"),
		ui.Field{Name: "nom", Label: call.T("Nom", "Name"), Required: true, Max: 60, Hint: call.T("Le programme qui s’en servira.", "The program that will use it.")}, what,
		ui.Field{Name: "duree", Type: "select", Label: call.T("Durée", "Lasts"), Default: "90", Options: []ui.Option{{Value: "30", Text: call.T("30 jours", "30 days")}, {Value: "90", Text: call.T("90 jours", "90 days")}, {Value: "365", Text: call.T("un an", "one year")}}})
}

func (c *Console) tokensView(call *ui.Call, f *ui.Form) error {
	list, err := c.tokens().List(call.Context(), call.Session.Login)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: call.T("Vos jetons", "Your tokens"), Empty: call.T("Aucun jeton. Un programme en a besoin pour parler à /api/v1/.", "No token. A program needs one to speak to /api/v1/."),
		Columns: []ui.Column{{Title: call.T("Nom", "Name")}, {Title: call.T("Portées", "Scopes")}, {Title: call.T("Fin", "End")}, {Title: call.T("Servi le", "Used on")}, {Title: call.T("Action", "Action")}}}
	for _, one := range list {
		words := make([]string, len(one.Scopes))
		for i, s := range one.Scopes {
			words[i] = string(s)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Name, Head: true}, {Text: strings.Join(words, ", ")}, {Text: ui.Date(one.Expires.In(c.o.Place))}, {Text: ui.Instant(one.Used)},
			{Post: &ui.Post{Action: "/gestion/jetons/revoquer", Text: call.T("Révoquer", "Revoke"), About: one.Name, Hidden: [][2]string{{"jeton", one.ID}}, Danger: true}}}})
	}
	p := call.Page(call.T("Jetons d’API", "API tokens"))
	p.Lead = call.T("Un programme parle en votre nom, avec vos droits et dans la limite de ses portées. La description est à /api/v1/openapi.json.", "A program speaks in your name, with your rights and within its scopes. The description is at /api/v1/openapi.json.")
	p.Data = struct {
		Table ui.Table
		Form  *ui.Form
	}{t, f}
	if f.Failed() {
		return call.Again("tokens", p)
	}
	return call.Render(http.StatusOK, "tokens", p)
}

// makeToken makes a token and shows it, once.
func (c *Console) makeToken(call *ui.Call) error {
	f := c.tokenForm(call)
	if f.Read() && len(f.Field("portees").Values) == 0 {
		f.Fail("portees", call.T("Choisissez au moins une portée.", "Choose at least one scope."))
	}
	if f.Failed() {
		return c.tokensView(call, f)
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	days := map[string]int{"30": 30, "90": 90, "365": 365}[f.Value("duree")]
	var list []token.Scope
	for _, s := range f.Field("portees").Values {
		list = append(list, token.Scope(s))
	}
	word, err := c.tokens().New(call.Context(), call.Session.Login, f.Value("nom"), time.Duration(days)*24*time.Hour, list...)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Le jeton est prêt", "The token is ready"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Jetons d’API", "API tokens"), Href: "/gestion/jetons"}}
	p.Data = struct{ Token string }{word}
	return call.Render(http.StatusOK, "newtoken", p)
}

func (c *Console) revokeToken(call *ui.Call) error {
	if err := c.tokens().Revoke(call.Context(), call.Session.Login, call.R.PostFormValue("jeton")); err != nil {
		return err
	}
	return call.Done("/gestion/jetons", "jeton-non")
}
