package check

import "testing"

func TestEveryAnomalyIsSaidInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}
