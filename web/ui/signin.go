package ui

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// signIn registers the pages of the door.
func (s *Site) signIn() {
	d := s.o.Door
	s.csrf.AddInsecureBypassPattern("POST " + d + "/oidc/{id}/retour") // the provider's form; state protects it
	s.Public("GET "+d, s.doorPage)
	s.Public("POST "+d, s.password)
	s.Public("GET "+d+"/code", s.codePage)
	s.Public("POST "+d+"/code", s.code)
	s.Public("POST "+d+"/cle/debut", s.beginPasskeyLogin)
	s.Public("POST "+d+"/cle", s.finishPasskeyLogin)
	s.Public("GET "+d+"/oidc/{id}", s.beginProvider)
	s.Public("GET "+d+"/oidc/{id}/retour", s.endProvider)
	s.Public("POST "+d+"/oidc/{id}/retour", s.endProvider)
	s.Public("GET "+d+"/sorti", s.outPage)
	s.Public("POST "+d+"/langue", s.changeLang)
	s.Public("POST "+s.o.Exit, s.signOut)
	s.Private("GET "+d+"/confirmer", s.provePage)
	s.Private("POST "+d+"/confirmer", s.prove)
	s.Private("GET "+d+"/suite", s.keptPage)
}

// doorData is what the page of the door shows.
type doorData struct {
	Form      *Form
	Providers []Link
	Passkeys  bool // the address is a name
	Back      string
	Lost      bool // somebody was signed in, and a form is kept
	Help      []Link
}

func (c *Call) doorForm() *Form {
	return c.Form(c.Site.o.Door, c.T("Se connecter", "Sign in"),
		Field{Name: "compte", Label: c.T("Identifiant", "Account"), Required: true, Autocomplete: "username", Max: 254, Hint: c.Site.o.AccountHint.In(c.Lang)},
		Field{Name: "passe", Label: c.T("Mot de passe", "Password"), Type: "password", Required: true, Autocomplete: "current-password", Max: 128},
		Field{Name: "retour", Type: "hidden", Default: c.R.FormValue("retour"), Max: 2000})
}

func (s *Site) doorPage(c *Call) error {
	if c.Session != nil {
		return c.Redirect(c.returnTo())
	}
	return c.Render(http.StatusOK, "door", c.doorView(c.doorForm()))
}

// doorView is the page of the door around a form.
func (c *Call) doorView(f *Form) *Page {
	back := c.returnTo()
	d := doorData{Form: f, Back: back, Lost: c.ended != "" || readCookie(c.R, keptCookie) != ""}
	for _, p := range c.Site.o.Providers {
		d.Providers = append(d.Providers, Link{c.T("Se connecter avec %s", "Sign in with %s", p.Name), c.Site.o.Door + "/oidc/" + p.ID + "?" + url.Values{"retour": {back}}.Encode()})
	}
	w, err := c.authenticator()
	d.Passkeys = err == nil && w != nil
	if c.Site.o.Help != nil {
		d.Help = c.Site.o.Help(c)
	}
	p := c.Page(c.T("Connexion", "Sign in"))
	p.Data = d
	return p
}

func (s *Site) password(c *Call) error {
	f := c.doorForm()
	if !f.Read() {
		f.Field("passe").Value = ""
		return c.Again("door", c.doorView(f))
	}
	var login string
	try := func() (err error) {
		login, err = s.o.Accounts.Authenticate(c.Context(), f.Value("compte"), f.Value("passe"))
		return err
	}
	err := s.braked(c.Context(), try)
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		f.Field("passe").Value = ""
		f.Fail("", sentence(a, c.Lang))
		return c.Again("door", c.doorView(f))
	}
	if err != nil {
		return err
	}
	profile, err := s.Profile(c.Context(), login)
	if err != nil {
		return err
	}
	to := c.returnTo()
	if profile.factor() {
		if err := s.begin(c, Session{Login: login, Means: "password", step: stepFactor}); err != nil {
			return err
		}
		return c.Redirect(s.o.Door + "/code?" + url.Values{"retour": {to}}.Encode())
	}
	if err := s.begin(c, Session{Login: login, Means: "password", step: stepFull}); err != nil {
		return err
	}
	return c.Redirect(c.afterDoorTo(login, to))
}

func (s *Site) braked(ctx context.Context, try func() error) error {
	if s.o.Brake == nil {
		return try()
	}
	return s.o.Brake.Essai(ctx, try)
}

// sentence is an anomaly as one line of a form.
func sentence(a *anomalie.Anomalie, l lang.Language) string {
	text := upperFirst(a.Message(l)) + "."
	if aide := a.OnPage(l); aide != "" {
		text += " " + upperFirst(aide) + "."
	}
	return text
}

func (c *Call) codeForm() *Form {
	return c.Form(c.Site.o.Door+"/code", c.T("Continuer", "Continue"),
		Field{Name: "code", Label: c.T("Code", "Code"), Required: true, Autocomplete: "one-time-code", Inputmode: "numeric", Max: 30, Size: 12,
			Hint: c.T("Les six chiffres de votre application, ou un code de secours.", "The six digits of your application, or a recovery code.")},
		Field{Name: "retour", Type: "hidden", Default: c.R.FormValue("retour"), Max: 2000})
}

// halfway is the session that still lacks its second factor, nil for none.
func (c *Call) halfway() *Session {
	if c.pending != nil && c.pending.step == stepFactor {
		return c.pending
	}
	return nil
}

func (c *Call) codeView(f *Form) (*Page, error) {
	profile, err := c.Site.Profile(c.Context(), c.halfway().Login)
	if err != nil {
		return nil, err
	}
	w, err := c.authenticator()
	p := c.Page(c.T("Deuxième étape", "Second step"))
	p.Data = struct {
		Form            *Form
		Codes, Passkeys bool
		Back            string
	}{f, profile.Secret != "" || len(profile.Recovery) > 0, w != nil && len(profile.Passkeys) > 0, c.returnTo()}
	return p, err
}

func (s *Site) codePage(c *Call) error {
	if c.halfway() == nil {
		return c.Redirect(s.o.Door)
	}
	p, err := c.codeView(c.codeForm())
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, "code", p)
}

func (s *Site) code(c *Call) error {
	n := c.halfway()
	if n == nil {
		return Codes.New(SignInStale)
	}
	f := c.codeForm()
	means := ""
	if f.Read() {
		verdict, err := s.tryCode(c.Context(), n.Login, f.Value("code"))
		if err != nil {
			return err
		}
		means = c.judge(f, verdict)
	}
	if f.Failed() {
		p, err := c.codeView(f)
		if err != nil {
			return err
		}
		return c.Again("code", p)
	}
	if err := s.begin(c, Session{Login: n.Login, Means: n.Means + " " + means, step: stepFull}); err != nil {
		return err
	}
	return c.Redirect(c.afterDoor(n.Login))
}

// judge notes a wrong code in its form, or says by which means it was right.
func (c *Call) judge(f *Form, verdict factorVerdict) (means string) {
	switch verdict {
	case codeRight:
		return "totp"
	case codeRecovery:
		return "recovery"
	case codeBraked:
		f.Fail("code", sentence(Codes.New(CodesBraked, int(wrongTime.Minutes())), c.Lang))
	default:
		f.Fail("code", sentence(Codes.New(CodeRefused), c.Lang))
	}
	f.Field("code").Value = ""
	return ""
}

// open reports whether a login may sign in.
func (s *Site) open(c *Call, login string) (bool, error) {
	open, err := s.o.Accounts.Open(c.Context(), login)
	if err != nil {
		return false, fmt.Errorf("look up an account: %w", err)
	}
	return open, nil
}

// SignIn begins a session for a login that proved itself to the caller's page
// by a link, and ends the one that the browser had.
func (s *Site) SignIn(c *Call, login string) error {
	return s.begin(c, Session{Login: login, Means: "link", step: stepFull})
}

// begin begins a session and ends the one that the browser had: the word in the
// cookie changes whenever the rights behind it do.
func (s *Site) begin(c *Call, n Session) error {
	profile, err := s.Profile(c.Context(), n.Login)
	if err != nil {
		return err
	}
	n.Device, n.Lang = device(c.R.UserAgent()), profile.Lang
	token, err := s.sessions.begin(c.Context(), n)
	if err != nil {
		return err
	}
	if c.pending != nil {
		if err := s.sessions.end(c.Context(), c.pending); err != nil {
			return err
		}
	}
	http.SetCookie(c.W, cookie(s.o.Name, token))
	return nil
}

// signOut ends the session, here and at the provider it came from.
func (s *Site) signOut(c *Call) error {
	next := s.o.Door + "/sorti"
	if c.pending != nil {
		if err := s.sessions.end(c.Context(), c.pending); err != nil {
			return err
		}
		if exit := s.providerExit(c, c.pending); exit != "" {
			return c.leaveFor(exit)
		}
	}
	http.SetCookie(c.W, cookie(s.o.Name, ""))
	return c.Redirect(next)
}

// leaveFor answers with a page that goes on to the provider: our policy lets no
// form be answered by another site.
func (c *Call) leaveFor(exit string) error {
	http.SetCookie(c.W, cookie(c.Site.o.Name, ""))
	c.Session = nil
	p := c.Page(c.T("Déconnexion", "Signing out"))
	p.Data = struct{ Exit string }{exit}
	return c.Render(http.StatusOK, "leave", p)
}

func (s *Site) outPage(c *Call) error {
	p := c.Page(c.T("Vous êtes déconnecté", "You are signed out"))
	p.Data = struct{ Door string }{s.o.Door}
	return c.Render(http.StatusOK, "out", p)
}

// changeLang changes the language of the account, or of the visitor.
func (s *Site) changeLang(c *Call) error {
	wish := c.R.PostFormValue("langue")
	if !lang.Connue(wish) {
		return ErrNotFound
	}
	if c.Session != nil {
		if err := s.ChangeProfile(c.Context(), c.Session.Login, func(p *Profile) error { p.Lang = wish; return nil }); err != nil {
			return err
		}
		if err := s.sessions.setLang(c.Context(), c.Session.Login, wish); err != nil {
			return err
		}
	}
	k := cookie("langue", wish)
	k.MaxAge = 365 * 24 * 3600
	http.SetCookie(c.W, k)
	return c.Redirect(c.back())
}

// byAddress reports whether the site is reached by an IP address, where there
// are no passkeys.
func (c *Call) byAddress() bool {
	u, err := url.Parse(c.origin())
	return err != nil || net.ParseIP(u.Hostname()) != nil
}
