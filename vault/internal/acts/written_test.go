package acts_test

import (
	"encoding/json"
	"strings"
	"testing"

	"paye/internal/identifiants"
	"paye/vault/internal/acts"
	"paye/vault/internal/journal"
	"paye/vault/internal/names"
)

// deposits are bodies with and without the fields that may be left out.
func deposits() []acts.Depot {
	full := acts.Depot{
		Identite: acts.Identite{Employeur: "12345678200010", Matricule: "M000001", Nom: "NOËL", Prenom: "Zoé"},
		Periode:  identifiants.Periode{Annee: 2026, Mois: 9}, Nature: acts.Bulletin, Sequence: 1, Version: 2, Parent: names.ID{1}, Titre: "Bulletin",
		Versement: names.ID{2}, Agent: names.ID{0xAB, 3}, Deposant: "Camille", Taille: 60_000, Empreinte: strings.Repeat("0f", 32),
	}
	bare := full
	bare.Nom, bare.Prenom, bare.Titre, bare.Parent, bare.Versement = "", "", "", names.ID{}, names.ID{}
	return []acts.Depot{full, bare}
}

func TestBodiesAreReadAsTheyAreWritten(t *testing.T) {
	for _, d := range deposits() {
		raw, err := journal.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var got acts.Depot
		if !got.ReadWritten(string(raw)) || got != d {
			t.Errorf("%s was not read as it was written", raw)
		}
	}
}

// FuzzBodyWritten compares the fast reading of a body with that of encoding/json.
func FuzzBodyWritten(f *testing.F) {
	for _, d := range deposits() {
		raw, err := journal.Marshal(d)
		if err != nil {
			f.Fatal(err)
		}
		s := string(raw)
		f.Add(s)
		f.Add(strings.Replace(s, "Camille", `Cam\u0069lle`, 1))
		f.Add(strings.Replace(s, `"sequence":1`, `"sequence":01`, 1))
		f.Add(strings.Replace(s, `"sequence":1`, `"sequence":-0`, 1))
		f.Add(strings.Replace(s, `"nature":`, `"parent":"","nature":`, 1))
		f.Add(strings.Replace(s, "M000001", "M\xff", 1))
		f.Add(s + " ")
	}
	f.Fuzz(func(t *testing.T, s string) {
		before := acts.Depot{Titre: "as it was"}
		got := before
		if !got.ReadWritten(s) {
			if got != before {
				t.Fatalf("%q was not read and changed the body", s)
			}
			return
		}
		var want acts.Depot
		if err := json.Unmarshal([]byte(s), &want); err != nil || got != want {
			t.Fatalf("%q: encoding/json says %v", s, err)
		}
	})
}
