package vault

import (
	"encoding/json"
	"strings"
	"testing"

	"paye/internal/lang"
	"paye/vault/internal/acts"
)

// TestEcartSaysTheSameAfterTheSessionIsReadAgain: what kept a slip out goes
// through the JSON of its session, numbers included.
func TestEcartSaysTheSameAfterTheSessionIsReadAgain(t *testing.T) {
	d := &Document{Identite: Identite{Matricule: "12"}, Nature: Bulletin}
	for _, c := range []struct {
		code string
		args []any
		want lang.Text
	}{
		{"COF-201", []any{"periode"}, lang.Text{FR: "le champ periode est absent ou n'est pas valide : corrigez", EN: "the field periode is missing or not valid: correct"}},
		{"COF-203", []any{int64(33554432)}, lang.Text{FR: "le document dépasse 33 554 432 octets", EN: "the document exceeds 33,554,432 bytes"}},
		{"COF-203", []any{struct{}{}}, lang.Text{FR: "le document dépasse … octets", EN: "the document exceeds … bytes"}},
	} {
		made := d.Ecart(Codes.New(c.code, c.args...))
		if !made.sound() {
			t.Errorf("%s: not sound: %+v", c.code, made)
		}
		text, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		var read Ecart
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		if !read.sound() {
			t.Errorf("%s: not sound after JSON: %+v", c.code, read)
		}
		for _, e := range []Ecart{made, read} {
			for _, l := range []lang.Language{lang.French, lang.English} {
				got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(e.Full(l))
				if want := c.want.In(l); !strings.HasPrefix(got, want) {
					t.Errorf("%s in %s: got %q, want %q…", c.code, l, got, want)
				}
			}
		}
	}
	old := Ecart{Matricule: "12", Nature: Bulletin, Code: "COF-201"}
	if got, want := old.Full(lang.French), "le champ … est absent"; !strings.HasPrefix(got, want) {
		t.Errorf("of a session of old: got %q, want %q…", got, want)
	}
}

// TestEcartOfAMatriculeThatCannotBeFiledIsSound: a session that has it can be
// saved, or the whole deposit would fail for one slip.
func TestEcartOfAMatriculeThatCannotBeFiledIsSound(t *testing.T) {
	for _, m := range []string{"", "80\u00a0643", "\x00", strings.Repeat("é", 40), strings.Repeat("a", 63) + "é", "a\xff"} {
		d := &Document{Identite: Identite{Employeur: "21967564200017", Matricule: m}, Nature: Bulletin}
		a, ok := d.validate().(interface{ Error() string })
		if !ok {
			t.Fatalf("matricule %q is taken", m)
		}
		why := Codes.New("COF-201", "matricule")
		why.Trouve = m
		if e := d.Ecart(why); !e.sound() || !acts.CleanMatricule(e.Matricule) {
			t.Errorf("matricule %q (%v): got %+v, which no session takes", m, a, e)
		}
	}
}
