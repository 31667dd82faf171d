package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"paye/app/deposit"
	"paye/internal/ledger"
	"paye/vault"
	"paye/web/gestion"
	"paye/web/token"
)

const exemple = "../../testdata/exemple/"

type bench struct {
	t      *testing.T
	url    string
	api    *API
	tokens *token.Tokens
	v      *vault.Coffre
}

func newBench(t *testing.T, with ...func(*gestion.Options)) *bench {
	t.Helper()
	dir := t.TempDir()
	if err := vault.Init(t.Context(), filepath.Join(dir, "coffre"), vault.InitOptions{}); err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(t.Context(), filepath.Join(dir, "coffre"), vault.Options{Controle: deposit.RecipientControl()})
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := gestion.Schemas()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), dir, time.Now, schemas...)
	if err != nil {
		t.Fatal(err)
	}
	o := gestion.Options{Ledger: l, State: dir, Coffre: v, Version: "essai"}
	for _, f := range with {
		f(&o)
	}
	console, err := gestion.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"robot", "autre"} {
		if err := v.Comptes().AddUtilisateur(t.Context(), vault.Systeme("essai"), login, "", "une longue phrase de passe"); err != nil {
			t.Fatal(err)
		}
	}
	b := &bench{t: t, tokens: token.NewTokens(l), v: v}
	b.api = New(Options{Tokens: b.tokens, Ledger: l, Console: console, Coffre: v, Spool: dir, Version: "essai"})
	s := httptest.NewServer(b.api)
	b.url = s.URL
	t.Cleanup(func() {
		s.Close()
		console.Close(context.Background())
		l.Close()
		v.Close(context.Background())
	})
	return b
}

func (b *bench) token(login string, scopes ...token.Scope) string {
	b.t.Helper()
	word, err := b.tokens.New(b.t.Context(), login, "essai", time.Hour, scopes...)
	if err != nil {
		b.t.Fatal(err)
	}
	return word
}

// ask sends a request and decodes the answer.
func (b *bench) ask(method, path, bearer string, body []byte, headers ...string) (int, map[string]any, http.Header) {
	b.t.Helper()
	r, err := http.NewRequest(method, b.url+path, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	answer := map[string]any{}
	if strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(text, &answer); err != nil {
			b.t.Fatalf("%s: %v", text, err)
		}
	}
	return resp.StatusCode, answer, resp.Header
}

func journal(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(exemple + "journal.xhl")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCheckAnswersWithTheVerdict(t *testing.T) {
	b := newBench(t)
	robot := b.token("robot", token.Check)
	status, v, _ := b.ask("POST", "/api/v1/check?nom=paye.xhl", robot, journal(t))
	if status != 200 || v["ok"] != true || v["fichiers"].([]any)[0].(map[string]any)["bulletins"] != 40.0 {
		t.Errorf("%d %v", status, v)
	}
	status, v, _ = b.ask("POST", "/api/v1/check", robot, []byte("bonjour"))
	if status != 200 || v["ok"] != false {
		t.Errorf("%d %v", status, v)
	}
}

func TestTokenIsAskedWithItsScope(t *testing.T) {
	b := newBench(t)
	old := b.token("robot", token.Check)
	for name, tc := range map[string]struct {
		bearer, code string
		status       int
	}{
		"none":           {"", NoToken, 401},
		"made up":        {"xhl_" + strings.Repeat("A", 52), TokenRefused, 401},
		"another scope":  {b.token("robot", token.Flux), NoScope, 403},
		"of the vault":   {"c29tZXRoaW5n", TokenRefused, 401},
		"with no scopes": {b.token("robot"), NoScope, 403},
	} {
		status, v, h := b.ask("POST", "/api/v1/check", tc.bearer, nil)
		if status != tc.status || v["code"] != tc.code || h.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v", name, status, v)
		}
	}
	if err := b.v.Comptes().CloseCompte(t.Context(), vault.Systeme("essai"), "robot"); err != nil {
		t.Fatal(err)
	}
	if status, v, _ := b.ask("GET", "/api/v1/status", old, nil); status != 401 {
		t.Errorf("of a shut account: %d %v", status, v)
	}
}

// settled asks for a job until it is over.
func (b *bench) settled(path, bearer string) map[string]any {
	b.t.Helper()
	for range 5000 {
		status, j, _ := b.ask("GET", path, bearer, nil)
		if status != 200 {
			b.t.Fatalf("%d %v", status, j)
		}
		if s := j["etat"]; s != "attente" && s != "en_cours" {
			return j
		}
	}
	b.t.Fatal("the job never ends")
	return nil
}

func TestBuildIsAJobThatIsItsOwnersAlone(t *testing.T) {
	b := newBench(t)
	robot, autre := b.token("robot", token.Prepare), b.token("autre", token.Prepare)
	run, err := os.ReadFile(exemple + "journal.xhl")
	if err != nil {
		t.Fatal(err)
	}
	// The journal of the example references pieces: without them it cannot be built.
	status, j, h := b.ask("POST", "/api/v1/build?format=zip&limit=80Mo&nom=paye.xhl", robot, run, "Idempotency-Key", "k1")
	if status != 202 || !strings.HasPrefix(h.Get("Location"), "/api/v1/jobs/") {
		t.Fatalf("%d %v", status, j)
	}
	if j := b.settled(h.Get("Location"), robot); j["etat"] != "echec" || j["faute"].(map[string]any)["code"] == "" {
		t.Errorf("%v", j)
	}
	again, k, _ := b.ask("POST", "/api/v1/build?format=zip&limit=80Mo&nom=paye.xhl", robot, run, "Idempotency-Key", "k1")
	if again != 202 || k["id"] != j["id"] {
		t.Errorf("the same again: %d %v, %v before", again, k["id"], j["id"])
	}
	if status, k, _ := b.ask("POST", "/api/v1/build?format=zip&limit=50Mo", robot, run, "Idempotency-Key", "k1"); status != 422 || k["code"] != OtherBody {
		t.Errorf("another with the same key: %d %v", status, k)
	}
	for _, path := range []string{h.Get("Location"), h.Get("Location") + "/volumes/volume-01.zip"} {
		if status, k, _ := b.ask("GET", path, autre, nil); status != 404 {
			t.Errorf("%s for another: %d %v", path, status, k)
		}
	}
	archive := zipped(t)
	_, _, h = b.ask("POST", "/api/v1/build?format=zip&limit=80Mo&nom=paye.zip", robot, archive)
	if j := b.settled(h.Get("Location"), robot); j["etat"] != "fini" || j["livraison"] == nil {
		t.Fatalf("%v", j)
	}
	if status, _, h := b.ask("GET", h.Get("Location")+"/volumes/volume-01.zip", robot, nil); status != 200 || h.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("the volume: %d", status)
	}
}

func TestTwoMonthsAreCompared(t *testing.T) {
	b := newBench(t)
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, name := range []string{"avant", "apres"} {
		w, err := m.CreateFormFile(name, "j.xhl")
		if err != nil {
			t.Fatal(err)
		}
		text := journal(t)
		if name == "avant" {
			text = bytes.Replace(text, []byte(`<Mois V="05"/>`), []byte(`<Mois V="04"/>`), 1)
		}
		w.Write(text)
	}
	m.Close()
	robot := b.token("robot", token.Check)
	status, v, _ := b.ask("POST", "/api/v1/variations", robot, body.Bytes(), "Content-Type", m.FormDataContentType())
	if status != 200 || v["synthese"] == nil {
		t.Errorf("%d %v", status, v)
	}
	if status, v, _ := b.ask("POST", "/api/v1/variations", robot, nil); status != 422 || v["code"] != TwoMonths {
		t.Errorf("%d %v", status, v)
	}
}

// The description names the routes that there are, each once, with its scope.
func TestDescriptionIsThatOfTheHandlers(t *testing.T) {
	b := newBench(t)
	var doc struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(description, &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatal(doc.OpenAPI, err)
	}
	var said []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if method == "parameters" {
				continue
			}
			said = append(said, strings.ToUpper(method)+" "+path)
			if !bytes.Contains(op, []byte(`"operationId"`)) || !bytes.Contains(op, []byte(`"security"`)) {
				t.Errorf("%s %s has no name or no security", method, path)
			}
		}
	}
	slices.Sort(said)
	there := slices.Sorted(slices.Values(b.api.routes))
	if !slices.Equal(said, there) {
		t.Errorf("described %v\nserved    %v", said, there)
	}
}

func TestCodesSpeakBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}
