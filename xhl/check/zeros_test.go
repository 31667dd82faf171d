package check

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/refdata"
	"paye/xhl"
)

// ribSain and ribStripped are one account, the second without the zeros that a
// spreadsheet takes off.
const (
	ribSain     = `<CodeEtab V="20041"/><CodeGuic V="01005"/><IdCpte V="0500013M026"/><CleRib V="06"/>`
	ribStripped = `<CodeEtab V="20041"/><CodeGuic V="1005"/><IdCpte V="0500013M026"/><CleRib V="6"/>`
)

// numbered is the sound journal with bulletins of these matricules.
func numbered(rib string, matricules ...string) string {
	from, to := strings.Index(sain, "<PayeIndivMensuel>"), strings.Index(sain, "</DonneesIndiv>")
	var b strings.Builder
	for _, m := range matricules {
		b.WriteString(bulletinSain(m, rib))
	}
	return sain[:from] + b.String() + sain[to:]
}

func TestLostZerosAreToldWhereSomethingProvesThem(t *testing.T) {
	mixed := []string{"123456", "204518", "61601", "981234"}
	for name, tc := range map[string]struct {
		src  string
		want []string // ends of the paths
	}{
		"RIB and matricules":             {numbered(ribStripped, mixed...), []string{"CptBancaire", "CptBancaire", "CptBancaire", "CptBancaire", "Agent/Matricule"}},
		"postcode of the employer":       {strings.Replace(numbered(ribSain, mixed...), `<CP V="31000"/>`, `<CP V="1000"/>`, 1), []string{"Adresse/CP", "Agent/Matricule"}},
		"RIB, matricules of one length":  {numbered(ribStripped, "123456", "204518"), []string{"CptBancaire", "CptBancaire"}},
		"RIB, a matricule kept its zero": {numbered(ribStripped, "061601", "204518", "1313"), []string{"CptBancaire", "CptBancaire", "CptBancaire"}},
		"RIB, short numbers are many":    {numbered(ribStripped, "123456", "2045", "2046"), []string{"CptBancaire", "CptBancaire", "CptBancaire"}},
		"list of the schema":             {strings.Replace(sain, `<Support V="01"/>`, `<Support V="1"/>`, 1), []string{"PJRef[1]/Support"}},
		"SIRET of the employer":          {strings.ReplaceAll(sain, "73282932000074", "5720780500011"), []string{"Etablissement/Siret", "Employeur/Siret"}},
		"a counter that grew":            {numbered(ribSain, mixed...), nil},
		"a counter, and a wrong RIB":     {numbered(strings.Replace(ribSain, "06", "07", 1), mixed...), nil},
		"a counter, and a short RIB":     {numbered(strings.Replace(ribStripped, `"6"`, `"7"`, 1), mixed...), nil},
		"an agent who lives abroad":      {strings.Replace(numbered(ribSain, mixed...), `<TypAdr V="0"/><CP V=""/>`, `<TypAdr V="0"/><CP V="1000"/>`, 1), nil},
		"nothing":                        {sain, nil},
	} {
		b, list := judged(t, []byte(tc.src), Options{Fenetre: 4096})
		var got []string
		for _, a := range list {
			if a.Code == "XHL-246" {
				got = append(got, a.Chemin)
			}
		}
		if b.N("XHL-246") != len(tc.want) || !slices.EqualFunc(got, tc.want, strings.HasSuffix) {
			t.Errorf("%s: at %q, want …%q", name, got, tc.want)
		}
	}
}

func TestLostZerosSayWhatToDo(t *testing.T) {
	_, list := judged(t, []byte(numbered(ribStripped, "123456", "204518", "61601", "981234")), Options{})
	a := list[slices.IndexFunc(list, func(a *xhl.Anomalie) bool { return a.Code == "XHL-246" && strings.HasSuffix(a.Chemin, "Matricule") })]
	if a.Gravite != anomalie.Avertissement {
		t.Errorf("gravity %v", a.Gravite)
	}
	for l, want := range map[lang.Language][2]string{
		lang.French:  {"Matricule : 1 bulletin a un numéro de moins de 6 chiffres", "--last-month"},
		lang.English: {"Matricule: 1 bulletin has a number of fewer than 6 digits", "--last-month"},
	} {
		if !strings.HasPrefix(a.Message(l), want[0]) || !strings.HasSuffix(a.Message(l), " 3") || !strings.Contains(a.Aide(l), want[1]) {
			t.Errorf("%s / %s", a.Message(l), a.Aide(l))
		}
	}
}

// The samples have numbers of six digits, some with a zero, and of four; their
// RIB are made up, and prove nothing.
func TestSamplesOfTheDGFiPHaveLostNoZero(t *testing.T) {
	zeros := regexp.MustCompile(`(<Matricule V=")0+([0-9]+")`)
	postcode := regexp.MustCompile(`(?s)(<Employeur>.*?<CP V=")[0-9]+`)
	for _, file := range []string{"PayeCeplExemple042005_schema_1.2b.xhl", "PayeCeplExemple052005_schema_1.2b.xhl", "PayeCeplExemple082011_schema_1.4.xhl"} {
		src, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", file))
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := judged(t, src, Options{}); b.N("XHL-246") != 0 {
			t.Errorf("%s: %d codes have lost their zeros", file, b.N("XHL-246"))
		}
		src = postcode.ReplaceAll(zeros.ReplaceAll(src, []byte("$1$2")), []byte("${1}1000"))
		if b, list := judged(t, src, Options{}); b.N("XHL-246") != 2 {
			t.Errorf("%s without zeros: %v, want its postcode and its matricules", file, list)
		}
	}
}
