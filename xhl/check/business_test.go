package check

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/refdata"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// sain is a journal of two bulletins about which Check has nothing to say.
var sain = strings.NewReplacer(
	"\n", "", "\t", "",
).Replace(`<?xml version="1.0" encoding="ISO-8859-1"?><n:DocumentPaye xmlns:n="` + schema.Namespace + `"><IdVer V="1.1"/><Annee V="2026"/><Mois V="11"/><Train V="T1"/><Budget><Libelle V="Principal"/><Code V="B1"/></Budget>
	<Employeur><Nom V="Mairie"/><APE V="8411Z"/><Adresse><TypAdr V="1"/><CP V="31000"/><CodRes V="0"/></Adresse><NumUrssaf V="1"/><Siret V="73282932000074"/></Employeur>
	<DonneesIndiv><Etablissement><Nom V="Ecole"/><NumUrssaf V="1"/><Adresse><TypAdr V="1"/><CP V="31000"/><CodRes V="0"/></Adresse><Siret V="73282932000074"/></Etablissement>` +
	bulletinSain("A1", `<CodeEtab V="20041"/><CodeGuic V="01005"/><IdCpte V="0500013M026"/><CleRib V="06"/>`) +
	bulletinSain("B2", `<BIC V="PSSTFRPPTOU"/><IBAN V="FR1420041010050500013M02606"/>`) + `</DonneesIndiv>
	<Nomenclatures><NomenclatureEvtPaye><Description V=""/><Correspondance><Libelle V="e"/><Code V="E1"/></Correspondance></NomenclatureEvtPaye>
	<NomenclatureRubriquePaye><Description V=""/><Correspondance><Libelle V="r"/><Code V="100"/><CodeNatureSal V="6411"/></Correspondance><Correspondance><Libelle V="d"/><Code V="200"/><CodeCaisse V="C1"/><CodeNatureSal V="431"/></Correspondance></NomenclatureRubriquePaye>
	<NomenclatureCaisse><Description V=""/><Correspondance><Libelle V="c"/><Code V="C1"/></Correspondance></NomenclatureCaisse>
	<NomenclatureBudget><Description V=""/><Correspondance><Libelle V="b"/><Code V="B1"/></Correspondance></NomenclatureBudget>
	<NomenclatureNature><Description V=""/><Correspondance><Libelle V="n"/><Code V="6411"/></Correspondance><Correspondance><Libelle V="m"/><Code V="431"/></Correspondance></NomenclatureNature>
	<NomenclatureTrain><Description V=""/><Correspondance><Libelle V="t"/><Code V="T1"/></Correspondance></NomenclatureTrain></Nomenclatures>
	<RepartitionParNature><Repartition><Code V="6411"/><CodeBudget V="B1"/><Mt V="4000.00"/></Repartition><Repartition><Code V="431"/><Mt V="-400.00"/></Repartition></RepartitionParNature></n:DocumentPaye>`)

func bulletinSain(matricule, compte string) string {
	return `<PayeIndivMensuel><Agent><Nom V="NOM"/><Matricule V="` + matricule + `"/><NIR V="255081416802538"/><Adresse><TypAdr V="0"/><CP V=""/><CodRes V="false"/></Adresse><NbEnfants V=""/><Statut V="STAGIAIRE"/><EmploiMetier V=""/><Grade V=""/><Echelon V=""/><Indice V=""/><CptBancaire>` + compte + `<TitCpte V="T"/></CptBancaire></Agent>
	<Evenement><Code V="E1"/></Evenement><Evenement><Code V=""/></Evenement><Service V=""/><NBI V="0"/><QuotiteTrav V="100"/><Periode><DateDebut V="2026-11-01"/><DateFin V="2026-11-30"/></Periode>
	<Remuneration><TraitBrut><Libelle V="t"/><Code V="100"/><Mt V="2000.00"/><Ordre V="1"/></TraitBrut><Deduction><Libelle V="d"/><Code V="200"/><Mt V="200.00"/><CodeCaisse V="C1"/><Ordre V="2"/></Deduction></Remuneration>
	<NbHeureSup V="0"/><MtBrut V="2000.00"/><MtNet V="1800.00"/><MtNetAPayer V="1800.00"/><DatePaiement V="2026-11-28"/><MtImposable V="0"/><CumulMtImposable V="0"/><CumulMtBrut V="0"/><CumulBaseSS V="0"/>
	<RepartitionBudget><CodeBudget V="B1"/><Taux V="100"/></RepartitionBudget><PJRef><Support V="01"/><IdUnique V="P1"/><NomPJ V="p1.pdf"/></PJRef></PayeIndivMensuel>`
}

func TestAJournalWithoutFaultGetsNoAnomaly(t *testing.T) {
	b, list := judged(t, []byte(sain), Options{})
	if !b.SchemaValide || !b.Conforme || len(list) != 0 {
		t.Fatalf("valid %v, anomalies %v", b.SchemaValide, list)
	}
	if b.Version != xhl.V14 || b.Bulletins != 2 || b.Groupes != 1 || b.MtBrut != 400000 || b.MtNetAPayer != 360000 || b.Entete.Employeur.Siret != "73282932000074" || b.Totaux.Lignes() != 4 {
		t.Errorf("got %s, gross %s, net %s, %d lines", brief(b), b.MtBrut.Reveal(), b.MtNetAPayer.Reveal(), b.Totaux.Lignes())
	}
}

func TestBusinessRules(t *testing.T) {
	const first = `<Matricule V="A1"/>`
	for _, tc := range []struct {
		name, old, new string
		code           string
		n              int
		gravite        anomalie.Gravite
		valid          bool
		where          string // end of the path of the first
	}{
		{"net to pay", `<MtNetAPayer V="1800.00"/>`, `<MtNetAPayer V="1700.00"/>`, "XHL-210", 1, anomalie.Avertissement, true, "PayeIndivMensuel[1]/MtNetAPayer"},
		{"net within the rounding", `<MtNetAPayer V="1800.00"/>`, `<MtNetAPayer V="1800.05"/>`, "XHL-210", 0, 0, true, ""},
		{"gross", `<MtBrut V="2000.00"/>`, `<MtBrut V="2100.00"/>`, "XHL-211", 1, anomalie.Info, true, "PayeIndivMensuel[1]/MtBrut"},
		{"amounts by budget", `<Taux V="100"/></RepartitionBudget>`, `<Mt V="1500.00"/></RepartitionBudget>`, "XHL-212", 1, anomalie.Info, true, "MtBrut"},
		{"rates by budget", `<Taux V="100"/></RepartitionBudget>`, `<Taux V="50"/></RepartitionBudget>`, "XHL-213", 1, anomalie.Avertissement, true, "RepartitionBudget"},
		{"a rate of one", `<Taux V="100"/></RepartitionBudget>`, `<Taux V="1"/></RepartitionBudget>`, "XHL-213", 0, 0, true, ""},
		{"SIRET of the employer", `<Siret V="73282932000074"/></Employeur>`, `<Siret V="73282932000075"/></Employeur>`, "XHL-214", 1, anomalie.Avertissement, true, "DocumentPaye/Employeur/Siret"},
		{"SIRET of the établissement", `<Siret V="73282932000074"/></Etab`, `<Siret V=""/></Etab`, "XHL-214", 1, anomalie.Avertissement, true, "DonneesIndiv[1]/Etablissement/Siret"},
		{"NIR key", `<NIR V="255081416802538"/>`, `<NIR V="255081416802539"/>`, "XHL-215", 1, anomalie.Avertissement, true, "Agent/NIR"},
		{"NIR without key", `<NIR V="255081416802538"/>`, `<NIR V="2550814168025"/>`, "XHL-215", 0, 0, true, ""},
		{"NIR of Corsica", `<NIR V="255081416802538"/>`, `<NIR V="2550A"/>`, "XHL-215", 1, anomalie.Avertissement, true, "Agent/NIR"},
		{"IBAN", "FR1420041010050500013M02606", "FR1420041010050500013M02607", "XHL-216", 1, anomalie.Avertissement, true, "CptBancaire/IBAN"},
		{"RIB", `<CleRib V="06"/>`, `<CleRib V="07"/>`, "XHL-217", 1, anomalie.Avertissement, true, "CptBancaire/IdCpte"},
		{"APE", `<APE V="8411Z"/>`, `<APE V="777A"/>`, "XHL-218", 1, anomalie.Avertissement, true, "Employeur/APE"},
		{"period", `<DateDebut V="2026-11-01"/>`, `<DateDebut V="2026-10-01"/>`, "XHL-220", 1, anomalie.Info, true, "Periode/DateDebut"},
		{"payment in another year", `<DatePaiement V="2026-11-28"/>`, `<DatePaiement V="2027-01-02"/>`, "XHL-221", 1, anomalie.Info, true, "DatePaiement"},
		{"year", `<Annee V="2026"/>`, `<Annee V="1999"/>`, "XHL-222", 1, anomalie.Avertissement, true, "DocumentPaye/Annee"},
		{"period backwards", `<DateDebut V="2026-11-01"/>`, `<DateDebut V="2026-12-01"/>`, "XHL-223", 1, anomalie.Avertissement, true, "Periode/DateDebut"},
		{"time zone", `<DateFin V="2026-11-30"/>`, `<DateFin V="2026-11-30Z"/>`, "XHL-224", 1, anomalie.Avertissement, true, "Periode/DateFin"},
		{"year with a zone", `<Annee V="2026"/>`, `<Annee V="2026Z"/>`, "XHL-224", 1, anomalie.Avertissement, true, "Annee"},
		{"blanks only", `<Grade V=""/>`, `<Grade V="  "/>`, "XHL-225", 1, anomalie.Avertissement, true, "Agent/Grade"},
		{"literal line end", `<Grade V=""/>`, "<Grade V=\"a\nb\"/>", "XHL-226", 0, 0, true, ""},
		{"line end by reference", `<Grade V=""/>`, `<Grade V="a&#10;b"/>`, "XHL-226", 1, anomalie.Avertissement, true, "Agent/Grade"},
		{"no lines", sain[strings.Index(sain, "<TraitBrut>"):strings.Index(sain, "</Remuneration>")], "", "XHL-227", 1, anomalie.Avertissement, true, "Remuneration"},
		{"rubrique", `<Code V="100"/><Mt`, `<Code V="999"/><Mt`, "XHL-230", 1, anomalie.Avertissement, true, "PayeIndivMensuel[1]/Remuneration/TraitBrut/Code"},
		{"caisse", `<CodeCaisse V="C1"/><Ordre`, `<CodeCaisse V="C9"/><Ordre`, "XHL-231", 1, anomalie.Avertissement, true, "CodeCaisse"},
		{"no caisse", `<CodeCaisse V="C1"/><Ordre`, `<CodeCaisse V=""/><Ordre`, "XHL-231", 0, 0, true, ""},
		{"caisse of a rubrique", `<CodeCaisse V="C1"/><CodeNature`, `<CodeCaisse V="C9"/><CodeNature`, "XHL-231", 1, anomalie.Avertissement, true, "NomenclatureRubriquePaye/Correspondance/CodeCaisse"},
		{"event", `<Evenement><Code V="E1"/>`, `<Evenement><Code V="E9"/>`, "XHL-232", 1, anomalie.Avertissement, true, "Evenement/Code"},
		{"budget", `<CodeBudget V="B1"/><Taux`, `<CodeBudget V="B9"/><Taux`, "XHL-233", 1, anomalie.Avertissement, true, "RepartitionBudget/CodeBudget"},
		{"budget of the head", `<Code V="B1"/></Budget>`, `<Code V="B9"/></Budget>`, "XHL-233", 1, anomalie.Avertissement, true, "DocumentPaye/Budget/Code"},
		{"several budgets", `<Code V="B1"/></Budget>`, `<Code V="99"/></Budget>`, "XHL-233", 0, 0, true, ""},
		{"nature", `<CodeNatureSal V="6411"/>`, `<CodeNatureSal V="6499"/>`, "XHL-234", 1, anomalie.Avertissement, true, "CodeNatureSal"},
		{"train", `<Train V="T1"/>`, `<Train V="T9"/>`, "XHL-235", 1, anomalie.Avertissement, true, "DocumentPaye/Train"},
		{"train without its list", sain[strings.Index(sain, "<NomenclatureTrain>"):strings.Index(sain, "</Nomenclatures>")], "", "XHL-236", 1, anomalie.Erreur, true, "DocumentPaye/Train"},
		{"two labels", `<Correspondance><Libelle V="c"/>`, `<Correspondance><Libelle V="x"/><Code V="C1"/></Correspondance><Correspondance><Libelle V="c"/>`, "XHL-237", 1, anomalie.Avertissement, true, "NomenclatureCaisse/Correspondance/Code"},
		{"budget but for blanks", `<CodeBudget V="B1"/><Taux`, `<CodeBudget V="B1 "/><Taux`, "XHL-238", 1, anomalie.Avertissement, true, "RepartitionBudget/CodeBudget"},
		{"one IdUnique, two files", `<NomPJ V="p1.pdf"/>`, `<NomPJ V="p2.pdf"/>`, "XHL-240", 1, anomalie.Erreur, true, "PJRef/IdUnique"},
		{"IdUnique for the PES", `<IdUnique V="P1"/>`, `<IdUnique V="P-1"/>`, "XHL-241", 1, anomalie.Avertissement, true, "PJRef[1]"},
		{"IdUnique that names nothing", `<IdUnique V="P1"/>`, `<IdUnique V="nc"/>`, "XHL-241", 1, anomalie.Avertissement, true, "PJRef[1]"},
		{"IdUnique of zeros", `<IdUnique V="P1"/>`, `<IdUnique V="000"/>`, "XHL-241", 1, anomalie.Avertissement, true, "PJRef[1]"},
		{"NomPJ with an accent in its extension", `<NomPJ V="p1.pdf"/>`, `<NomPJ V="p1.pé"/>`, "XHL-241", 1, anomalie.Avertissement, true, "PJRef[1]"},
		{"NomPJ without extension", `<NomPJ V="p1.pdf"/>`, `<NomPJ V="p1"/>`, "XHL-241", 1, anomalie.Avertissement, true, "PJRef[1]"},
		{"matricule twice", first, `<Matricule V="B2"/>`, "XHL-201", 1, anomalie.Avertissement, true, "PayeIndivMensuel[2]"},
		{"répartition", `<Mt V="4000.00"/>`, `<Mt V="4000.01"/>`, "XHL-202", 1, anomalie.Avertissement, true, "RepartitionParNature/Repartition"},
		{"windows-1252", `<Nom V="Mairie"/>`, "<Nom V=\"L\x92\x9cuvre\"/>", "XHL-013", 1, anomalie.Avertissement, true, "DocumentPaye"},
		{"comma", `<MtBrut V="2000.00"/>`, `<MtBrut V="2000,00"/>`, "XHL-131", 1, anomalie.Erreur, false, "MtBrut"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := strings.Replace(sain, tc.old, tc.new, 1)
			if src == sain {
				t.Fatalf("the model has no %q", tc.old)
			}
			b, list := judged(t, []byte(src), Options{})
			if b.SchemaValide != tc.valid {
				t.Errorf("valid %v, want %v", b.SchemaValide, tc.valid)
			}
			if b.N(tc.code) != tc.n {
				t.Errorf("%d of %s, want %d: %v", b.N(tc.code), tc.code, tc.n, list)
			}
			i := slices.IndexFunc(list, func(a *xhl.Anomalie) bool { return a.Code == tc.code })
			if tc.n == 0 {
				return
			}
			if i < 0 {
				t.Fatalf("no example of %s among %v", tc.code, list)
			}
			if a := list[i]; !strings.HasSuffix(a.Chemin, tc.where) || a.Gravite != tc.gravite {
				t.Errorf("got %s at %s, want %s at …%s", a.Gravite, a.Chemin, tc.gravite, tc.where)
			}
		})
	}
}

func TestMoreThanAThousandLines(t *testing.T) {
	line := sain[strings.Index(sain, "<TraitBrut>") : strings.Index(sain, "</TraitBrut>")+len("</TraitBrut>")]
	b, _ := judged(t, []byte(strings.Replace(sain, line, strings.Repeat(line, 1001), 1)), Options{Fenetre: 4096})
	if b.N("XHL-228") != 1 || !b.SchemaValide {
		t.Errorf("got %v", b.Comptes)
	}
}

func TestSignConventionIsThatOfTheFile(t *testing.T) {
	negative := strings.ReplaceAll(sain, `<Mt V="200.00"/>`, `<Mt V="-200.00"/>`)
	b, list := judged(t, []byte(negative), Options{})
	if b.Signe != RetenuesNegatives || b.N("XHL-210") != 0 {
		t.Errorf("sign %v, anomalies %v", b.Signe, list)
	}
	b, _ = judged(t, []byte(sain), Options{})
	if b.Signe != RetenuesPositives {
		t.Errorf("sign %v of a journal that takes positive amounts off", b.Signe)
	}
}

func TestNothingPersonalIsInAnAnomaly(t *testing.T) {
	secrets := []string{"DUPONTEL", "2000,55", "255081416802599", "0500013M999", "Marguerite"}
	src := strings.NewReplacer(`<Nom V="NOM"/>`, `<Nom V="`+strings.Repeat("DUPONTEL", 7)+`"/>`, `<MtBrut V="2000.00"/>`, `<MtBrut V="2000,55"/>`,
		`<NIR V="255081416802538"/>`, `<NIR V="255081416802599"/>`, "0500013M026", "0500013M999", `<TitCpte V="T"/>`, `<TitCpte V="`+strings.Repeat("Marguerite", 4)+`"/>`).Replace(sain)
	_, list := judged(t, []byte(src), Options{})
	if len(list) < 8 {
		t.Fatalf("only %d anomalies", len(list))
	}
	for _, a := range list {
		json, err := a.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if strings.Contains(string(json), secret) || strings.Contains(a.Error(), secret) {
				t.Errorf("%s shows %s: %s", a.Code, secret, json)
			}
		}
	}
}

func TestPartsOfASet(t *testing.T) {
	cut := func(s, from, to string) string {
		i, j := strings.Index(s, from), strings.Index(s, to)
		return s[:i] + s[j:]
	}
	without := cut(sain, "<RepartitionParNature>", "</n:DocumentPaye>")
	head := cut(without, "<DonneesIndiv>", "</n:DocumentPaye>")
	for _, tc := range []struct {
		name            string
		src             string
		part            PartieDeLot
		valid, conforme bool
		errors          int
	}{
		{"whole", sain, Entier, true, true, 0},
		{"first", sain, Premiere, true, true, 0},
		{"whole without répartition", without, Entier, false, false, 1},
		{"first without répartition", without, Premiere, false, false, 1},
		{"later without répartition", without, Suite, false, true, 0},
		{"later with another fault", strings.Replace(without, `<NBI V="0"/>`, "", 1), Suite, false, false, 1},
		{"later with répartition", sain, Suite, true, true, 0},
		{"head alone", head, EnteteSeule, false, true, 0},
		{"head alone as a later part", head, Suite, false, false, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, list := judged(t, []byte(tc.src), Options{PartieDeLot: tc.part})
			if b.SchemaValide != tc.valid || b.Conforme != tc.conforme || b.Erreurs != tc.errors {
				t.Errorf("valid %v, conforme %v, %d errors; want %v, %v, %d: %v", b.SchemaValide, b.Conforme, b.Erreurs, tc.valid, tc.conforme, tc.errors, list)
			}
			if twice := b.N("XHL-207"); (twice > 0) != (tc.part == Suite && tc.valid) {
				t.Errorf("%d warnings about a second répartition", twice)
			}
		})
	}
}

func TestTolerantChangesGravitiesOnly(t *testing.T) {
	src := strings.NewReplacer(`<NBI V="0"/>`, "", `<MtBrut V="2000.00"/>`, `<MtBrut V="2000,00"/>`).Replace(sain)
	strict, _ := judged(t, []byte(src), Options{})
	tolerant, list := judged(t, []byte(src), Options{Tolerant: true})
	if strict.SchemaValide || tolerant.SchemaValide || strict.Erreurs != 4 || tolerant.Erreurs != 0 {
		t.Errorf("strict: valid %v, %d errors; tolerant: valid %v, %d errors: %v", strict.SchemaValide, strict.Erreurs, tolerant.SchemaValide, tolerant.Erreurs, list)
	}
}

func TestBulletinHashIgnoresPJRefAndNothingElse(t *testing.T) {
	hashes := func(src string) (list []uint64) {
		_, _ = judged(t, []byte(src), Options{Bulletin: func(b *BulletinVu) { list = append(list, b.Empreinte) }, Fenetre: 300})
		return list
	}
	want := hashes(sain)
	if len(want) != 2 || want[0] == want[1] {
		t.Fatalf("hashes %v", want)
	}
	pj := `<PJRef><Support V="01"/><IdUnique V="P1"/><NomPJ V="p1.pdf"/></PJRef>`
	if got := hashes(strings.ReplaceAll(sain, pj, pj+pj)); !slices.Equal(got, want) {
		t.Errorf("with other PJRef: %v, want %v", got, want)
	}
	if got := hashes(strings.NewReplacer(` V="`, ` V = '`, `"/>`, `' />`).Replace(sain)); !slices.Equal(got, want) {
		t.Errorf("written otherwise: %v, want %v", got, want)
	}
	if got := hashes(strings.Replace(sain, `<Grade V=""/>`, `<Grade V="x"/>`, 1)); got[0] == want[0] || got[1] != want[1] {
		t.Errorf("with another grade: %v, want the first to differ from %v", got, want)
	}
}

func TestReferencesAreHeldAgainstTheFiles(t *testing.T) {
	src := strings.Replace(sain, `<PJRef><Support V="01"/><IdUnique V="P1"/><NomPJ V="p1.pdf"/></PJRef>`,
		`<PJRef><Support V="01"/><IdUnique V="P1"/><NomPJ V="p1.pdf"/></PJRef><PJRef><Support V="10"/><IdUnique V="absent.pdf"/></PJRef><PJRef><Support V="02"/><IdUnique V="P3"/><NomPJ V="papier.pdf"/></PJRef><PJRef><Support V="01"/><IdUnique V="P4"/><NomPJ V="Casse.pdf"/></PJRef>`, 1)
	var refs References
	judged(t, []byte(src), Options{Reference: refs.Add})
	var got []string
	for _, a := range refs.Compare(slices.Values([]string{"p1.pdf", "casse.pdf", "autre.pdf"})) {
		got = append(got, fmt.Sprint(a.Code, " ", a.Attendu, " ", a.Trouve, " ", a.Matricule))
	}
	want := []string{"XHL-244 Casse.pdf casse.pdf A1", "XHL-242 absent.pdf  A1", "XHL-243  autre.pdf "}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestOfficialSamplesHaveTheVerdictsOfTheSpecification(t *testing.T) {
	for _, tc := range []struct {
		file         string
		valid12b     bool
		version      xhl.Version
		bulletins    int
		netsThatFail int // 300 of 303, 245 of 301 hold, and one more with its AvantageNature
	}{
		{"PayeCeplExemple042005_schema_1.2b.xhl", true, xhl.V12b, 303, 2},
		{"PayeCeplExemple052005_schema_1.2b.xhl", true, xhl.V12b, 301, 55},
		{"PayeCeplExemple082011_schema_1.4.xhl", false, xhl.V14, 301, 55},
	} {
		src, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", tc.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, schema := range []Schema{SchemaDetecte, Schema14, Schema12b} {
			b, list := judged(t, src, Options{Schema: schema})
			want := schema != Schema12b || tc.valid12b
			if b.SchemaValide != want || b.Bulletins != tc.bulletins || b.N("XHL-210") != tc.netsThatFail {
				t.Errorf("%s with %v: valid %v, %d bulletins, %d nets; want %v, %d, %d", tc.file, schema, b.SchemaValide, b.Bulletins, b.N("XHL-210"), want, tc.bulletins, tc.netsThatFail)
			}
			if schema == SchemaDetecte && b.Version != tc.version {
				t.Errorf("%s: detected as %s, want %s", tc.file, b.Version, tc.version)
			}
			for i := range list[1:] {
				if x, y := list[i], list[i+1]; y.Offset >= 0 && x.Offset > y.Offset {
					t.Fatalf("%s: anomaly at %d before one at %d", tc.file, x.Offset, y.Offset)
				}
			}
		}
	}
}

func TestPlacesLeadToTheFaults(t *testing.T) {
	src := strings.ReplaceAll(strings.Replace(sain, `<Grade V=""/>`, `<Grade V="&#10;"/>`, 1), "><", ">\n<")
	for _, size := range []int{100, 4000, 1 << 20} {
		_, list := judged(t, []byte(src), Options{Fenetre: size})
		if len(list) != 1 {
			t.Fatalf("got %v", list)
		}
		a := list[0]
		at := strings.Index(src, "&#10;")
		if a.Offset != int64(at) || a.Ligne != 1+int64(strings.Count(src[:at], "\n")) || a.Chemin != "DocumentPaye/DonneesIndiv[1]/PayeIndivMensuel[1]/Agent/Grade" || a.Matricule != "A1" {
			t.Errorf("windows of %d: %v; want byte %d", size, a, at)
		}
	}
}

func TestAValueThatCannotBeReadIsOneFault(t *testing.T) {
	for name, value := range map[string]string{"XHL-008": "Mairie de Ch\xe2teau", "XHL-010": "Eau &nbsp; Gaz"} {
		src := strings.NewReplacer(`encoding="ISO-8859-1"`, `encoding="UTF-8"`, `<Nom V="Mairie"/>`, `<Nom V="`+value+`"/>`).Replace(sain)
		b, list := judged(t, []byte(src), Options{})
		if b.SchemaValide || len(list) != 1 || list[0].Code != name || list[0].Chemin != "DocumentPaye/Employeur/Nom" {
			t.Errorf("%q: valid %v, %v", value, b.SchemaValide, list)
		}
	}
}

func TestEveryFaultHasARegisteredCode(t *testing.T) {
	if err := schema.Codes.Verify(); err != nil {
		t.Error(err)
	}
	for kind, rule := range faultRules {
		if rule.code == "" {
			t.Errorf("fault %d has no code", kind)
			continue
		}
		schema.Codes.New(rule.code) // panics on an unknown one
	}
}

func TestExamplesAreBoundedAndCountsAreNot(t *testing.T) {
	one := sain[strings.Index(sain, "<PayeIndivMensuel>") : strings.Index(sain, "</PayeIndivMensuel>")+len("</PayeIndivMensuel>")]
	bad := strings.Replace(one, `<Grade V=""/>`, `<Grade V=" "/>`, 1)
	src := strings.Replace(sain, one, strings.Repeat(bad, 500), 1)
	for _, cores := range []int{1, 4} {
		b, list := judged(t, []byte(src), Options{MaxExemples: 3, Fenetre: 5000, Cores: cores})
		shown := 0
		for _, a := range list {
			if a.Code == "XHL-225" {
				if shown++; !strings.Contains(a.Chemin, fmt.Sprintf("PayeIndivMensuel[%d]", shown)) {
					t.Errorf("example %d at %s", shown, a.Chemin)
				}
			}
		}
		if b.N("XHL-225") != 500 || shown != 3 || b.N("XHL-201") != 499 {
			t.Errorf("%d of 500 counted, %d shown, %d duplicates", b.N("XHL-225"), shown, b.N("XHL-201"))
		}
	}
}

// The steady state allocates nothing: twice the bulletins, as many allocations.
func TestCheckAllocatesNothingForABulletin(t *testing.T) {
	one := bulletinSain("A1", `<CodeEtab V=""/><CodeGuic V=""/><IdCpte V=""/><CleRib V=""/>`)
	model := sain[:strings.Index(sain, "<PayeIndivMensuel>")] + one + sain[strings.LastIndex(sain, "</PayeIndivMensuel>")+len("</PayeIndivMensuel>"):]
	allocs := func(n int) float64 {
		src := []byte(strings.Replace(model, one, strings.Repeat(one, n), 1))
		r := bytes.NewReader(src)
		return testing.AllocsPerRun(3, func() {
			r.Reset(src)
			if _, err := Journal(t.Context(), r, Options{Cores: 1, Fenetre: 64 << 10, MaxExemples: 1}); err != nil {
				t.Fatal(err)
			}
		})
	}
	few, many := allocs(1000), allocs(5000)
	if perBulletin := (many - few) / 4000; perBulletin > 0.05 {
		t.Errorf("%.2f allocations a bulletin (%.0f for 1000, %.0f for 5000)", perBulletin, few, many)
	}
}
