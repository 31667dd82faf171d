package due

import (
	"strings"
	"testing"
)

// The set-up names its next step until there is none left.
func TestSetupSaysTheNextStep(t *testing.T) {
	var p Progression
	move := func(e Evenement) {
		t.Helper()
		if err := p.Next(e); err != nil {
			t.Fatal(err)
		}
	}
	want := func(words string) {
		t.Helper()
		if got := p.Prochaine(); !strings.Contains(got.FR, words) || !strings.Contains(got.EN, words) {
			t.Errorf("next is %q, want %q", got.FR, words)
		}
	}
	want("setup contact")
	move(Evenement{Nature: EvContact, Detail: "M."})
	want("setup chemins")
	move(Evenement{Nature: EvChemins, Detail: "a b c"})
	want("setup cle-test")
	move(Evenement{Nature: EvCleTest, Empreinte: "AA"})
	want("--etape 4")
	move(Evenement{Nature: EvEnvoi, Etape: 4, Lot: "1", Empreinte: "AA"})
	want("due receive")
	move(Evenement{Nature: EvAR, Etape: 4, Lot: "1"})
	want("--etape 5")
	move(Evenement{Nature: EvEnvoi, Etape: 5, Lot: "2", Empreinte: "AA"})
	want("due receive")
	move(Evenement{Nature: EvAR, Etape: 5, Lot: "2"})
	want("setup conventions")
	move(Evenement{Nature: EvConventions})
	want("setup cle-definitive")
	move(Evenement{Nature: EvCleDefinitive, Empreinte: "BB", Qui: "alice"})
	want("setup confirmer")
	move(Evenement{Nature: EvConfirmation, Empreinte: "BB", Qui: "bob"})
	want("--etape 6")
	move(Evenement{Nature: EvEnvoi, Etape: 6, Lot: "3", Empreinte: "BB"})
	want("due receive")
	move(Evenement{Nature: EvAR, Etape: 6, Lot: "3"})
	want("--indicateur reel")
}
