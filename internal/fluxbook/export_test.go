package fluxbook_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"paye/internal/anomalie"
	. "paye/internal/fluxbook"
	"paye/internal/ledger/ledgertest"
)

func TestExportIsTheBook(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A B", "C"))
		f := deposit(t, b, "PESPJ_05_1.xml")
		answer(t, b, f.NomFic, "2026-05-29", "A:OK B:KO")
		if _, err := b.Resend(t.Context(), f, 1, &Renvoi{NomFic: "R1", Fichier: "/r", Pieces: []Piece{{IdUnique: "B", Genre: "PJ", SHA256: "hB"}}, De: map[string]string{"B": "B"}}); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		n, err := b.Export(t.Context(), &out)
		if err != nil {
			t.Fatal(err)
		}
		_, err = (&LateBook{Book: b}).Import(t.Context(), bytes.NewReader(out.Bytes()))
		wantCode(t, err, PasVide)

		ledgertest.Each(t, func(t *testing.T, at string) { // from any database to any other
			other, err := Open(t.Context(), at, "bob", c.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			lines := bytes.SplitAfter(out.Bytes(), []byte("\n"))
			for name, c := range map[string]struct {
				text []byte
				code string
			}{
				"cut short":       {bytes.Join(lines[:len(lines)-2], nil), ExportCoupe},
				"a line less":     {bytes.Join(slices.Delete(slices.Clone(lines), 2, 3), nil), ExportIllisible},
				"another version": {bytes.Replace(out.Bytes(), []byte(`"version":1`), []byte(`"version":9`), 1), ExportVersion},
				"not JSON":        {append([]byte("registre\n"), out.Bytes()...), ExportIllisible},
				"a second end":    {append(slices.Clone(out.Bytes()), lines[len(lines)-2]...), ExportIllisible},
				"empty":           {nil, ExportCoupe},
			} {
				_, err := (&LateBook{Book: other}).Import(t.Context(), bytes.NewReader(c.text))
				var a *anomalie.Anomalie
				if !errors.As(err, &a) || a.Code != c.code && name != "a line less" {
					t.Errorf("%s: got %v, want %s", name, err, c.code)
				}
			}
			if m, err := (&LateBook{Book: other}).Import(t.Context(), bytes.NewReader(out.Bytes())); err != nil || m != n {
				t.Fatalf("imported %d, %v, want %d", m, err, n)
			}
			var again bytes.Buffer
			if _, err := other.Export(t.Context(), &again); err != nil || !bytes.Equal(again.Bytes(), out.Bytes()) {
				t.Errorf("the export of the import differs, %v", err)
			}
			sound(t, other)
			record(t, other, month(6, "F")) // it can go on
		})
	})
}
