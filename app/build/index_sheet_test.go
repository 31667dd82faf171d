package build

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/internal/sheet/sheettest"
	"paye/synth"
)

func TestIndexMayBeAWorkbook(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5})
	dem := demande(dir, filepath.Join(t.TempDir(), "csv"), 4_000_000)
	if _, _, err := build(context.Background(), dem); err != nil {
		t.Fatal(err)
	}
	want := files(t, dem.Sortie)
	index := filepath.Join(dir, indexName)
	text, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "justificatifs.xlsx"), sheettest.Workbook(t, text), 0o600), os.Remove(index)); err != nil {
		t.Fatal(err)
	}
	dem = demande(dir, filepath.Join(t.TempDir(), "xlsx"), 4_000_000)
	if _, _, err := build(context.Background(), dem); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dem.Sortie); len(want) == 0 || !maps.Equal(got, want) {
		t.Errorf("the workbook gave %v, the CSV %v", got, want)
	}
}

func TestSheetOfAnIndexIsNamed(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5})
	path := filepath.Join(dir, indexName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	index, help := sheettest.Sheet{Name: "Liste", CSV: string(text)}, sheettest.Sheet{Name: "Mode d'emploi", CSV: "à lire avant\n"}
	for name, tc := range map[string]struct {
		sheets []sheettest.Sheet
		told   int
	}{"first": {[]sheettest.Sheet{index, help}, 0}, "second": {[]sheettest.Sheet{help, index}, 1}} {
		dem := demande(dir, t.TempDir(), 4_000_000)
		dem.Index = filepath.Join(t.TempDir(), "justificatifs.xlsx")
		if err := os.WriteFile(dem.Index, sheettest.Sheets(t, tc.sheets...), 0o600); err != nil {
			t.Fatal(err)
		}
		told := 0
		dem.Anomalie = func(a *anomalie.Anomalie) {
			if a.Code == input.OtherSheet && a.Fichier == dem.Index && strings.Contains(a.Message(lang.French), "« Liste »") {
				told++
			}
		}
		if _, _, err := build(context.Background(), dem); err != nil {
			t.Fatal(err)
		}
		if told != tc.told {
			t.Errorf("%s: told %d times, want %d", name, told, tc.told)
		}
	}
}

func TestDamageOfAnIndexIsTold(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5})
	text, err := os.ReadFile(filepath.Join(dir, indexName))
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(text), "\n")
	line, _, _ := strings.Cut(rest, "\n")
	cells := strings.Split(line, ";")
	for _, tc := range []struct {
		name    string
		replace func([]string)
		data    []byte
		code    string
		says    string
	}{
		{"identifier in scientific notation", func(c []string) { c[1] = "2,19675642000172E+031" }, nil, CelluleAbimee, "column id_unique: scientific"},
		{"matricule that refers to nothing", func(c []string) { c[0] = "#REF!" }, nil, CelluleAbimee, "column matricule: formula error (#REF!)"},
		{"support without its zero", func(c []string) { c[5] = "1" }, nil, CelluleAbimee, "01 is expected"},
		{"no matricule", func(c []string) { c[0] = "" }, nil, IndexLigne, "the column “matricule” is empty"},
		{"unknown support", func(c []string) { c[5] = "07" }, nil, IndexLigne, "column “support”: 00, 01, 02, 03, 10 expected"},
		{"OpenDocument", nil, []byte("PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), IndexIllisible, "save it as “CSV UTF-8”"},
		{"old workbook", nil, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), IndexIllisible, "(.xls)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := tc.data
			if tc.replace != nil {
				c := append([]string(nil), cells...)
				tc.replace(c)
				data = []byte(head + "\n" + strings.Join(c, ";") + "\n")
			}
			index := filepath.Join(t.TempDir(), "index")
			if err := os.WriteFile(index, data, 0o600); err != nil {
				t.Fatal(err)
			}
			dem := demande(dir, t.TempDir(), 4_000_000)
			dem.Index = index
			_, _, err := build(context.Background(), dem)
			var a *anomalie.Anomalie
			if !errors.As(err, &a) || a.Code != tc.code || !strings.Contains(a.Message(lang.English), tc.says) {
				t.Errorf("got %v, want %s and %q", err, tc.code, tc.says)
			}
		})
	}
}

func TestZeroLostInAnIndexIsTold(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	journal := filepath.Join(dir, "journal.xhl")
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), `<Matricule V="`)
	matricule, _, _ := strings.Cut(rest, `"`)
	text = bytes.ReplaceAll(text, []byte(`<Matricule V="`+matricule), []byte(`<Matricule V="00`+matricule))
	index := filepath.Join(dir, "autre.csv")
	lines := "matricule;id_unique;fichier\n" + matricule + ";;un.txt\n"
	if err := errors.Join(os.WriteFile(journal, text, 0o600), os.WriteFile(index, []byte(lines), 0o600),
		os.WriteFile(filepath.Join(dir, "justificatifs", "un.txt"), []byte("un"), 0o600)); err != nil {
		t.Fatal(err)
	}
	var told []string
	dem := demande(journal, t.TempDir(), 4_000_000)
	dem.Index, dem.PJ = index, filepath.Join(dir, "justificatifs")
	dem.Anomalie = func(a *anomalie.Anomalie) {
		if a.Code == ZeroPerdu {
			told = append(told, a.Message(lang.English))
		}
	}
	if _, _, err := build(context.Background(), dem); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || !strings.Contains(told[0], "00"+matricule+" has one") {
		t.Errorf("got %q", told)
	}
}

// Which of two columns of a name is meant, nobody knows; one that no build reads
// may be there as often as it likes.
func TestIndexHasEachColumnOnce(t *testing.T) {
	for text, want := range map[string]string{
		"matricule;id_unique;fichier;Fichier \nm1;;a.pdf;b.pdf\n":  IndexIllisible,
		"matricule;id_unique;fichier;nom;nom\nm1;;a.pdf;A;B\n":     IndexIllisible,
		"matricule;id_unique;fichier;note;note;;\nm1;;a.pdf;;;;\n": "",
	} {
		_, err := parseTable("justificatifs.csv", []byte(text), indexColumns, 3, tableFaults{IndexIllisible, IndexLigne})
		var a *anomalie.Anomalie
		if errors.As(err, &a) && a.Code != want || err == nil && want != "" {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
