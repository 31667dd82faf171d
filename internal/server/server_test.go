package server

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	"paye/internal/anomalie"
)

// buffer is a log that goroutines share.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// running serves h until the test ends, or until stop is called, which gives
// what Serve returned.
func running(t *testing.T, h http.Handler, o Options) (s *Serveur, log *buffer, stop func() error) {
	t.Helper()
	log = &buffer{}
	o.Adresse = "127.0.0.1:0"
	o.Log = slog.New(slog.NewJSONHandler(log, nil))
	ctx, cancel := context.WithCancel(context.Background())
	s, err := Listen(ctx, h, o)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { stop() })
	return s, log, stop
}

// fresh is a client whose connections are its own.
func fresh(t *testing.T) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func answer(t *testing.T, resp *http.Response, err error) (int, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

var wantCode = anomalietest.WantCode

func TestCodesAreComplete(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}

func TestLoopbackIsAnAddressThatOnlyThisMachineReaches(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.8.9.10": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "[::1]": false, "127.0.0.1:80": false,
		"127.0.0.1.example": false, "localhost.example": false, "coffre.example": false,
	} {
		if got := Loopback(host); got != want {
			t.Errorf("Loopback(%q) is %t, want %t", host, got, want)
		}
	}
}

func TestAddressesOpenToTheNetworkWantEncryption(t *testing.T) {
	for address, want := range map[string]string{
		"0.0.0.0:0": SansTLS, ":0": SansTLS, "[::]:0": SansTLS, "coffre.example:0": SansTLS, "192.0.2.1:0": SansTLS,
		"127.0.0.1": AdresseInvalide, "": AdresseInvalide,
	} {
		_, err := Listen(context.Background(), http.NotFoundHandler(), Options{Adresse: address})
		if wantCode(t, err, want); t.Failed() {
			t.Fatalf("address %q", address)
		}
	}
	_, err := Listen(context.Background(), http.NotFoundHandler(), Options{Adresse: "127.0.0.1:0", Cert: "c.pem"})
	wantCode(t, err, CertificatSeul)
	_, err = Listen(context.Background(), http.NotFoundHandler(), Options{Adresse: "127.0.0.1:0", Cert: "absent.pem", Cle: "absent.key"})
	wantCode(t, err, CertificatFaux)
	for _, o := range []Options{{Adresse: "127.0.0.1:0"}, {Adresse: "localhost:0"}, {Adresse: ":0", Proxy: true}} {
		s, err := Listen(context.Background(), http.NotFoundHandler(), o)
		if err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
		_, err = Listen(context.Background(), http.NotFoundHandler(), Options{Adresse: s.listener.Addr().String(), Proxy: true})
		wantCode(t, err, AdresseOccupee)
		s.listener.Close()
	}
}

func TestRequestsAreNumberedAndLoggedWithoutWhomTheyAreAbout(t *testing.T) {
	mux := http.NewServeMux()
	var inside string
	mux.HandleFunc("POST /agents/{matricule}", func(w http.ResponseWriter, r *http.Request) {
		inside = Request(r.Context())
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "oui")
	})
	s, log, stop := running(t, mux, Options{})
	resp, err := fresh(t).Post(s.URL()+"/agents/MARTIN-1975?nir=17512", "text/plain", strings.NewReader("secret"))
	if status, body := answer(t, resp, err); status != 200 || body != "oui" {
		t.Errorf("got %d %q", status, body)
	}
	stop()
	if id := resp.Header.Get("X-Request-Id"); len(id) != 16 || id != inside {
		t.Errorf("number %q in the answer, %q in the handler", id, inside)
	}
	var line struct {
		Msg, Route, Source     string
		Request                string `json:"requete"`
		Statut, Recus, Envoyes int
	}
	if err := json.Unmarshal([]byte(strings.SplitN(log.String(), "\n", 2)[0]), &line); err != nil {
		t.Fatal(err)
	}
	if line.Request != inside || line.Route != "POST /agents/{matricule}" || line.Statut != 200 || line.Recus != 6 || line.Envoyes != 3 || len(line.Source) != 8 {
		t.Errorf("logged %+v", line)
	}
	for _, private := range []string{"MARTIN", "nir", "17512", "127.0.0.1", "secret"} {
		if strings.Contains(log.String(), private) {
			t.Errorf("the log holds %q:\n%s", private, log)
		}
	}
}

func TestErrorsAreJSONWithACode(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /depot", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /panique", func(http.ResponseWriter, *http.Request) { panic("net à payer 1234.56") })
	s, log, stop := running(t, http.NewCrossOriginProtection().Handler(mux), Options{})
	c := fresh(t)
	get := func(method, path string) *http.Request {
		r, err := http.NewRequest(method, s.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	foreign := get(http.MethodPost, "/depot")
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	for _, row := range []struct {
		r      *http.Request
		status int
		code   string
	}{
		{get(http.MethodGet, "/rien"), 404, RouteInconnue},
		{get(http.MethodGet, "/depot"), 405, MethodeInconnue},
		{foreign, 403, OrigineEtrangere},
		{get(http.MethodGet, "/panique"), 500, PanneMachine},
	} {
		resp, err := c.Do(row.r)
		status, body := answer(t, resp, err)
		var got refus
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Errorf("%s: %v in %q", row.r.URL.Path, err, body)
		}
		if status != row.status || got.Faute.Code != row.code || got.Request != resp.Header.Get("X-Request-Id") {
			t.Errorf("%s %s: %d %s, want %d %s", row.r.Method, row.r.URL.Path, status, body, row.status, row.code)
		}
		if strings.Contains(body, "1234") || strings.Contains(body, ".go") {
			t.Errorf("%s tells what is inside: %s", row.r.URL.Path, body)
		}
	}
	stop()
	if !strings.Contains(log.String(), "request panicked") {
		t.Errorf("the panic is not in the log:\n%s", log)
	}
}

func TestAnswersThatAPanicCutAreSeenToBeCut(t *testing.T) {
	s, _, _ := running(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "début")
		http.NewResponseController(w).Flush()
		panic("au milieu")
	}), Options{})
	resp, err := fresh(t).Get(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("got %q whole", b)
	}
}

func TestCallerWhoSendsDropByDropIsLeft(t *testing.T) {
	read := make(chan error, 1)
	s, _, _ := running(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
	}), Options{Patience: 50 * time.Millisecond})
	conn, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nun peu")
	if err := <-read; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the body ended with %v", err)
	}
	// The connection is closed once the answer is there.
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the connection stays: %v", err)
	}
}

func TestCallerWhoDoesNotReadIsLeft(t *testing.T) {
	wrote := make(chan error, 1)
	s, _, _ := running(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 64<<10)
		for {
			if _, err := w.Write(block); err != nil {
				wrote <- err
				return
			}
		}
	}), Options{Patience: 50 * time.Millisecond, Rate: 1 << 30})
	conn, err := net.Dial("tcp", s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if err := <-wrote; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the answer ended with %v", err)
	}
}

// deadlines notes those of a connection.
type deadlines struct {
	http.ResponseWriter
	read, write []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error  { d.read = append(d.read, t); return nil }
func (d *deadlines) SetWriteDeadline(t time.Time) error { d.write = append(d.write, t); return nil }

// A deadline left on the connection would end a request whose handler takes
// longer than the patience with callers, or the request after it.
func TestDeadlinesHoldWhileACallerIsWaitedForOnly(t *testing.T) {
	d := &deadlines{ResponseWriter: httptest.NewRecorder()}
	s := &Serveur{o: Options{}.withDefaults()}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("corps"))
	out, end := s.paced(d, r)
	if len(d.write) != 1 || !d.write[0].IsZero() {
		t.Errorf("the write deadline of the request before stays: %v", d.write)
	}
	io.Copy(io.Discard, r.Body)
	if n := len(d.read); n < 2 || d.read[0].IsZero() || !d.read[n-1].IsZero() {
		t.Errorf("read deadlines %v, want one for each reading and none after", d.read)
	}
	io.WriteString(out, "réponse")
	end()
	if d.read[len(d.read)-1].IsZero() || d.write[len(d.write)-1].IsZero() {
		t.Error("what is sent and thrown away after the handler has no deadline")
	}
}

func TestRateCountsWhatPassedAndWhatWasWaited(t *testing.T) {
	d := rate{patience: 10 * time.Second, rate: 100}
	now := time.Unix(0, 0)
	if got := d.until(now, 0).Sub(now); got != 10*time.Second {
		t.Errorf("at first %v, want 10s", got)
	}
	d.n, d.waited = 500, 12*time.Second
	if got := d.until(now, 0).Sub(now); got != 3*time.Second {
		t.Errorf("after 500 bytes in 12 s %v, want 3s", got)
	}
	if got := d.until(now, 200).Sub(now); got != 5*time.Second {
		t.Errorf("for 200 more %v, want 5s", got)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	read := make(chan error, 1)
	s, _, _ := running(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		read <- err
	}), Options{MaxCorps: 1000})
	resp, err := fresh(t).Post(s.URL(), "text/plain", strings.NewReader(strings.Repeat("x", 5000)))
	if err == nil {
		resp.Body.Close()
	}
	var limit *http.MaxBytesError
	if err := <-read; !errors.As(err, &limit) || limit.Limit != 1000 {
		t.Errorf("the body ended with %v", err)
	}
}

func TestRequestsUnderWayAreFinished(t *testing.T) {
	entered, turn := make(chan struct{}), make(chan struct{})
	s, _, stop := running(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-turn
		if err := r.Context().Err(); err != nil {
			t.Errorf("the request was cut: %v", err)
		}
		io.WriteString(w, "reçu")
	}), Options{})
	got := make(chan string, 1)
	go func() {
		resp, err := fresh(t).Get(s.URL())
		if err != nil {
			got <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		got <- string(b)
	}()
	<-entered
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	// The listener closes first; nobody new comes in.
	for {
		conn, err := net.Dial("tcp", s.listener.Addr().String())
		if err != nil {
			break
		}
		conn.Close()
	}
	close(turn)
	if body := <-got; body != "reçu" {
		t.Errorf("got %q", body)
	}
	if err := <-ended; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

func TestRequestsThatDoNotEndAreCut(t *testing.T) {
	entered := make(chan struct{})
	s, _, stop := running(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}), Options{Arret: 20 * time.Millisecond})
	go func() {
		if resp, err := fresh(t).Get(s.URL()); err == nil {
			resp.Body.Close()
		}
	}()
	<-entered
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("the server ended with %v, want that requests were cut", err)
	}
}

func TestHealthTellsWhichComponentFails(t *testing.T) {
	var mu sync.Mutex
	var broken error
	now := time.Unix(0, 0)
	asked := 0
	s, _, _ := running(t, http.NotFoundHandler(), Options{
		Clock: func() time.Time { mu.Lock(); defer mu.Unlock(); return now },
		Probes: []Probe{{"coffre", func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			asked++
			return broken
		}}},
	})
	c := fresh(t)
	ask := func(status int, want string) {
		t.Helper()
		resp, err := c.Get(s.URL() + "/sante")
		if got, body := answer(t, resp, err); got != status || strings.TrimSpace(body) != want {
			t.Errorf("got %d %s, want %d %s", got, body, status, want)
		}
	}
	ask(200, `{"statut":"bon","composants":{"coffre":"bon"}}`)
	mu.Lock()
	broken = errors.New("disk of /var/secret is full")
	mu.Unlock()
	ask(200, `{"statut":"bon","composants":{"coffre":"bon"}}`) // asked a moment ago
	mu.Lock()
	now = now.Add(time.Second)
	mu.Unlock()
	ask(503, `{"statut":"panne","composants":{"coffre":"panne"}}`)
	s.sante.stop()
	ask(503, `{"statut":"arret"}`)
	if asked != 2 {
		t.Errorf("the component was asked %d times, want 2", asked)
	}
}

// certificate writes a pair for 127.0.0.1 and returns its pool.
func certificate(t *testing.T, cert, key, name string) *x509.CertPool {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(parsed)
	return pool
}

func TestRenewedCertificateIsServedWithoutARestart(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "c.pem"), filepath.Join(dir, "c.key")
	old := certificate(t, cert, key, "premier")
	var mu sync.Mutex
	now := time.Now()
	s, log, _ := running(t, http.NotFoundHandler(), Options{Cert: cert, Cle: key, Clock: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }})
	ask := func(pool *x509.CertPool) error {
		c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
		resp, err := c.Get(s.URL() + "/sante")
		if err == nil {
			resp.Body.Close()
			if resp.Header.Get("Strict-Transport-Security") == "" {
				t.Error("no Strict-Transport-Security")
			}
		}
		return err
	}
	if err := ask(old); err != nil {
		t.Fatal(err)
	}
	later := func(stamp time.Time) {
		for _, path := range []string{cert, key} {
			if err := os.Chtimes(path, stamp, stamp); err != nil {
				t.Fatal(err)
			}
		}
		mu.Lock()
		now = now.Add(2 * relecture)
		mu.Unlock()
	}
	renewed := certificate(t, cert, key, "second")
	later(time.Now().Add(time.Hour))
	if err := ask(renewed); err != nil {
		t.Errorf("the new certificate is not served: %v", err)
	}
	if err := os.WriteFile(cert, []byte("coupé"), 0o600); err != nil {
		t.Fatal(err)
	}
	later(time.Now().Add(2 * time.Hour))
	if err := ask(renewed); err != nil {
		t.Errorf("the former certificate is not kept: %v", err)
	}
	if !strings.Contains(log.String(), "former one serves on") {
		t.Errorf("the log does not say so:\n%s", log)
	}
}

func TestSourceIsBelievedFromAProxyOnly(t *testing.T) {
	for _, row := range []struct {
		proxy     bool
		remote    string
		forwarded []string
		want      string
	}{
		{false, "192.0.2.7:1234", []string{"10.0.0.1"}, "192.0.2.7"},
		{true, "192.0.2.7:1234", nil, "192.0.2.7"},
		{true, "127.0.0.1:1", []string{"10.9.9.9, 198.51.100.4"}, "198.51.100.4"},
		{true, "127.0.0.1:1", []string{"10.9.9.9", "198.51.100.5"}, "198.51.100.5"},
		{true, "127.0.0.1:1", []string{"pas une adresse\n"}, "?"},
		{false, "[2001:db8:1:2:3:4:5:6]:80", nil, "2001:db8:1:2::/64"},
		{false, "[::ffff:192.0.2.7]:80", nil, "192.0.2.7"},
	} {
		s := &Serveur{o: Options{Proxy: row.proxy}}
		r := &http.Request{RemoteAddr: row.remote, Header: http.Header{"X-Forwarded-For": row.forwarded}}
		if got := s.source(r); got != row.want {
			t.Errorf("%+v: got %s", row, got)
		}
	}
}

func from(source string) context.Context {
	return context.WithValue(context.Background(), keySource, source)
}

func TestSourceThatFailsTooOftenWaits(t *testing.T) {
	now := time.Unix(1000, 0)
	f := NewBrake(3, time.Minute, func() time.Time { return now })
	tried := 0
	wrong := func() error { tried++; return Codes.New(OrigineEtrangere) }
	right := func() error { tried++; return nil }
	for range 3 {
		wantCode(t, f.Essai(from("a"), wrong), OrigineEtrangere)
	}
	wantCode(t, f.Essai(from("a"), right), TropDEchecs)
	wantCode(t, f.Verdict(from("a"), Codes.New(OrigineEtrangere)), TropDEchecs)
	if tried != 3 {
		t.Errorf("%d passwords were tried, want 3", tried)
	}
	if err := f.Verdict(from("a"), nil); err != nil {
		t.Errorf("a good token is braked: %v", err)
	}
	if err := f.Essai(from("b"), right); err != nil {
		t.Errorf("another source is braked: %v", err)
	}
	now = now.Add(19 * time.Second)
	err := f.Essai(from("a"), right)
	wantCode(t, err, TropDEchecs)
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Args[0] != 1 {
		t.Errorf("told to wait %v s, want 1", a.Args[0])
	}
	now = now.Add(time.Second)
	if err := f.Essai(from("a"), right); err != nil {
		t.Errorf("after 20 s: %v", err)
	}
	machine := errors.New("disk failed")
	for range 5 {
		if err := f.Essai(from("c"), func() error { return machine }); err != machine {
			t.Errorf("a fault of the machine is counted: %v", err)
		}
	}
}

func TestManyAttemptsAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	now := time.Unix(1000, 0)
	f := NewBrake(3, time.Minute, func() time.Time { return now })
	entered, turn := make(chan struct{}, 20), make(chan struct{})
	results := make(chan error, 20)
	for range 20 {
		go func() {
			results <- f.Essai(from("a"), func() error { entered <- struct{}{}; <-turn; return nil })
		}()
	}
	for range 17 {
		wantCode(t, <-results, TropDEchecs)
	}
	close(turn)
	for range 3 {
		if err := <-results; err != nil {
			t.Errorf("one of the first three: %v", err)
		}
	}
	if len(entered) != 3 {
		t.Errorf("%d passwords were tried at once, want 3", len(entered))
	}
	if len(f.sources) != 0 {
		t.Errorf("who logged in is remembered: %v", f.sources)
	}
}

func TestBrakeRemembersABoundedNumberOfSources(t *testing.T) {
	now := time.Unix(1000, 0)
	f := NewBrake(2, time.Minute, func() time.Time { return now })
	wrong := func() error { return Codes.New(OrigineEtrangere) }
	f.Essai(from("hôte"), wrong)
	f.Essai(from("hôte"), wrong)
	for i := range maxSources + 50 {
		f.Essai(from(fmt.Sprint(i)), wrong)
	}
	if len(f.sources) > maxSources {
		t.Errorf("%d sources are remembered, at most %d", len(f.sources), maxSources)
	}
	wantCode(t, f.Essai(from("hôte"), wrong), TropDEchecs) // a flood does not wash it away
	now = now.Add(time.Hour)
	f.Essai(from("neuf"), wrong)
	if len(f.sources) > 1 {
		t.Errorf("%d sources are remembered after an hour, want 1", len(f.sources))
	}
}

func TestPipelinedAndMalformedRequestsEndTheirConnection(t *testing.T) {
	s, _, _ := running(t, http.NotFoundHandler(), Options{})
	for name, raw := range map[string]string{
		"smuggling": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
		"headers":   "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"no host":   "GET / HTTP/1.1\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", s.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, raw)
		line, _ := bufio.NewReader(conn).ReadString('\n')
		if !strings.Contains(line, " 400 ") && !strings.Contains(line, " 431 ") {
			t.Errorf("%s: answered %q", name, line)
		}
		conn.Close()
	}
}

func TestOldCiphersAreRefused(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "c.pem"), filepath.Join(dir, "c.key")
	pool := certificate(t, cert, key, "essai")
	s, _, _ := running(t, http.NotFoundHandler(), Options{Cert: cert, Cle: key})
	for _, c := range []struct {
		suite uint16
		taken bool
	}{{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true}, {tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false}} {
		conn, err := tls.Dial("tcp", strings.TrimPrefix(s.URL(), "https://"), &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{c.suite}})
		if (err == nil) != c.taken {
			t.Errorf("%s: %v", tls.CipherSuiteName(c.suite), err)
		}
		if conn != nil {
			conn.Close()
		}
	}
}
