package splitter

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

// payroll is a book of n bulletins with a piece of size bytes on every third,
// and one piece that all share.
func payroll(t testing.TB, n, size int) ([]byte, *Livre, Pieces) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 3))
	doc := book(n, 2, rng, func(i int) []string {
		if i%3 == 0 {
			return []string{fmt.Sprintf("P%04d", i), "TOUS"}
		}
		return nil
	})
	l := read(t, doc, 20_000, nil)
	var p Pieces
	for _, id := range l.RefIDs {
		p.ParRef = append(p.ParRef, piece(t, id, size, rng))
	}
	return doc, l, p
}

func TestJournalAndPiecesTravelApartInModeSepare(t *testing.T) {
	doc, l, p := payroll(t, 90, 4000)
	o := Options{Limit: 30_000, Mode: Separe}
	plan, err := NewPlan(context.Background(), l, p, archive, o)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	var bulletins [][]byte
	for _, v := range plan.Volumes {
		var out bytes.Buffer
		if err := archive.Write(context.Background(), v, &out); err != nil {
			t.Fatal(err)
		}
		if int64(out.Len()) != v.Octets || v.Octets > o.Limit {
			t.Errorf("volume %d: %d bytes, %d planned", v.N, out.Len(), v.Octets)
		}
		raw, xhlDoc, pieces := bulletinsOf(t, out.Bytes(), archive)
		bulletins = append(bulletins, raw...)
		if v.EnteteSeul != (len(raw) == 0) || v.EnteteSeul == (len(pieces) == 0) {
			t.Errorf("volume %d: head only %v, %d bulletins, %d pieces", v.N, v.EnteteSeul, len(raw), len(pieces))
		}
		if v.EnteteSeul && (!bytes.Contains(xhlDoc, []byte("<Siret")) || bytes.Contains(xhlDoc, []byte("Nomenclatures"))) {
			t.Errorf("volume %d: head %s", v.N, xhlDoc)
		}
		for name := range pieces {
			seen[name]++
		}
	}
	want, _, _ := bulletinsOf(t, doc, Nu{})
	if len(bulletins) != len(want) {
		t.Errorf("%d bulletins, want %d", len(bulletins), len(want))
	}
	if len(seen) != len(p.ParRef) {
		t.Errorf("%d pieces travel, want %d", len(seen), len(p.ParRef))
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("piece %s travels %d times", name, n)
		}
	}
	if plan.Borne > len(plan.Volumes) || plan.Dupliques != 0 {
		t.Errorf("bound %d for %d volumes, %d bytes twice", plan.Borne, len(plan.Volumes), plan.Dupliques)
	}
	_, err = NewPlan(context.Background(), l, p, archive, Options{Limit: 3000, Mode: Separe})
	if a := (*anomalie.Anomalie)(nil); !errors.As(err, &a) || a.Code != PieceTropGrande {
		t.Errorf("a piece above the limit: %v", err)
	}
}

func TestOtherLimitsAndFixedCutsAreCompared(t *testing.T) {
	_, l, p := payroll(t, 300, 2000)
	o := Options{Limit: 60_000}
	plan, err := NewPlan(context.Background(), l, p, archive, o)
	if err != nil {
		t.Fatal(err)
	}
	others, err := Compare(context.Background(), l, p, archive, o, []int64{120_000, 30_000, 100}, []int{50, 290})
	if err != nil || len(others) != 4 {
		t.Fatalf("%+v, %v", others, err)
	}
	large, small, cut, over := others[0], others[1], others[2], others[3]
	if large.Volumes >= len(plan.Volumes) || small.Volumes <= len(plan.Volumes) || large.Borne > large.Volumes {
		t.Errorf("%d volumes; with more room %+v, with less %+v", len(plan.Volumes), large, small)
	}
	if cut.Volumes != 6 || cut.Trop != 0 || over.Volumes != 2 || over.Trop != 1 {
		t.Errorf("fixed cuts: %+v %+v", cut, over)
	}
}

func TestThePictureShowsEveryVolume(t *testing.T) {
	_, l, p := payroll(t, 300, 2000)
	plan, err := NewPlan(context.Background(), l, p, archive, Options{Limit: 60_000})
	if err != nil {
		t.Fatal(err)
	}
	for i, parts := range plan.Parts(archive) {
		if sum := parts.XHL + parts.Propres + parts.Partagees; sum != plan.Volumes[i].Octets || parts.XHL <= 0 || parts.Partagees <= 0 {
			t.Errorf("volume %d: parts %+v of %d bytes", i+1, parts, plan.Volumes[i].Octets)
		}
	}
	var out bytes.Buffer
	legend := Legende{Titre: "a < b", SousTitre: "2026-05", Axe: "size", Bulletins: func(n int) string { return fmt.Sprintf("%d bulletins", n) }, XHL: "x", Propres: "p", Partagees: "s", Limite: "l",
		Volume: func(n int) string { return fmt.Sprintf("volume %d", n) }, Octets: func(n int64) string { return fmt.Sprint(n) }}
	if err := plan.SVG(&out, archive, legend); err != nil {
		t.Fatal(err)
	}
	for dec := xml.NewDecoder(bytes.NewReader(out.Bytes())); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not XML: %v\n%s", err, out.String())
		}
	}
	for _, v := range plan.Volumes {
		if !strings.Contains(out.String(), fmt.Sprintf(">volume %d<", v.N)) || !strings.Contains(out.String(), fmt.Sprintf(">%d, %d bulletins<", v.Octets, v.Bulletins())) {
			t.Errorf("volume %d is not drawn", v.N)
		}
	}
}
