package batch

import "testing"

func TestCodesAreComplete(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}
