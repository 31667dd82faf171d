package ui

import (
	"errors"
	"net/http"
	"net/url"

	"paye/internal/anomalie"
)

// proveForm asks who is signed in to prove it again.
func (c *Call) proveForm(p *Profile) *Form {
	fields := []Field{{Name: "passe", Label: c.T("Mot de passe", "Password"), Type: "password", Required: true, Autocomplete: "current-password", Max: 128}}
	if p.Secret != "" {
		fields = append(fields, Field{Name: "code", Label: c.T("Code", "Code"), Required: true, Autocomplete: "one-time-code", Inputmode: "numeric", Max: 30, Size: 12,
			Hint: c.T("Les six chiffres de votre application, ou un code de secours.", "The six digits of your application, or a recovery code.")})
	}
	return c.Form(c.Site.o.Door+"/confirmer", c.T("Continuer", "Continue"),
		append(fields, Field{Name: "retour", Type: "hidden", Default: c.R.FormValue("retour"), Max: 2000})...)
}

func (c *Call) proveView(f *Form, profile *Profile) *Page {
	back := c.returnTo()
	d := doorData{Form: f, Back: back, Passkeys: len(profile.Passkeys) > 0 && !c.byAddress()}
	for _, link := range profile.Links {
		if p := c.Site.oidc[link.Provider]; p != nil {
			d.Providers = append(d.Providers, Link{c.T("Confirmer avec %s", "Confirm with %s", p.Name), c.Site.o.Door + "/oidc/" + p.ID + "?" + url.Values{"retour": {back}}.Encode()})
		}
	}
	p := c.Page(c.T("Confirmez que c’est vous", "Confirm that it is you"))
	p.Data = d
	return p
}

func (s *Site) provePage(c *Call) error {
	profile, err := s.Profile(c.Context(), c.Session.Login)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, "prove", c.proveView(c.proveForm(&profile), &profile))
}

func (s *Site) prove(c *Call) error {
	profile, err := s.Profile(c.Context(), c.Session.Login)
	if err != nil {
		return err
	}
	f := c.proveForm(&profile)
	if f.Read() {
		if err := s.proves(c, f, &profile); err != nil {
			return err
		}
	}
	if f.Failed() {
		f.Field("passe").Value = ""
		return c.Again("prove", c.proveView(f, &profile))
	}
	if err := s.sessions.prove(c.Context(), c.Session); err != nil {
		return err
	}
	return c.Redirect(c.afterDoor(c.Session.Login))
}

// proves judges the password and the code of the form.
func (s *Site) proves(c *Call, f *Form, profile *Profile) error {
	var a *anomalie.Anomalie
	err := s.braked(c.Context(), func() error {
		_, err := s.o.Accounts.Authenticate(c.Context(), c.Session.Login, f.Value("passe"))
		return err
	})
	if errors.As(err, &a) {
		f.Fail("passe", sentence(a, c.Lang))
		return nil
	}
	if err != nil || profile.Secret == "" {
		return err
	}
	verdict, err := s.tryCode(c.Context(), c.Session.Login, f.Value("code"))
	if err == nil {
		c.judge(f, verdict)
	}
	return err
}
