package input

import (
	"encoding/csv"
	"strings"
	"testing"
)

func TestALineOfCSVIsKnownAfterAFaultWithoutAField(t *testing.T) {
	r := csv.NewReader(strings.NewReader("a,b\n1,2\n0\"0"))
	for want := 1; want <= 3; want++ {
		_, err := r.Read()
		if got := CSVLine(r, err); got != want {
			t.Errorf("line %d, want %d (%v)", got, want, err)
		}
	}
}
