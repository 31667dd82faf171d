package folder

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/internal/anomalie"
	"paye/internal/anomalie/anomalietest"
	"paye/internal/lang"
	"paye/internal/sheet/sheettest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"paye/hr"
)

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

var wantCode = anomalietest.WantCode

// said is one value of the first sheet.
func said(t *testing.T, dir, path string) (string, bool) {
	t.Helper()
	page, err := New(dir, "x").Users(t.Context(), 0, []string{path})
	if err != nil {
		t.Fatal(err)
	}
	raw, found := page.Records[0].Values[path]
	s, _ := hr.Scalar(raw)
	return s, found
}

func TestCSVOfAnySpreadsheetIsRead(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().String("id;nom;prenom\r\n7;LEFÈVRE;Zoé\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"UTF-8 with its mark, ;": "\ufeffid;nom;prenom\n7;LEFÈVRE;Zoé\n", "comma": "ID,Nom,Prenom\n7,LEFÈVRE,Zoé\n", "windows-1252": latin,
		"quoted": "\"id\";\"nom\"\n\"7\";\"LEFÈVRE\"\n\n;;\n",
	} {
		dir := t.TempDir()
		put(t, dir, "agents.csv", text)
		if got, found := said(t, dir, "nom"); got != "LEFÈVRE" || !found {
			t.Errorf("%s: %q, %v", name, got, found)
		}
		if _, found := said(t, dir, "iban"); found {
			t.Errorf("%s: a column that is not there says something", name)
		}
	}
}

func TestWorkbookKeepsWhatItsCellsMean(t *testing.T) {
	x := excelize.NewFile()
	sheet := x.GetSheetName(0)
	zeros, date := "000000", "dd/mm/yyyy"
	padded, err1 := x.NewStyle(&excelize.Style{CustomNumFmt: &zeros})
	french, err2 := x.NewStyle(&excelize.Style{CustomNumFmt: &date})
	builtin, err3 := x.NewStyle(&excelize.Style{NumFmt: 14})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	day := time.Date(1985, 6, 12, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		value any
		style int
		want  string
	}{
		{"id", "7", 0, "7"}, {"texte", "003131", 0, "003131"}, {"zeros", 3131, padded, "003131"}, {"nir", 285067511613189, 0, "285067511613189"},
		{"naissance", day, french, "1985-06-12"}, {"debut", day, builtin, "1985-06-12"}, {"nombre", 2, 0, "2"}, {"formule", "=1+1", 0, "=1+1"},
	} {
		n, err := x.GetCols(sheet)
		if err != nil {
			t.Fatal(err)
		}
		head, err1 := excelize.CoordinatesToCellName(len(n)+1, 1)
		cell, err2 := excelize.CoordinatesToCellName(len(n)+1, 2)
		err = errors.Join(err1, err2, x.SetCellStr(sheet, head, c.name))
		if s, text := c.value.(string); text {
			err = errors.Join(err, x.SetCellStr(sheet, cell, s))
		} else {
			err = errors.Join(err, x.SetCellValue(sheet, cell, c.value), x.SetCellStyle(sheet, cell, cell, c.style))
		}
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := x.SaveAs(filepath.Join(dir, "agents.xlsx")); err != nil {
			t.Fatal(err)
		}
		if got, _ := said(t, dir, c.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWorkbookOfLibreOfficeIsRead(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	put(t, dir, "agents.csv", "id;matricule;naissance\n7;003131;1985-06-12\n")
	// Columns imported as text (2), text, and date year-month-day (5).
	cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profil"), "--headless", "--infilter=CSV:59,34,76,1,1/2/2/2/3/5", "--convert-to", "xlsx", "--outdir", dir, filepath.Join(dir, "agents.csv"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got, _ := said(t, dir, "matricule"); got != "003131" {
		t.Errorf("matricule %q", got)
	}
	if got, _ := said(t, dir, "naissance"); got != "1985-06-12" {
		t.Errorf("date %q", got)
	}
}

func TestFolderThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	users := func(dir string) error { _, err := New(dir, "x").Users(t.Context(), 0, nil); return err }
	wantCode(t, users(filepath.Join(dir, "absent")), "RH-107")
	wantCode(t, users(dir), "RH-107")
	for name, c := range map[string][2]string{
		"no id column":      {"nom\nA\n", "RH-109"},
		"a line without id": {"id;nom\n;A\n", "RH-218"},
		"nothing":           {"", "RH-108"},
		"a broken quote":    {"id;nom\n1;\"A\n", "RH-108"},
		"two identifiers":   {"id;nom;ID\n1;A;2\n", "RH-108"},
	} {
		put(t, dir, "agents.csv", c[0])
		t.Log(name)
		wantCode(t, users(dir), c[1])
	}
	put(t, dir, "agents.xlsx", "not a workbook")
	wantCode(t, users(dir), "RH-108")
}

func TestAbsencesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "agents.csv", "id\n7\n")
	q := hr.AbsenceQuery{From: hr.Date{Year: 2026, Month: 9, Day: 1}, To: hr.Date{Year: 2026, Month: 9, Day: 30}}
	_, err := New(dir, "x").Absences(t.Context(), q)
	wantCode(t, err, "RH-111")
	put(t, dir, "absences.csv", "id;date;demi;compte;libelle\n7;14/09/2026;jour;1;CP\n7;2026-09-15;matin;1;CP\n7;2026-10-13;Après-midi;1;CP\n")
	rows, err := New(dir, "x").Absences(t.Context(), q)
	if err != nil || len(rows) != 3 || !rows[0].Real() {
		t.Errorf("%+v, %v", rows, err)
	}
	put(t, dir, "absences.csv", "id;date;demi;compte\n7;bientôt;jour;1\n")
	_, err = New(dir, "x").Absences(t.Context(), q)
	wantCode(t, err, "RH-108")
}

// The last of two columns would give an agent the value of another one.
func TestColumnsStandOnceInAFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "agents.csv", "id;nom;note;note;Nom\n7;A;x;y;B\n")
	_, err := New(dir, "x").Users(t.Context(), 0, []string{"nom"})
	wantCode(t, err, "RH-108")
	if _, err := New(dir, "x").Users(t.Context(), 0, []string{"prenom"}); err != nil {
		t.Errorf("columns that are not read: %v", err)
	}
	_, err = New(dir, "x").Describe(t.Context())
	wantCode(t, err, "RH-108")
	put(t, dir, "absences.csv", "id;date;demi;compte;demi\n7;14/09/2026;jour;1;matin\n")
	_, err = New(dir, "x").Absences(t.Context(), hr.AbsenceQuery{From: hr.Date{Year: 2026, Month: 9, Day: 1}, To: hr.Date{Year: 2026, Month: 9, Day: 30}})
	wantCode(t, err, "RH-108")
}

func TestSheetOfTheAgentsIsNamed(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "agents.xlsx", string(sheettest.Sheets(t, sheettest.Sheet{Name: "Aide", CSV: "à lire\n"}, sheettest.Sheet{Name: "Personnel", CSV: "id;nom\n7;A\n"})))
	page, err := New(dir, "x").Users(t.Context(), 0, []string{"nom"})
	if err != nil || len(page.Records) != 1 || page.File != "agents.xlsx" || page.Sheet != "Personnel" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestWorkbookThatIsNotReadIsToldInItsLanguage(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "agents.xlsx", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	_, err := New(dir, "x").Users(t.Context(), 0, nil)
	if a := anomalie.As(err); a == nil || !strings.Contains(a.Message(lang.French), "c'est un classeur (.xls)") {
		t.Errorf("%v", err)
	}
}
