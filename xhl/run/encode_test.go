package run

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/refdata"
	"paye/internal/xmlw"
	"paye/xhl"
)

// runOf decodes a journal into a run.
func runOf(t testing.TB, doc []byte) []byte {
	t.Helper()
	var run bytes.Buffer
	if err := DecodeJSON(context.Background(), bytes.NewReader(doc), &run, xhl.Options{}, nil); err != nil {
		t.Fatal(err)
	}
	return run.Bytes()
}

// officialSamples are journals of the reference data that decode and encode
// again.
var officialSamples = []struct {
	file    string
	version xhl.Version
}{
	{"PayeCeplExemple042005_schema_1.2b.xhl", xhl.V12b},
	{"PayeCeplExemple052005_schema_1.2b.xhl", xhl.V12b},
	{"PayeCeplExemple082011_schema_1.4.xhl", xhl.V14},
}

func TestOfficialSamplesSurviveTheRun(t *testing.T) {
	for _, tc := range officialSamples {
		doc, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", tc.file))
		if err != nil {
			t.Fatal(err)
		}
		run := runOf(t, doc)
		for _, charset := range []xmlw.Charset{xmlw.ISO88591, xmlw.UTF8} {
			var out bytes.Buffer
			o := EncodeOptions{Writer: xhl.WriterOptions{Version: tc.version, Charset: charset}}
			if err := EncodeJSON(context.Background(), bytes.NewReader(run), &out, o); err != nil {
				t.Fatalf("%s: %v", tc.file, err)
			}
			if again := runOf(t, out.Bytes()); !bytes.Equal(again, run) {
				t.Errorf("%s, %v: the journal changed on its way through the run", tc.file, charset)
			}
			xsd := refdata.Path(t, "data", "xhl", "paye-"+tc.version.String(), "DocumentPaye.xsd")
			if out := xmllint(t, xsd, out.Bytes()); out != "" {
				t.Errorf("%s, %v: %s", tc.file, charset, out)
			}
		}
	}
}

// xmllint validates doc and returns what it says of an invalid one.
func xmllint(t testing.TB, xsd string, doc []byte) string {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed")
	}
	path := filepath.Join(t.TempDir(), "doc.xml")
	if err := os.WriteFile(path, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", xsd, path).CombinedOutput()
	if err == nil {
		return ""
	}
	return string(out[:min(len(out), 2000)])
}

// minimalRun is a run with one bulletin that both schemas accept.
func minimalRun() string {
	const adresse = `{"TypAdr":"1","CP":"35000","CodRes":"1"}`
	const ligne = `{"Libelle":"Traitement","Code":"100","Mt":"1900.10","Ordre":"1"}`
	const nom = `{"Description":"d","Correspondance":[{"Libelle":"l","Code":"c"}]}`
	return strings.Join([]string{
		`{"entete":{"IdVer":"1.4","Annee":"2026","Mois":"11","Employeur":{"Nom":"Ville","APE":"8411Z","Adresse":` + adresse + `,"NumUrssaf":"1","Siret":"12345678200010"}}}`,
		`{"etablissement":null}`,
		`{"bulletin":{"Agent":{"Nom":"Éloïse \u0026 €","Matricule":"A1","NIR":"","Adresse":` + adresse + `,"NbEnfants":"0","Statut":"TITULAIRE","EmploiMetier":"","Grade":"g","Echelon":"","Indice":""},` +
			`"Service":"","NBI":["0"],"QuotiteTrav":"100","Periode":{"DateDebut":"2026-11-01","DateFin":"2026-11-30"},"Remuneration":{"TraitBrut":[` + ligne + `]},` +
			`"NbHeureSup":"0","MtBrut":"1900.10","MtNet":"1900.10","MtNetAPayer":"1900.10","DatePaiement":"2026-11-27","MtImposable":"1900.10","CumulMtImposable":"0","CumulMtBrut":"0","CumulBaseSS":"0"}}`,
		`{"nomenclatures":{"NomenclatureEvtPaye":` + nom + `,"NomenclatureRubriquePaye":{"Description":"d","Correspondance":[{"Libelle":"Traitement","Code":"100","CodeNatureSal":"64111"}]},"NomenclatureCaisse":` + nom + `}}`,
	}, "\n") + "\n"
}

func encode(run string, o xhl.WriterOptions) (string, error) {
	var out bytes.Buffer
	err := EncodeJSON(context.Background(), strings.NewReader(run), &out, EncodeOptions{Writer: o, Run: xhl.Options{Fichier: "run.jsonl"}})
	return out.String(), err
}

func TestRepartitionIsDerivedFromTheLines(t *testing.T) {
	doc, err := encode(minimalRun(), xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(doc, "<Repartition>\n\t\t\t<Code V=\"64111\"/>\n\t\t\t<Mt V=\"1900.10\"/>") {
		t.Errorf("no répartition in\n%s", doc)
	}
	for _, v := range []xhl.Version{xhl.V14, xhl.V12b} {
		doc, err := encode(minimalRun(), xhl.WriterOptions{Version: v, Compact: v == xhl.V12b})
		if err != nil {
			t.Fatal(err)
		}
		if out := xmllint(t, refdata.Path(t, "data", "xhl", "paye-"+v.String(), "DocumentPaye.xsd"), []byte(doc)); out != "" {
			t.Errorf("%v: %s", v, out)
		}
	}
}

func TestFaultsOfARunAreNamedWithTheirLine(t *testing.T) {
	for _, tc := range []struct {
		name, from, to, code string
		ligne                int64
	}{
		{"broken JSON", `"NBI":["0"]`, `"NBI":["0"`, "XHL-301", 3},
		{"unknown key", `"Service"`, `"Servise"`, "XHL-302", 3},
		{"unknown line", `"etablissement"`, `"etablisement"`, "XHL-302", 2},
		{"number instead of a string", `"MtBrut":"1900.10"`, `"MtBrut":1900.10`, "XHL-306", 3},
		{"refused value", `"MtBrut":"1900.10"`, `"MtBrut":"1900,10"`, "XHL-303", 3},
		{"text too long", `"Grade":"g"`, `"Grade":"` + strings.Repeat("g", 101) + `"`, "XHL-303", 3},
		{"missing value", `"MtBrut":"1900.10",`, ``, "XHL-304", 3},
		{"missing NBI", `"NBI":["0"],`, ``, "XHL-304", 3},
		{"missing nomenclatures", `"nomenclatures":`, `"repartition":[],"x":`, "XHL-301", 4},
		{"control character", `"Grade":"g"`, `"Grade":"\u0001"`, "XHL-309", 3},
		{"twice the same key", `"Service":"",`, `"Service":"","Service":"",`, "XHL-301", 3},
		{"bulletin first", `{"entete"`, `{"repartition":[]}` + "\n" + `{"xentete"`, "XHL-302", 2},
		{"RIB and IBAN", `"Indice":""`, `"Indice":"","CptBancaire":{"CodeEtab":"1","BIC":"B","IBAN":"I","TitCpte":"t"}`, "XHL-308", 3},
		{"no account for any line", `,"CodeNatureSal":"64111"`, ``, "XHL-203", 4},
	} {
		run := strings.Replace(minimalRun(), tc.from, tc.to, 1)
		_, err := encode(run, xhl.WriterOptions{})
		var a *xhl.Anomalie
		if !errors.As(err, &a) || a.Code != tc.code || a.Ligne != tc.ligne || a.Fichier != "run.jsonl" {
			t.Errorf("%s: got %v, want %s at line %d", tc.name, err, tc.code, tc.ligne)
		}
	}
	with14 := strings.Replace(minimalRun(), `"Mois":"11"`, `"Mois":"11","Train":"T1"`, 1)
	var a *xhl.Anomalie
	if _, err := encode(with14, xhl.WriterOptions{Version: xhl.V12b}); !errors.As(err, &a) || a.Code != "XHL-307" {
		t.Errorf("Train in 1.2b: %v", err)
	}
	if _, err := encode("", xhl.WriterOptions{}); !errors.As(err, &a) || a.Code != "XHL-305" {
		t.Errorf("empty run: %v", err)
	}
}

func TestPersonalValuesStayOutOfErrors(t *testing.T) {
	run := strings.Replace(minimalRun(), `"Nom":"Éloïse`, `"Nom":"SECRET`+strings.Repeat("X", 60), 1)
	_, err := encode(run, xhl.WriterOptions{})
	if err == nil || strings.Contains(err.Error(), "SECRET") || !strings.Contains(err.Error(), "A1") {
		t.Errorf("got %v", err)
	}
}

func TestEncodingABulletinDoesNotAllocate(t *testing.T) {
	var line RunLine
	var b xhl.Bulletin
	lines := strings.Split(minimalRun(), "\n")
	if err := NewLineDecoder(xhl.Options{}).Decode(RawLine{Bytes: []byte(lines[2])}, &line, &b); err != nil {
		t.Fatal(err)
	}
	enc := xhl.NewBulletinEncoder(xhl.WriterOptions{})
	buf := make([]byte, 0, 1<<16)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := enc.Append(buf, &b); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a bulletin, want 0", n)
	}
}
