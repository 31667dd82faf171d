package consult

import (
	"os"
	"path/filepath"
	"testing"

	"paye/internal/sheet/sheettest"
	"paye/xhl"
)

func TestPiecesAreNamedByAnIndexInAnyOfItsForms(t *testing.T) {
	for name, index := range map[string]string{
		"justificatifs.xlsx": string(sheettest.Workbook(t, []byte("matricule;id_unique;fichier\n061601;00042;arrete.pdf\n"))),
		"justificatifs.csv":  "\ufeffId_Unique,Fichier,Matricule\n'00042, arrete.pdf ,061601\n",
	} {
		t.Run(name, func(t *testing.T) { namedByIndex(t, name, index) })
	}
}

func namedByIndex(t *testing.T, name, index string) {
	t.Helper()
	journal, err := os.ReadFile(exemple)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"journal.xhl": journal, "arrete.pdf": []byte("%PDF-1.4"), name: []byte(index)} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Unpack(t.Context(), dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Pieces.Of(&xhl.PJRef{IdUnique: "00042"}); p == nil || p.Name != "arrete.pdf" || len(c.Pieces.List) != 1 {
		t.Errorf("piece %v of %d", p, len(c.Pieces.List))
	}
}
