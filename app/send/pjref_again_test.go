package send_test

import (
	"path/filepath"
	"strings"
	"testing"

	"paye/app/send"
	"paye/app/send/sendtest"
)

func TestPieceThatWasSentAgainIsReferencedOnce(t *testing.T) {
	w := newWorld(t)
	name := refused(t, w, map[string]sendtest.Refusal{"B": timeout}, "P1", "A", "B", "C")
	made := resend(t, w, send.Resend{})[0].Made
	dir := filepath.Dir(made.Fichier)
	list, again, err := send.PJRefs(t.Context(), []string{dir, dir})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list {
		got = append(got, r.IdUnique+" "+r.NomFic)
		want := name
		if r.IdUnique == "B" {
			want = made.NomFic
		}
		if r.NomFic != want {
			t.Errorf("%s is of %s, want %s", r.IdUnique, r.NomFic, want)
		}
	}
	if len(list) != 4 || again != 1 {
		t.Errorf("%d references, %d of them in several fluxes: %s", len(list), again, strings.Join(got, ", "))
	}
}
