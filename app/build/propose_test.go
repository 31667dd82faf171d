package build

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestProposesByTheMatriculesInNames(t *testing.T) {
	files := []string{"contrat 23614.pdf", "x/arr_23614_99999.pdf", "deliberation.pdf", "1236140.pdf"}
	got, err := Propose(t.Context(), "../../testdata/exemple/journal.xhl", files)
	if err != nil {
		t.Fatal(err)
	}
	want := []IndexLigneLue{{Fichier: "1236140.pdf"}, {Matricule: "23614", Fichier: "contrat 23614.pdf"}, {Fichier: "deliberation.pdf"}, {Matricule: "23614", Fichier: "x/arr_23614_99999.pdf"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	var text bytes.Buffer
	got[2].Matricule, got[2].Nom, got[2].Description = General, "Délibération", `régime ; "indemnitaire"`
	if err := WriteIndex(&text, got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), indexName)
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := ReadIndex(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range again {
		again[i].Ligne = 0
	}
	if want := slices.DeleteFunc(got, func(l IndexLigneLue) bool { return l.Matricule == "" }); !slices.Equal(again, want) {
		t.Errorf("read again %v\nwant %v", again, want)
	}
}
