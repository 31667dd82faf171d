package gestion

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/vault"
	"paye/web/ui/uitest"
)

// siretExemple is the employer of testdata/exemple.
const siretExemple = "21967564200017"

// employeur records the employer of the example, with its archive.
func (b *bench) employeur(t testing.TB, actif, double bool) (archive string) {
	t.Helper()
	sys := vault.Systeme("essai")
	if err := b.v.Registre().AddEmployeur(t.Context(), sys, siretExemple, "Commune de Castelbrume", nil); err != nil {
		t.Fatal(err)
	}
	if err := b.v.Registre().SetEmployeur(t.Context(), sys, siretExemple, func(e *vault.Employeur) { e.Actif, e.DoubleValidation = actif, double }); err != nil {
		t.Fatal(err)
	}
	archive = t.TempDir()
	if err := (store{b.v}).Put(t.Context(), kindArchive, siretExemple, []byte(`"`+archive+`"`), 0); err != nil {
		t.Fatal(err)
	}
	return archive
}

// The table of the product: module, option, right. Buttons are absent, greyed or
// active, and the address answers as the button shows.
func TestGatesOfTheVault(t *testing.T) {
	for _, module := range []bool{false, true} {
		for _, option := range []bool{false, true} {
			if !module && option {
				continue // an option of an employer that the vault does not know is none
			}
			b := newBench(t)
			if module {
				b.employeur(t, option, false)
			}
			for _, right := range []bool{false, true} {
				login, rights := "sans", []vault.Droit{}
				if right {
					login, rights = "avec", []vault.Droit{vault.DroitDepot, vault.DroitSuivi}
				}
				v := b.user(t, login, siretExemple, rights...)
				page, base := v.Get("/gestion"), "/gestion/coffre/"+siretExemple
				menu := strings.Contains(page.Body, "Coffre-fort")
				greyed := strings.Contains(page.Body, `aria-disabled="true"`)
				wantMenu, wantGreyed, wantStatus := module && right, module && right && !option, 404
				switch {
				case wantGreyed:
					wantStatus = 422
				case wantMenu:
					wantStatus = 200
				}
				if menu != wantMenu || greyed != wantGreyed {
					t.Errorf("module %v option %v right %v: menu %v, greyed %v", module, option, right, menu, greyed)
				}
				for _, path := range []string{"/depot", "/suivi"} {
					if got := v.Get(base + path); got.Status != wantStatus {
						t.Errorf("module %v option %v right %v: %s answered %d, want %d", module, option, right, path, got.Status, wantStatus)
					}
				}
				if got := drop(t, v, base+"/depot", "journal.xhl"); wantStatus != 200 && got.Status != wantStatus {
					t.Errorf("module %v option %v right %v: a deposit answered %d, want %d", module, option, right, got.Status, wantStatus)
				}
			}
		}
	}
}

func TestDepositThenFollowUpThenSecondPerson(t *testing.T) {
	b := newBench(t)
	archive := b.employeur(t, true, true)
	alice := b.user(t, "alice", siretExemple, vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	bob := b.user(t, "bob", siretExemple, vault.DroitSuivi, vault.DroitValidation)
	base := "/gestion/coffre/" + siretExemple
	alice.Get(base+"/suivi").Want(t, 200, "Aucun dépôt n'a été effectué pour cette entreprise.")
	page := drop(t, alice, base+"/depot", "mode==depot", "journal.xhl")
	done := settled(t, alice, page.Path).Want(t, 200, "une autre personne doit valider ce dépôt")
	const waits = "Un dépôt attend votre validation : "
	bob.Get("/gestion").Want(t, 200, waits).Want(t, 200, "mai 2026 40 bulletins, par alice")
	if bob.Get("/gestion").Has("Pour commencer") {
		t.Error("who is waited for is told how to begin")
	}
	if alice.Get("/gestion").Has(waits) {
		t.Error("who deposited is asked to validate")
	}
	if done.Has("Validé par") {
		t.Error("nobody validated yet, and the page has his place")
	}
	detail := link(done, base+`/versements/[0-9a-f]+`)
	follow := alice.Get(base+"/suivi").Want(t, 200, "Etape Importé le Fichiers Documents Annexes Déposé par Validés Validé par Statut ⋮")
	if !follow.Has("Vérification 28/11/2026 09:00:00 1 40 0 xhl 0/40") {
		t.Errorf("the line of the deposit: %s", follow.Text())
	}
	alice.Get(detail).Want(t, 200, "qui dépose ne valide pas")
	if got := alice.Post(detail + "/valider"); got.Status != 422 {
		t.Errorf("who deposited validates: %d", got.Status)
	}
	bob.Post(detail+"/valider").Want(t, 200, "les agents voient leurs bulletins")
	bob.Get(base+"/suivi").Want(t, 200, "40/40 bob")
	if bob.Get("/gestion").Has(waits) {
		t.Error("a deposit that was validated still waits")
	}
	if got := bob.Get(base + "/suivi?col=0&col=8"); got.Has("Importé le") && strings.Contains(got.Body, `<th scope="col">Importé le`) {
		t.Error("a column that was not chosen is shown")
	}
	if got := bob.Get(base + "/suivi.csv"); got.Status != 200 || !strings.HasPrefix(got.Body, "Etape;Importé le;") {
		t.Errorf("CSV: %d %.60s", got.Status, got.Body)
	}
	pdfs, err := filepath.Glob(filepath.Join(archive, siretExemple, "*", "*.pdf"))
	if err != nil || len(pdfs) != 40 {
		t.Errorf("%d PDFs in the archive, %v", len(pdfs), err)
	}
	again := drop(t, alice, base+"/depot", "mode==depot", "journal.xhl")
	settled(t, alice, again.Path).Want(t, 200, "Ce journal était déjà déposé")
}

func TestPDFOnlyDepositsNothing(t *testing.T) {
	b := newBench(t)
	archive := b.employeur(t, true, false)
	v := b.user(t, "alice", siretExemple, vault.DroitDepot, vault.DroitSuivi)
	base := "/gestion/coffre/" + siretExemple
	page := drop(t, v, base+"/depot", "mode==pdf", "journal.xhl")
	settled(t, v, page.Path).Want(t, 200, "rien n’a été déposé")
	v.Get(base+"/suivi").Want(t, 200, "Aucun dépôt")
	if err := os.RemoveAll(archive); err != nil {
		t.Fatal(err)
	}
	if got := drop(t, v, base+"/depot", "mode==depot", "journal.xhl"); got.Status != 422 || !got.Has("COF-601") {
		t.Errorf("without the archive: %d %s", got.Status, got.Text())
	}
}

// What is another's answers as what does not exist, whatever is asked and by
// whom, with the same words.
func TestNobodySeesWhatIsAnothers(t *testing.T) {
	b := newBench(t)
	b.employeur(t, true, true)
	alice := b.user(t, "alice", siretExemple, vault.Droits...)
	base := "/gestion/coffre/" + siretExemple
	prepared := drop(t, alice, "/gestion/preparer", exampleFiles(t)...).Path
	settled(t, alice, prepared)
	checked := drop(t, alice, "/gestion/controler", "journal.xhl").Path
	settled(t, alice, checked)
	book := drop(t, alice, "/gestion/consulter", "journal.xhl").Path
	settled(t, alice, book)
	deposited := drop(t, alice, base+"/depot", "mode==depot", "journal.xhl").Path
	detail := link(settled(t, alice, deposited), base+`/versements/[0-9a-f]+`)
	gets := []string{prepared, prepared + "/dessin.svg", prepared + "/volumes/manifest.json", prepared + "/tout.zip", checked, checked + "/rapport.html",
		book, book + "/bulletins.csv", book + "/bulletins/1", book + "/totaux", book + "/totaux.csv", book + "/comparer", book + "/pieces/1/0",
		base, base + "/depot", base + "/suivi", base + "/suivi.csv", deposited, detail, "/gestion/employeurs/" + siretExemple, "/gestion/comptes/alice", "/gestion/journal",
		"/gestion/flux/" + siretExemple + "/2026-05"}
	posts := []string{prepared + "/plan", prepared + "/construire", prepared + "/annuler", prepared + "/reprendre", prepared + "/effacer", checked + "/annuler", checked + "/reprendre",
		book + "/fermer", book + "/annuler", book + "/reprendre", deposited + "/annuler", deposited + "/reprendre", detail + "/valider", detail + "/rejeter",
		"/gestion/employeurs/" + siretExemple, "/gestion/comptes/alice/droits", "/gestion/comptes/alice/etat", "/gestion/comptes/alice/invitation", "/gestion/comptes/alice/facteurs", "/gestion/comptes/alice/adresse"}
	for name, v := range map[string]*uitest.Visitor{
		"no rights":        b.user(t, "eve", siretExemple),
		"another employer": b.user(t, "autre", "13002526500013", vault.Droits...),
	} {
		nothing := v.Get("/gestion/rien-de-tel")
		for _, path := range gets {
			if got := v.Get(path); got.Status != 404 || got.Text() != nothing.Text() {
				t.Errorf("%s: GET %s answered %d", name, path, got.Status)
			}
		}
		for _, path := range posts {
			if got := v.Post(path, "motif", "x"); got.Status != 404 || got.Text() != nothing.Text() {
				t.Errorf("%s: POST %s answered %d: %.200s", name, path, got.Status, got.Text())
			}
		}
	}
	settled(t, alice, book).Want(t, 200, "Total net à payer")
}
