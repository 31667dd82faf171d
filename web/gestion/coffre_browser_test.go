package gestion

import (
	"slices"
	"testing"

	"paye/vault"
	"paye/vault/remise"
	"paye/web/ui/uitest"
)

// menuState is how the entry of the vault shows.
const menuState = `(() => {
	if (document.querySelector('.menu a[href="/gestion/coffre"]')) return 'active';
	const greyed = document.querySelector('.menu .greyed[aria-disabled="true"]');
	return greyed && greyed.innerText === 'Coffre-fort' && greyed.title ? 'greyed' : 'absent';
})()`

// The table of the product, as eyes and hands meet it: module, option, right.
func TestGatesOfTheVaultInABrowser(t *testing.T) {
	for _, module := range []bool{false, true} {
		for _, option := range []bool{false, true} {
			b := newBench(t)
			if module { // an option of an employer that the vault does not know is none
				b.employeur(t, option, false)
			}
			for _, right := range []bool{false, true} {
				login, rights := "sans", []vault.Droit{}
				if right {
					login, rights = "avec", []vault.Droit{vault.DroitDepot, vault.DroitSuivi}
				}
				b.user(t, login, siretExemple, rights...)
				w := uitest.NewBrowser(t, b.server.URL)
				enter(w, login)
				want := "absent"
				switch {
				case module && right && option:
					want = "active"
				case module && right:
					want = "greyed"
				}
				if got := uitest.Eval[string](w, menuState); got != want {
					t.Errorf("module %v, option %v, right %v: the entry is %s, want %s", module, option, right, got, want)
				}
				if want != "active" {
					continue
				}
				w.Submit(`.menu a[href="/gestion/coffre"]`)
				w.Submit("main a[href$='/depot']")
				w.Wait("Déposer les bulletins de salaire")
			}
		}
	}
}

// A deposit, its follow-up with the columns of the product, and the second
// person who lets the agents see their bulletins.
func TestDepositAndFollowUpInABrowser(t *testing.T) {
	b := newBench(t)
	b.employeur(t, true, true)
	b.user(t, "alice", siretExemple, vault.DroitDepot, vault.DroitSuivi)
	b.user(t, "bob", siretExemple, vault.DroitSuivi, vault.DroitValidation)
	base := "/gestion/coffre/" + siretExemple
	w := uitest.NewBrowser(t, b.server.URL)
	enter(w, "alice")
	w.Open(base + "/suivi")
	w.Wait("Aucun dépôt n'a été effectué pour cette entreprise.")
	w.Open(base + "/depot")
	choose(w, "journal.xhl")
	w.Submit("main form button")
	w.Wait("Les bulletins sont déposés")
	w.Open(base + "/suivi")
	tree := w.Tree()
	for _, title := range remise.ColonnesSuivi {
		if head := "columnheader " + title.FR; !slices.Contains(tree, head) {
			t.Errorf("a screen reader is not told of %q", head)
		}
	}
	everyLook(w, "suivi-depot", base+"/suivi")
	w.Submit("main a[href*='/versements/']")
	w.Wait("Une autre personne doit valider ce dépôt")
	at := uitest.Eval[string](w, "location.pathname")
	second := uitest.NewBrowser(t, b.server.URL)
	enter(second, "bob")
	second.Open(at)
	second.Submit("form[action$='/valider'] button")
	second.Wait("les agents voient leurs bulletins")
	w.Open(base + "/suivi")
	w.Wait("40/40")
}
