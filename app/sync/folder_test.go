package sync

import (
	"crypto/rand"
	"path/filepath"
	"testing"

	"paye/hr/luccatest"
	"paye/internal/input"
	"paye/internal/sheet/sheettest"
)

func TestSheetOfTheAgentsIsToldByTheRun(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "mapping.yaml"), "version: 1\nemployeur: \"21310555400017\"\nsource: {type: folder, folder: .}\nchamps:\n  nom: {path: nom}\n  prenom: {path: prenom}\n  matricule: {path: matricule}\n")
	write(t, filepath.Join(dir, "agents.xlsx"), string(sheettest.Sheets(t, sheettest.Sheet{Name: "Aide", CSV: "à lire\n"},
		sheettest.Sheet{Name: "Personnel", CSV: "id;nom;prenom;matricule\n7;LEFÈVRE;Zoé;003131\n"})))
	j, err := Open(t.Context(), Options{Mapping: filepath.Join(dir, "mapping.yaml"), State: dir, Ledger: dir, User: "alice", Clock: luccatest.NewClock(september), Random: rand.Reader, Host: "banc"})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	rep, err := j.Run(t.Context(), Request{DryRun: true}, Watch{})
	if err != nil {
		t.Fatal(err)
	}
	if n := rep.Plan.Notices; len(n) == 0 || n[0].Code != input.OtherSheet || n[0].Fichier != "agents.xlsx" || n[0].Args[0] != "Personnel" {
		t.Errorf("notices %v", n)
	}
}
