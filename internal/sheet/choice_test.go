package sheet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"paye/internal/input"
	"paye/internal/lang"
	"paye/internal/sheet"
	"paye/internal/sheet/sheettest"
)

func TestSheetIsTheOneThatHasTheColumns(t *testing.T) {
	const help, index = "à lire avant\n", "Matricule ;fichier\n061601;a.pdf\n"
	for name, tc := range map[string]struct {
		sheets  []sheettest.Sheet
		matches string // the cell that is read
		notice  string // the sheet that is named; "" for none
		refusal string
	}{
		"first":             {[]sheettest.Sheet{{Name: "Index", CSV: index}, {Name: "Aide", CSV: help}}, "061601", "", ""},
		"second":            {[]sheettest.Sheet{{Name: "Aide", CSV: help}, {Name: "Index", CSV: index}}, "061601", "Index", ""},
		"second, an empty":  {[]sheettest.Sheet{{Name: "Feuil1"}, {Name: "Index", CSV: index}}, "061601", "Index", ""},
		"behind a hidden":   {[]sheettest.Sheet{{Name: "Listes", CSV: help, Hidden: true}, {Name: "Index", CSV: index}}, "061601", "", ""},
		"not a hidden one":  {[]sheettest.Sheet{{Name: "Aide", CSV: index}, {Name: "Avant", CSV: "matricule;fichier\n9;b.pdf\n", Hidden: true}}, "061601", "", ""},
		"two of them":       {[]sheettest.Sheet{{Name: "Mai", CSV: index}, {Name: "Juin", CSV: index}}, "", "", "“Mai” and “Juin”"},
		"some columns only": {[]sheettest.Sheet{{Name: "Agents", CSV: "matricule;nom\n9;A\n"}, {Name: "Index", CSV: index}}, "061601", "Index", ""},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := sheet.OpenTable(sheettest.Sheets(t, tc.sheets...), 1<<20, "matricule", "fichier")
			if tc.refusal != "" {
				if refusal := (sheet.Refusal{}); !errors.As(err, &refusal) || !strings.Contains(err.Error(), tc.refusal) {
					t.Errorf("%v, want a refusal that names %s", err, tc.refusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := table.Next(); err != nil || table.Cell("matricule") != tc.matches {
				t.Errorf("read %q, %v; want %q", table.Cell("matricule"), err, tc.matches)
			}
			named := ""
			if a := table.Notice("t.xlsx"); a != nil {
				named = fmt.Sprint(a.Args...)
				if a.Code != input.OtherSheet || a.Fichier != "t.xlsx" {
					t.Errorf("notice %s of %s", a.Code, a.Fichier)
				}
			}
			if named != tc.notice {
				t.Errorf("named %q, want %q", named, tc.notice)
			}
		})
	}
}

func TestMissingColumnNamesTheSheetWhereThereAreSeveral(t *testing.T) {
	one, aide := sheettest.Sheet{Name: "Index", CSV: "matricule\n1\n"}, sheettest.Sheet{Name: "Aide"}
	for _, tc := range []struct {
		sheets []sheettest.Sheet
		want   string
	}{
		{[]sheettest.Sheet{one}, "the first line lacks the column “fichier”"},
		{[]sheettest.Sheet{one, aide}, "the first line of the sheet “Index” lacks the column “fichier”, and no other sheet has the expected columns"},
	} {
		table, err := sheet.OpenTable(sheettest.Sheets(t, tc.sheets...), 1<<20, "matricule", "fichier")
		if err != nil {
			t.Fatal(err)
		}
		missing := table.Missing("fichier")
		if got := missing.In(lang.English, missing.Args...); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}

func TestTableThatUnfoldsTooFarIsRefused(t *testing.T) {
	data := sheettest.Workbook(t, []byte("matricule\n"+strings.Repeat("061601\n", 1000)))
	_, err := sheet.OpenTable(data, 1000, "matricule")
	if refusal := (sheet.Refusal{}); !errors.As(err, &refusal) {
		t.Errorf("%v, want a refusal: lines would be lost", err)
	}
}
