package ui

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"paye/web/ui/uitest"
)

// named is the address of the server by a name, which passkeys need.
func (b *bench) named() string { return strings.Replace(b.server.URL, "127.0.0.1", "localhost", 1) }

func signIn(b *uitest.Browser, login string) {
	b.T.Helper()
	b.Open("/connexion")
	b.Type("#f-compte", login)
	b.Type("#f-passe", word)
	b.Submit("main form button")
	b.Wait("Accueil")
}

func TestComponentsInABrowser(t *testing.T) {
	b := newBench(t)
	b.Gallery("/gestion/composants")
	w := uitest.NewBrowser(t, b.named())
	for _, width := range []int{320, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			w.Look(width, scheme)
			if width == 320 && scheme == "light" {
				w.Open("/connexion")
				w.Shot("connexion-320")
				w.Judge("connexion 320")
				signIn(w, "claire")
			}
			name := "composants-" + scheme + map[int]string{320: "-320", 1280: "-1280"}[width]
			w.Open("/gestion/composants")
			w.Shot(name)
			w.Judge(name)
		}
	}
	w.Open("/connexion/compte")
	w.Shot("compte-1280-dark")
	w.Judge("compte")
	w.Open("/connexion/compte/codes")
	w.Shot("codes-1280-dark")
	w.Judge("codes")
}

func TestSignInWithoutScript(t *testing.T) {
	b := newBench(t)
	w := uitest.NewBrowser(t, b.named())
	w.NoScript()
	w.Open("/gestion")
	w.Type("#f-compte", "claire")
	w.Type("#f-passe", word)
	w.Submit("main form button")
	if got := w.Text(); !strings.Contains(got, "Accueil") {
		t.Errorf("got %q", got)
	}
}

func TestPasskeyReplacesThePassword(t *testing.T) {
	b := newBench(t)
	w := uitest.NewBrowser(t, b.named())
	w.Open("/connexion")
	if _, err := chromedp.Call(w.Ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(w.Ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Ctap2version: webauthn.Ctap2versionCtap21, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	if err != nil {
		t.Fatal(err)
	}
	signIn(w, "claire")
	w.Open("/connexion/compte")
	w.Click("button[data-passkey=register]")
	w.Wait("La clé d’accès est enregistrée")
	w.Shot("compte-cle")
	w.Submit(".who form[action='/deconnexion'] button")
	w.Open("/connexion?retour=/gestion?vue=1")
	w.Click("button[data-passkey=login]")
	w.Wait("Accueil")
	if at := uitest.Eval[string](w, "location.pathname + location.search"); at != "/gestion?vue=1" {
		t.Errorf("after the door %s", at)
	}
	// The password alone is no longer enough.
	v := uitest.NewVisitor(t, b.server)
	v.Post("/connexion", "compte", "claire", "passe", word).Want(t, 200, "Deuxième étape")
}

func TestPasskeysAskForAName(t *testing.T) {
	b := newBench(t)
	v := b.in(t, "claire")
	v.Get("/connexion/compte").Want(t, 200, "il est ouvert ici par une adresse IP")
	if p := v.Post("/connexion/compte/cle/debut"); p.Status != 404 {
		t.Errorf("answered %d", p.Status)
	}
}
