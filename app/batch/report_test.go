package batch

import (
	"strings"
	"testing"

	"paye/internal/lang"
)

func TestReportOfANightAgreesWithItsNumbers(t *testing.T) {
	one := Outcome{Dossier: "a", Etat: Done, Bulletins: 1}
	for _, c := range []struct {
		list   []Outcome
		fr, en string
	}{
		{[]Outcome{one}, "1 employeur, 1 bulletin ; 1 fait, 0 déjà fait, 0 à reprendre, 0 interrompu.", "1 employer, 1 bulletin; 1 done, 0 done before, 0 to take up again, 0 interrupted."},
		{[]Outcome{one, one}, "2 employeurs, 2 bulletins ; 2 faits,", "2 employers, 2 bulletins; 2 done,"},
	} {
		for l, want := range map[lang.Language]string{lang.French: c.fr, lang.English: c.en} {
			var page strings.Builder
			if err := (&Summary{Outcomes: c.list}).WriteHTML(&page, l, "1"); err != nil {
				t.Fatal(err)
			}
			if got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(page.String()); !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", l, want, got)
			}
		}
	}
}
