package anomalie

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"paye/internal/lang"
)

var essai = NewRegistre(Regle{
	Code: "XHL-900", Gravite: Erreur, Classe: Illisible,
	Message: lang.Text{FR: "le journal s'arrête après %d bulletins", EN: "the journal stops after %d bulletins"},
	Aide:    lang.Text{FR: "demandez un nouvel export", EN: "ask for a new export"},
})

func TestAnomalySaysWhereInBothLanguages(t *testing.T) {
	a := essai.New("XHL-900", 1204).At("journal.xhl", 8812331, 12)
	a.Matricule = "A17"
	if got, want := a.Error(), "XHL-900: the journal stops after 1,204 bulletins (journal.xhl, line 12, byte 8,812,331, matricule A17)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := a.Message(lang.French); !strings.Contains(got, "s'arrête") || !strings.Contains(got, "1\u00a0204") && !strings.Contains(got, "1\u202f204") {
		t.Errorf("French message: %q", got)
	}
}

func TestAnomalyIsAnErrorThatKeepsItsClass(t *testing.T) {
	err := fmt.Errorf("read journal: %w", essai.New("XHL-900", 3))
	var a *Anomalie
	if !errors.As(err, &a) || a.Classe() != Illisible {
		t.Errorf("errors.As: %v", a)
	}
}

func TestJSONLeavesOutWhatIsUnknown(t *testing.T) {
	got, err := json.Marshal(essai.New("XHL-900", 3))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"anomalie","code":"XHL-900","gravite":"erreur","message":"le journal s'arrête après 3 bulletins"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestRegistryRefusesATextWithoutItsTwin(t *testing.T) {
	if err := essai.Verify(); err != nil {
		t.Error(err)
	}
	for name, texte := range map[string]lang.Text{
		"no English":    {FR: "oui"},
		"another verb":  {FR: "%d bulletins", EN: "%s bulletins"},
		"fewer verbs":   {FR: "%d bulletins de %s", EN: "%d bulletins"},
		"blank English": {FR: "oui", EN: " "},
	} {
		r := NewRegistre(Regle{Code: "X-1", Gravite: Info, Message: texte})
		if r.Verify() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	swapped := lang.Text{FR: "%d bulletins de %s", EN: "%[2]s: %[1]d bulletins"}
	if err := swapped.Verify(); err != nil {
		t.Error(err)
	}
}
