package ui

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"paye/internal/lang"
)

// Page is what the layout shows around the content.
type Page struct {
	Title   string
	Lead    string    // one sentence under the title
	Crumbs  []NavItem // the pages above this one
	Context []Fact    // employer and month, in the header
	Notice  *Notice   // what has just happened
	Refresh int       // seconds after which a browser without script asks again; 0 for never
	Data    any       // of the page's own template

	Lang     string
	Path     string
	Home     string
	Door     string
	Exit     string
	SiteName string
	Accent   string // query of the style sheet of the accent; empty for ours
	Login    string // empty when nobody is signed in
	Own      string // where his name leads
	Nav      []NavItem
}

// Current reports whether an entry of the menu is where the page is.
func (p *Page) Current(href string) bool {
	return p.Path == href || href != p.Home && strings.HasPrefix(p.Path, href+"/")
}

// Page makes the page of a call.
func (c *Call) Page(title string) *Page {
	s := c.Site
	p := &Page{Title: title, Lang: c.Lang.String(), Path: c.R.URL.Path, Home: s.o.Home, Door: s.o.Door, Exit: s.o.Exit,
		SiteName: s.o.Title.In(c.Lang), Accent: strings.TrimPrefix(s.accent, "#")}
	if c.Session != nil {
		p.Login, p.Own = c.who(), s.o.Own
		if p.Own == "" {
			p.Own = s.o.Door + "/compte"
		}
		if s.o.Nav != nil {
			p.Nav = s.o.Nav(c)
		}
	}
	if text, known := s.Notices[c.Query("fait")]; known {
		p.Notice = &Notice{Kind: Good, Title: text.In(c.Lang)}
	}
	return p
}

// who is what who is signed in is called.
func (c *Call) who() string {
	if c.Site.o.Who != nil {
		return c.Site.o.Who(c)
	}
	return c.Session.Login
}

// Render answers with a page: the layout around the template's content. The
// script that asks for a live part gets that part alone.
func (c *Call) Render(status int, name string, p *Page) error {
	what := "layout"
	if c.R.Header.Get("X-Requested-With") == "live" {
		what = "live"
	}
	var b bytes.Buffer
	if err := c.Site.pages.render(&b, c.Lang, name, what, p); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", c.Lang.String())
	h.Add("Vary", "Accept-Language, Cookie")
	c.W.WriteHeader(status)
	if c.R.Method != http.MethodHead {
		c.W.Write(b.Bytes()) // who went away needs no page
	}
	return nil
}

// Again shows a page with a form that was refused.
func (c *Call) Again(name string, p *Page) error {
	p.Title = c.T("Erreur : ", "Error: ") + p.Title
	return c.Render(http.StatusUnprocessableEntity, name, p)
}

// ownNotices are those of the pages of this package.
func ownNotices() map[string]lang.Text {
	return map[string]lang.Text{
		"langue":   {FR: "La langue est changée.", EN: "The language is changed."},
		"session":  {FR: "La session est fermée.", EN: "The session is closed."},
		"sessions": {FR: "Les autres sessions sont fermées.", EN: "The other sessions are closed."},
		"totp":     {FR: "Les codes de connexion sont demandés dès maintenant.", EN: "Sign-in codes are asked for from now on."},
		"totp-non": {FR: "Les codes de connexion ne sont plus demandés.", EN: "Sign-in codes are no longer asked for."},
		"cle":      {FR: "La clé d’accès est enregistrée.", EN: "The passkey is registered."},
		"cle-non":  {FR: "La clé d’accès est retirée.", EN: "The passkey is removed."},
		"delie":    {FR: "Le lien avec le fournisseur d’identité est retiré.", EN: "The link with the identity provider is removed."},
		"sortie":   {FR: "Vous êtes déconnecté.", EN: "You are signed out."},
	}
}

// Text of a list of means, for the list of sessions.
func meansText(l lang.Language, means string) string {
	var words []string
	for m := range strings.FieldsSeq(means) {
		name, _, _ := strings.Cut(m, ":")
		text := map[string]lang.Text{
			"password": {FR: "mot de passe", EN: "password"},
			"totp":     {FR: "code", EN: "code"},
			"recovery": {FR: "code de secours", EN: "recovery code"},
			"passkey":  {FR: "clé d’accès", EN: "passkey"},
			"oidc":     {FR: "fournisseur d’identité", EN: "identity provider"},
			"link":     {FR: "lien", EN: "link"},
		}[name]
		words = append(words, text.In(l))
	}
	return strings.Join(slices.Compact(words), " + ")
}

// inLayout names the error of a template.
func inLayout(name string, err error) error { return fmt.Errorf("render the page %s: %w", name, err) }
