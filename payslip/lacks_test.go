package payslip

import (
	"testing"

	"paye/xhl"
)

func TestNamesOutsideTheFontAreTold(t *testing.T) {
	r, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"Éloïse": false, "E\u0301loïse": false, "Łukasz": false, "Αθηνά": false, "Nguyễn": false, "Ђорђе": false, "ﬁnale": false, "Մարիամ": false, "J\u200dean": false, "李": true, "محمد": true} {
		b := &xhl.Bulletin{Agent: xhl.Agent{Nom: xhl.Nominatif(name)}}
		if got := r.Lacks(b); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
