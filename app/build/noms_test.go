package build

import (
	"fmt"
	"testing"
)

func TestPiecesOfOneNameAreNumbered(t *testing.T) {
	taken := make(noms)
	for i, tc := range []struct{ wish, want string }{
		{"Arrete-3.pdf", "Arrete-3.pdf"},
		{"Arrete.pdf", "Arrete.pdf"},
		{"Arrete.pdf", "Arrete-2.pdf"},
		{"Arrete.pdf", "Arrete-4.pdf"},
		{"Arrete-2.pdf", "Arrete-2-2.pdf"},
		{"Arrete.pdf", "Arrete-5.pdf"},
		{"Contrat.pdf", "Contrat.pdf"},
	} {
		q := new(piece)
		q.NomPJ = tc.wish
		if got := taken.unique(q, unreserved); got != tc.want || taken[got].piece != q {
			t.Errorf("piece %d, %s: got %s, want %s", i, tc.wish, got, tc.want)
		}
	}
}

func TestNumberedNamesKeepTheirLength(t *testing.T) {
	taken := make(noms)
	for n := range 200 {
		q := new(piece)
		q.NomPJ = fmt.Sprintf("%0100d", 0)[4:] + ".pdf"
		if got := taken.unique(q, unreserved); len(got) != 100 {
			t.Fatalf("piece %d: %q has %d bytes", n, got, len(got))
		}
	}
}

func unreserved(*piece, string) bool { return false }
