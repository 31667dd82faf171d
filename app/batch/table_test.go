package batch

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/sheet/sheettest"
)

// tableOf writes a table beside the folders of some employers.
func tableOf(t *testing.T, text string, folders ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range folders {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "run.jsonl"), []byte(headOfARun), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "employeurs.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTableIsReadAsSpreadsheetsSaveIt(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"semicolons", "dossier;codcol\nÉté;012\n"},
		{"commas", "dossier,codcol\nÉté,012\n"},
		{"mark of UTF-8, Windows ends", "\ufeffdossier;codcol\r\nÉté;012\r\n"},
		{"windows-1252", "dossier;codcol\n\xc9t\xe9;012\n"},
		{"headings in capitals", "Dossier; CodCol\nÉté;012\n"},
		{"quotes", "\"dossier\";\"codcol\"\n\"Été\";\"012\"\n"},
		{"empty rows", "dossier;codcol\n;\nÉté;012\n;;\n\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := ReadTable(tableOf(t, c.text, "Été"))
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v; want one employer", list, err)
			}
			if e := list[0]; e.Dossier != "Été" || e.CodCol != "012" || e.Faute != nil {
				t.Errorf("got %q, codcol %q, %v; want Été, 012", e.Dossier, e.CodCol, e.Faute)
			}
		})
	}
}

func TestTableMayBeAWorkbook(t *testing.T) {
	path := tableOf(t, "", "Été")
	if err := os.WriteFile(path, sheettest.Workbook(t, []byte("dossier;codcol\nÉté;012\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := ReadTable(path)
	if err != nil || len(list) != 1 || list[0].Dossier != "Été" || list[0].CodCol != "012" || list[0].Faute != nil {
		t.Errorf("%+v, %v; want Été with codcol 012", list, err)
	}
}

func TestTableOfOneColumnMayHaveCommasInItsNames(t *testing.T) {
	list, err := ReadTable(tableOf(t, "dossier\nSaint-Jean, ville\n", "Saint-Jean, ville"))
	if err != nil || len(list) != 1 || list[0].Faute != nil {
		t.Errorf("%+v, %v; want one employer without a fault", list, err)
	}
}

func TestOpenQuotesOfATableAreTold(t *testing.T) {
	for _, text := range []string{"dossier;entree\n\"a\"b;x\n", "dossier;entree\na;x\n\"b"} {
		_, err := ReadTable(tableOf(t, text))
		if a := (*anomalie.Anomalie)(nil); !errors.As(err, &a) || a.Code != BadLine || a.Ligne < 2 {
			t.Errorf("%q: got %v, want %s with its line", text, err, BadLine)
		}
	}
}

// A spreadsheet shows accents, and one name that is no UTF-8 spoils no other.
func TestTablesSayThatTheyAreUTF8(t *testing.T) {
	var table, report bytes.Buffer
	if err := errors.Join(WriteTable(&table, "", []Employeur{{Dossier: "Été"}, {Dossier: "\xc9t\xe9"}}), (&Summary{}).WriteCSV(&report)); err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{table.Bytes(), report.Bytes()} {
		if !bytes.HasPrefix(b, []byte("\ufeff")) {
			t.Errorf("%q has no mark", b)
		}
	}
	list, err := ReadTable(tableOf(t, table.String(), "Été"))
	if err != nil || len(list) != 2 || list[0].Dossier != "Été" || list[0].Faute != nil {
		t.Errorf("%+v, %v; want Été and another", list, err)
	}
}

// A slip in the name of a column would leave the default in place of what is in it.
func TestColumnWithASlipInItsNameIsTold(t *testing.T) {
	for _, c := range []struct{ head, name string }{
		{"dossier;limit", "limit"}, {"dossier;limites", "limites"}, {"dossier;mandat", "mandat"}, {"dossier;id_post", "id_post"}, {"dossier;siren", "siren"}, {"dossier;code", ""},
		{"dossier;siren;siret", ""}, {"dossier;remarque;nom;contact", ""}, {"dossier;", ""},
	} {
		_, err := ReadTable(tableOf(t, c.head+"\na\n", "a"))
		a := (*anomalie.Anomalie)(nil)
		if told := errors.As(err, &a) && a.Code == UnknownColumn; told != (c.name != "") || !told && err != nil {
			t.Errorf("%s: %v", c.head, err)
		}
	}
}

func TestColumnThatStandsTwiceIsTold(t *testing.T) {
	for head, code := range map[string]string{"dossier;limite;Limite": BadLine, "dossier;remarque;remarque": ""} {
		_, err := ReadTable(tableOf(t, head+"\na;50Mo;80Mo\n", "a"))
		a := (*anomalie.Anomalie)(nil)
		if told := errors.As(err, &a) && a.Code == code; told != (code != "") || !told && err != nil {
			t.Errorf("%s: %v", head, err)
		}
	}
}
