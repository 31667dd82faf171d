package controle

import "testing"

func TestEveryAnomalyIsSaidInBothLanguages(t *testing.T) {
	if err := Codes.Verifie(); err != nil {
		t.Error(err)
	}
}
