package remote

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"paye/internal/server"
	"paye/vault"
	"paye/vault/remise"
)

// cutter is a TCP relay that drops a connection after some bytes, in either
// direction, as long as it has cuts left.
type cutter struct {
	to string

	mu   sync.Mutex
	rng  *rand.Rand
	cuts int
}

func (c *cutter) serve(l net.Listener) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		go c.relay(near)
	}
}

func (c *cutter) relay(near net.Conn) {
	far, err := net.Dial("tcp", c.to)
	if err != nil {
		near.Close()
		return
	}
	up, down := int64(1<<40), int64(1<<40)
	c.mu.Lock()
	if c.cuts > 0 {
		c.cuts--
		if c.rng.IntN(2) == 0 {
			up = c.rng.Int64N(2500)
		} else {
			down = c.rng.Int64N(9000)
		}
	}
	c.mu.Unlock()
	done := make(chan struct{}, 2)
	go func() { io.CopyN(far, near, up); done <- struct{}{} }()
	go func() { io.CopyN(near, far, down); done <- struct{}{} }()
	<-done
	near.Close()
	far.Close()
}

// relayed is the address of a relay to the server that cuts so many times.
func relayed(t *testing.T, s *testServer, seed uint64, cuts int) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	c := &cutter{to: strings.TrimPrefix(s.url, "http://"), rng: rand.New(rand.NewPCG(seed, 1)), cuts: cuts}
	go c.serve(l)
	return "http://" + l.Addr().String()
}

func at(t *testing.T, s *testServer, url string, o Options) *Client {
	t.Helper()
	if o.Token == "" {
		o.Token = tokenFor(t, s, "anne")
	}
	if o.Wait == nil {
		o.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	if o.Attempts == 0 {
		o.Attempts = 40
	}
	c, err := NewClient(url, o)
	must(t, err)
	return c
}

func given(list []vault.Document) iter.Seq2[vault.Document, error] {
	return func(yield func(vault.Document, error) bool) {
		for _, d := range list {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func depot(n, lot int) remise.Request {
	return remise.Request{Employeur: siret, Periode: vault.Periode{Annee: 2026, Mois: 9}, Source: "sha256:1234", Bulletins: n, Lot: lot}
}

func TestConnectionsKilledInDepositsGiveTheSameReceipts(t *testing.T) {
	s := newServer(t)
	for seed := range uint64(2) {
		c := at(t, s, relayed(t, s, seed, 12), Options{HTTP: &http.Client{Transport: &http.Transport{}}})
		o := depot(16, 5)
		o.Periode.Mois = int(1 + seed)
		list := slips(16)
		for i := range list {
			list[i].Periode = o.Periode
			list[i].Contenu = slip(fmt.Sprint(seed, i)).Contenu
		}
		v, err := remise.Run(ctx, c, none, o, remise.Watch{}, given(list))
		must(t, err)
		if want := (vault.Bilan{Bulletins: 16, Deposes: 16}); v.Bilan != want {
			t.Errorf("seed %d: got %+v, want %+v", seed, v.Bilan, want)
		}
		far, err := c.Deposit(ctx, none, list)
		must(t, err)
		near, err := s.c.Deposit(ctx, vault.Utilisateur("anne"), list)
		must(t, err)
		for i := range far {
			if far[i].Err != nil || !far[i].Deja || !far[i].Recu.Equal(near[i].Recu) {
				t.Errorf("seed %d, document %d: %+v over the network, %+v here", seed, i, far[i], near[i])
			}
		}
		if n, err := s.c.Count(ctx, vault.Systeme("essai"), vault.Filtre{Employeur: siret, Periode: o.Periode}); err != nil || n != 16 {
			t.Errorf("seed %d: the vault holds %d documents, want 16 (%v)", seed, n, err)
		}
	}
}

// shortened gives of the first answer so many bytes.
type shortened struct{ bytes int64 }

func (s *shortened) RoundTrip(q *http.Request) (*http.Response, error) {
	a, err := http.DefaultTransport.RoundTrip(q)
	if err != nil || s.bytes == 0 {
		return a, err
	}
	cut := io.MultiReader(io.LimitReader(a.Body, s.bytes), iotest.ErrReader(io.ErrUnexpectedEOF))
	s.bytes = 0
	a.Body = struct {
		io.Reader
		io.Closer
	}{cut, a.Body}
	return a, nil
}

// What is left of a list whose answer was cut is more than one page of it.
func TestListThatIsCutGoesOnToItsEnd(t *testing.T) {
	s := newServer(t)
	list := slips(700)
	_, err := s.c.Deposit(ctx, vault.Systeme("essai"), list)
	must(t, err)
	for _, limit := range []int{0, 650} {
		c := at(t, s, s.url, Options{HTTP: &http.Client{Transport: &shortened{20000}}})
		seen := make(map[vault.ID]bool)
		for m, err := range c.List(ctx, none, vault.Filtre{Employeur: siret, Limite: limit}) {
			must(t, err)
			seen[m.ID] = true
		}
		if want := cmp.Or(limit, len(list)); len(seen) != want {
			t.Errorf("limit %d: %d documents, want %d", limit, len(seen), want)
		}
	}
}

func TestTwoClientsAtOnceGetOneReceiptADocument(t *testing.T) {
	s := newServer(t)
	var wg sync.WaitGroup
	var got [2][]vault.Resultat
	var errs [2]error
	for i := range got {
		c := at(t, s, s.url, Options{Batch: 500 + 300*int64(i)})
		wg.Go(func() { got[i], errs[i] = c.Deposit(ctx, none, slips(14)) })
	}
	wg.Wait()
	must(t, errors.Join(errs[:]...))
	for i := range got[0] {
		if got[0][i].Err != nil || !got[0][i].Recu.Equal(got[1][i].Recu) || got[0][i].Deja == got[1][i].Deja {
			t.Errorf("document %d: %+v and %+v", i, got[0][i], got[1][i])
		}
	}
	if n, err := s.c.Count(ctx, vault.Systeme("essai"), vault.Filtre{Employeur: siret}); err != nil || n != 14 {
		t.Errorf("the vault holds %d documents, want 14 (%v)", n, err)
	}
}

// stand is a server as the command runs it, that can be stopped and started
// at the same address.
type stand struct {
	t    *testing.T
	root string
	opts vault.Options
	addr string
	c    *vault.Coffre
	stop func()
}

func (s *stand) start() {
	s.t.Helper()
	c, err := vault.Open(ctx, s.root, s.opts)
	must(s.t, err)
	running, cancel := context.WithCancel(ctx)
	srv, err := server.Listen(running, NewHandler(c, ForCoffre(c, s.opts.Clock, server.NewBrake(10, time.Minute, s.opts.Clock))), server.Options{Adresse: s.addr})
	must(s.t, err)
	s.addr = strings.TrimPrefix(srv.URL(), "http://")
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(running) }()
	s.c = c
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("the server ended with %v", err)
		}
		must(s.t, c.Close(ctx))
	}
}

func TestServerRestartedBetweenBatchesIsWaitedFor(t *testing.T) {
	s := newServer(t)
	token := tokenFor(t, s, "anne")
	must(t, s.c.Close(ctx))
	st := &stand{t: t, root: s.root, opts: vault.Options{Clock: s.clock.Now}, addr: "127.0.0.1:0"}
	st.start()
	down, pauses := false, 0
	c := at(t, s, "http://"+st.addr, Options{Token: token, HTTP: &http.Client{Transport: &http.Transport{}}, Wait: func(context.Context, time.Duration) error {
		// It comes back while the client waits.
		if pauses++; down && pauses == 2 {
			st.start()
			down = false
		}
		return nil
	}})
	n := 0
	v, err := remise.Run(ctx, c, none, depot(20, 4), remise.Watch{}, func(yield func(vault.Document, error) bool) {
		for _, d := range slips(20) {
			if n++; n == 10 {
				st.stop()
				down = true
			}
			if !yield(d, nil) {
				return
			}
		}
	})
	must(t, err)
	if want := (vault.Bilan{Bulletins: 20, Deposes: 20}); v.Bilan != want || v.Etape != vault.Termine || pauses < 2 {
		t.Errorf("got %+v at %s after %d pauses, want %+v", v.Bilan, v.Etape, pauses, want)
	}
	st.stop()
}

func TestInterruptedSessionIsResumedByAnotherClient(t *testing.T) {
	s := newServer(t)
	cut := errors.New("the office closes")
	c := at(t, s, s.url, Options{})
	v, err := remise.Run(ctx, c, none, depot(20, 4), remise.Watch{}, func(yield func(vault.Document, error) bool) {
		for i, d := range slips(20) {
			if i == 13 {
				yield(d, cut)
				return
			}
			if !yield(d, nil) {
				return
			}
		}
	})
	if !errors.Is(err, cut) || v.Etape != vault.Preparation || v.Bilan.Deposes != 12 || v.Bilan.EnAttente != 8 {
		t.Fatalf("got %+v at %s, %v", v.Bilan, v.Etape, err)
	}
	asked := 0
	resumed, err := remise.Run(ctx, at(t, s, s.url, Options{}), none, depot(20, 4), remise.Watch{}, func(yield func(vault.Document, error) bool) {
		for _, d := range slips(20) {
			content := d.Contenu
			d.Contenu = func(ctx context.Context) (io.ReadCloser, error) { asked++; return content(ctx) }
			if !yield(d, nil) {
				return
			}
		}
	})
	must(t, err)
	if resumed.ID != v.ID || resumed.Bilan.Deposes != 20 || asked != 8 {
		t.Errorf("session %s with %+v, %d documents sent; want %s, 20 deposited, 8 sent", resumed.ID, resumed.Bilan, asked, v.ID)
	}
}

func TestWhoHasNoRightIsToldOfNoEmployer(t *testing.T) {
	s := newServer(t)
	must(t, s.c.Comptes().AddUtilisateur(ctx, vault.Systeme("essai"), "eve", "", password))
	c := at(t, s, s.url, Options{Token: tokenFor(t, s, "eve")})
	if list, err := c.Employeurs(ctx, none); err != nil || len(list) != 0 {
		t.Errorf("employers %v, %v; want none", list, err)
	}
	if note, err := c.Point(ctx); err != nil || len(note) == 0 {
		t.Errorf("checkpoint %q, %v", note, err)
	}
	if key, err := c.Verificateur(ctx); err != nil || key != keyOf(t, s.c) {
		t.Errorf("verifier key %q, %v", key, err)
	}
}

func TestAnyRightIsEnoughToBeToldOfAnEmployer(t *testing.T) {
	s := newServer(t)
	sys := vault.Systeme("essai")
	must(t, s.c.Comptes().AddUtilisateur(ctx, sys, "eve", "", password))
	c := at(t, s, s.url, Options{Token: tokenFor(t, s, "eve")})
	for _, d := range vault.Droits {
		must(t, s.c.Comptes().Grant(ctx, sys, "eve", siret, d))
		if list, err := c.Employeurs(ctx, none); err != nil || len(list) != 1 || list[0].Siret != siret {
			t.Errorf("with the right %s alone: employers %v, %v; want %s", d, list, err, siret)
		}
		must(t, s.c.Comptes().Revoke(ctx, sys, "eve", siret, d))
		if list, err := c.Employeurs(ctx, none); err != nil || len(list) != 0 {
			t.Errorf("without the right %s: employers %v, %v; want none", d, list, err)
		}
	}
	must(t, s.c.Comptes().Grant(ctx, sys, "eve", siret, vault.DroitValidation))
	if _, err := c.Versements(ctx, none, siret); err != nil {
		t.Errorf("who validates does not see what there is to validate: %v", err)
	}
}

func TestSecondPersonDecidesOverTheNetwork(t *testing.T) {
	s := newServer(t)
	sys := vault.Systeme("essai")
	must(t, s.c.Registre().SetEmployeur(ctx, sys, siret, func(e *vault.Employeur) { e.DoubleValidation = true }))
	must(t, s.c.Comptes().AddUtilisateur(ctx, sys, "bob", "", password))
	must(t, s.c.Comptes().Grant(ctx, sys, "bob", siret, vault.DroitSuivi, vault.DroitValidation))
	must(t, s.c.Comptes().Grant(ctx, sys, "anne", siret, vault.DroitValidation))
	anne := at(t, s, s.url, Options{})
	// Every answer is lost once: each decision is said twice.
	lost := map[string]bool{}
	bob := at(t, s, s.url, Options{Token: tokenFor(t, s, "bob"), HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && !lost[r.URL.Path] {
			lost[r.URL.Path] = true
			resp.Body.Close()
			return nil, errors.New("connection reset")
		}
		return resp, err
	})}})
	first, err := remise.Run(ctx, anne, none, depot(3, 0), remise.Watch{}, given(slips(3)))
	must(t, err)
	_, err = anne.Validate(ctx, none, first.ID)
	wantCode(t, err, "COF-505")
	v, err := bob.Validate(ctx, none, first.ID)
	must(t, err)
	if v.Etape != vault.Termine || v.ValidePar != "bob" || v.Valides != 3 {
		t.Errorf("after the yes: %+v", v)
	}
	_, err = bob.Reject(ctx, none, first.ID, "non")
	wantCode(t, err, "COF-502")
	o := depot(1, 0)
	o.Source, o.Periode.Mois = "sha256:5678", 10
	other := slip("A001")
	other.Periode.Mois = 10
	second, err := remise.Run(ctx, anne, none, o, remise.Watch{}, given([]vault.Document{other}))
	must(t, err)
	lost = map[string]bool{}
	v, err = bob.Reject(ctx, none, second.ID, "prime oubliée")
	must(t, err)
	if v.Etape != vault.Rejete || v.Motif != "prime oubliée" {
		t.Errorf("after the no: %+v", v)
	}
	list, err := bob.Employeurs(ctx, none)
	must(t, err)
	if len(list) != 1 || list[0].Siret != siret || !list[0].DoubleValidation {
		t.Errorf("employers %+v", list)
	}
}

func tokenFor(t testing.TB, s *testServer, login string) string {
	t.Helper()
	token, err := s.c.Comptes().NewToken(ctx, vault.Systeme("essai"), login, s.clock.Now().Add(time.Hour))
	must(t, err)
	return token
}

func TestExpiredTokenIsRefusedAndSaysSo(t *testing.T) {
	s := newServer(t)
	c := at(t, s, s.url, Options{Token: tokenFor(t, s, "anne"), Attempts: 1})
	if _, err := c.Deposit(ctx, none, slips(1)); err != nil {
		t.Fatal(err)
	}
	s.clock.Add(2 * time.Hour)
	_, err := c.Deposit(ctx, none, slips(1))
	wantCode(t, err, "COF-802")
}

func TestWhoFailsToLogInTooOftenIsBrakedAndColleaguesAreNot(t *testing.T) {
	s := newServer(t)
	var log bytes.Buffer
	o := ForCoffre(s.c, s.clock.Now, server.NewBrake(4, time.Minute, s.clock.Now))
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := NewHandler(s.c, o)
	ask := func(path, token, body string) (int, string, string) {
		r, err := http.NewRequest(http.MethodPost, Prefix+path, strings.NewReader(body))
		must(t, err)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := &recorded{header: http.Header{}}
		h.ServeHTTP(w, r)
		return w.status, w.header.Get("Retry-After"), w.body.String()
	}
	good := tokenFor(t, s, "anne")
	for i := range 2 {
		if status, _, body := ask("session", "", `{"login":"personne","password":"au hasard et longtemps"}`); status != 401 || !strings.Contains(body, "COF-314") {
			t.Errorf("attempt %d: %d %s", i, status, body)
		}
		if status, _, body := ask("count", "faux", "{}"); status != 401 || !strings.Contains(body, "COF-802") {
			t.Errorf("attempt %d: %d %s", i, status, body)
		}
	}
	for _, row := range [][3]string{{"session", "", `{"login":"anne","password":"` + password + `"}`}, {"count", "faux", "{}"}} {
		if status, wait, body := ask(row[0], row[1], row[2]); status != 429 || wait == "" || !strings.Contains(body, server.TropDEchecs) {
			t.Errorf("%s after four failures: %d, retry after %q, %s", row[0], status, wait, body)
		}
	}
	if status, _, body := ask("count", good, `{"filtre":{"Employeur":"`+siret+`"}}`); status != 200 {
		t.Errorf("a good token is braked: %d %s", status, body)
	}
	if log.Len() > 0 {
		t.Errorf("refusals are in the log of the machine:\n%s", &log)
	}
}

// recorded is an answer without a connection.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header    { return r.header }
func (r *recorded) WriteHeader(status int) { r.status = status }
func (r *recorded) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.body.Write(b)
}

func TestBatchThatIsTooLargeFilesNothing(t *testing.T) {
	s := newServer(t)
	o := ForCoffre(s.c, s.clock.Now, server.NewBrake(10, time.Minute, s.clock.Now))
	o.MaxBody = 2000
	h := httptest.NewServer(NewHandler(s.c, o))
	defer h.Close()
	_, err := at(t, s, h.URL, Options{}).Deposit(ctx, none, slips(20))
	wantCode(t, err, "COF-203")
	if n, err := s.c.Count(ctx, vault.Systeme("essai"), vault.Filtre{Employeur: siret}); err != nil || n != 0 {
		t.Errorf("%d documents were filed, %v", n, err)
	}
	small := at(t, s, h.URL, Options{Batch: 1000})
	if r, err := small.Deposit(ctx, none, slips(20)); err != nil || len(r) != 20 {
		t.Errorf("in small batches: %d receipts, %v", len(r), err)
	}
}

// BenchmarkQuestion is a question with a token over loopback, such as a page asks.
func BenchmarkQuestion(b *testing.B) {
	s := newServer(b)
	c, err := NewClient(s.url, Options{Token: tokenFor(b, s, "anne")})
	must(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Count(ctx, none, vault.Filtre{Employeur: siret}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestServerThatGivesAnothersReceiptIsNotBelieved(t *testing.T) {
	s := newServer(t)
	_, err := at(t, s, s.url, Options{}).Deposit(ctx, none, slips(2))
	must(t, err)
	other, err := s.c.Deposit(ctx, vault.Utilisateur("anne"), slips(2)[1:])
	must(t, err)
	liar := at(t, s, s.url, Options{HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil || !strings.HasSuffix(r.URL.Path, "deposit") {
			return resp, err
		}
		resp.Body.Close()
		var b bytes.Buffer
		w := &writer{w: &recorded{header: http.Header{}}, begun: true}
		w.line(answer{Recu: other[0].Recu})
		w.line(answer{Fin: true})
		b.Write(w.w.(*recorded).body.Bytes())
		resp.Body = io.NopCloser(&b)
		return resp, nil
	})}})
	_, err = liar.Deposit(ctx, none, slips(1))
	wantCode(t, err, "COF-804")
}

func TestServerBelowAPathIsFound(t *testing.T) {
	s := newServer(t)
	mux := http.NewServeMux()
	mux.Handle("/xhl/", http.StripPrefix("/xhl", NewHandler(s.c, ForCoffre(s.c, s.clock.Now, server.NewBrake(10, time.Minute, s.clock.Now)))))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	srv := &http.Server{Handler: mux}
	go srv.Serve(l)
	defer srv.Close()
	if _, err := at(t, s, "http://"+l.Addr().String()+"/xhl/", Options{}).Count(ctx, none, vault.Filtre{Employeur: siret}); err != nil {
		t.Error(err)
	}
}

func keyOf(t *testing.T, g vault.Guichet) string {
	t.Helper()
	key, err := g.Verificateur(ctx)
	must(t, err)
	return key
}
