package xhl

import (
	"iter"
	"testing"

	"paye/internal/anomalie"
)

// TestNotEmptyEndsAJournalWithoutBulletinsWithAnAnomaly: and changes no other.
func TestNotEmptyEndsAJournalWithoutBulletinsWithAnAnomaly(t *testing.T) {
	of := func(n int) iter.Seq2[*Bulletin, error] {
		return func(yield func(*Bulletin, error) bool) {
			for range n {
				if !yield(new(Bulletin), nil) {
					return
				}
			}
		}
	}
	for n := range 3 {
		bulletins, last := 0, error(nil)
		for _, err := range NotEmpty("a.xhl", of(n)) {
			if last = err; err == nil {
				bulletins++
			}
		}
		a := anomalie.As(last)
		if bulletins != n || (a != nil) != (n == 0) || a != nil && (a.Code != "XHL-015" || a.Fichier != "a.xhl") {
			t.Errorf("of %d bulletins: got %d, then %v", n, bulletins, last)
		}
	}
}
