package synthpdf

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/internal/pdfx"
)

func contrat() Contrat {
	return Contrat{
		Collectivite: "COMMUNE DE VILLENEUVE-SUR-ÉPI", Numero: "CDD-2026-0147", Agent: "Mme Élodie Lefèvre",
		Emploi: "adjoint technique territorial, 35 heures", Lieu: "Villeneuve", Signataire: "Le Maire",
		Date: time.Date(2026, 1, 28, 0, 0, 0, 0, time.UTC), Debut: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
		Fin: time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC),
	}
}

func arrete() Arrete {
	return Arrete{
		Collectivite: "COMMUNE DE VILLENEUVE-SUR-ÉPI", Numero: "2026-0147", Objet: "Avancement d'échelon de M. Jérôme Cœurdacier",
		Agents: []string{"M. Jérôme Cœurdacier"}, Lieu: "Villeneuve", Signataire: "Le Maire", Date: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
	}
}

// documents prints both kinds with a seed.
var documents = map[string]struct {
	print        func(p *Presse, seed uint64) []byte
	weight, more int // bytes, and how far from it in hundredths
	pages        int
}{
	"contrat": {func(p *Presse, seed uint64) []byte { return p.AppendContrat(nil, seed, contrat()) }, PoidsContrat, 3, PagesContrat},
	"arrêté":  {func(p *Presse, seed uint64) []byte { return p.AppendArrete(nil, seed, arrete()) }, PoidsArrete, 5, PagesArrete},
}

func TestDocumentsWeighWhatTheNoteSays(t *testing.T) {
	p := New(1)
	for name, d := range documents {
		for seed := range uint64(12) {
			n := len(d.print(p, seed))
			if n < d.weight*(100-d.more)/100 || n > d.weight*(100+d.more)/100 {
				t.Errorf("%s %d: %d bytes, want %d ± %d %%", name, seed, n, d.weight, d.more)
			}
		}
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	for name, d := range documents {
		a, b := d.print(New(1), 7), d.print(New(1), 7)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two prints differ", name)
		}
		if bytes.Equal(a, d.print(New(1), 8)) {
			t.Errorf("%s: two seeds give one document", name)
		}
	}
}

func TestPDFReadersOpenTheDocuments(t *testing.T) {
	p := New(1)
	for name, d := range documents {
		doc := d.print(p, 3)
		info, err := pdfx.Inspect(context.Background(), bytes.NewReader(doc), int64(len(doc)))
		if err != nil || info.Pages != d.pages || info.Advice() != nil {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
		if _, err := exec.LookPath("pdftotext"); err != nil {
			t.Skip("poppler-utils is not installed")
		}
		path := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(path, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		var complaints bytes.Buffer
		cmd := exec.Command("pdftotext", "-enc", "UTF-8", path, "-")
		cmd.Stderr = &complaints
		text, err := cmd.Output()
		if err != nil || complaints.Len() > 0 {
			t.Errorf("%s: pdftotext: %v %s", name, err, complaints.String())
		}
		if wants := "Avancement d'échelon de M. Jérôme Cœurdacier"; name == "arrêté" && !strings.Contains(string(text), wants) {
			t.Errorf("%s: %q is not in its text", name, wants)
		}
	}
}

func BenchmarkDocuments(b *testing.B) {
	p := New(1)
	for name, d := range documents {
		b.Run(name, func(b *testing.B) {
			for i := range b.N {
				d.print(p, uint64(i))
			}
		})
	}
}
