package run

import (
	"strings"
	"testing"

	"paye/xhl"
)

// TestNamesThatAreNoneOfOursAreNotTold puts personal values where names are
// expected.
func TestNamesThatAreNoneOfOursAreNotTold(t *testing.T) {
	run := minimalRun()
	for name, tc := range map[string]struct {
		from, to string
		shown    bool
	}{
		"a key that is nearly one of ours": {`"Matricule"`, `"Matricle"`, true},
		"a name":                           {`"Matricule"`, `"Dupont-Durand"`, false},
		"a number":                         {`"Matricule"`, `"199059976000067"`, false},
		"a line that is none":              {`{"etablissement"`, `{"Dupont"`, false},
	} {
		bad := strings.Replace(run, tc.from, tc.to, 1)
		if bad == run {
			t.Fatalf("%s: the run has no %s", name, tc.from)
		}
		_, err := encode(bad, xhl.WriterOptions{})
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		value := strings.Trim(tc.to, `{"`)
		if got := strings.Contains(err.Error(), value); got != tc.shown {
			t.Errorf("%s: %v", name, err)
		}
	}
}
