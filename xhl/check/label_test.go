package check

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/refdata"
)

// accents is a sound journal with accented values, in UTF-8.
func accents(t *testing.T) string {
	t.Helper()
	src := strings.Replace(sain, `<Nom V="Mairie"/>`, `<Nom V="Mairie de Préaux-lès-Été"/>`, 1)
	if src == sain {
		t.Fatal("the model has no Mairie")
	}
	return src
}

func TestAccentsInAnotherCharsetThanTheLabelAreTold(t *testing.T) {
	utf8 := accents(t)
	label := func(src, name string) string { return strings.Replace(src, "ISO-8859-1", name, 1) }
	latin1, err := charmap.ISO8859_1.NewEncoder().String(utf8)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := charmap.Windows1252.NewDecoder().String(utf8)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		src  string
		want string // code, or "" for none
	}{
		"UTF-8 under ISO-8859-1":          {utf8, "XHL-019"},
		"UTF-8 under windows-1252":        {label(utf8, "windows-1252"), "XHL-019"},
		"UTF-8 under ISO8859_15":          {label(utf8, "ISO8859_15"), "XHL-019"},
		"with a mark":                     {"\uFEFF" + utf8, "XHL-019"},
		"in a tag of its own shape":       {strings.Replace(utf8, `<Nom V="Mairie`, `<Nom  V = "Mairie`, 1), "XHL-019"},
		"UTF-8 under its name":            {label(utf8, "UTF-8"), ""},
		"ISO-8859-1 under its name":       {latin1, ""},
		"encoded twice":                   {label(twice, "UTF-8"), "XHL-020"},
		"one value of the label among it": {strings.Replace(utf8, `<Nom V="Ecole"/>`, "<Nom V=\"\xC9cole\"/>", 1), ""},
		"no accent":                       {sain, ""},
	} {
		b, _ := judged(t, []byte(tc.src), Options{})
		for _, code := range []string{"XHL-019", "XHL-020"} {
			want := 0
			if code == tc.want {
				want = 1
			}
			if got := b.N(code); got != want {
				t.Errorf("%s: %s %d times, want %d", name, code, got, want)
			}
		}
	}
}

func TestMislabelledJournalsOfOthersAreTold(t *testing.T) {
	for file, want := range map[string]string{
		"06-utf8-under-latin1-label/utf8-sous-latin1.xhl":     "XHL-019",
		"06-utf8-under-latin1-label/bom-utf8-sous-latin1.xhl": "XHL-019",
		"10-java-encoding-names/iso8859_1.xhl":                "",
	} {
		src, err := os.ReadFile(refdata.Path(t, "cases", file))
		if err != nil {
			t.Fatal(err)
		}
		b, _ := judged(t, src, Options{})
		if got := b.N("XHL-019") > 0; got != (want != "") {
			t.Errorf("%s: XHL-019 %v, want %v", file, got, want != "")
		}
		if b.N("XHL-005") > 0 || !b.SchemaValide {
			t.Errorf("%s: schema valid %v, its charset unknown %d times", file, b.SchemaValide, b.N("XHL-005"))
		}
	}
}
