// Package uitest is what tests of pages share: a visitor who keeps cookies,
// and a real browser.
package uitest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Jar keeps cookies for one host. Unlike that of the standard library it sends
// Secure ones over http to loopback, as browsers do.
type Jar struct {
	mu      sync.Mutex
	cookies map[string]string
}

// SetCookies implements http.CookieJar.
func (j *Jar) SetCookies(_ *url.URL, list []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.cookies == nil {
		j.cookies = map[string]string{}
	}
	for _, c := range list {
		if c.MaxAge < 0 || c.Value == "" {
			delete(j.cookies, c.Name)
			continue
		}
		j.cookies[c.Name] = c.Value
	}
}

// Cookies implements http.CookieJar.
func (j *Jar) Cookies(*url.URL) (list []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for name, value := range j.cookies {
		list = append(list, &http.Cookie{Name: name, Value: value})
	}
	return list
}

// Get gives the value of a cookie.
func (j *Jar) Get(name string) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.cookies[name]
}

// All are the values of all cookies.
func (j *Jar) All() (list []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, value := range j.cookies {
		list = append(list, value)
	}
	return list
}

// Visitor asks a server for pages, without script.
type Visitor struct {
	T      testing.TB
	URL    string
	Jar    *Jar
	Client *http.Client
	Lang   string
}

// NewVisitor visits a server.
func NewVisitor(t testing.TB, s *httptest.Server) *Visitor {
	jar := &Jar{}
	return &Visitor{T: t, URL: s.URL, Jar: jar, Lang: "fr", Client: &http.Client{Jar: jar, Transport: s.Client().Transport}}
}

// Page is an answer.
type Page struct {
	Status int
	Path   string // after redirections
	Body   string
	Header http.Header
}

// Get asks for a page.
func (v *Visitor) Get(path string) Page {
	v.T.Helper()
	r, err := http.NewRequest(http.MethodGet, v.URL+path, nil)
	if err != nil {
		v.T.Fatal(err)
	}
	return v.Do(r)
}

// Post sends a form; values are name and value in turn.
func (v *Visitor) Post(path string, values ...string) Page {
	v.T.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		form.Add(values[i], values[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, v.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.Do(r)
}

// Do sends a request and reads the answer.
func (v *Visitor) Do(r *http.Request) Page {
	v.T.Helper()
	r.Header.Set("Accept-Language", v.Lang)
	resp, err := v.Client.Do(r)
	if err != nil {
		v.T.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.T.Fatal(err)
	}
	return Page{resp.StatusCode, resp.Request.URL.RequestURI(), string(body), resp.Header}
}

// Has reports whether the page says something, whatever the blanks between
// words.
func (p Page) Has(text string) bool { return strings.Contains(p.Text(), text) }

var tags = regexp.MustCompile(`<[^>]*>`)

// Text is the page without its tags, blanks made one.
func (p Page) Text() string {
	body := p.Body
	if i := strings.Index(body, "<main"); i >= 0 {
		body = body[i:]
	}
	text := tags.ReplaceAllString(body, " ")
	for _, r := range [][2]string{{"&#39;", "'"}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&#34;", `"`}, {"&nbsp;", "\u00a0"}} {
		text = strings.ReplaceAll(text, r[0], r[1])
	}
	return strings.Join(strings.Fields(text), " ")
}

// bareMonth is a month in digits.
var bareMonth = regexp.MustCompile(`(^|\s)(\d\d/20\d\d|20\d\d-\d\d)(\s|$)`)

// BareMonth is a month that the text of a page does not name, empty when it
// names all.
func BareMonth(text string) string { return bareMonth.FindString(text) }

// Field gives the value of an input of the page, such as a hidden one.
func (p Page) Field(name string) string {
	m := regexp.MustCompile(`<input[^>]*name="` + regexp.QuoteMeta(name) + `"[^>]*value="([^"]*)"`).FindStringSubmatch(p.Body)
	if m == nil {
		return ""
	}
	return m[1]
}

// WantStatus fails unless the page has a status and says something.
func (p Page) Want(t testing.TB, status int, says string) Page {
	t.Helper()
	if p.Status != status || !p.Has(says) {
		t.Fatalf("%s answered %d, want %d and %q:\n%s", p.Path, p.Status, status, says, p.Text())
	}
	return p
}
