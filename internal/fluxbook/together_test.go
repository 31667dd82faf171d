package fluxbook_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paye/internal/anomalie"
	. "paye/internal/fluxbook"
	"paye/internal/ledger"
	"paye/internal/pgtest"
)

// of is the delivery of another authority.
func of(n int, p *Paye) *Paye {
	p.Siret = fmt.Sprintf("%09d00017", 100+n)
	p.Dossier += fmt.Sprint("/", n)
	for i := range p.Volumes {
		p.Volumes[i].NomFic = fmt.Sprintf("%d_%s", n, p.Volumes[i].NomFic)
		for k := range p.Volumes[i].Pieces {
			p.Volumes[i].Pieces[k].IdUnique += fmt.Sprint("x", n)
		}
	}
	return p
}

// TestDeliveriesRecordedTogetherAreThoseRecordedOneByOne holds the arrays against
// the plain statements.
func TestDeliveriesRecordedTogetherAreThoseRecordedOneByOne(t *testing.T) {
	annex := of(1, month(6, "K", "L"))
	annex.CodBud, annex.Volumes[0].NomFic, annex.Volumes[1].NomFic = "01", "A1", "A2"
	for _, tc := range []struct {
		name   string
		before []*Paye
		list   []*Paye
		code   string
	}{
		{"all is new", nil, []*Paye{of(1, month(6, "A B", "C A")), of(2, month(6, "D")), of(3, month(7, "E F G"))}, ""},
		{"two of an authority", nil, []*Paye{of(1, month(6, "A")), of(2, month(6, "D")), annex}, ""},
		{"one is there", []*Paye{of(2, month(6, "D"))}, []*Paye{of(1, month(6, "A")), of(2, month(6, "D")), of(3, month(6, "D"))}, ""},
		{"one replaces another", []*Paye{of(2, month(6, "D", "E"))}, []*Paye{of(1, month(6, "A")), of(2, month(6, "D"))}, ""},
		{"a piece is there", []*Paye{of(2, month(5, "D"))}, []*Paye{of(1, month(6, "A")), of(2, month(6, "D"))}, ""},
		{"a piece is another's", []*Paye{of(2, month(5, "D"))}, []*Paye{of(1, month(6, "A")), of(2, month(6, "D=other"))}, AutreContenu},
		{"a name is another's", nil, []*Paye{of(1, month(6, "A")), func() *Paye { p := of(1, month(7, "B")); p.Volumes[0].NomFic = "1_PESPJ_06_1.xml"; return p }()}, NomFicPris},
	} {
		t.Run(tc.name, func(t *testing.T) {
			record := func(f func(context.Context, ledger.Tx, *Book) error) string {
				schema, err := Schema()
				if err != nil {
					t.Fatal(err)
				}
				now := func() time.Time { return time.Date(2026, 5, 28, 9, 0, 0, 0, time.UTC) }
				l, err := ledger.Open(t.Context(), pgtest.Schema(t), now, schema)
				if err != nil {
					t.Fatal(err)
				}
				defer l.Close()
				b := New(l, "alice")
				for _, p := range tc.before {
					if _, err := b.Record(t.Context(), p); err != nil {
						t.Fatal(err)
					}
				}
				err = l.Update(t.Context(), func(tx ledger.Tx) error { return f(t.Context(), tx, b) })
				if !anomalie.Is(err, tc.code) && (err != nil || tc.code != "") {
					t.Errorf("got %v, want %q", err, tc.code)
				}
				sound(t, b)
				if len(tc.before) > 0 { // of the second authority
					there := Month{Siret: of(2, month(1)).Siret, Annee: 2026, Mois: tc.before[0].Mois}
					for m, want := range map[Month]bool{{Siret: siret, Annee: 2026, Mois: 6}: true, there: false, {Siret: there.Siret, Annee: 2026, Mois: 1}: true} {
						if got := b.Unseen(t.Context(), m); got != want {
							t.Errorf("%v is unseen: %v", m, got)
						}
					}
				}
				var out bytes.Buffer
				if _, err := b.Export(t.Context(), &out); err != nil {
					t.Fatal(err)
				}
				return out.String()
			}
			want := record(func(ctx context.Context, tx ledger.Tx, b *Book) error {
				for _, p := range tc.list {
					if _, err := b.RecordIn(ctx, tx, p); err != nil {
						return err
					}
				}
				return nil
			})
			got := record(func(ctx context.Context, tx ledger.Tx, b *Book) error { return b.RecordAll(ctx, tx, tc.list) })
			if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("together it is (-want +got)\n%s", d)
			}
		})
	}
}
