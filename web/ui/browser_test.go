package ui

import (
	"slices"
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

// On a phone rows are cards: nothing is scrolled sideways, each cell says what it is of,
// and who listens is told of the same table.
func TestRowsAreCardsOnAPhone(t *testing.T) {
	b := newBench(t)
	b.Gallery("/gestion/composants")
	w := uitest.NewBrowser(t, b.named())
	signIn(w, "claire")
	trees := map[int]string{}
	for _, width := range []int{1280, 390} {
		w.Look(width, "light")
		w.Open("/gestion/composants")
		w.Judge("composants")
		trees[width] = strings.Join(w.Tree(), "\n")
		labels := uitest.Eval[[]string](w, "[...document.querySelectorAll('#table tbody tr:first-child td')].map(e => [...getComputedStyle(e, '::before').content.matchAll(/\"([^\"]*)\"/g)].map(m => m[1])[0] ?? '')")
		if cards := slices.Contains(labels, "Octets"); cards != (width == 390) {
			t.Errorf("%d pixels: cells are called %q", width, labels)
		}
		if sort := uitest.Eval[bool](w, "[...document.querySelectorAll('thead a')].every(e => e.checkVisibility() && e.getBoundingClientRect().width > 10)"); !sort {
			t.Errorf("%d pixels: what sorts is out of reach", width)
		}
	}
	for _, part := range []string{"table Volumes", "columnheader Octets", "rowheader ", "cell "} {
		for width, tree := range trees {
			if strings.Count(tree, part) == 0 || strings.Count(tree, part) != strings.Count(trees[1280], part) {
				t.Errorf("%d pixels: %d times %q for who listens, %d on a desk", width, strings.Count(tree, part), part, strings.Count(trees[1280], part))
			}
		}
	}
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
