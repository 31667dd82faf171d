package compress

import (
	"errors"
	"testing"

	"paye/internal/anomalie"
)

func TestEveryCodeSpeaksBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}

// codeOf is the code of the anomaly err, "" for no error, else what it says.
func codeOf(err error) string {
	var a *anomalie.Anomalie
	switch {
	case err == nil:
		return ""
	case errors.As(err, &a):
		return a.Code
	}
	return err.Error()
}

func offsetOf(err error) int64 {
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return a.Offset
	}
	return -1
}
