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

func TestPagesHaveAdviceOfTheirOwn(t *testing.T) {
	r := NewRegistre(
		Regle{Code: "X-1", Gravite: Erreur, Message: lang.Text{FR: "trop", EN: "too much"}, Aide: lang.Text{FR: "donnez --limit", EN: "give --limit"}},
		Regle{Code: "X-2", Gravite: Erreur, Message: lang.Text{FR: "vide", EN: "empty"}, Aide: lang.Text{FR: "remplissez", EN: "fill it in"}},
	).OnPages([][3]string{{"X-1", "donnez une limite", "give a limit"}})
	said := lang.Text{FR: "vouliez-vous dire %s ?", EN: "did you mean %s?"}.With("007")
	typed := lang.Text{FR: "donnez --code %s", EN: "give --code %s"}.With("007")
	for _, x := range []struct {
		name         string
		a            *Anomalie
		typed, shown string
	}{
		{"of the rule", r.New("X-1"), "donnez --limit", "donnez une limite"},
		{"the same for both", r.New("X-2"), "remplissez", "remplissez"},
		{"of this fault", r.New("X-1").Advise(said), "vouliez-vous dire 007 ?", "vouliez-vous dire 007 ?"},
		{"of this fault, for commands", r.New("X-1").AdviseTyping(typed), "donnez --code 007", "donnez une limite"},
		{"of this fault, one for each", r.New("X-1").Advise(said).AdviseTyping(typed), "donnez --code 007", "vouliez-vous dire 007 ?"},
	} {
		if typed, shown := x.a.Aide(lang.French), x.a.OnPage(lang.French); typed != x.typed || shown != x.shown {
			t.Errorf("%s: typed %q, shown %q", x.name, typed, shown)
		}
	}
}
