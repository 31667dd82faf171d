package coffre

import (
	"paye/app/portal"
	"paye/internal/anomalie"
	"paye/web/ui"
)

func (c *Pages) welcomeRoutes() {
	c.Site.Private("GET "+Home+"/bienvenue", c.welcomePage)
	c.Site.Private("POST "+Home+"/bienvenue", c.welcome)
	c.Site.Public("GET "+Home+"/politique", func(call *ui.Call) error {
		p := call.Page(call.T("Politique de confidentialité", "Privacy policy"))
		p.Data = portal.PolicyVersion
		return call.Render(200, "policy", p)
	})
}

// wordFields ask for a new password, twice.
func wordFields(call *ui.Call) []ui.Field {
	return []ui.Field{
		{Name: "passe", Label: call.T("Nouveau mot de passe", "New password"), Type: "password", Required: true, Autocomplete: "new-password", Max: 128,
			Hint: call.T("15 caractères au moins, sans autre règle : une phrase se retient mieux.", "15 characters at least, no other rule: a sentence is easier to remember.")},
		{Name: "passe2", Label: call.T("Le même mot de passe", "The same password"), Type: "password", Required: true, Autocomplete: "new-password", Max: 128},
	}
}

// mailFields ask for a personal address, twice.
func mailFields(call *ui.Call, required bool) []ui.Field {
	return []ui.Field{
		{Name: "mail", Label: call.T("Adresse de messagerie personnelle", "Personal mail address"), Type: "email", Required: required, Autocomplete: "email", Max: 254,
			Hint: call.T("La vôtre seule, pas celle du travail : elle servira d’identifiant et pour un mot de passe oublié.", "Yours alone, not the one at work: it will be an identifier, and serve for a forgotten password.")},
		{Name: "mail2", Label: call.T("La même adresse", "The same address"), Type: "email", Required: required, Autocomplete: "off", Max: 254},
	}
}

func policyField(call *ui.Call) ui.Field {
	return ui.Field{Name: "politique", Type: "checkbox", Label: call.T("J’ai pris connaissance de la politique de confidentialité et je l’accepte.", "I have read the privacy policy and I accept it.")}
}

func (c *Pages) welcomeForm(call *ui.Call) *ui.Form {
	fields := wordFields(call)
	if c.p.SendsMail() {
		fields = append(fields, mailFields(call, false)...)
	}
	return call.Form(Home+"/bienvenue", call.T("Ouvrir mon espace", "Open my space"), append(fields, policyField(call))...)
}

// renewForm is the first visit after a letter that brought a new identifier:
// the address and the policy are there already.
func renewForm(call *ui.Call) *ui.Form {
	return call.Form(Home+"/bienvenue", call.T("Modifier", "Change"), wordFields(call)...)
}

func (c *Pages) renewView(call *ui.Call, f *ui.Form) *ui.Page {
	p := formPage(call, call.T("Nouvel identifiant : choisissez un mot de passe", "New identifier: choose a password"),
		call.T("Celui du courrier et celui d’avant ne serviront plus.", "The one of the letter and the one of before will no longer work."), f)
	p.Nav = nil
	return p
}

func (c *Pages) renew(call *ui.Call, a *portal.Account) error {
	f := renewForm(call)
	if f.Read() {
		factor, err := c.factor(call, a.ID)
		if err != nil {
			return err
		}
		err = c.p.ChooseAgain(call.Context(), a.ID, f.Value("passe"), f.Value("passe2"), factor)
		if err := refused(call, f, fieldOf(err), err); err != nil {
			return err
		}
	}
	if f.Failed() {
		blank(f)
		return call.Again("form", c.renewView(call, f))
	}
	if err := c.newHands(call, a.ID, !a.Reopened); err != nil {
		return err
	}
	if err := c.Site.SignIn(call, a.ID); err != nil {
		return err
	}
	return call.Done(Home, "passe")
}

// factor reports whether an account has a second step, which lets a password be
// shorter.
func (c *Pages) factor(call *ui.Call, id string) (bool, error) {
	p, err := c.Site.Profile(call.Context(), id)
	return p.Secret != "", err
}

func (c *Pages) welcomeView(call *ui.Call, f *ui.Form) *ui.Page {
	lead := call.T("Choisissez votre mot de passe ; celui du courrier ne servira plus.", "Choose your password; the one of the letter will no longer work.")
	if !c.p.SendsMail() {
		lead += " " + call.T("Gardez les 12 chiffres du courrier : ils restent votre identifiant.", "Keep the 12 digits of the letter: they stay your identifier.")
	}
	p := formPage(call, call.T("Première connexion", "First sign-in"), lead, f)
	p.Nav = nil
	return p
}

func (c *Pages) welcomePage(call *ui.Call) error {
	a, err := c.p.Account(call.Context(), call.Session.Login)
	if err != nil {
		return err
	}
	if a == nil || !a.Chooses() {
		return call.Redirect(Home)
	}
	if a.State != portal.Entered {
		return call.Render(200, "form", c.renewView(call, renewForm(call)))
	}
	return call.Render(200, "welcome", c.welcomeView(call, c.welcomeForm(call)))
}

func (c *Pages) welcome(call *ui.Call) error {
	a, err := c.p.Account(call.Context(), call.Session.Login)
	if err != nil {
		return err
	}
	if a != nil && a.State != portal.Entered && a.Chooses() {
		return c.renew(call, a)
	}
	f := c.welcomeForm(call)
	if f.Read() {
		w := portal.Welcome{Password: f.Value("passe"), Again: f.Value("passe2"), Policy: f.Value("politique") == "oui", Lang: call.Lang.String()}
		if c.p.SendsMail() {
			w.Mail, w.MailAgain = f.Value("mail"), f.Value("mail2")
		}
		err := c.p.Welcome(call.Context(), call.Session.Login, w)
		if err := refused(call, f, fieldOf(err), err); err != nil {
			return err
		}
	}
	if f.Failed() {
		blank(f)
		return call.Again("welcome", c.welcomeView(call, f))
	}
	if err := c.Site.SignIn(call, call.Session.Login); err != nil { // the word of the session changes with what it opens
		return err
	}
	return call.Done(Home, "bienvenue")
}

// fieldOf is the field that an anomaly is about.
func fieldOf(err error) string {
	a := anomalie.As(err)
	if a == nil {
		return ""
	}
	return map[string]string{portal.ShortWord: "passe", portal.WeakWord: "passe", portal.WordsDiffer: "passe2",
		portal.MailWrong: "mail", portal.MailsDiffer: "mail2", portal.PolicyAsked: "politique"}[a.Code]
}
