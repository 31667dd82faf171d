// Package anomalietest is how tests ask for an anomaly: by its code, never by
// its prose.
package anomalietest

import (
	"testing"

	"paye/internal/anomalie"
)

// WantCode fails the test unless err is the anomaly of the code; of no anomaly
// for "".
func WantCode(t testing.TB, err error, code string) {
	t.Helper()
	got := ""
	if a := anomalie.As(err); a != nil {
		got = a.Code
	}
	if got != code || code == "" && err != nil {
		t.Errorf("got %v, want code %q", err, code)
	}
}
