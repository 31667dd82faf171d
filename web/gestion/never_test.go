package gestion

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"paye/app/send"
	"paye/vault"
	"paye/web/ui/uitest"
)

// A document that somebody dropped runs nothing in our name: what a browser
// would run is a file to keep.
func TestDroppedDocumentRunsNothing(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	evil := `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`
	page := drop(t, v, "/gestion/consulter", "journal.xhl", "a.svg="+evil, "b.html=<html><script>alert(1)</script>", "c.pdf=<html><script>alert(1)</script>", "d.pdf=%PDF-1.4 <script>")
	settled(t, v, page.Path)
	for i := range 4 {
		got := v.Get(page.Path + "/documents/" + string(rune('0'+i)))
		kind, how, policy := got.Header.Get("Content-Type"), got.Header.Get("Content-Disposition"), got.Header.Get("Content-Security-Policy")
		if got.Status != 200 || !strings.Contains(policy, "sandbox") || got.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(how, "attachment") && kind != "application/pdf" {
			t.Errorf("document %d: %d, %s, %s, %s", i, got.Status, kind, how, policy)
		}
	}
}

// Two clicks, or two persons, build and send once.
func TestTwoClicksDoAThingOnce(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	at := drop(t, v, "/gestion/preparer", exampleFiles(t)...)
	plan := settled(t, v, at.Path)
	both(func() { v.Post(at.Path+"/construire", "envoi", plan.Field("envoi")) }, func() { v.Post(at.Path+"/construire", "envoi", plan.Field("envoi")) })
	settled(t, v, at.Path).Want(t, 200, "Les volumes sont prêts")
	if list, err := b.tasks.List(t.Context(), "claire", taskBuild, 10); err != nil || len(list) != 1 {
		t.Errorf("two clicks built %d times, %v", len(list), err)
	}
	page := produced(t, v)
	denis := b.user(t, "denis", "*", vault.DroitDepot)
	b.platform(t)
	hold, open := make(chan struct{}), b.o.Tdt.Open
	b.o.Tdt.Open = func(ctx context.Context) (*send.Sender, error) { <-hold; return open(ctx) }
	release := sync.OnceFunc(func() { close(hold) })
	defer release()
	one, two := v.Get(page), denis.Get(page)
	v.Post(page+"/envoyer", "envoi", one.Field("envoi"))
	denis.Post(page+"/envoyer", "envoi", two.Field("envoi")).Want(t, 422, "Un travail est déjà en cours")
	release()
	settled(t, v, page).Want(t, 200, "déposé")
}

func both(f ...func()) {
	var wait sync.WaitGroup
	for _, one := range f {
		wait.Go(one)
	}
	wait.Wait()
}

// A server that stops in the middle says so, and the work goes on when it is
// asked to.
func TestWorkThatARestartCutGoesOn(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	b.platform(t)
	started := make(chan struct{})
	open := b.o.Tdt.Open
	b.o.Tdt.Open = func(ctx context.Context) (*send.Sender, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	v.Post(page+"/envoyer", "envoi", v.Get(page).Field("envoi"))
	<-started
	b.tasks.Close()
	v.Get(page).Want(t, 200, "Le serveur s’est arrêté pendant ce travail")
	o := b.o
	o.Tdt = &Platform{Name: o.Tdt.Name, Open: open}
	again, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close(context.Background())
	mux := http.NewServeMux()
	again.Register(mux)
	b.server.Config.Handler = mux
	v.Post(page+"/reprendre").Want(t, 200, "Paye de mai 2026")
	settled(t, v, page).Want(t, 200, "déposé")
}

// Whatever somebody does, the log holds no password, no session, no token and
// no name of an agent.
func TestLogHoldsNoSecret(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	v.Post("/connexion", "compte", "claire", "passe", "faux mot de passe secret")
	v = b.in(t, "claire")
	token := v.Post("/gestion/jetons", "nom", "robot", "portees", "check", "duree", "30")
	word := link(token, `xhl_[A-Z0-9]+`)
	page := drop(t, v, "/gestion/consulter", "journal.xhl")
	settled(t, v, page.Path)
	v.Get(page.Path + "?q=renaud")
	b.o.Log.Info("end of the test")
	log := b.log.String()
	secrets := []string{word, "faux mot de passe secret", "phrase de passe", "RENAUD", "Renaud"}
	secrets = append(secrets, v.Jar.All()...)
	for _, s := range secrets {
		if s == "" || strings.Contains(log, s) {
			t.Errorf("the log holds %q:\n%s", s, log)
		}
	}
	if strings.Contains(v.Get("/gestion/jetons").Body, word) {
		t.Error("a token is shown twice")
	}
}

// A form that is refused gives back what was typed into it.
func TestRefusedFormsKeepWhatWasTyped(t *testing.T) {
	b := newBench(t)
	b.employeur(t, true, false)
	b.dueOffice(t)
	b.hrTool(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	for path, fields := range map[string][]string{
		"/gestion/comptes":                            {"compte", "", "nom", "Une Personne"},
		"/gestion/jetons":                             {"nom", "robot de nuit", "duree", "30"},
		"/gestion/employeurs":                         {"siret", "123", "nom", "Commune Neuve"},
		"/gestion/rh/decider":                         {"fiche", "F-4711", "quoi", "link", "matricule", ""},
		"/gestion/declarations/mise-en-place/contact": {"qui", strings.Repeat("x", 101)},
	} {
		got := v.Post(path, fields...)
		if got.Status != 422 {
			t.Errorf("%s: %d", path, got.Status)
		}
		for i := 0; i+1 < len(fields); i += 2 {
			if value := fields[i+1]; value != "" && !strings.Contains(got.Body, value) {
				t.Errorf("%s: %s is lost", path, fields[i])
			}
		}
	}
}

// Each wrong thing that is dropped is told by what it is.
func TestWrongThingIsToldByWhatItIs(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	acquit := `<?xml version="1.0"?><n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2"></n:PES_ACQUIT>`
	for _, c := range []struct{ path, file, says string }{
		{"/gestion/consulter", "lettre.docx=PK\x03\x04xx", "aucun n'est un journal de paye"},
		{"/gestion/consulter", "retour.xml=" + acquit, "aucun n'est un journal de paye"},
		{"/gestion/consulter", "cassee.zip=PK\x03\x04 oups", "ne se lit pas"},
		{"/gestion/consulter", "vide.xhl=", "aucun n'est un journal de paye"},
		{"/gestion/preparer", "photo.png=\x89PNG\r\n\x1a\n", "aucun n'est un journal de paye"},
		{"/gestion/controler", "photo.png=\x89PNG\r\n\x1a\n", "à corriger avant l’envoi"},
	} {
		page := drop(t, v, c.path, c.file)
		if got := settled(t, v, page.Path); !got.Has(c.says) {
			t.Errorf("%s, %q: %s", c.path, strings.SplitN(c.file, "=", 2)[0], got.Text())
		}
	}
	if got := drop(t, v, "/gestion/acquittements", "journal.xhl"); !got.Has("pas pris") {
		t.Errorf("a journal as an acknowledgment: %s", got.Text())
	}
	if left, err := os.ReadDir(filepath.Join(b.dir, "gestion")); err != nil || len(left) == 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// The pages of one are not those of another, the new ones included: the same
// answer as for what does not exist.
func TestNobodySeesTheFluxesOfAnother(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	flux, _ := sent(t, v, b.platform(t), page)
	eve := b.user(t, "eve", "13002526500013", vault.Droits...)
	nothing := eve.Get("/gestion/rien-de-tel")
	same := func(got uitest.Page, what string) {
		t.Helper()
		if got.Status != 404 || got.Text() != nothing.Text() {
			t.Errorf("%s answered %d: %.100s", what, got.Status, got.Text())
		}
	}
	for _, path := range []string{page, flux, flux + "/fichier", flux + "/pieces.csv", flux + "/renvoyer"} {
		same(eve.Get(path), path)
	}
	for _, path := range []string{page + "/envoyer", page + "/nouvelles", page + "/annuler", page + "/reprendre", flux + "/regler", flux + "/abandonner", flux + "/renvoyer"} {
		same(eve.Post(path, "envoi", "x"), path)
	}
}
