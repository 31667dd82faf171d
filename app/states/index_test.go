package states

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paye/etats"
	"paye/internal/anomalie"
	"paye/internal/anomalie/anomalietest"
	"paye/internal/input"
	"paye/internal/sheet/sheettest"
)

// readIndex reads the index of justificatifs whose bytes are given.
func readIndex(t *testing.T, data []byte, tell func(*anomalie.Anomalie)) (list []etats.Justificatif, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "justificatifs.xlsx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	err = table(path, func(r io.Reader, nom string) error {
		list, err = etats.ReadJustificatifs(r, nom, tell)
		return err
	})
	return list, err
}

func TestIndexMayBeAWorkbook(t *testing.T) {
	list, err := readIndex(t, sheettest.Workbook(t, []byte("matricule;id_unique;fichier\n061601;P1;a.pdf\n")), nil)
	if err != nil || len(list) != 1 || list[0].Matricule != "061601" || list[0].Nom != "a.pdf" {
		t.Errorf("got %+v, %v", list, err)
	}
	_, err = readIndex(t, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), nil)
	anomalietest.WantCode(t, err, etats.TableIllisible)
}

func TestSheetOfATableIsNamed(t *testing.T) {
	var told []string
	data := sheettest.Sheets(t, sheettest.Sheet{Name: "Aide"}, sheettest.Sheet{Name: "Liste", CSV: "matricule;id_unique;fichier\n061601;P1;a.pdf\n"})
	list, err := readIndex(t, data, func(a *anomalie.Anomalie) { told = append(told, a.Code) })
	if err != nil || len(list) != 1 || !slices.Equal(told, []string{input.OtherSheet}) {
		t.Errorf("got %+v, %v, told %v", list, err, told)
	}
}
