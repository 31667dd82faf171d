package xhl_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paye/synth"
	"paye/xhl"
)

// TestPayReadsWhatBulletinDoes holds the fast reading to its plain twin, on what
// both read, in the charsets of a journal.
func TestPayReadsWhatBulletinDoes(t *testing.T) {
	for _, profil := range []synth.Profil{synth.Ordinaire, synth.Dense} {
		r, err := synth.Generate(synth.Options{Bulletins: 150, Seed: 5, Profil: profil, Journal: true})
		if err != nil {
			t.Fatal(err)
		}
		var journal bytes.Buffer
		if err := r.WriteXHL(context.Background(), &journal, new(synth.Progress)); err != nil {
			t.Fatal(err)
		}
		twins(t, journal.Bytes())
	}
}

func FuzzPay(f *testing.F) {
	r, err := synth.Generate(synth.Options{Bulletins: 3, Seed: 5, Journal: true})
	if err != nil {
		f.Fatal(err)
	}
	var journal bytes.Buffer
	if err := r.WriteXHL(context.Background(), &journal, new(synth.Progress)); err != nil {
		f.Fatal(err)
	}
	f.Add(journal.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) { twins(t, data) })
}

func twins(t *testing.T, journal []byte) {
	t.Helper()
	cut, err := xhl.NewCutter(bytes.NewReader(journal), xhl.Options{Segment: 4096})
	if err != nil {
		return
	}
	whole, pay := xhl.NewDecoder(cut.Encoding(), xhl.Options{}), xhl.NewDecoder(cut.Encoding(), xhl.Options{})
	var seg xhl.Segment
	var want, got xhl.Bulletin
	for {
		err := cut.Next(&seg)
		if errors.Is(err, io.EOF) || err != nil {
			return
		}
		for i, p := range seg.Parts {
			if p.Kind != xhl.PartBulletin {
				continue
			}
			a, b := whole.Bulletin(&seg, i, 0, &want), pay.Pay(&seg, i, 0, &got)
			if b == nil && a == nil {
				compare(t, pay, &want, &got)
			}
			// What one refuses for a value that the other passes over is no
			// difference; what both read is.
			if a == nil && b != nil {
				t.Fatalf("Pay refuses what Bulletin reads: %v", b)
			}
		}
	}
}

func compare(t *testing.T, d *xhl.Decoder, want, got *xhl.Bulletin) {
	t.Helper()
	for i := range got.Remuneration.Lignes {
		l := &got.Remuneration.Lignes[i]
		if text, ok := d.Text(l.Libelle); ok {
			l.Libelle = text
		}
	}
	type view struct {
		Agent  [8]string
		Lignes []xhl.LigneP
		NBI    []xhl.Decimal
		Totaux [6]xhl.Decimal
		Refs   []xhl.PJRef
		Events []xhl.Evenement
	}
	of := func(b *xhl.Bulletin) view {
		a := &b.Agent
		v := view{[8]string{a.Nom.Reveal(), a.Prenom.V.Reveal(), a.Matricule, a.NIR.Reveal(), a.Statut, a.Grade, a.Echelon, a.Indice},
			append([]xhl.LigneP(nil), b.Remuneration.Lignes...), b.NBI,
			[6]xhl.Decimal{b.MtBrut, b.MtNet, b.MtNetAPayer, b.NbHeureSup, b.NbHeureTotal, b.QuotiteTrav}, b.PJRef, b.Evenement}
		for i := range v.Lignes {
			v.Lignes[i].Ordre, v.Lignes[i].CodeCaisse = "", xhl.Opt[string]{}
		}
		return v
	}
	if diff := cmp.Diff(of(want), of(got), cmp.Comparer(func(a, b xhl.Decimal) bool { return a == b })); diff != "" {
		t.Fatalf("Pay differs (-Bulletin +Pay):\n%s", diff)
	}
}
