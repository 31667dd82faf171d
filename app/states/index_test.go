package states

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"paye/etats"
	"paye/internal/anomalie/anomalietest"
	"paye/internal/sheet/sheettest"
)

// readIndex reads the index of justificatifs whose bytes are given.
func readIndex(t *testing.T, data []byte) (list []etats.Justificatif, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "justificatifs.xlsx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	err = table(path, func(r io.Reader, nom string) error {
		list, err = etats.ReadJustificatifs(r, nom)
		return err
	})
	return list, err
}

func TestIndexMayBeAWorkbook(t *testing.T) {
	list, err := readIndex(t, sheettest.Workbook(t, []byte("matricule;id_unique;fichier\n061601;P1;a.pdf\n")))
	if err != nil || len(list) != 1 || list[0].Matricule != "061601" || list[0].Nom != "a.pdf" {
		t.Errorf("got %+v, %v", list, err)
	}
	_, err = readIndex(t, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
	anomalietest.WantCode(t, err, etats.TableIllisible)
}
