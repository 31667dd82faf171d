package hire

import (
	"os"
	"path/filepath"
	"testing"

	"paye/xhl"

	"paye/due"
)

// journalOf writes a journal of agents, each given as the content of Agent.
func journalOf(t *testing.T, agents ...string) string {
	t.Helper()
	text := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<DocumentPaye xmlns="` + xhl.Namespace + `"><IdVer V="1.4"/><Annee V="2026"/><Mois V="11"/>` +
		`<Employeur><Nom V="Ville d'Essai"/><Siret V="12345678200010"/></Employeur><DonneesIndiv>`
	for _, a := range agents {
		text += `<PayeIndivMensuel><Agent>` + a + `</Agent></PayeIndivMensuel>`
	}
	path := filepath.Join(t.TempDir(), "journal.xhl")
	if err := os.WriteFile(path, []byte(text+`</DonneesIndiv></DocumentPaye>`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	anne  = `<Civilite V="MME"/><Nom V="Ancienne"/><Prenom V="Anne"/><Matricule V="A1"/><NIR V="285081416801032"/><Statut V="TITULAIRE"/>`
	bruno = `<Civilite V="M."/><Nom V="Nouveau"/><Prenom V="Bruno"/><Matricule V="B2"/><NIR V="1 85 08"/><Statut V="NON_TITULAIRE"/>`
	chloe = `<Civilite V="MME"/><Nom V="Nouvelle"/><Prenom V="Chloé"/><Matricule V="C3"/><NIR V="285081416801032"/><Statut V="TITULAIRE"/>`
)

func TestNewAgentsAreThoseWhoWereNotInTheMonthBefore(t *testing.T) {
	before, current := journalOf(t, anne), journalOf(t, bruno, anne, bruno, chloe)
	var got []due.Embauche
	for e, err := range NewAgents(t.Context(), before, current) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	want := []due.Embauche{
		{Salarie: due.Salarie{Matricule: "B2", NomUsage: "Nouveau", Prenom: "Bruno", Sexe: "M", NIR: "1 85 08"}, Contrat: due.Contrat{Categorie: "non_titulaire"}, Fichier: current},
		{Salarie: due.Salarie{Matricule: "C3", NomUsage: "Nouvelle", Prenom: "Chloé", Sexe: "F", NIR: "2850814168010", CleNIR: "32"}, Contrat: due.Contrat{Categorie: "titulaire"}, Fichier: current},
	}
	if len(got) != len(want) {
		t.Fatalf("%d agents, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("agent %d is %v with sex %q, NIR of %d characters, category %q, want %v", i, got[i], got[i].Sexe, len(got[i].NIR), got[i].Categorie, want[i])
		}
	}
}

func TestJournalThatCannotBeReadGivesItsFault(t *testing.T) {
	good := journalOf(t, anne)
	cut := journalOf(t, anne)
	text, err := os.ReadFile(cut)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cut, text[:len(text)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]string{"before": {cut, good}, "current": {good, cut}, "missing": {good, "missing.xhl"}} {
		var last error
		for _, err := range NewAgents(t.Context(), pair[0], pair[1]) {
			last = err
		}
		if last == nil {
			t.Errorf("%s: no fault", name)
		}
	}
}
