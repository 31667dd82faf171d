package gestion

import (
	"os"
	"path/filepath"
	"testing"

	"paye/app/send/sendtest"
	"paye/vault"
	"paye/web/ui/uitest"
)

// What a flux goes through after it was made, in a real browser: it is sent, its
// acknowledgment is dropped, a person decides about what was refused, and what
// may leave again leaves.
func TestReturnOfAnAcknowledgment(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	d := b.platform(t)
	w := uitest.NewBrowser(t, b.server.URL)
	enter(w, "claire")
	everyLook(w, "paye-a-envoyer", page)
	w.Click("form[action$='/envoyer'] button")
	w.Wait("Dernier envoi")
	everyLook(w, "paye-envoyee", page)
	files, err := filepath.Glob(filepath.Join(d.deposits, "*.xml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("at the platform: %v, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	flux := page + "/" + filepath.Base(files[0])
	ids := pieceIDs(t, b, flux)
	answer := filepath.Join(t.TempDir(), "PES_ACQUIT_1.xml")
	refused := map[string]sendtest.Refusal{ids[1]: {NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 - doublon"}, ids[2]: {NumAnoAck: "ERREUR_PJ", Libelle: "extension"}, ids[3]: {NumAnoAck: "ERREUR_TIMEOUT", Libelle: "délai"}}
	if err := os.WriteFile(answer, sendtest.Acquit(t, text, "2026-11-28", refused), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Open("/gestion/acquittements")
	everyLook(w, "acquittement", "/gestion/acquittements")
	w.Choose("#f-fichiers", answer)
	w.Submit("main form button")
	w.Wait("des pièces sont refusées")
	everyLook(w, "retour", uitest.Eval[string](w, "location.pathname"))
	everyLook(w, "flux-refuse", flux)
	w.Submit("main a.button[href*='renvoyer']")
	w.Wait("Faire le nouveau flux")
	everyLook(w, "renvoi", flux+"/renvoyer")
	w.Submit("main form button")
	w.Wait("Un nouveau flux porte les pièces refusées")
	everyLook(w, "flux-renvoye", uitest.Eval[string](w, "location.pathname"))
	w.Open(page)
	w.Wait("produit")
	w.Click("form[action$='/envoyer'] button")
	w.Wait("Demander des nouvelles")
	everyLook(w, "payes", "/gestion/flux")
}
