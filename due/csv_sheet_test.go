package due

import (
	"errors"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/internal/sheet/sheettest"
)

func readSheet(t *testing.T, text string) (hires []Embauche, said []string) {
	t.Helper()
	for e, err := range ReadCSV(t.Context(), strings.NewReader(text), "e.csv") {
		var a *anomalie.Anomalie
		switch {
		case errors.As(err, &a):
			said = append(said, a.Code+" "+a.Chemin+": "+a.Message(lang.English))
		case err != nil:
			t.Fatal(err)
		default:
			hires = append(hires, e)
		}
	}
	return hires, said
}

func TestWhatASpreadsheetBrokeOfAHireIsTold(t *testing.T) {
	for _, tc := range []struct{ columns, cells, says string }{
		{"nir", "1,85067511613189E+14", "DUE-126 nir: column nir: scientific notation"},
		{"matricule", "#REF!", "DUE-126 matricule: column matricule: formula error (#REF!)"},
		{"date_naissance", "27/11/81", "DUE-126 date_naissance: column date_naissance: date whose year has two digits"},
		{"cle_nir", "5", "DUE-127 cle_nir: column cle_nir: 1 value has not 2 digits"},
		{"departement_naissance", "1", "DUE-127 departement_naissance: column departement_naissance: 1 value has not 2 digits"},
		{"nom_naissance", "Y?ld?z", "DUE-127 nom_naissance: column nom_naissance: 1 value has a ?"},
	} {
		t.Run(tc.columns, func(t *testing.T) {
			head, line := "contrat;date_debut;", "c1;2026-11-27;"
			if tc.columns != "matricule" {
				head, line = "matricule;"+head, "m1;"+line
			}
			hires, said := readSheet(t, head+tc.columns+"\n"+line+tc.cells+"\n")
			if len(said) != 1 || !strings.HasPrefix(said[0], tc.says) {
				t.Errorf("got %q, want %q", said, tc.says)
			}
			if lost := strings.HasPrefix(tc.says, "DUE-126"); lost != (len(hires) == 0) {
				t.Errorf("%d hires", len(hires))
			}
		})
	}
}

func TestHiresAreReadAsTheyWereMeant(t *testing.T) {
	text := "matricule;contrat;date_debut;nir;nir_absent\n'061601;c1;27/11/2026;1 85 06 75 116 131 89;VRAI\n"
	hires, said := readSheet(t, text)
	if len(hires) != 1 || len(said) > 0 {
		t.Fatalf("got %d hires, %q", len(hires), said)
	}
	if e := hires[0]; e.Matricule != "061601" || e.DateDebut != "2026-11-27" || e.NIR != "185067511613189" || e.NIRAbsent != "oui" {
		t.Errorf("matricule %s, start %s, or NIR, or its absence are wrong", e.Matricule, e.DateDebut)
	}

	again, said := readSheet(t, string(sheettest.Workbook(t, []byte(text))))
	if len(again) != 1 || len(said) > 0 || again[0] != hires[0] {
		t.Errorf("the workbook gave %d hires, %q", len(again), said)
	}
	if _, said := readSheet(t, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"); len(said) != 1 || !strings.HasPrefix(said[0], "DUE-125") {
		t.Errorf("an old workbook: got %q", said)
	}
}

func TestSheetOfTheHiresIsNamed(t *testing.T) {
	book := sheettest.Sheets(t, sheettest.Sheet{Name: "Notice", CSV: "comment remplir\n"}, sheettest.Sheet{Name: "Embauches", CSV: "matricule;contrat;date_debut\n061601;c1;2026-11-27\n"})
	hires, said := readSheet(t, string(book))
	if len(hires) != 1 || len(said) != 1 || !strings.HasPrefix(said[0], input.OtherSheet) || !strings.Contains(said[0], "“Embauches”") {
		t.Errorf("%d hires, said %q", len(hires), said)
	}
}
