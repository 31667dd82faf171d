package due

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layoutLines are the lines that the documents must have about a layout.
func layoutLines(g gabarit) []string {
	var lines []string
	for _, kind := range slices.Sorted(maps.Keys(g)) {
		for n, z := range g[kind] {
			lines = append(lines, fmt.Sprintf("| `%s` | %d | %d–%d | %c%d | `%s` |", kind, n+1, z.Debut, z.Fin, z.Genre, z.width(), z.Nom))
		}
	}
	return lines
}

// elementLines are the lines about the elements of the XML that hold values.
func elementLines() []string {
	var lines []string
	for _, table := range [][]Feuille{FeuillesEmployeur, FeuillesEmbauche} {
		for _, f := range table {
			cardinality := "1"
			if slices.Contains(optionnelles, f.Nom) || strings.Contains(f.Nom, "Supplementary") || strings.Contains(f.Nom, "Additional") {
				cardinality = "0..1"
			}
			lines = append(lines, fmt.Sprintf("| `%s` | `%s` | %s | %d |", f.Dans, f.Nom, cardinality, f.Largeur))
		}
	}
	return lines
}

func TestTheDocumentsDescribeTheTablesOfTheCode(t *testing.T) {
	for _, name := range []string{"due.md", "due.fr.md"} {
		text, err := os.ReadFile(filepath.Join("..", "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range slices.Concat(layoutLines(GabaritTexte), layoutLines(GabaritAR), elementLines()) {
			if !strings.Contains(string(text), line+"\n") {
				t.Errorf("%s lacks %s", name, line)
			}
		}
		for _, r := range Codes.Regles() {
			if strings.HasPrefix(r.Code, "DUE-V") && !strings.Contains(string(text), r.Code) {
				t.Errorf("%s does not name %s", name, r.Code)
			}
		}
		for key := range new(Dossier).reglages() {
			if !strings.Contains(string(text), "`"+key+"`") {
				t.Errorf("%s does not name the setting %s", name, key)
			}
		}
	}
}
