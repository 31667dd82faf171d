package coffre

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"paye/app/portal"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/server"
	"paye/vault"
	"paye/web/ui"
)

//go:embed templates/*.html
var templates embed.FS

// Home is where the portal is, Door where one signs in.
const (
	Home = "/coffre"
	Door = "/acces"
	Exit = "/sortie"
)

// Options of the pages. Portal, Coffre, Ledger and State are needed.
type Options struct {
	Portal *portal.Portal
	Coffre *vault.Coffre
	Ledger *ledger.Ledger
	State  string
	Brake  *server.Brake
	Origin string
	Accent string
	Log    *slog.Logger
}

// Pages are the pages of the agents.
type Pages struct {
	Site *ui.Site
	o    Options
	p    *portal.Portal
}

// New makes the pages.
func New(o Options) (*Pages, error) {
	c := &Pages{o: o, p: o.Portal}
	var err error
	c.Site, err = ui.New(ui.Options{
		Name: "coffre", Home: Home, Door: Door, Exit: Exit, Title: lang.Text{FR: "Espace documents", EN: "My documents"},
		Ledger: o.Ledger, State: o.State, Accounts: accounts{o.Portal}, Store: store{o.Coffre}, Brake: o.Brake, Log: o.Log,
		Origin: o.Origin, Accent: o.Accent, Nav: nav, Who: c.who, Own: Home + "/profil", Help: help,
		AccountHint: lang.Text{FR: "Où le trouver ? Les 12 chiffres de votre courrier, ou l’adresse de messagerie que vous avez confirmée.", EN: "Where is it? The 12 digits of your letter, or the mail address that you confirmed."},
	})
	if err != nil {
		return nil, err
	}
	if err := c.Site.Templates(templates, "templates/*.html"); err != nil {
		return nil, err
	}
	for code, text := range notices {
		c.Site.Notices[code] = text
	}
	c.welcomeRoutes()
	c.documentRoutes()
	c.recoveryRoutes()
	c.profileRoutes()
	c.refusalRoutes()
	c.shareRoutes()
	c.mergeRoutes()
	c.closureRoutes()
	return c, nil
}

// Register gives the portal's addresses to a server's mux.
func (c *Pages) Register(mux *http.ServeMux) {
	for _, path := range []string{Home, Home + "/", Door, Door + "/", Exit} {
		mux.Handle(path, c.Site)
	}
}

// Round forgets what has come to its end.
func (c *Pages) Round(ctx context.Context) error {
	return errors.Join(c.Site.Sweep(ctx), c.p.Round(ctx))
}

// accounts lets agents in.
type accounts struct{ p *portal.Portal }

// Authenticate implements ui.Accounts.
func (a accounts) Authenticate(ctx context.Context, identifier, password string) (string, error) {
	return a.p.Authenticate(ctx, identifier, password)
}

// Open implements ui.Accounts.
func (a accounts) Open(ctx context.Context, login string) (bool, error) { return a.p.Open(ctx, login) }

// store keeps what the sign-in knows of an account as fiches of the vault.
type store struct{ v *vault.Coffre }

// kindOf keeps the records of this site apart from the console's.
func kindOf(kind string) string { return "portail." + kind }

// Get implements ui.Store.
func (s store) Get(ctx context.Context, kind, key string) ([]byte, int64, error) {
	f, err := s.v.Fiches().Get(ctx, kindOf(kind), key)
	return f.Valeur, f.Version, err
}

// Put implements ui.Store.
func (s store) Put(ctx context.Context, kind, key string, value []byte, version int64) error {
	owner := key[strings.LastIndex(key, "/")+1:] // of a profile; an index leads to its owner
	if portal.Subject(owner).IsZero() && json.Unmarshal(value, &owner) != nil {
		owner = ""
	}
	err := s.v.Fiches().Put(ctx, vault.Systeme("portail"), vault.Fiche{Genre: kindOf(kind), Cle: key, Sujet: portal.Subject(owner), Version: version, Valeur: value})
	if anomalie.Is(err, "COF-401") {
		return ui.ErrConflict
	}
	return err
}

// own is a page for who is signed in and sees his documents.
type own func(call *ui.Call, a *portal.Account) error

// private registers a page of an account: who has not chosen his password yet
// does that first, and who may not come in any more is shown the door.
func (c *Pages) private(pattern string, h own) {
	c.Site.Private(pattern, func(call *ui.Call) error {
		a, err := c.p.Account(call.Context(), call.Session.Login)
		if err != nil {
			return err
		}
		switch {
		case a != nil && a.Ended && !strings.HasSuffix(call.R.URL.Path, "/export"):
			return call.Redirect(Home + "/export")
		case a != nil && a.Chooses():
			return call.Redirect(Home + "/bienvenue")
		case a == nil || !a.Takes():
			if err := c.Site.EndSessions(call.Context(), call.Session.Login); err != nil {
				return err
			}
			return call.Redirect(Door)
		}
		if err := c.p.Seen(call.Context(), a, call.Session.Device); err != nil {
			return err
		}
		return hidden(h(call, a))
	})
}

// hidden answers for a document of somebody else as for one that does not
// exist.
func hidden(err error) error {
	if anomalie.Is(err, "COF-204") || anomalie.Is(err, "COF-306") {
		return ui.ErrNotFound
	}
	return err
}

// who is what the header calls an agent.
func (c *Pages) who(call *ui.Call) string {
	a, err := c.p.Account(call.Context(), call.Session.Login)
	if err != nil || a == nil || a.Name() == "" {
		return call.T("Mon profil", "My profile")
	}
	return strings.ReplaceAll(a.Name(), ":", " ")
}

func nav(call *ui.Call) []ui.NavItem {
	return []ui.NavItem{
		{Title: call.T("Bulletins de paie", "Payslips"), Href: Home},
		{Title: call.T("Mes documents", "My own documents"), Href: Home + "/mes-documents"},
		{Title: call.T("Liens envoyés", "Links sent"), Href: Home + "/partages"},
		{Title: call.T("Ce qui s’est passé", "What happened"), Href: Home + "/trace"},
		{Title: call.T("Papier ou électronique", "Paper or electronic"), Href: Home + "/employeurs"},
		{Title: call.T("Mes informations de profil", "My profile"), Href: Home + "/profil"},
		{Title: call.T("Aide", "Help"), Href: Home + "/aide"},
	}
}

func help(call *ui.Call) []ui.Link {
	return []ui.Link{
		{Text: call.T("Mot de passe oublié ?", "Forgotten password?"), Href: Home + "/oubli"},
		{Text: call.T("Identifiant perdu, ou courrier non reçu ?", "Lost identifier, or letter not received?"), Href: Home + "/identifiant"},
		{Text: call.T("Recevoir ses bulletins sur papier", "Get payslips on paper"), Href: Home + "/refus"},
		{Text: call.T("Guide d’utilisation", "User guide"), Href: Home + "/aide"},
	}
}

// refused notes an anomaly in a form; another error goes on.
func refused(call *ui.Call, f *ui.Form, field string, err error) error {
	a := anomalie.As(err)
	if a == nil {
		return err
	}
	f.Fail(field, call.Sentence(a))
	return nil
}

// blank takes the passwords out of a form that comes back.
func blank(f *ui.Form) {
	for _, field := range f.Fields {
		if field.Type == "password" {
			field.Value = ""
		}
	}
}

// formPage is a page with one form.
func formPage(call *ui.Call, title, lead string, f *ui.Form) *ui.Page {
	p := call.Page(title)
	p.Lead = lead
	p.Data = struct{ Form *ui.Form }{f}
	return p
}

// again shows a form that was refused, without its passwords.
func again(call *ui.Call, title, lead string, f *ui.Form) error {
	blank(f)
	return call.Again("form", formPage(call, title, lead, f))
}

// show shows a form.
func show(call *ui.Call, title, lead string, f *ui.Form) error {
	return call.Render(http.StatusOK, "form", formPage(call, title, lead, f))
}

// done shows the end of an action.
func done(call *ui.Call, title string, d ui.Confirm) error {
	p := call.Page(title)
	p.Data = d
	return call.Render(http.StatusOK, "done", p)
}

// notices are the texts after an action.
var notices = map[string]lang.Text{
	"bienvenue":  {FR: "Votre espace est ouvert.", EN: "Your space is open."},
	"mail":       {FR: "Un message est parti : ouvrez le lien qu’il contient pour confirmer l’adresse.", EN: "A message is on its way: open the link in it to confirm the address."},
	"passe":      {FR: "Le mot de passe est changé ; les autres sessions sont fermées.", EN: "The password is changed; the other sessions are closed."},
	"ajoute":     {FR: "Le document est ajouté.", EN: "The document is added."},
	"supprime":   {FR: "Le document est supprimé.", EN: "The document is deleted."},
	"fusion":     {FR: "La fusion est demandée : elle sera faite dans trois jours. Vous pouvez l’arrêter ici.", EN: "The merge is asked for: it will be done in three days. You can stop it here."},
	"fusion-fin": {FR: "La fusion est arrêtée, ou défaite.", EN: "The merge is stopped, or undone."},
	"repris":     {FR: "Le lien ne s’ouvre plus.", EN: "The link no longer opens."},
}
