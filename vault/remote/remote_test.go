package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	"paye/internal/server"
	"paye/vault"
	"paye/vault/remise"
	"paye/vault/vaulttest"
)

var (
	ctx  = context.Background()
	none vault.Acteur // the server knows who calls
)

const (
	siret    = "21060011800017"
	password = "une longue phrase de passe"
)

type testServer struct {
	c     *vault.Coffre
	root  string
	url   string
	clock *vaulttest.Clock
}

// model is a vault with an employer and the account anne, made once: making
// one costs a password hash. Each test has its copy.
var model = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "xhl-remote-test-")
	if err != nil {
		return "", err
	}
	root := filepath.Join(dir, "coffre")
	o := vault.Options{Clock: vaulttest.NewClock(noon).Now}
	if err := vault.Init(ctx, root, vault.InitOptions{Options: o}); err != nil {
		return "", err
	}
	c, err := vault.Open(ctx, root, o)
	if err != nil {
		return "", err
	}
	sys := vault.Systeme("essai")
	return dir, errors.Join(
		c.Registre().AddEmployeur(ctx, sys, siret, "Ville d'essai", nil),
		c.Registre().SetEmployeur(ctx, sys, siret, func(e *vault.Employeur) { e.Actif = true }),
		c.Comptes().AddUtilisateur(ctx, sys, "anne", "", password),
		c.Comptes().Grant(ctx, sys, "anne", siret, vault.DroitDepot, vault.DroitSuivi, vault.DroitLecture),
		c.Close(ctx))
})

var noon = time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, _ := model(); dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func newServer(t testing.TB) *testServer {
	t.Helper()
	dir, err := model()
	must(t, err)
	s := &testServer{clock: vaulttest.NewClock(noon.Add(time.Minute)), root: filepath.Join(t.TempDir(), "coffre")}
	must(t, os.CopyFS(s.root, os.DirFS(filepath.Join(dir, "coffre"))))
	s.c, err = vault.Open(ctx, s.root, vault.Options{Clock: s.clock.Now})
	must(t, err)
	t.Cleanup(func() { s.c.Close(ctx) })
	h := httptest.NewServer(NewHandler(s.c, ForCoffre(s.c, s.clock.Now, server.NewBrake(1000, time.Minute, s.clock.Now))))
	t.Cleanup(h.Close)
	s.url = h.URL
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// client logs in as anne; transport may be nil.
func (s *testServer) client(t *testing.T, transport http.RoundTripper) *Client {
	t.Helper()
	c, err := NewClient(s.url, Options{Login: "anne", Password: password, HTTP: &http.Client{Transport: transport},
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Attempts: 30})
	must(t, err)
	return c
}

func slip(matricule string) vault.Document {
	text := "%PDF-1.7\n1 0 obj<</Pages<</Kids[<</Type/Page>>]>>>>endobj trailer<</Root 1 0 R>>\n% bulletin de " + matricule + "\n%%EOF\n"
	return vault.Document{Identite: vault.Identite{Employeur: siret, Matricule: matricule, Nom: "Nom"}, Periode: vault.Periode{Annee: 2026, Mois: 9}, Nature: vault.Bulletin,
		Contenu: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func slips(n int) (list []vault.Document) {
	for i := range n {
		list = append(list, slip(fmt.Sprintf("A%03d", i)))
	}
	return list
}

var wantCode = anomalietest.WantCode

// unreliable loses requests, loses answers, and cuts answers.
type unreliable struct {
	mu  sync.Mutex
	rng *rand.Rand
	bad int
}

func (u *unreliable) RoundTrip(r *http.Request) (*http.Response, error) {
	u.mu.Lock()
	kind, at := u.rng.IntN(8), u.rng.Int64N(3000)
	if strings.HasSuffix(r.URL.Path, "session") {
		kind = 7
	}
	if kind < 4 {
		u.bad++
	}
	u.mu.Unlock()
	if kind == 0 {
		return nil, errors.New("connection refused")
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	switch kind {
	case 1:
		resp.Body.Close()
		return nil, errors.New("connection reset")
	case 2:
		resp.Body.Close()
		return &http.Response{StatusCode: 502, Body: io.NopCloser(strings.NewReader("<html>Bad gateway")), Request: r}, nil
	case 3:
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(resp.Body, at), failing{}), resp.Body}
	}
	return resp, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestSessionOfDepositOverABadNetwork(t *testing.T) {
	s := newServer(t)
	must(t, s.c.Registre().SetPapier(ctx, vault.Systeme("essai"), vault.Papier{Employeur: siret, Matricule: "A004", Cause: vault.CauseRefus}))
	c := s.client(t, &unreliable{rng: rand.New(rand.NewPCG(8, 8))})
	o := remise.Request{Employeur: siret, Periode: vault.Periode{Annee: 2026, Mois: 9}, Source: "sha256:1234", Bulletins: 30, Lot: 4}
	v, err := remise.Run(ctx, c, none, o, remise.Watch{}, func(yield func(vault.Document, error) bool) {
		for _, d := range slips(30) {
			if !yield(d, nil) {
				return
			}
		}
	})
	must(t, err)
	if want := (vault.Bilan{Bulletins: 30, Deposes: 29, Papier: 1}); v.Bilan != want || v.Etape != vault.Termine || v.Documents != 29 {
		t.Errorf("got %+v at %s, want %+v", v.Bilan, v.Etape, want)
	}
	lines, err := remise.Suivi(ctx, c, none, siret)
	if err != nil || len(lines) != 1 || lines[0].Documents != 29 || lines[0].Statut != vault.StatutBon {
		t.Errorf("suivi %+v, %v", lines, err)
	}
}

func TestServerThatNeverAnswersIsGivenUp(t *testing.T) {
	calls := 0
	c, err := NewClient("https://coffre.invalid", Options{Token: "x", Attempts: 3, Wait: func(context.Context, time.Duration) error { return nil },
		HTTP: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { calls++; return nil, errors.New("no route") })}})
	must(t, err)
	_, err = c.Count(ctx, none, vault.Filtre{})
	wantCode(t, err, "COF-801")
	if calls != 3 {
		t.Errorf("%d calls, want 3", calls)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSilentServerIsGivenUp(t *testing.T) {
	done := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-done }))
	defer s.Close()
	defer close(done)
	c, err := NewClient(s.URL, Options{Token: "x", Attempts: 1, Stall: 30 * time.Millisecond})
	must(t, err)
	_, err = c.Count(ctx, none, vault.Filtre{})
	wantCode(t, err, "COF-801")
	if !errors.Is(err, errStalled) {
		t.Errorf("got %v, want that the server is silent", err)
	}
}

func TestDocumentThatIsNotTheOneAskedForIsNotHandedOver(t *testing.T) {
	s := newServer(t)
	good := s.client(t, nil)
	results, err := good.Deposit(ctx, none, slips(2))
	must(t, err)
	liar := s.client(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, "read") {
			return resp, err
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(bytes.NewReader(bytes.Replace(b, []byte("% bulletin de A000"), []byte("% bulletin de A001"), 1)))
		return resp, err
	}))
	var got bytes.Buffer
	_, err = liar.Read(ctx, none, results[0].Recu.ID, &got)
	wantCode(t, err, "COF-804")
	if got.Len() > 0 {
		t.Errorf("%d bytes were handed over", got.Len())
	}
}

func TestCallersAreKnownByTheirTokenOnly(t *testing.T) {
	s := newServer(t)
	c := s.client(t, nil)
	_, err := c.Count(ctx, vault.Systeme("root"), vault.Filtre{Employeur: "21060022600018"})
	wantCode(t, err, "COF-304")
	for name, token := range map[string]string{"none": "", "garbage": "x", "forged": strings.Repeat("A", 80)} {
		o, err := NewClient(s.url, Options{Token: token, Attempts: 1})
		must(t, err)
		_, err = o.Count(ctx, vault.Systeme("root"), vault.Filtre{Employeur: siret})
		if wantCode(t, err, "COF-802"); t.Failed() {
			t.Fatalf("token %s", name)
		}
	}
	wrong, err := NewClient(s.url, Options{Login: "anne", Password: "un autre mot de passe", Attempts: 1})
	must(t, err)
	_, err = wrong.Count(ctx, none, vault.Filtre{Employeur: siret})
	wantCode(t, err, "COF-314")
}

func TestTokenDiesWithTimePasswordAndAccount(t *testing.T) {
	s := newServer(t)
	sys := vault.Systeme("essai")
	token := func() string {
		tok, err := s.c.Comptes().NewToken(ctx, vault.Systeme("essai"), "anne", s.clock.Now().Add(time.Hour))
		must(t, err)
		return tok
	}
	first := token()
	if _, err := s.c.Comptes().VerifyToken(ctx, first); err != nil {
		t.Fatal(err)
	}
	s.clock.Add(2 * time.Hour)
	_, err := s.c.Comptes().VerifyToken(ctx, first)
	wantCode(t, err, "COF-802")
	second := token()
	must(t, s.c.Comptes().SetMotDePasse(ctx, sys, "anne", "une autre longue phrase"))
	_, err = s.c.Comptes().VerifyToken(ctx, second)
	wantCode(t, err, "COF-802")
	third := token()
	must(t, s.c.Comptes().CloseCompte(ctx, sys, "anne"))
	_, err = s.c.Comptes().VerifyToken(ctx, third)
	wantCode(t, err, "COF-802")
}

func TestClientLogsInAgainWhenItsTokenDied(t *testing.T) {
	s := newServer(t)
	c := s.client(t, nil)
	if _, err := c.Count(ctx, none, vault.Filtre{Employeur: siret}); err != nil {
		t.Fatal(err)
	}
	s.clock.Add(tokenLife + time.Minute)
	if _, err := c.Count(ctx, none, vault.Filtre{Employeur: siret}); err != nil {
		t.Errorf("after the life of the token: %v", err)
	}
}

func TestHostileRequestsAreRefused(t *testing.T) {
	s := newServer(t)
	tok, err := s.c.Comptes().NewToken(ctx, vault.Systeme("essai"), "anne", s.clock.Now().Add(time.Hour))
	must(t, err)
	for name, row := range map[string]struct {
		verb, body, origin string
		status             int
	}{
		"not JSON":       {"count", "pas du JSON", "", 400},
		"endless":        {"count", strings.Repeat(" ", maxQuestion+1), "", 413},
		"cut document":   {"deposit", `{"employeur":"21060011800017","taille":100}` + "\nabc", "", 400},
		"huge document":  {"deposit", `{"taille":99999999999}` + "\nabc", "", 413},
		"negative":       {"deposit", `{"taille":-1}` + "\n", "", 400},
		"other digest":   {"deposit", `{"employeur":"21060011800017","taille":3,"sha256":"00"}` + "\nabc", "", 400},
		"no line feed":   {"deposit", strings.Repeat("x", maxLine+10), "", 400},
		"another origin": {"count", "{}", "https://evil.example", 403},
		"path for an id": {"read", `{"id":"../../keys/secours.cle"}`, "", 400},
		"id too long":    {"metadata", `{"id":"00000000000000000000000000000000/../x"}`, "", 400},
		"no versement":   {"versement-save", "{}", "", 400},
	} {
		req, err := http.NewRequest(http.MethodPost, s.url+Prefix+row.verb, strings.NewReader(row.body))
		must(t, err)
		req.Header.Set("Authorization", "Bearer "+tok)
		if row.origin != "" {
			req.Header.Set("Origin", row.origin)
			req.Header.Set("Sec-Fetch-Site", "cross-site")
		}
		resp, err := http.DefaultClient.Do(req)
		must(t, err)
		resp.Body.Close()
		if resp.StatusCode != row.status {
			t.Errorf("%s: status %d, want %d", name, resp.StatusCode, row.status)
		}
	}
	resp, err := http.Get(s.url + Prefix + "count")
	must(t, err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET answers %d, want 405", resp.StatusCode)
	}
	if n, err := s.c.Count(ctx, vault.Systeme("essai"), vault.Filtre{Employeur: siret}); err != nil || n != 0 {
		t.Errorf("%d documents were filed, %v", n, err)
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for _, base := range []string{"", "coffre.example", "http://coffre.example", "ftp://coffre.example", "https://a:b@coffre.example", "://"} {
		if _, err := NewClient(base, Options{}); err == nil {
			t.Errorf("%q is accepted", base)
		}
	}
}
