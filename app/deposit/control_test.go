package deposit

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/progress"
	"paye/payslip"
	"paye/synth"
	"paye/vault"
	"paye/xhl"
)

// slips renders the first n slips of a synthetic journal.
func slips(t *testing.T, n int) (docs []vault.Document, pdfs [][]byte) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "paye")
	run, err := synth.Generate(synth.Options{Bulletins: 60, Pieces: synth.AucunePiece, Journal: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Write(t.Context(), dir, new(synth.Progress)); err != nil {
		t.Fatal(err)
	}
	journal, err := readPaye(context.Background(), filepath.Join(dir, "journal.xhl"), Watch{Progress: new(progress.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for d, err := range journal.documents(context.Background(), renderer, func(a *anomalie.Anomalie) { t.Error(a) }) {
		if err != nil {
			t.Fatal(err)
		}
		docs, pdfs = append(docs, d), append(pdfs, content(t, &d))
		if len(docs) == n {
			break
		}
	}
	return docs, pdfs
}

func content(t *testing.T, d *vault.Document) []byte {
	t.Helper()
	r, err := d.Contenu(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, r); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

func TestSlipIsFiledUnderTheAgentThatItBears(t *testing.T) {
	docs, pdfs := slips(t, 2)
	control := RecipientControl()
	other := docs[0]
	other.Employeur = "13002526500013"
	for _, c := range []struct {
		name string
		doc  *vault.Document
		pdf  []byte
		code string
	}{
		{"his own", &docs[0], pdfs[0], ""},
		{"another's", &docs[0], pdfs[1], "COF-216"},
		{"another employer's", &other, pdfs[0], "COF-215"},
		{"not a slip", &docs[0], []byte("%PDF-1.7\n%%EOF"), "COF-215"},
		{"cut", &docs[0], pdfs[0][:len(pdfs[0])/2], "COF-215"},
		{"annexe", &vault.Document{Identite: docs[0].Identite, Nature: vault.Annexe}, pdfs[1], ""},
	} {
		err := control(context.Background(), c.doc, c.pdf)
		var a *anomalie.Anomalie
		got := ""
		if errors.As(err, &a) {
			got = a.Code
		} else if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if got != c.code {
			t.Errorf("%s: got %q, want %q", c.name, got, c.code)
		}
	}
}

func BenchmarkRecipientControl(b *testing.B) {
	renderer, err := payslip.New(payslip.Options{})
	if err != nil {
		b.Fatal(err)
	}
	e := &xhl.Entete{Annee: "2026", Mois: "09"}
	e.Employeur.Siret = "21967564200017"
	slip := &xhl.Bulletin{}
	slip.Agent.Matricule = "A00001"
	pdf, err := renderer.Append(nil, e, slip)
	if err != nil {
		b.Fatal(err)
	}
	d := &vault.Document{Identite: vault.Identite{Employeur: e.Employeur.Siret, Matricule: "A00001"}, Nature: vault.Bulletin}
	control := RecipientControl()
	b.SetBytes(int64(len(pdf)))
	for b.Loop() {
		if err := control(context.Background(), d, pdf); err != nil {
			b.Fatal(err)
		}
	}
}

func TestNamesOutsideTheFontAreToldBeforeTheyAreFiled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "paye")
	run, err := synth.Generate(synth.Options{Bulletins: 3, Pieces: synth.AucunePiece, Journal: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Write(t.Context(), dir, new(synth.Progress)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "journal.xhl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`<Prenom V="[^"]*"`).ReplaceAll(text, []byte(`<Prenom V="&#x674E;"`))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	journal, err := readPaye(t.Context(), path, Watch{Progress: new(progress.Progress)})
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var told, filed []string
	for d, err := range journal.documents(t.Context(), renderer, func(a *anomalie.Anomalie) { told = append(told, a.Code+" "+a.Matricule) }) {
		if err != nil {
			t.Fatal(err)
		}
		filed = append(filed, "BUL-005 "+d.Matricule)
	}
	if len(filed) != 3 || !slices.Equal(told, filed) {
		t.Errorf("told %q, want %q", told, filed)
	}
}
