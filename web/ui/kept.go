package ui

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// A form that is sent when the session is gone is kept in memory until its
// owner has signed in again. It is given to the same login only.
const (
	keptTime  = 30 * time.Minute
	keptMax   = 200
	keptBytes = 64 << 10
)

type keptForm struct {
	login, path string
	values      url.Values
	until       time.Time
}

type keptForms struct {
	now func() time.Time

	mu    sync.Mutex
	forms map[string]keptForm
}

func newKeptForms(now func() time.Time) *keptForms {
	return &keptForms{now: now, forms: map[string]keptForm{}}
}

// put keeps a form and returns its word, empty when there is no room.
func (k *keptForms) put(f keptForm) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	for word, old := range k.forms {
		if !k.now().Before(old.until) {
			delete(k.forms, word)
		}
	}
	if len(k.forms) >= keptMax {
		return ""
	}
	word := rand.Text()
	f.until = k.now().Add(keptTime)
	k.forms[word] = f
	return word
}

// get gives the form of a word to its owner.
func (k *keptForms) get(word, login string) (keptForm, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f, known := k.forms[word]
	return f, known && f.login == login && k.now().Before(f.until)
}

func (k *keptForms) drop(word string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.forms, word)
}

const keptCookie = "suite"

// secretField names fields that are never kept.
func secretField(name string) bool {
	return strings.Contains(name, "passe") || strings.Contains(name, "code") || strings.Contains(name, "secret")
}

// keep keeps the form that is being sent, for a login.
func (c *Call) keep(login string) error {
	if c.R.Method != http.MethodPost || login == "" || !strings.HasPrefix(c.R.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil
	}
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, keptBytes)
	if err := c.R.ParseForm(); err != nil {
		return nil // it is not ours, or too large: there is nothing to keep
	}
	values := url.Values{}
	for name, v := range c.R.PostForm {
		if !secretField(name) {
			values[name] = v
		}
	}
	if word := c.Site.kept.put(keptForm{login: login, path: c.R.URL.RequestURI(), values: values}); word != "" {
		http.SetCookie(c.W, cookie(keptCookie, word))
	}
	return nil
}

// afterDoor is where who has just signed in goes on: to the form that was kept
// for him, else to the page he asked for.
func (c *Call) afterDoor(login string) string {
	return c.afterDoorTo(login, c.returnTo())
}

func (c *Call) afterDoorTo(login, to string) string {
	if _, kept := c.Site.kept.get(readCookie(c.R, keptCookie), login); kept {
		return c.Site.o.Door + "/suite"
	}
	return to
}

// keptPage offers a kept form again; what was typed is sent when its owner
// says so.
func (s *Site) keptPage(c *Call) error {
	word := readCookie(c.R, keptCookie)
	f, kept := s.kept.get(word, c.Session.Login)
	if !kept {
		return c.Redirect(s.o.Home)
	}
	p := c.Page(c.T("Votre saisie a été gardée", "What you typed was kept"))
	p.Data = struct {
		Path   string
		Values url.Values
		Home   string
	}{f.path, f.values, s.o.Home}
	s.kept.drop(word)
	http.SetCookie(c.W, cookie(keptCookie, ""))
	return c.Render(http.StatusOK, "kept", p)
}
