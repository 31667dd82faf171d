package identifiants

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"paye/internal/refdata"
)

// sharedVectors returns the rows of a table of shared vectors without its header, or
// skips.
func sharedVectors(t *testing.T, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile(refdata.Path(t, "data", "due", name))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if i > 0 {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

func TestNIRVectors(t *testing.T) {
	for _, row := range sharedVectors(t, "vectors-nir.tsv") {
		nir, cle, want := row[0], row[1], row[2] == "yes"
		if got := CheckNIR(nir, cle) == nil; got != want {
			t.Errorf("CheckNIR(%s, %s) valid %t, want %t (%s)", nir, cle, got, want, row[3])
		}
	}
}

func TestSIRETVectors(t *testing.T) {
	for _, row := range sharedVectors(t, "vectors-siret.tsv") {
		if got, want := CheckSIRET(row[0]) == nil, row[1] == "yes"; got != want {
			t.Errorf("CheckSIRET(%s) valid %t, want %t (%s)", row[0], got, want, row[2])
		}
	}
}

func TestNIRTellsFormFromKey(t *testing.T) {
	for _, c := range []struct {
		name, nir, cle string
		want           error
	}{
		{"good", "1850175056050", "97", nil},
		{"Corse-du-Sud", "184072A004107", "56", nil},
		{"Haute-Corse has another key", "184072B004107", "56", ErrCle},
		{"zero key", "1850175056050", "00", ErrCle},
		{"key of one digit", "1850175056049", "1", ErrForme},
		{"lower case Corsica", "184072a004107", "56", ErrForme},
		{"Corsica anywhere else", "1840720041A07", "56", ErrForme},
		{"short", "185017505605", "97", ErrForme},
		{"no such sex", "0850175056050", "97", ErrForme},
		{"empty", "", "", ErrForme},
	} {
		if got := CheckNIR(c.nir, c.cle); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNIRKeyStaysBetween1And97AndSeesOneChangedDigit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 97))
	for range 2000 {
		nir := fmt.Sprintf("%d%012d", 1+rng.IntN(8), rng.Int64N(1e12))
		if rng.IntN(4) == 0 {
			nir = nir[:5] + []string{"2A", "2B"}[rng.IntN(2)] + nir[7:]
		}
		cle, err := CleNIR(nir)
		if err != nil || cle < "01" || cle > "97" {
			t.Fatalf("key of %s: %q, %v", nir, cle, err)
		}
		at := rng.IntN(15)
		whole := []byte(nir + cle)
		if whole[at] > '9' {
			whole[at] ^= 'A' ^ 'B'
		} else {
			whole[at] = '0' + (whole[at]-'0'+1+byte(rng.IntN(9)))%10
		}
		if CheckNIR(string(whole[:13]), string(whole[13:])) == nil {
			t.Fatalf("%s%s changed to %s is accepted", nir, cle, whole)
		}
	}
}

func TestReadNIR(t *testing.T) {
	for _, c := range []struct {
		nir  string
		want LectureNIR
	}{
		{"2550814168025", LectureNIR{Sexe: '2', Annee: "55", Mois: 8, Departement: "14"}},
		{"184072A004107", LectureNIR{Sexe: '1', Annee: "84", Mois: 7, Departement: "2A"}},
		{"7850175056050", LectureNIR{Sexe: '1', Annee: "85", Mois: 1, Departement: "75", Provisoire: true}},
		{"1803399033010", LectureNIR{Sexe: '1', Annee: "80", Mois: 0, Departement: "99"}},
	} {
		if got, err := ReadNIR(c.nir); err != nil || got != c.want {
			t.Errorf("ReadNIR(%s) = %+v, %v, want %+v", c.nir, got, err, c.want)
		}
	}
}

func TestSplitNIR(t *testing.T) {
	for in, want := range map[string][2]string{
		"1 84 07 2a 004 107 56": {"184072A004107", "56"},
		"184072A004107":         {"184072A004107", ""},
	} {
		if nir, cle, err := SplitNIR(in); err != nil || nir != want[0] || cle != want[1] {
			t.Errorf("SplitNIR(%q) = %q, %q, %v", in, nir, cle, err)
		}
	}
	if _, _, err := SplitNIR("12345"); err != ErrForme {
		t.Errorf("five digits: %v", err)
	}
}

func TestSIREN(t *testing.T) {
	for s, want := range map[string]error{"732829320": nil, "732829321": ErrCle, "73282932": ErrForme, "73282932A": ErrForme} {
		if got := CheckSIREN(s); got != want {
			t.Errorf("CheckSIREN(%s) = %v, want %v", s, got, want)
		}
	}
}

func TestLaPosteExceptionIsForLaPosteOnly(t *testing.T) {
	// One NIC in five of this SIREN has a digit sum that would do for La Poste.
	for nic := range 100000 {
		s := fmt.Sprintf("732829320%05d", nic)
		if CheckSIRET(s) == nil && !luhn(s) {
			t.Fatalf("%s accepted without Luhn", s)
		}
	}
}

func TestRIBAndIBAN(t *testing.T) {
	// The example of the IBAN registry for France, and the RIB it holds.
	if err := CheckRIB("20041", "01005", "0500013M026", "06"); err != nil {
		t.Errorf("RIB: %v", err)
	}
	if err := CheckRIB("20041", "01005", "0500013M026", "07"); err != ErrCle {
		t.Errorf("RIB with another key: %v", err)
	}
	for s, want := range map[string]error{
		"FR1420041010050500013M02606": nil,
		"FR1520041010050500013M02606": ErrCle,
		"FR142004101005050001302606":  ErrForme,
		"FR14200410100505O0013M02606": ErrCle,
		"DE89370400440532013000":      nil,
		"GB29NWBK60161331926819":      nil,
		"BE68539007547034":            nil,
		"fr1420041010050500013m02606": ErrForme,
		"FR":                          ErrForme,
		"":                            ErrForme,
	} {
		if got := CheckIBAN(s); got != want {
			t.Errorf("CheckIBAN(%s) = %v, want %v", s, got, want)
		}
	}
	if got := CompactIBAN("fr14 2004 1010 0505 0001 3m02 606"); CheckIBAN(got) != nil {
		t.Errorf("CompactIBAN: %s", got)
	}
}

func TestFrenchIBANWithAWrongRIBKeyIsRefused(t *testing.T) {
	// The IBAN key is made right over a wrong RIB key, which ISO 7064 alone
	// would let through.
	for k := 2; k < 99; k++ {
		s := fmt.Sprintf("FR%02d20041010050500013M02607", k)
		if CheckIBAN(s) == nil {
			t.Fatalf("%s accepted", s)
		}
	}
}

func TestBIC(t *testing.T) {
	for s, want := range map[string]error{"PSSTFRPPTOU": nil, "BDFEFRPP": nil, "BDFEFRP": ErrForme, "BDFE1RPP": ErrForme, "bdfefrpp": ErrForme} {
		if got := CheckBIC(s); got != want {
			t.Errorf("CheckBIC(%s) = %v, want %v", s, got, want)
		}
	}
}

func FuzzChecksNeverPanic(f *testing.F) {
	f.Add("184072A004107", "56")
	f.Add("FR1420041010050500013M02606", "06")
	f.Fuzz(func(t *testing.T, s, cle string) {
		if CheckNIR(s, cle) == nil {
			if want, _ := CleNIR(s); want != cle {
				t.Errorf("accepted %q with %q, key is %q", s, cle, want)
			}
		}
		if err := CheckIBAN(s); err != nil && !errors.Is(err, ErrForme) && !errors.Is(err, ErrCle) {
			t.Errorf("CheckIBAN: %v", err)
		}
		_, _, _ = SplitNIR(s)
		_, _ = ReadNIR(s)
		_ = CheckSIRET(s)
		_ = CheckBIC(s)
		_ = CheckRIB(cle, cle, s, cle)
	})
}
