package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"paye/internal/lang"
)

func TestCellsAreReadAsTheyWereMeant(t *testing.T) {
	for _, tc := range []struct {
		kind    Kind
		in, out string
	}{
		{Decimal, "1234.50", "1234.50"},
		{Decimal, "1234,50", "1234.50"},
		{Decimal, "1 234,50", "1234.50"},
		{Decimal, "1\u00a0234,50", "1234.50"},
		{Decimal, "1\u202f234\u202f567,50", "1234567.50"},
		{Decimal, "1.234,56", "1234.56"},
		{Decimal, "1,234.56", "1234.56"},
		{Decimal, "\u221212,50", "-12.50"},
		{Decimal, "-12,50 €", "-12.50"},
		{Decimal, " 3 ", " 3 "},
		{Decimal, "+.5", "+.5"},
		{Decimal, "12 34,50", "12 34,50"}, // no thousands
		{Decimal, "douze", "douze"},
		{Decimal, "9.8800000000000000001", "9.88"},
		{Decimal, "9.8799999999999999999", "9.88"},
		{Decimal, "-1820.1100000000000136", "-1820.11"},
		{Decimal, "33.333333333333336", "33.333333333333336"}, // no exact centime
		{Decimal, "1820.0400000000000000", "1820.0400000000000000"},
		{Decimal, "0.0725000000000000001", "0.0725000000000000001"},
		{Date, "27/11/2026", "2026-11-27"},
		{Date, "7-1-2026", "2026-01-07"},
		{Date, "27.11.2026", "2026-11-27"},
		{Date, "2026/05/01", "2026-05-01"},
		{Date, "2026-11-27", "2026-11-27"},
		{Date, "2026-11-27Z", "2026-11-27Z"},
		{Bool, "VRAI", "true"},
		{Bool, "faux", "false"},
		{Bool, "1", "1"},
		{Digits, "219 675 642 00017", "21967564200017"},
		{Digits, "1\u00a085\u202f06", "18506"},
		{Code, "1E5", "1E5"},
		{Code, "A 12", "A 12"},
		{Text, "#REF!", "#REF!"},
		{Text, "1,5E+03", "1,5E+03"},
	} {
		got, fault := tc.kind.Read(tc.in)
		if got != tc.out || fault.Damaged() {
			t.Errorf("%q of kind %d: got %q (%v), want %q", tc.in, tc.kind, got, fault, tc.out)
		}
	}
}

func TestWhatASpreadsheetBrokeIsTold(t *testing.T) {
	for _, tc := range []struct {
		kind     Kind
		in, want string
	}{
		{Code, "2,19675642000172E+031", "scientific"},
		{Code, "2.19675642000172E+31", "scientific"},
		{Digits, "2E+13", "scientific"},
		{Decimal, "1,5E+03", "scientific"},
		{Decimal, "1E5", "scientific"},
		{Code, "#REF!", "#REF!"},
		{Code, "#N/A", "#N/A"},
		{Digits, "#VALEUR!", "#VALEUR!"},
		{Decimal, "#DIV/0!", "#DIV/0!"},
		{Code, "Err:502", "Err:502"},
		{Date, "#######", "row of #"},
		{Date, "27/11/26", "two digits"},
		{Date, "05/27/2026", "does not exist"},
	} {
		got, fault := tc.kind.Read(tc.in)
		if said := fault.In(lang.English, fault.Args...); !fault.Damaged() || !strings.Contains(said, tc.want) || got != tc.in {
			t.Errorf("%q of kind %d: got %q, %q; want it to say %q", tc.in, tc.kind, got, said, tc.want)
		}
	}
}

func TestColumnsShowWhatCellsCannot(t *testing.T) {
	known := map[string]struct{}{"061601": {}, "61602": {}}
	for _, tc := range []struct {
		name   string
		column Column
		values string
		want   string // of the one suspicion, "" for none
	}{
		{"zeros lost from some", Column{Kind: Code, Mixed: true}, "114702 61601 129615 151960", "1 value has fewer than 6 digits"},
		{"zeros kept", Column{Kind: Code, Mixed: true}, "114702 061601 129615 61", ""},
		{"numbers that are counted", Column{Kind: Code, Mixed: true}, "1 2 3 10 11 120", ""},
		{"letters among them", Column{Kind: Code, Mixed: true}, "A114702 61601", ""},
		{"a width that the trade fixes", Column{Kind: Code, Width: 5}, "12345 125 45678", "1 value has not 5 digits"},
		{"known with its zero", Column{Kind: Code, Known: known}, "61601 61602", "known with zeros"},
		{"known as they are", Column{Kind: Code, Known: known}, "61602", ""},
		{"a lone zero", Column{Kind: Code, Lone: true}, "0 10", "1 value is a lone 0"},
		{"thousandfold", Column{Kind: Decimal}, "85.5 151.67 12.25 85714 100", "1 whole number is a thousand"},
		{"amounts of all sizes", Column{Kind: Decimal}, "85.5 1510.67 12.25 1820 2300 12", ""},
		{"letters lost", Column{Kind: Name}, "Y?ld?z Martin", "1 value has a ?"},
		{"a question", Column{Kind: Name}, "Martin ?", ""},
		{"many digits", Column{Kind: Decimal}, "33.333333333333336", "1 number has more than fifteen"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			left, right := tc.column, tc.column // read by two
			for i, v := range strings.Fields(tc.values) {
				if tc.name == "a question" {
					v = strings.ReplaceAll(v, "Martin", "Martin ")
				}
				if i%2 == 0 {
					left.See(v, int64(i+2))
				} else {
					right.See(v, int64(i+2))
				}
			}
			left.Merge(&right)
			var said []string
			for _, s := range left.Suspicions() {
				said = append(said, s.In(lang.English, s.Args...))
			}
			got := strings.Join(said, "\n")
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) || len(said) > 1 {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTextsSurviveTheirProtection(t *testing.T) {
	for _, s := range []string{"", "061601", "61601", "'061601", "''061601", "=1+1", "'=1+1", "-cmd|x", "-12.50", "+33", "@x", "\tx", "1/2", "2026-05-27", "VRAI", "219E017", "50%",
		"21967564200017", "12345678901", "'t Hooft", "'", "Élan", "1 234", "+.5", "12:30", "'VRAI"} {
		for _, protect := range []func(string) string{Protect, Exact} {
			if got := Unprotect(protect(s)); got != s {
				t.Errorf("%q became %q, then %q", s, protect(s), got)
			}
		}
		if got := Protect(s); Runs(got) {
			t.Errorf("%q is written %q, which a spreadsheet runs", s, got)
		}
	}
	for s, want := range map[string]string{"061601": "'061601", "61601": "61601", "=1": "'=1", "-12.50": "-12.50", "Élan": "Élan", "14702": "14702", "-5 à 3": "'-5 à 3"} {
		if got := Protect(s); got != want {
			t.Errorf("%q is written %q, want %q", s, got, want)
		}
	}
}

func TestWorkbookGivesBackWhatItTook(t *testing.T) {
	rows := "\ufeffcode;texte\n061601;=1+1\n2196756420001720260500000000001;\"a;\"\"b\"\"\"\nx; bord \n;\"deux\nlignes\"\nvide;(vide)\n"
	write := func() []byte {
		b, err := NewBook()
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		b.max = 4
		s, err := b.Sheet("agents")
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(rows); i += 7 { // records come in pieces
			if _, err := s.Write([]byte(rows[i:min(i+7, len(rows))])); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := b.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	first := write()
	if !bytes.Equal(first, write()) {
		t.Error("the same rows gave other bytes")
	}
	book, err := OpenWorkbook(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := fmt.Sprint(book.x.GetSheetList()); got != "[agents agents (2)]" {
		t.Errorf("sheets %s", got)
	}
	f, err := book.Open("agents.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != rows {
		t.Errorf("got  %q\nwant %q", got, rows)
	}
}

// TestCodesAreReadWhateverTheirFormatShows: of a number the cell has to say the
// digits, and of what the library shows only the zeros before them are taken.
func TestCodesAreReadWhateverTheirFormatShows(t *testing.T) {
	const nir = `[>=3000000000000]#" "##" "##" "##" "###" "###" | "##;#" "##" "##" "##" "###" "###`
	for _, tc := range []struct {
		number int64
		format string
		want   string
	}{
		{1991399001002, nir, "1991399001002"}, // shown as 1 99 13 990 010 | 02
		{199139900100271, nir, "199139900100271"},
		{0, `_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-`, "0"},
		{1000, "00000", "01000"},
		{5520135000012, "000 000 000 00000", "05520135000012"},
		{612345678, `0#" "##" "##" "##" "##`, "0612345678"},
		{1234, "# ##0", "1234"},
		{12, "#,##0.00", "12"},
	} {
		x := excelize.NewFile()
		style, err := x.NewStyle(&excelize.Style{CustomNumFmt: &tc.format})
		err = errors.Join(err, x.SetCellInt("Sheet1", "A1", tc.number), x.SetCellStyle("Sheet1", "A1", "A1", style))
		var out bytes.Buffer
		if err := errors.Join(err, x.Write(&out), x.Close()); err != nil {
			t.Fatal(err)
		}
		book, err := OpenWorkbook(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.Rows("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := rows.Next(); err != nil || len(got) != 1 || got[0] != tc.want {
			t.Errorf("%d in %s: %q, %v; want %q", tc.number, tc.format, got, err, tc.want)
		}
		if err := errors.Join(rows.Close(), book.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDaysInISO8601AreDays(t *testing.T) {
	for raw, want := range map[string]string{
		"2026-05-01":                "2026-05-01",
		"2026-05-01T00:00:00":       "2026-05-01",
		"2026-05-01T00:00:00Z":      "2026-05-01",
		"2026-05-01T00:00:00.000Z":  "2026-05-01",
		"2026-05-01T08:30:00":       "2026-05-01T08:30:00",
		"2026-02-30T00:00:00":       "2026-02-30T00:00:00",
		"2026-05-01T00:00:00+02:00": "2026-05-01T00:00:00+02:00",
		"ABCDEFGHIJT00:00:00":       "ABCDEFGHIJT00:00:00",
	} {
		if got, err := new(Workbook).cell("", 1, 1, raw, raw); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestTextsAreInBothLanguages(t *testing.T) {
	for _, text := range Texts {
		if err := text.Verify(); err != nil {
			t.Error(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"1 234,50", "9.8800000000000000001", "27/11/2026", "#REF!", "2,1E+31", "'061601", "=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for k := Text; k <= Bool; k++ {
			once, fault := k.Read(s)
			if fault.Damaged() {
				continue
			}
			if twice, again := k.Read(once); twice != once || again.Damaged() {
				t.Errorf("kind %d: %q is read %q, then %q", k, s, once, twice)
			}
		}
		if got := Unprotect(Protect(s)); got != s {
			t.Errorf("%q became %q", s, got)
		}
		if Runs(Protect(s)) {
			t.Errorf("%q may still run", s)
		}
	})
}

// TestTextBeyondACellIsRefused: excelize cuts it at 32,767 characters without a
// word, and with it an identifier or a label.
func TestTextBeyondACellIsRefused(t *testing.T) {
	for _, c := range []struct {
		runes int
		fits  bool
	}{{MaxCellText, true}, {MaxCellText + 1, false}} {
		b, err := NewBook()
		if err != nil {
			t.Fatal(err)
		}
		s, err := b.Sheet("agents")
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(s, "nom\n"+strings.Repeat("é", c.runes)+"\n")
		if (err == nil) != c.fits {
			t.Errorf("a text of %d characters: %v", c.runes, err)
		}
	}
}

func TestFirstSheetIsTheFirstThatIsShown(t *testing.T) {
	for name, tc := range map[string]struct {
		hidden []string
		want   string
	}{
		"all shown":            {nil, "in Sheet1\n"},
		"lists before, hidden": {[]string{"Sheet1"}, "in index\n"},
		"all but the last":     {[]string{"Sheet1", "index"}, "in notes\n"},
		"lists behind, hidden": {[]string{"notes"}, "in Sheet1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			x := excelize.NewFile()
			for _, sheet := range []string{"Sheet1", "index", "notes"} {
				if _, err := x.NewSheet(sheet); err != nil {
					t.Fatal(err)
				}
				if err := x.SetCellStr(sheet, "A1", "in "+sheet); err != nil {
					t.Fatal(err)
				}
			}
			x.SetActiveSheet(2)
			for _, sheet := range tc.hidden {
				if sheet == "notes" {
					x.SetActiveSheet(0)
				}
				if err := x.SetSheetVisible(sheet, false); err != nil {
					t.Fatal(err)
				}
			}
			var data bytes.Buffer
			if err := x.Write(&data); err != nil {
				t.Fatal(err)
			}
			got, err := CSV(data.Bytes(), 1<<20)
			if err != nil || strings.TrimPrefix(string(got.Text), "\ufeff") != tc.want {
				t.Errorf("%q, %v; want %q", got.Text, err, tc.want)
			}
		})
	}
}
