package states

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paye/etats"
	"paye/internal/refdata"
)

// TestTheOfficialPair holds the comparison of the two official months to what
// the XML says, told by a script that shares nothing with this program.
func TestTheOfficialPair(t *testing.T) {
	avant := refdata.Path(t, "data/xhl/samples/PayeCeplExemple042005_schema_1.2b.xhl")
	apres := refdata.Path(t, "data/xhl/samples/PayeCeplExemple052005_schema_1.2b.xhl")
	c, err := Variations(context.Background(), &VariationsRequest{Avant: []string{avant}, Apres: []string{apres}}, &Watch{})
	if err != nil {
		t.Fatal(err)
	}
	var got, missing []string
	scrambled := 0
	for i := range c.Variations {
		v := &c.Variations[i]
		switch {
		case v.Type == etats.TypeTotauxSansLigne && v.Matricule == "":
			scrambled++
			continue
		case v.Code != "":
			got = append(got, v.Matricule+" "+v.Code)
		case v.Type == etats.TypeEvenement:
			got = append(got, v.Matricule+" evenement "+v.Avant.String())
		default:
			got = append(got, v.Matricule+" "+string(v.Type))
		}
		if v.Couverture == etats.Manquante {
			missing = append(missing, string(v.Type)+" "+v.Code)
		}
	}
	if scrambled != 1 {
		t.Errorf("%d rows say that the journal scrambled its totals, want one", scrambled)
	}
	slices.Sort(missing)
	if diff := cmp.Diff([]string{"prime_disparue 545N", "sortant ", "sortant "}, missing); diff != "" {
		t.Errorf("missing pieces (-want +got):\n%s", diff)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3, which runs the judge, is not installed")
	}
	out, err := exec.Command(python, "testdata/judge.py", avant, apres).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		switch {
		case len(f) == 5 && !folded(f[1]):
			want = append(want, f[0]+" "+f[2])
		case len(f) == 3:
			want = append(want, f[0]+" evenement "+f[2])
		case len(f) == 2:
			want = append(want, f[0]+" "+f[1])
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the rows are not what the XML says (-judge +program):\n%s", diff)
	}
}

// folded are the kinds whose changes follow from those of the gross.
func folded(kind string) bool { return kind == "Deduction" || kind == "Cotisation" }
