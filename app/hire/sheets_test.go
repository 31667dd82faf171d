package hire

import (
	"errors"
	"testing"

	"paye/due"
)

// sheetsOf is a source of contracts by number, all of the employer of the tests.
func sheetsOf(numbers ...string) due.Source {
	return func(yield func(due.Embauche, error) bool) {
		for _, n := range numbers {
			e := due.Embauche{Salarie: due.Salarie{Matricule: "M" + n}}
			e.Numero, e.Section, e.DateDebut = n, siret, "2026-12-01"
			if n == "ailleurs" {
				e.Section = "26310555300006"
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestContractsOfAnotherEstablishmentAreLeftToIt(t *testing.T) {
	b := office(t, "")
	list, elsewhere, err := b.Sheets(t.Context(), sheetsOf("1", "ailleurs", "2"))
	if err != nil || len(list) != 2 || elsewhere != 1 || list[0].Declared {
		t.Fatalf("%d offered, %d elsewhere, %v", len(list), elsewhere, err)
	}
	terms := map[string]Terms{"2": {"08:30", "CDI", "60"}, "ailleurs": {"09:00", "CDI", "0"}}
	var got []due.Embauche
	for e, err := range b.Chosen(sheetsOf("1", "ailleurs", "2"), terms) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	if len(got) != 1 || got[0].Numero != "2" || got[0].HeureDebut != "08:30" || got[0].Nature != "CDI" || got[0].EssaiJours != "60" {
		t.Errorf("chosen: %v", got)
	}
}

func TestContractThatIsDeclaredSaysSo(t *testing.T) {
	b := office(t, "")
	bilan := checked(t, b, due.Essai)
	list, _, err := b.Sheets(t.Context(), sheetsOf("C1"))
	if err != nil || list[0].Etat != due.Controlee || list[0].Declared {
		t.Fatalf("checked: %+v, %v", list, err)
	}
	done := due.Saisie{Cle: bilan.Declarations[0].Cle, Etat: due.FaiteAilleurs, Reference: "REF", Motif: "essai"}
	if err := b.Registre.Enter(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	if list, _, err = b.Sheets(t.Context(), sheetsOf("C1")); err != nil || !list[0].Declared {
		t.Errorf("declared elsewhere: %+v, %v", list, err)
	}
}

func TestSourceThatFailsIsNotTakenForNoContract(t *testing.T) {
	b := office(t, "")
	fault := errors.New("panne")
	src := func(yield func(due.Embauche, error) bool) { yield(due.Embauche{}, fault) }
	if _, _, err := b.Sheets(t.Context(), src); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	for _, err := range b.Chosen(src, nil) {
		if !errors.Is(err, fault) {
			t.Errorf("got %v", err)
		}
	}
}
