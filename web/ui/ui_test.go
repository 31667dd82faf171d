package ui

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/server"
	"paye/web/ui/uitest"
)

// memory is a Store for tests.
type memory struct {
	mu   sync.Mutex
	rows map[string]row
}

type row struct {
	value   []byte
	version int64
}

func (m *memory) Get(_ context.Context, kind, key string) ([]byte, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rows[kind+" "+key]
	return r.value, r.version, nil
}

func (m *memory) Put(_ context.Context, kind, key string, value []byte, version int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows == nil {
		m.rows = map[string]row{}
	}
	if m.rows[kind+" "+key].version != version {
		return ErrConflict
	}
	m.rows[kind+" "+key] = row{value, version + 1}
	return nil
}

// two accounts, each with its own word.
type accounts map[string]string

var refused = anomalie.NewRegistre(anomalie.Regle{Code: "T-1", Gravite: anomalie.Erreur,
	Message: lang.Text{FR: "identifiant ou mot de passe refusé", EN: "account or password refused"}})

func (a accounts) Authenticate(_ context.Context, identifier, password string) (string, error) {
	if want, known := a[identifier]; !known || want != password {
		return "", refused.New("T-1")
	}
	return identifier, nil
}

func (a accounts) Open(_ context.Context, login string) (bool, error) {
	_, known := a[login]
	return known, nil
}

const word = "un long mot de passe"

// bench is a site with two accounts on a clock of its own.
type bench struct {
	*Site
	server *httptest.Server
	clock  time.Time
	mu     sync.Mutex
	store  *memory
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

func (b *bench) wait(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock = b.clock.Add(d)
}

func newBench(t testing.TB, providers ...Provider) *bench {
	t.Helper()
	b := &bench{clock: time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC), store: &memory{}}
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	l, err := ledger.Open(t.Context(), dir, b.now, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	b.Site, err = New(Options{Name: "essai", Home: "/gestion", Door: "/connexion", Exit: "/deconnexion", Title: lang.Text{FR: "Paie", EN: "Payroll"},
		Ledger: l, State: dir, Accounts: accounts{"claire": word, "denis": word}, Store: b.store,
		Brake: server.NewBrake(10, time.Minute, b.now), Providers: providers,
		Nav: func(*Call) []NavItem { return []NavItem{{Title: "Accueil", Href: "/gestion"}} }})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Templates(os.DirFS("testdata"), "*.html"); err != nil {
		t.Fatal(err)
	}
	b.pages()
	b.server = httptest.NewServer(b.Site)
	t.Cleanup(b.server.Close)
	return b
}

// pages are a first page, and a form that keeps what it is sent.
func (b *bench) pages() {
	b.Private("GET /gestion", func(c *Call) error {
		p := c.Page(c.T("Accueil", "First page"))
		p.Data = c.form()
		return c.Render(http.StatusOK, "essai", p)
	})
	b.Private("POST /gestion/noter", func(c *Call) error {
		f := c.form()
		if !f.Read() {
			p := c.Page(c.T("Accueil", "First page"))
			p.Data = f
			return c.Again("essai", p)
		}
		return c.Once(f, func() (string, error) {
			return "/gestion?note=" + f.Value("nom"), b.store.Put(c.Context(), "note", f.Value("nom"), []byte("1"), 0)
		})
	})
	b.Private("POST /gestion/detruire", func(c *Call) error {
		if recent, err := c.Recent(); !recent {
			return err
		}
		return c.Redirect("/gestion?detruit=oui")
	})
	b.Private("GET /gestion/rien", func(*Call) error { return ErrNotFound })
	b.Private("GET /gestion/panne", func(*Call) error { return os.ErrPermission })
}

func (c *Call) form() *Form {
	return c.Form("/gestion/noter", c.T("Noter", "Note"), Field{Name: "nom", Label: c.T("Nom", "Name"), Required: true, Max: 10}).WithOnce()
}

// in is a visitor who is signed in.
func (b *bench) in(t testing.TB, login string) *uitest.Visitor {
	t.Helper()
	v := uitest.NewVisitor(t, b.server)
	v.Post("/connexion", "compte", login, "passe", word).Want(t, 200, "Accueil")
	return v
}

func TestWhoIsNotSignedInComesBackToThePageHeAskedFor(t *testing.T) {
	b := newBench(t)
	v := uitest.NewVisitor(t, b.server)
	door := v.Get("/gestion?mois=11").Want(t, 200, "Connexion")
	in := v.Post("/connexion", "compte", "claire", "passe", word, "retour", "/gestion?mois=11").Want(t, 200, "Accueil")
	if in.Path != "/gestion?mois=11" {
		t.Errorf("after the door %s (%s)", in.Path, door.Path)
	}
}

func TestDoorSendsNobodyElsewhere(t *testing.T) {
	b := newBench(t)
	for _, to := range []string{"//ailleurs.example", "https://ailleurs.example", "/\\ailleurs.example", "/autre", "/gestionnaire", "javascript:alert(1)"} {
		v := uitest.NewVisitor(t, b.server)
		if got := v.Post("/connexion", "compte", "claire", "passe", word, "retour", to); got.Path != "/gestion" {
			t.Errorf("%s: went to %s", to, got.Path)
		}
	}
}

func TestRefusalIsTheSameForAnAccountThatDoesNotExist(t *testing.T) {
	b := newBench(t)
	var bodies []string
	for _, login := range []string{"claire", "nobody"} {
		p := uitest.NewVisitor(t, b.server).Post("/connexion", "compte", login, "passe", "wrong").Want(t, 422, "refusé")
		bodies = append(bodies, strings.ReplaceAll(p.Body, login, "X"))
		if p.Field("passe") != "" {
			t.Error("the password came back")
		}
	}
	if bodies[0] != bodies[1] {
		t.Error("the answers differ")
	}
}

func TestSessionEndsWhenIdleAndAtTheLatest(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	for range 3 {
		b.wait(29 * time.Minute)
		v.Get("/gestion").Want(t, 200, "Accueil")
	}
	b.wait(30 * time.Minute)
	v.Get("/gestion").Want(t, 200, "Connexion")
	v = b.in(t, "claire")
	for range 30 {
		b.wait(25 * time.Minute)
		if v.Get("/gestion").Has("Connexion") {
			return
		}
	}
	t.Error("a session lasts beyond twelve hours")
}

func TestSessionChangesItsWordAndDiesWithSigningOut(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	first := v.Jar.Get("__Host-essai")
	v.Post("/connexion", "compte", "claire", "passe", word)
	if second := v.Jar.Get("__Host-essai"); second == first || second == "" {
		t.Error("the word of the session did not change")
	}
	old := uitest.NewVisitor(t, b.server)
	old.Jar.SetCookies(nil, []*http.Cookie{{Name: "__Host-essai", Value: first}})
	old.Get("/gestion").Want(t, 200, "Connexion")
	kept := v.Jar.Get("__Host-essai")
	v.Post("/deconnexion").Want(t, 200, "Vous êtes déconnecté")
	old.Jar.SetCookies(nil, []*http.Cookie{{Name: "__Host-essai", Value: kept}})
	old.Get("/gestion").Want(t, 200, "Connexion")
}

func TestOwnerClosesHisOwnSessionsOnly(t *testing.T) {
	b := newBench(t)
	one, two, other := b.in(t, "claire"), b.in(t, "claire"), b.in(t, "denis")
	list, err := b.sessions.list(t.Context(), "denis")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	one.Post("/connexion/compte/session", "session", list[0].ID)
	other.Get("/gestion").Want(t, 200, "Accueil")
	one.Post("/connexion/compte/sessions").Want(t, 200, "Les autres sessions sont fermées")
	two.Get("/gestion").Want(t, 200, "Connexion")
	one.Get("/gestion").Want(t, 200, "Accueil")
}

func TestFormThatIsSentWithoutSessionIsKeptForItsOwner(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	b.wait(31 * time.Minute)
	v.Post("/gestion/noter", "nom", "bonjour").Want(t, 200, "ce que vous aviez tapé est gardé")
	kept := v.Post("/connexion", "compte", "claire", "passe", word).Want(t, 200, "Votre saisie a été gardée")
	if kept.Field("nom") != "bonjour" {
		t.Errorf("the form came back with %q", kept.Field("nom"))
	}
	if _, n, _ := b.store.Get(t.Context(), "note", "bonjour"); n != 0 {
		t.Error("it was sent without being asked")
	}
	v.Post("/gestion/noter", "nom", kept.Field("nom")).Want(t, 200, "Accueil")
	if _, n, _ := b.store.Get(t.Context(), "note", "bonjour"); n != 1 {
		t.Error("it did not arrive")
	}
}

func TestKeptFormIsNotForAnother(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	b.wait(31 * time.Minute)
	v.Post("/gestion/noter", "nom", "bonjour")
	if p := v.Post("/connexion", "compte", "denis", "passe", word); p.Path != "/gestion" || strings.Contains(p.Body, "bonjour") {
		t.Errorf("%s shows what another typed", p.Path)
	}
	v.Get("/connexion/suite").Want(t, 200, "Accueil")
}

func TestFormSentTwiceIsDoneOnce(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	once := v.Get("/gestion").Field("envoi")
	for range 3 {
		if p := v.Post("/gestion/noter", "envoi", once, "nom", "a"); p.Path != "/gestion?note=a" {
			t.Errorf("went to %s", p.Path)
		}
	}
	if _, n, _ := b.store.Get(t.Context(), "note", "a"); n != 1 {
		t.Errorf("written %d times", n)
	}
}

func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	b := newBench(t)
	p := b.in(t, "claire").Post("/gestion/noter", "nom", "beaucoup trop long").Want(t, 422, "Pas plus de 10 caractères")
	if p.Field("nom") != "beaucoup trop long" || !strings.Contains(p.Body, `href="#f-nom"`) || !strings.Contains(p.Body, "<title>Erreur\u00a0: ") {
		t.Errorf("got %s", p.Body)
	}
}

func TestAnotherSiteChangesNothing(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	for name, header := range map[string][2]string{
		"another site": {"Sec-Fetch-Site", "cross-site"}, "same site": {"Sec-Fetch-Site", "same-site"}, "origin": {"Origin", "https://ailleurs.example"},
	} {
		r, _ := http.NewRequest(http.MethodPost, v.URL+"/gestion/noter", strings.NewReader("nom=a"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header[0], header[1])
		if p := v.Do(r); p.Status != http.StatusForbidden {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
}

func TestRecentProofIsAskedAndTheFormComesBack(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	if p := v.Post("/gestion/detruire"); p.Path != "/gestion?detruit=oui" {
		t.Fatalf("fresh from the door: %s", p.Path)
	}
	b.wait(20 * time.Minute)
	v.Post("/gestion/detruire", "quoi", "tout").Want(t, 200, "Confirmez que c’est vous")
	v.Post("/connexion/confirmer", "passe", "wrong").Want(t, 422, "refusé")
	kept := v.Post("/connexion/confirmer", "passe", word).Want(t, 200, "Votre saisie a été gardée")
	if kept.Field("quoi") != "tout" {
		t.Error("the form is lost")
	}
	if p := v.Post("/gestion/detruire", "quoi", "tout"); p.Path != "/gestion?detruit=oui" {
		t.Errorf("after the proof: %s", p.Path)
	}
}

func TestErrorsSayWhatHappenedAndWithoutWhose(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	v.Get("/gestion/rien").Want(t, 404, "Cette page n’existe pas")
	v.Get("/gestion/nulle-part").Want(t, 404, "Cette page n’existe pas")
	p := v.Get("/gestion/panne").Want(t, 500, "Le serveur a échoué")
	if p.Has("permission") {
		t.Error("the error of the machine is shown")
	}
}

func TestPagesSpeakTheLanguageThatIsAsked(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	v.Lang = "en-GB,en;q=0.9,fr;q=0.8"
	v.Get("/gestion").Want(t, 200, "First page")
	v.Post("/connexion/langue", "langue", "fr")
	v.Get("/gestion").Want(t, 200, "Accueil")
	w := b.in(t, "claire")
	w.Lang = "en"
	w.Get("/gestion").Want(t, 200, "Accueil")
}

func TestHeadersOfEveryPage(t *testing.T) {
	b := newBench(t)
	for _, path := range []string{"/connexion", "/gestion", "/rien"} {
		h := uitest.NewVisitor(t, b.server).Get(path).Header
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY", "Cache-Control": "no-store"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
	}
}

func TestForeignHostNameIsRefused(t *testing.T) {
	b := newBench(t)
	b.o.Origin = "https://paie.example.org"
	for host, want := range map[string]int{"paie.example.org": 200, "ailleurs.example": 421, "localhost:1": 200} {
		r := httptest.NewRequest(http.MethodGet, "/connexion", nil)
		r.Host = host
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
}

func TestMonthsThatBeginWithAVowelAreElided(t *testing.T) {
	for month, want := range map[int]string{4: "d’avril 2026", 5: "de mai 2026", 8: "d’août 2026", 10: "d’octobre 2026", 13: "de 13/2026"} {
		if got := OfMonth(lang.French, 2026, month); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := OfMonth(lang.English, 2026, 10); got != "of October 2026" {
		t.Errorf("%q", got)
	}
}
