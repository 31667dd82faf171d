package ui

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"paye/web/ui/uitest"
)

func TestProConnectSignsInWhoseMailAnAdministratorWrote(t *testing.T) {
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.HS256} {
		clock := newBench(t)
		p := newStrict(t, alg, clock.now)
		b := newBench(t, p.provider())
		if err := b.SetMail(t.Context(), "claire", "Claire@Ville.example"); err != nil {
			t.Fatal(err)
		}
		v := uitest.NewVisitor(t, b.server)
		in := v.Get("/connexion/oidc/proconnect?retour=/gestion?mois=11")
		if in.Path != "/gestion?mois=11" || in.Status != 200 {
			t.Fatalf("%s: %s %d %s", alg, in.Path, in.Status, in.Text())
		}
		// From then on the subject counts, whatever the address is.
		p.who["email"] = "another@ville.example"
		uitest.NewVisitor(t, b.server).Get("/connexion/oidc/proconnect").Want(t, 200, "Accueil")
	}
}

func TestWhatAProviderGetsWrongIsRefused(t *testing.T) {
	for _, lie := range []string{"state", "nonce", "audience", "expired", "subject", "userinfo audience", "plain userinfo"} {
		clock := newBench(t)
		p := newStrict(t, jose.ES256, clock.now)
		b := newBench(t, p.provider())
		if err := b.SetMail(t.Context(), "claire", "claire@ville.example"); err != nil {
			t.Fatal(err)
		}
		p.lies = lie
		v := uitest.NewVisitor(t, b.server)
		if got := v.Get("/connexion/oidc/proconnect"); got.Status != 422 || v.Jar.Get("__Host-essai") != "" {
			t.Errorf("%s: %d %s", lie, got.Status, got.Text())
		}
	}
}

func TestIdentityWithoutAccountSaysWhatToDo(t *testing.T) {
	clock := newBench(t)
	p := newStrict(t, jose.ES256, clock.now)
	b := newBench(t, p.provider())
	uitest.NewVisitor(t, b.server).Get("/connexion/oidc/proconnect").Want(t, 422, "Demandez à un administrateur")
}

func TestAnswerIsGoodOnce(t *testing.T) {
	clock := newBench(t)
	p := newStrict(t, jose.ES256, clock.now)
	b := newBench(t, p.provider())
	if err := b.SetMail(t.Context(), "claire", "claire@ville.example"); err != nil {
		t.Fatal(err)
	}
	v := uitest.NewVisitor(t, b.server)
	var answer string
	v.Client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.Contains(r.URL.Path, "/retour") {
			answer = r.URL.RequestURI()
		}
		return nil
	}
	v.Get("/connexion/oidc/proconnect").Want(t, 200, "Accueil")
	v.Get(answer).Want(t, 422, "commencée ailleurs ou il y a trop longtemps")
	uitest.NewVisitor(t, b.server).Get(answer).Want(t, 422, "commencée ailleurs")
}

func TestSigningOutGoesOnAtTheProvider(t *testing.T) {
	clock := newBench(t)
	p := newStrict(t, jose.ES256, clock.now)
	b := newBench(t, p.provider())
	if err := b.SetMail(t.Context(), "claire", "claire@ville.example"); err != nil {
		t.Fatal(err)
	}
	v := uitest.NewVisitor(t, b.server)
	v.Get("/connexion/oidc/proconnect")
	out := v.Post("/deconnexion").Want(t, 200, "Terminer la déconnexion")
	if !strings.Contains(out.Body, p.server.URL+"/session/end?id_token_hint=") {
		t.Errorf("got %s", out.Body)
	}
	v.Get("/gestion").Want(t, 200, "Connexion")
}

func TestOwnerLinksHisIdentityAndNoOther(t *testing.T) {
	clock := newBench(t)
	p := newStrict(t, jose.ES256, clock.now)
	b := newBench(t, p.provider())
	claire, denis := b.in(t, "claire"), b.in(t, "denis")
	claire.Get("/connexion/oidc/proconnect?retour=/connexion/compte").Want(t, 200, "ProConnect")
	denis.Get("/connexion/oidc/proconnect").Want(t, 422, "liée à un autre compte")
	uitest.NewVisitor(t, b.server).Get("/connexion/oidc/proconnect").Want(t, 200, "Accueil")
}

// The plain profile: a provider of the registry, with its own page of sign-in.
func TestPlainProviderWithPKCE(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	old := slog.Default() // SetupServer changes that of the process
	defer slog.SetDefault(old)
	issuer := "http://" + l.Addr().String()
	b := newBench(t, Provider{ID: "plain", Name: "Keycloak", Issuer: issuer + "/", ClientID: "web", Secret: "secret"})
	storage.RegisterClients(storage.WebClient("web", "secret", b.server.URL+"/connexion/oidc/plain/retour"))
	op := http.Server{Handler: exampleop.SetupServer(issuer+"/", storage.NewStorage(storage.NewUserStore(issuer+"/")), slog.New(slog.DiscardHandler), false)}
	go op.Serve(l)
	t.Cleanup(func() { op.Close() })
	if err := b.SetMail(t.Context(), "claire", "test-user@zitadel.ch"); err != nil {
		t.Fatal(err)
	}
	v := uitest.NewVisitor(t, b.server)
	page := v.Get("/connexion/oidc/plain")
	id := page.Field("id")
	if id == "" {
		t.Fatalf("no page of sign-in: %d %s", page.Status, page.Body)
	}
	there := &uitest.Visitor{T: t, URL: issuer, Jar: v.Jar, Client: v.Client, Lang: "fr"}
	there.Post("/login/username", "id", id, "username", "test-user@127.0.0.1", "password", "verysecure").Want(t, 200, "Accueil")
}
