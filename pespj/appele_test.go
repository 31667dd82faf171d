package pespj

import (
	"testing"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

func TestAFluxWithoutNomFicIsCalledSomething(t *testing.T) {
	regle := anomalie.NewRegistre(anomalie.Regle{Code: "TST-001", Gravite: anomalie.Info, Message: lang.Text{FR: "le flux %s", EN: "flux %s"}})
	for want, f := range map[string]*FluxLu{"TST-001 le flux sans NomFic": {}, "TST-001 le flux PES_1": {Flux: Flux{NomFic: "PES_1"}}} {
		if got := regle.New("TST-001", f.Appele()).Say(lang.French); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
