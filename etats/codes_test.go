package etats

import "testing"

func TestEveryCodeSpeaksBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
	for c := CauseChamp; c <= CauseGenerale; c++ {
		if err := Causes[c].Verify(); err != nil {
			t.Errorf("cause %d: %v", c, err)
		}
	}
}
