package gestion

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/vault"
	"paye/web/ui/uitest"
)

// enter signs in with the form.
func enter(w *uitest.Browser, login string) {
	w.T.Helper()
	w.Open("/connexion")
	w.Type("#f-compte", login)
	w.Type("#f-passe", word)
	w.Submit("main form button")
}

// choose puts files into the field of a page.
func choose(w *uitest.Browser, names ...string) {
	w.T.Helper()
	for i, name := range names {
		names[i] = filepath.Join(exemple, name)
	}
	w.Choose("#f-fichiers", names...)
}

// everyLook shows a page at two widths, light and dark, and judges it each time:
// narrow and light, wide and dark; all four when pictures or the slow proofs
// are asked for.
func everyLook(w *uitest.Browser, name, path string) {
	w.T.Helper()
	all := os.Getenv("XHL_SHOTS") != "" || os.Getenv("XHL_FULL") != ""
	for _, width := range []int{320, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			if !all && (width == 320) != (scheme == "light") {
				continue
			}
			w.Look(width, scheme)
			w.Open(path)
			shot := fmt.Sprintf("%s-%d-%s", name, width, scheme)
			w.Shot(shot)
			w.Judge(shot)
		}
	}
	w.Look(1280, "light")
}

// The month of a payroll officer: from an empty machine to delivered volumes,
// without a command, in a real browser.
func TestMonthOfAPayrollOfficer(t *testing.T) {
	b := newBench(t)
	w := uitest.NewBrowser(t, strings.Replace(b.server.URL, "127.0.0.1", "localhost", 1))
	path, err := b.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Open("/")
	w.Shot("machine")
	w.Open(path)
	w.Shot("premier")
	w.Type("#f-compte", "claire")
	w.Type("#f-nom", "Claire Martin")
	w.Type("#f-passe", word)
	w.Type("#f-passe2", word)
	w.Submit("main form button")
	w.Wait("Votre compte est créé")
	w.Shot("accueil")
	w.Open("/gestion/preparer")
	choose(w, exampleFiles(t)...)
	w.Submit("main form button")
	w.Wait("Construire les volumes")
	at := uitest.Eval[string](w, "location.pathname")
	tree := strings.Join(w.Tree(), "\n")
	for _, part := range []string{"navigation Menu", "navigation Fil d’Ariane", "heading Commune de Castelbrume, mai 2026", "table Volumes", "columnheader Taille", "button Construire les volumes", "radio des flux PES PJ", "textbox Limite d’un volume", "combobox Découpage"} {
		if !strings.Contains(tree, part) {
			t.Errorf("a screen reader is not told of %q:\n%s", part, tree)
		}
	}
	everyLook(w, "preparation", at)
	w.Click("form[action$='/construire'] button")
	w.Wait("Les volumes sont prêts")
	everyLook(w, "livraison", at)
	everyLook(w, "accueil", "/gestion")
	everyLook(w, "preparer", "/gestion/preparer")
}

// What a TDT's operator does: drop a file, read the verdict.
func TestVerdictForAnOperator(t *testing.T) {
	b := newBench(t)
	b.user(t, "denis", "*", vault.Droits...)
	w := uitest.NewBrowser(t, b.server.URL)
	enter(w, "denis")
	w.Open("/gestion/controler")
	choose(w, "journal.xhl")
	w.Submit("main form button")
	w.Wait("Rien n’empêche l’envoi")
	everyLook(w, "controle", uitest.Eval[string](w, "location.pathname"))
	w.Open("/gestion/consulter")
	choose(w, exampleFiles(t)...)
	w.Submit("main form button")
	w.Wait("Total net à payer")
	book := uitest.Eval[string](w, "location.pathname")
	everyLook(w, "paye", book)
	everyLook(w, "bulletin", book+"/bulletins/3")
	everyLook(w, "totaux", book+"/totaux")
	for name, path := range map[string]string{"comptes": "/gestion/comptes", "compte-denis": "/gestion/comptes/denis", "employeurs": "/gestion/employeurs", "flux": "/gestion/flux", "journal": "/gestion/journal", "ma-connexion": "/connexion/compte"} {
		everyLook(w, name, path)
	}
}

// The same without script, as far as the volumes.
func TestMonthWithoutScript(t *testing.T) {
	b := newBench(t)
	b.user(t, "claire", "*", vault.Droits...)
	w := uitest.NewBrowser(t, b.server.URL)
	w.NoScript()
	enter(w, "claire")
	w.Open("/gestion/preparer")
	choose(w, exampleFiles(t)...)
	w.Submit("main form button")
	at := uitest.Eval[string](w, "location.pathname")
	settled(t, b.in(t, "claire"), at)
	w.Open(at)
	w.Submit("form[action$='/construire'] button")
	settled(t, b.in(t, "claire"), at)
	w.Open(at)
	if got := w.Text(); !strings.Contains(got, "Les volumes sont prêts") {
		t.Errorf("got %q", got)
	}
}
