package pespj

import (
	"strings"
	"testing"

	"paye/internal/lang"
)

func TestARefusedValueSaysTheFormAndAnExampleOfIt(t *testing.T) {
	f := Flux{NomFic: "a.xml", EmetteurSigle: "M", EmetteurAdresse: "P", DteStr: "2026-05-28", IdPost: "6111", IdColl: "21967564200017", CodCol: "123", CodBud: "00"}
	faults := f.Check()
	if len(faults) != 1 {
		t.Fatalf("%d faults, want that of IdPost: %v", len(faults), faults)
	}
	for l, form := range map[lang.Language]string{lang.French: "six ou sept chiffres", lang.English: "six or seven digits"} {
		said := faults[0].Message(l) + " ; " + faults[0].Aide(l)
		for _, want := range []string{"IdPost", form, "006111", "--idpost"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q does not say %q", said, want)
			}
		}
		if shown := faults[0].OnPage(l); !strings.Contains(shown, "006111") || strings.Contains(shown, "--") {
			t.Errorf("on a page: %q", shown)
		}
	}
	for _, c := range clesDuFlux {
		if !c.lexique.valide([]byte(c.exemple)) {
			t.Errorf("%s: the example %q is refused", c.element, c.exemple)
		}
	}
}
