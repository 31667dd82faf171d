package ui

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/server"
)

// Accounts is who may sign in with a password.
type Accounts interface {
	// Authenticate answers the login of who gives this identifier and this
	// password. Refusals are anomalies, the same for an unknown identifier.
	Authenticate(ctx context.Context, identifier, password string) (login string, err error)
	// Open reports whether a login exists and may sign in.
	Open(ctx context.Context, login string) (bool, error)
}

// Options of a Site. Name, Home, Door, Ledger, State, Accounts and Store are
// needed.
type Options struct {
	Name string // of the cookie and the rows: "gestion"
	Home string // where one lands: "/gestion"
	Door string // sign-in: "/connexion"; what lies under it is the Site's own
	Exit string // sign-out: "/deconnexion"

	Title    lang.Text // what the pages are called
	Ledger   *ledger.Ledger
	State    string // folder of the key of the sessions
	Accounts Accounts
	Store    Store
	Brake    *server.Brake // of failed attempts; nil for none

	// Origin is the address that people use, https://paie.example.org; with it
	// other host names are refused and links are made. Empty on loopback.
	Origin string
	// Accent is the colour of the employer, #rrggbb; corrected when it cannot
	// be read.
	Accent    string
	Providers []Provider // of OpenID Connect

	// Who is what the header calls who is signed in; his login when nil.
	Who func(*Call) string
	// Own is where his name leads; the page of his sign-in when empty.
	Own string
	// AccountHint says at the door where the identifier is found, and Help
	// leads to who cannot get in.
	AccountHint lang.Text
	Help        func(*Call) []Link
	// Nav gives the entries of the menu for who asks.
	Nav func(*Call) []NavItem
	// Log is silent when nil.
	Log *slog.Logger
}

// NavItem is an entry of the menu.
type NavItem struct {
	Title string
	Href  string
	State NavState
	Why   string // a greyed entry says why
}

// NavState is how an entry shows.
type NavState uint8

const (
	NavActive NavState = iota
	NavGreyed          // shown, cannot be used
)

// Handler answers one request. What it returns becomes a page: an anomaly its
// message, ErrNotFound the page of what does not exist, anything else a number
// that is in the log.
type Handler func(*Call) error

// ErrNotFound is for what does not exist, and for what is another's.
var ErrNotFound = errors.New("not found")

// Site is one set of pages behind one sign-in.
type Site struct {
	o          Options
	mux        *http.ServeMux
	csrf       *http.CrossOriginProtection
	pages      *templates
	sessions   *sessions
	sealer     *sealer
	kept       *keptForms
	ceremonies ceremonies
	oidc       map[string]*client
	accent     string

	// Notices are the texts that ?fait=CODE may ask for.
	Notices map[string]lang.Text
}

// New makes a Site, with its pages of sign-in and of the own account.
func New(o Options) (*Site, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Site{o: o, mux: http.NewServeMux(), csrf: http.NewCrossOriginProtection(), sessions: &sessions{o.Ledger, o.Name},
		kept: newKeptForms(o.Ledger.Now), accent: ReadableAccent(o.Accent), Notices: ownNotices()}
	var err error
	if s.sealer, err = openSealer(o.State); err != nil {
		return nil, err
	}
	if s.pages, err = newTemplates(); err != nil {
		return nil, err
	}
	if s.oidc, err = s.newClients(); err != nil {
		return nil, err
	}
	s.assets()
	s.signIn()
	s.ownAccount()
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, func(c *Call) error { return ErrNotFound })
	})
	return s, nil
}

// Public registers a page that needs no session. The Call has one if there is.
func (s *Site) Public(pattern string, h Handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, h) })
}

// Private registers a page for who is signed in. Who is not goes through the
// door first and comes back; a form that he was sending is kept for him.
func (s *Site) Private(pattern string, h Handler) {
	s.Public(pattern, func(c *Call) error {
		if c.Session == nil {
			return c.toDoor()
		}
		return h(c)
	})
}

// ServeHTTP answers. The caller's mux gives it everything under Home, Door,
// Exit and /actifs/.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.knownHost(r.Host) {
		http.Error(w, "421", http.StatusMisdirectedRequest)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// knownHost keeps a page elsewhere from speaking to us under its own name.
func (s *Site) knownHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if server.Loopback(strings.Trim(name, "[]")) {
		return true
	}
	_, own, found := strings.Cut(s.o.Origin, "://")
	return !found || strings.EqualFold(own, host)
}

// answer runs a handler within what every page has.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, h Handler) {
	c := &Call{W: w, R: r, Site: s}
	s.headers(w.Header())
	if err := s.csrf.Check(r); err != nil {
		c.fail(server.Codes.New(server.OrigineEtrangere), http.StatusForbidden)
		return
	}
	session, ended, err := s.sessions.find(r.Context(), readCookie(r, s.o.Name))
	if err == nil && session != nil && session.step == stepFull {
		c.Session = session
	}
	c.pending, c.ended = session, ended
	c.Lang = s.language(c)
	if err == nil {
		err = h(c)
	}
	if err != nil {
		c.failed(err)
	}
}

// headers are those of every page; a handler may set others after.
func (s *Site) headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	// Not no-referrer: without Sec-Fetch-Site a browser would then send
	// "Origin: null" with our own forms.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
}

// language is that of the account, else of the visitor's cookie, else what the
// browser asks for.
func (s *Site) language(c *Call) lang.Language {
	for _, wish := range []string{c.accountLang(), readCookie(c.R, "langue")} {
		if lang.Connue(wish) {
			return lang.Choose(wish)
		}
	}
	for wish := range strings.SplitSeq(c.R.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(wish), ";")
		if base, _, _ := strings.Cut(strings.ToLower(tag), "-"); lang.Connue(base) {
			return lang.Choose(base)
		}
	}
	return lang.French
}

// Sweep forgets sessions, links and sendings that ended long ago.
func (s *Site) Sweep(ctx context.Context) error { return s.sessions.sweep(ctx) }

// EndSessions ends every session of a login, as a change of its rights does.
func (s *Site) EndSessions(ctx context.Context, login string) error {
	return s.sessions.revokeAll(ctx, login, nil)
}

// failed answers with the page of an error.
func (c *Call) failed(err error) {
	var a *anomalie.Anomalie
	switch {
	case errors.Is(err, ErrNotFound):
		c.fail(server.Codes.New(server.RouteInconnue), http.StatusNotFound)
	case errors.As(err, &a):
		status := http.StatusUnprocessableEntity
		if a.Code == server.TropDEchecs {
			status = http.StatusTooManyRequests
			c.W.Header().Set("Retry-After", fmt.Sprint(a.Args[0]))
		}
		c.fail(a, status)
	case errors.Is(err, context.Canceled) && c.R.Context().Err() != nil:
		// nobody waits for an answer
	default:
		number := server.Request(c.R.Context())
		c.Site.o.Log.ErrorContext(c.R.Context(), "page failed", "requete", number, "route", c.R.Pattern, "err", err)
		c.fail(server.Codes.New(server.PanneMachine, number), http.StatusInternalServerError)
	}
}

// fail answers with the page of an anomaly.
func (c *Call) fail(a *anomalie.Anomalie, status int) {
	title := map[int][2]string{
		http.StatusNotFound:            {"Cette page n’existe pas", "This page does not exist"},
		http.StatusForbidden:           {"La demande vient d’un autre site", "The request comes from another site"},
		http.StatusInternalServerError: {"Le serveur a échoué", "The server failed"},
	}[status]
	if title[0] == "" {
		title = [2]string{"La demande est refusée", "The request is refused"}
	}
	p := c.Page(c.T(title[0], title[1]))
	p.Data = struct {
		Text, Code, Reference, Home string
	}{sentence(a, c.Lang), a.Code, server.Request(c.R.Context()), c.Site.o.Home}
	if err := c.Render(status, "error", p); err != nil {
		c.Site.o.Log.ErrorContext(c.R.Context(), "page of an error failed", "err", err)
	}
}

// within reports whether a path of ours may be gone back to after the door.
func (s *Site) within(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n\t") &&
		slices.ContainsFunc([]string{s.o.Home, s.o.Door}, func(root string) bool {
			rest, ok := strings.CutPrefix(path, root)
			return ok && (rest == "" || rest[0] == '/' || rest[0] == '?')
		})
}

// now is the time of the caller's clock.
func (s *Site) now() time.Time { return s.o.Ledger.Now() }
