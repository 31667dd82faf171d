package deposit

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

func TestListOfAnnexesIsReadAsSpreadsheetsSaveIt(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.pdf"), []byte("%PDF-1.4"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []Annexe{{Matricule: "061601", Path: filepath.Join(dir, "a.pdf"), Titre: "Arr\u00eat\u00e9"}}
	for name, text := range map[string]string{
		"UTF-8":             "\ufeffmatricule;fichier;titre\n061601;a.pdf;Arr\u00eat\u00e9\n",
		"windows-1252":      "matricule;fichier;titre\r\n061601;a.pdf;Arr\xeat\xe9\r\n",
		"commas, capitals":  "Titre,Fichier,Matricule\nArr\u00eat\u00e9,a.pdf,'061601\n",
		"lines left blank":  "matricule;fichier;titre\n;;\n061601;a.pdf;Arr\u00eat\u00e9\n;;\n",
		"lines of old Macs": "matricule;fichier;titre\r061601;a.pdf;Arr\xeat\xe9\r",
	} {
		t.Run(name, func(t *testing.T) {
			list := filepath.Join(dir, "annexes.csv")
			if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := readAnnexes(list, nil)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// The last of two columns would give a document to another agent.
func TestListOfAnnexesHasEachColumnOnce(t *testing.T) {
	list := filepath.Join(t.TempDir(), "annexes.csv")
	for _, text := range []string{"matricule;fichier;MATRICULE\n061601;a.pdf;061602\n", "matricule;fichier;titre;fichier\n061601;a.pdf;A;b.pdf\n"} {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readAnnexes(list, nil)
		if a := (*anomalie.Anomalie)(nil); !errors.As(err, &a) || a.Code != AnnexesSansColonnes {
			t.Errorf("%q: %v, want %s", text, err, AnnexesSansColonnes)
		}
	}
}

func TestListOfAnnexesThatIsNoTableIsToldWhatItIs(t *testing.T) {
	list := filepath.Join(t.TempDir(), "annexes.xls")
	if err := os.WriteFile(list, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := readAnnexes(list, nil)
	if a := anomalie.As(err); a == nil || a.Code != AnnexesSansCSV || !strings.Contains(a.Message(lang.English), "a workbook (.xls): save it") {
		t.Errorf("%v", err)
	}
}
