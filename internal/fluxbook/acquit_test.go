package fluxbook_test

import (
	"slices"
	"strings"
	"testing"

	. "paye/internal/fluxbook"
)

func TestAcknowledgmentsThatComeAgain(t *testing.T) {
	const name = "PESPJ_05_1.xml"
	for _, c := range []struct {
		name, first, firstDay, second, secondDay string
		want                                     string
		contrary                                 []string
	}{
		{"later refusal counts", "A:OK B:OK", "2026-05-29", "A:KO B:OK", "2026-05-30", "acquitte: A refusee B acceptee", []string{"A"}},
		{"later acceptance counts", "A:KO B:OK", "2026-05-29", "A:OK B:OK", "2026-05-30", "clos: A acceptee B acceptee", []string{"A"}},
		{"older one that comes late", "A:OK B:OK", "2026-05-30", "A:KO B:OK", "2026-05-29", "clos: A acceptee B acceptee", []string{"A"}},
		{"duplicate proves acceptance", "A:OK B:OK", "2026-05-29", "A:1984", "2026-05-30", "clos: A acceptee B acceptee", nil},
		{"the rest of a partial one", "A:OK", "2026-05-29", "B:OK", "2026-05-30", "clos: A acceptee B acceptee", nil},
		{"some of the refused are refused again", "A:KO B:KO C:KO", "2026-05-29", "A:OK B:1984 C:OK", "2026-05-30", "acquitte: A acceptee B refusee C acceptee", []string{"A", "C"}},
		{"silence changes nothing", "A:KO B:OK", "2026-05-29", "", "2026-05-30", "acquitte: A refusee B acceptee", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, b *Book, _ *clock) {
				record(t, b, month(5, piecesIn(c.want)))
				deposit(t, b, name)
				answer(t, b, name, c.firstDay, c.first)
				got := answer(t, b, name, c.secondDay, c.second)
				wantStates(t, b, name, c.want)
				if !slices.Equal(got.Contraires, c.contrary) {
					t.Errorf("contrary %v, want %v", got.Contraires, c.contrary)
				}
				if again := answer(t, b, name, c.secondDay, c.second); !again.Deja {
					t.Error("the same bytes are not known again")
				}
				wantStates(t, b, name, c.want)
				sound(t, b)
			})
		})
	}
}

// piecesIn are the pieces of "etat: ID etat ID etat".
func piecesIn(states string) string {
	var ids []string
	for i, word := range strings.Fields(states) {
		if i%2 == 1 {
			ids = append(ids, word)
		}
	}
	return strings.Join(ids, " ")
}

func TestAcknowledgmentOfSomebodyElseIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		if got := answer(t, b, "PESPJ_05_1.xml", "", "A:OK"); got.Flux != nil {
			t.Errorf("%+v", got.Flux)
		}
		record(t, b, month(5, "A"))
		if got := answer(t, b, "PESPJ_05_1.xml", "", "A:OK"); got.Flux == nil || got.Deja {
			t.Error("the acknowledgment is not applied once its flux is known")
		}
		wantStates(t, b, "PESPJ_05_1.xml", "clos: A acceptee")
		sound(t, b)
	})
}

func TestAcknowledgmentWithoutANameIsMatchedByItsPieces(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A", "B"))
		deposit(t, b, "PESPJ_05_1.xml")
		deposit(t, b, "PESPJ_05_2.xml")
		for ids, want := range map[string]string{"B": "PESPJ_05_2.xml", "A B": "", "Z": ""} {
			f, err := b.Match(t.Context(), "", "000", strings.Fields(ids))
			got := ""
			if f != nil {
				got = f.NomFic
			}
			if err != nil || got != want {
				t.Errorf("%s: got %q, %v, want %q", ids, got, err, want)
			}
		}
	})
}

func TestNamesAreNeverUsedTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		p := month(5, "A")
		record(t, b, p)
		name := func(n int) (string, error) { return []string{"PESPJ_05_1.xml", "R1", "R2"}[n], nil }
		if n, err := b.Envoi(t.Context(), p.Key, name); err != nil || n != 0 {
			t.Errorf("nothing left: %d, %v, want 0", n, err)
		}
		deposit(t, b, "PESPJ_05_1.xml")
		if n, err := b.Envoi(t.Context(), p.Key, name); err != nil || n != 1 {
			t.Errorf("after the sending: %d, %v, want 1", n, err)
		}
	})
}
