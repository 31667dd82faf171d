package states

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"paye/etats"
	"paye/internal/anomalie/anomalietest"
	"paye/internal/sheet"
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
	book, err := sheet.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	s, err := book.Sheet("Feuille1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Write([]byte("matricule;id_unique;fichier\n061601;P1;a.pdf\n"))
	var out bytes.Buffer
	if err := errors.Join(err, s.Close(), book.Write(&out)); err != nil {
		t.Fatal(err)
	}
	list, err := readIndex(t, out.Bytes())
	if err != nil || len(list) != 1 || list[0].Matricule != "061601" || list[0].Nom != "a.pdf" {
		t.Errorf("got %+v, %v", list, err)
	}
	_, err = readIndex(t, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
	anomalietest.WantCode(t, err, etats.TableIllisible)
}
