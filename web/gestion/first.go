package gestion

import (
	"context"
	"errors"
	"net/http"
	"time"

	"paye/internal/anomalie"
	"paye/vault"
	"paye/web/ui"
)

// firstTime is for how long the link of the first administrator is good.
const firstTime = 24 * time.Hour

// kindFirst and kindInvitation are the one-time links of this package.
const (
	kindFirst      = "premier"
	kindInvitation = "invitation"
)

// look sees whether anybody has an account.
func (c *Console) look(ctx context.Context) error {
	list, err := c.o.Coffre.Comptes().Utilisateurs(ctx, systeme)
	c.fresh = err == nil && len(list) == 0
	return err
}

// FirstLink is the path of the one-time address where the first administrator
// makes his account; empty once there is an account.
func (c *Console) FirstLink(ctx context.Context) (string, error) {
	if err := c.look(ctx); err != nil || !c.fresh {
		return "", err
	}
	token, err := c.Site.NewLink(ctx, kindFirst, "", firstTime)
	return "/premier/" + token, err
}

func (c *Console) firstRoutes() {
	c.Site.Public("GET /{$}", func(call *ui.Call) error {
		if err := c.look(call.Context()); err != nil {
			return err
		}
		if !c.fresh {
			return call.Redirect("/gestion")
		}
		return call.Render(http.StatusOK, "machine", call.Page(call.T("Bienvenue", "Welcome")))
	})
	c.Site.Public("GET /premier/{jeton}", c.firstPage)
	c.Site.Public("POST /premier/{jeton}", c.first)
	c.Site.Public("GET /invitation/{jeton}", c.invitationPage)
	c.Site.Public("POST /invitation/{jeton}", c.invitation)
}

// accountFields are those of somebody who makes his own account.
func passwordFields(call *ui.Call) []ui.Field {
	return []ui.Field{
		{Name: "passe", Label: call.T("Mot de passe", "Password"), Type: "password", Required: true, Autocomplete: "new-password", Max: 128,
			Hint: call.T("15 caractères au moins ; une phrase se retient mieux.", "15 characters at least; a sentence is easier to remember.")},
		{Name: "passe2", Label: call.T("Le même mot de passe", "The same password"), Type: "password", Required: true, Autocomplete: "new-password", Max: 128},
	}
}

func (c *Console) firstForm(call *ui.Call) *ui.Form {
	return call.Form("/premier/"+call.Path("jeton"), call.T("Créer mon compte", "Make my account"), append([]ui.Field{
		{Name: "compte", Label: call.T("Identifiant", "Account"), Required: true, Autocomplete: "username", Max: 64, Hint: call.T("Sans blanc, par exemple c.martin.", "Without blanks, c.martin for example.")},
		{Name: "nom", Label: call.T("Nom", "Name"), Autocomplete: "name", Max: 100},
	}, passwordFields(call)...)...)
}

func (c *Console) firstPage(call *ui.Call) error {
	if _, err := c.Site.ReadLink(call.Context(), kindFirst, call.Path("jeton")); err != nil {
		return err
	}
	return call.Render(http.StatusOK, "first", firstView(call, c.firstForm(call)))
}

func firstView(call *ui.Call, f *ui.Form) *ui.Page {
	p := call.Page(call.T("Premier administrateur", "First administrator"))
	p.Lead = call.T("Ce compte a tous les droits ; il en crée d’autres ensuite.", "This account has every right; it makes others afterwards.")
	p.Data = struct{ Form *ui.Form }{f}
	return p
}

func (c *Console) first(call *ui.Call) error {
	if _, err := c.Site.ReadLink(call.Context(), kindFirst, call.Path("jeton")); err != nil {
		return err
	}
	f := c.firstForm(call)
	if f.Read() && f.Value("passe") != f.Value("passe2") {
		f.Fail("passe2", call.T("Les deux mots de passe diffèrent.", "The two passwords differ."))
	}
	if !f.Failed() {
		if err := c.makeFirst(call, f); err != nil {
			return err
		}
	}
	if f.Failed() {
		blank(f)
		return call.Again("first", firstView(call, f))
	}
	if _, err := c.Site.UseLink(call.Context(), kindFirst, call.Path("jeton")); err != nil {
		return err
	}
	if err := c.Site.SignIn(call, f.Value("compte")); err != nil {
		return err
	}
	return call.Done("/gestion", "bienvenue")
}

// makeFirst makes the account with every right, unless somebody was faster.
func (c *Console) makeFirst(call *ui.Call, f *ui.Form) error {
	ctx := call.Context()
	if err := c.look(ctx); err != nil {
		return err
	}
	if !c.fresh {
		return ui.ErrNotFound
	}
	if err := c.o.Coffre.Comptes().AddUtilisateur(ctx, systeme, f.Value("compte"), f.Value("nom"), f.Value("passe")); err != nil {
		return refused(call, f, err)
	}
	return c.o.Coffre.Comptes().Grant(ctx, systeme, f.Value("compte"), everywhere, vault.Droits...)
}

// refused notes an anomaly in a form; another error goes on.
func refused(call *ui.Call, f *ui.Form, err error) error {
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		return err
	}
	f.Fail("", call.Sentence(a))
	return nil
}

// blank takes the passwords out of a form that comes back.
func blank(f *ui.Form) {
	for _, name := range []string{"passe", "passe2"} {
		if field := f.Field(name); field != nil {
			field.Value = ""
		}
	}
}

func (c *Console) invitationForm(call *ui.Call) *ui.Form {
	return call.Form("/invitation/"+call.Path("jeton"), call.T("Enregistrer", "Save"), passwordFields(call)...)
}

func invitationView(call *ui.Call, login string, f *ui.Form) *ui.Page {
	p := call.Page(call.T("Votre mot de passe", "Your password"))
	p.Lead = call.T("Pour le compte %s.", "For the account %s.", login)
	p.Data = struct{ Form *ui.Form }{f}
	return p
}

func (c *Console) invitationPage(call *ui.Call) error {
	login, err := c.Site.ReadLink(call.Context(), kindInvitation, call.Path("jeton"))
	if err != nil {
		return err
	}
	return call.Render(http.StatusOK, "first", invitationView(call, login, c.invitationForm(call)))
}

func (c *Console) invitation(call *ui.Call) error {
	login, err := c.Site.ReadLink(call.Context(), kindInvitation, call.Path("jeton"))
	if err != nil {
		return err
	}
	f := c.invitationForm(call)
	if f.Read() && f.Value("passe") != f.Value("passe2") {
		f.Fail("passe2", call.T("Les deux mots de passe diffèrent.", "The two passwords differ."))
	}
	if !f.Failed() {
		if err := c.o.Coffre.Comptes().SetMotDePasse(call.Context(), systeme, login, f.Value("passe")); err != nil {
			if err := refused(call, f, err); err != nil {
				return err
			}
		}
	}
	if f.Failed() {
		blank(f)
		return call.Again("first", invitationView(call, login, f))
	}
	if _, err := c.Site.UseLink(call.Context(), kindInvitation, call.Path("jeton")); err != nil {
		return err
	}
	if err := c.Site.EndSessions(call.Context(), login); err != nil {
		return err
	}
	return call.Done("/connexion", "mot-de-passe")
}
