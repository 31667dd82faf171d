package ui

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"paye/internal/lang"
)

// Call is one request to a Site.
type Call struct {
	W       http.ResponseWriter
	R       *http.Request
	Site    *Site
	Session *Session // nil when nobody is signed in
	Lang    lang.Language

	pending *Session // the session of the cookie, also one that lacks its second factor
	ended   string   // whose session has ended
}

// Context ends with the request.
func (c *Call) Context() context.Context { return c.R.Context() }

// T is a text in the language of the call.
func (c *Call) T(fr, en string, args ...any) string {
	return text(fr, en).In(c.Lang, args...)
}

// Path is a value of the pattern, such as {numero}.
func (c *Call) Path(name string) string { return c.R.PathValue(name) }

// Query is a value of the address.
func (c *Call) Query(name string) string { return c.R.URL.Query().Get(name) }

// accountLang is the language of who is signed in, or is about to be.
func (c *Call) accountLang() string {
	if c.pending != nil {
		return c.pending.Lang
	}
	return ""
}

// Redirect answers with where to go on, after a POST.
func (c *Call) Redirect(path string) error {
	http.Redirect(c.W, c.R, path, http.StatusSeeOther)
	return nil
}

// Done redirects to a path with a notice, one of the Site's Notices.
func (c *Call) Done(path, notice string) error {
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return c.Redirect(path + sep + "fait=" + url.QueryEscape(notice))
}

// recentTime is for how long a proof of identity counts as recent.
const recentTime = 10 * time.Minute

// Recent reports whether who is signed in proved lately who he is. When it is
// false the answer has been given: his password is asked, and the form that he
// was sending is kept and offered again.
func (c *Call) Recent() (bool, error) {
	if c.Site.now().Sub(c.Session.Proved) < recentTime {
		return true, nil
	}
	if err := c.keep(c.Session.Login); err != nil {
		return false, err
	}
	return false, c.Redirect(c.Site.o.Door + "/confirmer?" + url.Values{"retour": {c.back()}}.Encode())
}

// back is the page to show again: the one that is asked for, or the one that
// the form was on.
func (c *Call) back() string {
	if c.R.Method == http.MethodGet {
		return c.R.URL.RequestURI()
	}
	if from, err := url.Parse(c.R.Referer()); err == nil && from.Host == c.R.Host && c.Site.within(from.RequestURI()) {
		return from.RequestURI()
	}
	return c.Site.o.Home
}

// toDoor sends who is not signed in through the door.
func (c *Call) toDoor() error {
	if c.R.Header.Get("X-Requested-With") != "" { // the script: it has no use for a page
		c.W.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	if err := c.keep(c.ended); err != nil {
		return err
	}
	return c.Redirect(c.Site.o.Door + "?" + url.Values{"retour": {c.back()}}.Encode())
}

// returnTo is the address that a form of the door goes back to.
func (c *Call) returnTo() string {
	if to := c.R.FormValue("retour"); c.Site.within(to) {
		return to
	}
	return c.Site.o.Home
}
