package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

func TestMandatsAreReadAndTheWrongOnesNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mandats.csv")
	for _, c := range []struct{ name, text, want string }{
		{"numbers only", "numero\n1204\n1205\n", "2026 01 1204 ; 2026 01 1205"},
		{"all columns", "Exercice;type;NUMERO;ligne;siret;etablissement;nature\n2025;02;77;3;21967564200017;;\n", "2025 02 77 3"},
		{"a blank line", "numero;ligne\n\n;\n12;\n", "2026 01 12"},
		{"no number", "numero;siret\n;21967564200017\n", "error numero"},
		{"a number that is too long", "numero\n123456789012345678901\n", "error numero"},
		{"a year of two digits", "numero,exercice\n12,26\n", "error exercice"},
		{"an unknown kind", "numero,type\n12,99\n", "error type"},
		{"a line with a sign", "numero,ligne\n12,-1\n", "error ligne"},
		{"a wrong SIRET", "numero,siret\n12,123\n", "error siret"},
		{"another heading", "mandat\n12\n", "error numero"},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		list, err := readMandats(path, func(*anomalie.Anomalie) {})
		var got []string
		for i := range list {
			r := list[i].ref(2026)
			got = append(got, strings.TrimSpace(r.Exercice+" "+r.TypeObjet+" "+r.Identifiant+" "+r.ComplementIdentifiant))
		}
		said := strings.Join(got, " ; ")
		if err != nil {
			said = err.Error()
		}
		if want, refusal := strings.CutPrefix(c.want, "error "); refusal && (err == nil || !strings.Contains(said, want)) || !refusal && said != c.want {
			t.Errorf("%s: got %q, want %q", c.name, said, c.want)
		}
	}
}
