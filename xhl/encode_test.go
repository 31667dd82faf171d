package xhl

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
)

// runOf decodes a journal into a run.
func runOf(t testing.TB, doc []byte) []byte {
	t.Helper()
	var run bytes.Buffer
	if err := DecodeRun(context.Background(), bytes.NewReader(doc), &run, Options{}, nil); err != nil {
		t.Fatal(err)
	}
	return run.Bytes()
}

// officialSamples are journals of the reference data that decode and encode
// again.
var officialSamples = []struct {
	file    string
	version Version
}{
	{"PayeCeplExemple042005_schema_1.2b.xhl", V12b},
	{"PayeCeplExemple052005_schema_1.2b.xhl", V12b},
	{"PayeCeplExemple082011_schema_1.4.xhl", V14},
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
			o := EncodeOptions{Writer: WriterOptions{Version: tc.version, Charset: charset}}
			if err := EncodeRun(context.Background(), bytes.NewReader(run), &out, o); err != nil {
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

func encode(run string, o WriterOptions) (string, error) {
	var out bytes.Buffer
	err := EncodeRun(context.Background(), strings.NewReader(run), &out, EncodeOptions{Writer: o, Run: Options{Fichier: "run.jsonl"}})
	return out.String(), err
}

func TestRepartitionIsDerivedFromTheLines(t *testing.T) {
	doc, err := encode(minimalRun(), WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(doc, "<Repartition>\n\t\t\t<Code V=\"64111\"/>\n\t\t\t<Mt V=\"1900.10\"/>") {
		t.Errorf("no répartition in\n%s", doc)
	}
	for _, v := range []Version{V14, V12b} {
		doc, err := encode(minimalRun(), WriterOptions{Version: v, Compact: v == V12b})
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
		_, err := encode(run, WriterOptions{})
		var a *Anomalie
		if !errors.As(err, &a) || a.Code != tc.code || a.Ligne != tc.ligne || a.Fichier != "run.jsonl" {
			t.Errorf("%s: got %v, want %s at line %d", tc.name, err, tc.code, tc.ligne)
		}
	}
	with14 := strings.Replace(minimalRun(), `"Mois":"11"`, `"Mois":"11","Train":"T1"`, 1)
	var a *Anomalie
	if _, err := encode(with14, WriterOptions{Version: V12b}); !errors.As(err, &a) || a.Code != "XHL-307" {
		t.Errorf("Train in 1.2b: %v", err)
	}
	if _, err := encode("", WriterOptions{}); !errors.As(err, &a) || a.Code != "XHL-305" {
		t.Errorf("empty run: %v", err)
	}
}

func TestPersonalValuesStayOutOfErrors(t *testing.T) {
	run := strings.Replace(minimalRun(), `"Nom":"Éloïse`, `"Nom":"SECRET`+strings.Repeat("X", 60), 1)
	_, err := encode(run, WriterOptions{})
	if err == nil || strings.Contains(err.Error(), "SECRET") || !strings.Contains(err.Error(), "A1") {
		t.Errorf("got %v", err)
	}
}

func TestWriterRefusesCallsOutOfOrder(t *testing.T) {
	entete, b, nom := new(Entete), new(Bulletin), new(Nomenclatures)
	for name, calls := range map[string]func(w *Writer) error{
		"bulletin first":           func(w *Writer) error { return w.WriteBulletin(b) },
		"groupe first":             func(w *Writer) error { return w.BeginGroupe(nil) },
		"nomenclatures first":      func(w *Writer) error { return w.WriteNomenclatures(nom) },
		"close first":              func(w *Writer) error { return w.Close() },
		"répartition first":        func(w *Writer) error { return w.WriteRepartition(new(RepartitionParNature)) },
		"after an error, the same": func(w *Writer) error { w.Close(); return w.WriteEntete(entete) },
	} {
		if err := calls(NewWriter(new(bytes.Buffer), WriterOptions{})); !errors.Is(err, ErrOrder) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEncodingABulletinDoesNotAllocate(t *testing.T) {
	var line RunLine
	var b Bulletin
	lines := strings.Split(minimalRun(), "\n")
	if err := NewLineDecoder(Options{}).Decode(RawLine{Bytes: []byte(lines[2])}, &line, &b); err != nil {
		t.Fatal(err)
	}
	enc := NewBulletinEncoder(WriterOptions{})
	buf := make([]byte, 0, 1<<16)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := enc.Append(buf, &b); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a bulletin, want 0", n)
	}
}

func TestPJRefIsInsertedInTheLayoutOfTheBulletin(t *testing.T) {
	ref := []PJRef{{Support: "01", IdUnique: "X", NomPJ: Some("é.pdf")}}
	for name, tc := range map[string]struct{ raw, want string }{
		"compact": {`<PayeIndivMensuel><A V=""/></PayeIndivMensuel>`,
			`<PayeIndivMensuel><A V=""/><PJRef><Support V="01"/><IdUnique V="X"/><NomPJ V="&#233;.pdf"/></PJRef></PayeIndivMensuel>`},
		"tabs": {"\n\t<PayeIndivMensuel>\n\t\t<A V=\"\"/>\n\t</PayeIndivMensuel>",
			"\n\t<PayeIndivMensuel>\n\t\t<A V=\"\"/>\n\t\t<PJRef>\n\t\t\t<Support V=\"01\"/>\n\t\t\t<IdUnique V=\"X\"/>\n\t\t\t<NomPJ V=\"&#233;.pdf\"/>\n\t\t</PJRef>\n\t</PayeIndivMensuel>"},
		"prefix": {`<p:PayeIndivMensuel><p:B></p:B></p:PayeIndivMensuel>`,
			`<p:PayeIndivMensuel><p:B></p:B><p:PJRef><p:Support V="01"/><p:IdUnique V="X"/><p:NomPJ V="&#233;.pdf"/></p:PJRef></p:PayeIndivMensuel>`},
	} {
		insert, at, err := AppendPJRef(nil, []byte(tc.raw), ref)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := tc.raw[:at] + string(insert) + tc.raw[at:]; got != tc.want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, tc.want)
		}
	}
}
