package payslip_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"paye/payslip"
	"paye/synth"
	"paye/xhl"
)

var update = flag.Bool("update", false, "write the golden files")

func employer() *xhl.Entete {
	return &xhl.Entete{IdVer: "1.4", Annee: "2026", Mois: "8", Employeur: xhl.Employeur{
		Nom: "Commune de Castelbrume", APE: "8411Z", NumUrssaf: "960219675642", Siret: "21967564200017",
		Adresse: xhl.Adresse{TypAdr: "1", Adr2: xhl.Some[xhl.Nominatif]("1 place de l'Hôtel-de-Ville"), CP: "96100", Ville: xhl.Some[xhl.Nominatif]("Castelbrume"), CodRes: "0"},
	}}
}

func slip() *xhl.Bulletin {
	return &xhl.Bulletin{
		Agent: xhl.Agent{
			Civilite: xhl.Some[xhl.Nominatif]("Mme"), Nom: "Lefèvre", Prenom: xhl.Some[xhl.Nominatif]("Élodie"), Matricule: "A-0042", NIR: "299019912345678",
			Adresse:   xhl.Adresse{TypAdr: "1", Adr2: xhl.Some[xhl.Nominatif]("12 rue Cœur-Volant"), CP: "96150", Ville: xhl.Some[xhl.Nominatif]("Noyal-les-Îles"), CodRes: "0"},
			NbEnfants: "2", Statut: "NON_TITULAIRE", EmploiMetier: "Chargée de mission", Grade: "Attachée territoriale", Echelon: "3", Indice: "430",
			CptBancaire: &xhl.CptBancaire{BIC: xhl.Some[xhl.Nominatif]("ZZLGFRP0XXX"), IBAN: xhl.Some[xhl.Nominatif]("FR7699105003505036953812862"), LibBanc: xhl.Some[xhl.Nominatif]("LA LIGNE BANQUE"), TitCpte: "Élodie Lefèvre"},
		},
		Evenement: []xhl.Evenement{{Code: "ECH", Description: xhl.Some("Avancement d'échelon")}},
		Service:   "Direction générale", NBI: []xhl.Decimal{"10", "15"}, QuotiteTrav: "80.5",
		Periode: xhl.Periode{DateDebut: "2026-08-01", DateFin: "2026-08-31"},
		Remuneration: xhl.Remuneration{
			Lignes: []xhl.LigneP{
				{Nature: xhl.TraitBrut, Libelle: "Traitement de base", Code: "2000", Base: "2116.80", Taux: "100", NbUnite: "0", Mt: "2116.80", Ordre: "10"},
				{Nature: xhl.Indemnite, Libelle: "IFSE", Code: "2210", Base: "0", Taux: "0", NbUnite: "0", Mt: "520.00", Ordre: "30"},
				{Nature: xhl.Indemnite, Libelle: "Indemnité de résidence", Code: "2100", Base: "2116.80", Taux: "1", NbUnite: "0", Mt: "21.17", Ordre: "20"},
				{Nature: xhl.Deduction, Libelle: "Assurance vieillesse plafonnée", Code: "5030", Base: "2657.97", Taux: "6.9", NbUnite: "0", Mt: "183.40", CodeCaisse: xhl.Some("URSSAF"), Ordre: "40"},
				{Nature: xhl.Rappel, Libelle: "Rappel IFSE", Code: "2211", Base: "0", Taux: "0", NbUnite: "0", Mt: "-12.05", PeriodeRef: &xhl.Periode{DateDebut: "2026-03-01", DateFin: "2026-03-31"}, Ordre: "35"},
				{Nature: xhl.Retenue, Libelle: "Titres restaurant", Code: "6200", Base: "0", Taux: "3.605", NbUnite: "18", Mt: "64.89", Ordre: "60"},
				{Nature: xhl.Cotisation, Libelle: "Vieillesse plafonnée part patronale", Code: "8120", Base: "2657.97", Taux: "8.55", NbUnite: "0", Mt: "227.26", CodeCaisse: xhl.Some("URSSAF"), Ordre: "80"},
				{Nature: xhl.Cotisation, Libelle: "FNAL", Code: "8200", Base: "2657.97", Taux: "0.5", NbUnite: "0", Mt: "13.29", CodeCaisse: xhl.Some("URSSAF"), Ordre: "81"},
			},
			Commentaire: []xhl.Commentaire{{Libelle: "Seconde information", Ordre: "2"}, {Libelle: "Première information : œuvres sociales ouvertes jusqu'au 30", Ordre: "1"}},
		},
		NbHeureTotal: "122.09", NbHeureSup: "1.5", TauxHor: "13.957",
		MtBrut: "2645.92", MtNet: "2462.52", MtNetAPayer: "1234567.89", DatePaiement: "2026-08-27",
		MtImposable: "2211.94", CumulMtImposable: "17695.52", CumulMtBrut: "21167.36", CumulBaseSS: "21263.76",
		Lieu: xhl.Lieu{Etablissement: &xhl.Etablissement{Nom: "Direction de l'éducation", Siret: "21967564200025"}},
	}
}

func render(t *testing.T, o payslip.Options, e *xhl.Entete, b *xhl.Bulletin) []byte {
	t.Helper()
	r, err := payslip.New(o)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := r.Append(nil, e, b)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// judge runs a tool on a document, and returns what it says.
func judge(t *testing.T, pdf []byte, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed", tool)
	}
	file := filepath.Join(t.TempDir(), "bulletin.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", file)
	}
	var complaints strings.Builder
	cmd := exec.Command(tool, args...)
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	// What mutool of Debian 12 says of itself, for any document with a profile.
	said := strings.TrimPrefix(complaints.String(), "warning: ICC support is not available\n")
	if err != nil || said != "" {
		t.Fatalf("%s: %v %s", tool, err, said)
	}
	return string(out)
}

func text(t *testing.T, pdf []byte) string {
	return judge(t, pdf, "pdftotext", "-layout", "FILE", "-")
}

// line returns the line of a text that holds all of the parts, in their order.
func line(t *testing.T, text string, parts ...string) string {
	t.Helper()
	for l := range strings.Lines(text) {
		at, found := 0, true
		for _, p := range parts {
			i := strings.Index(l[at:], p)
			if found = found && i >= 0; !found {
				break
			}
			at += i + len(p)
		}
		if found {
			return l
		}
	}
	t.Errorf("no line has %q in:\n%s", parts, text)
	return ""
}

func TestCodesAreComplete(t *testing.T) {
	if err := payslip.Codes.Verify(); err != nil {
		t.Error(err)
	}
}

func TestTextOfABulletin(t *testing.T) {
	got := text(t, render(t, payslip.Options{}, employer(), slip()))
	golden := filepath.Join("testdata", "bulletin.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	// Versions of pdftotext differ in the blanks.
	if fields(got) != fields(string(want)) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func fields(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestFiguresStandInTheirColumns(t *testing.T) {
	got := text(t, render(t, payslip.Options{}, employer(), slip()))
	line(t, got, "2000", "Traitement de base", "2 116,80", "100,00", "2 116,80")
	line(t, got, "Rappel IFSE – du 01/03/2026 au 31/03/2026", "-12,05")
	line(t, got, "6200", "Titres restaurant", "18", "3,605", "64,89")
	line(t, got, "Assurance vieillesse plafonnée", "2 657,97", "6,90", "183,40", "8,55", "227,26")
	line(t, got, "FNAL", "2 657,97", "0,50", "13,29")
	line(t, got, "Totaux", "2 645,92", "248,29", "240,55")
	line(t, got, "Brut", "2 645,92", "21 167,36")
	line(t, got, "Net imposable", "2 211,94", "17 695,52")
	line(t, got, "1 234 567,89 €")
	line(t, got, "10 + 15", "80,5 %", "122,09", "1,50", "13,957", "2")
	line(t, got, "2 99 01 99 123 456 78")
	if strings.Contains(got, "part patronale") {
		t.Error("the employer's part stands in a row of its own")
	}
}

// Groups come in the order of their first line, and the lines of a group in
// that of Ordre.
func TestLinesAreInTheOrderOfOrdre(t *testing.T) {
	got := text(t, render(t, payslip.Options{}, employer(), slip()))
	at := 0
	for _, label := range []string{"Traitement et accessoires", "Traitement de base", "Primes et indemnités", "Indemnité de résidence", "IFSE", "Rappels", "Rappel IFSE",
		"Cotisations et contributions", "Assurance vieillesse", "FNAL", "Retenues sur le net", "Titres restaurant", "Première information", "Seconde information"} {
		i := strings.Index(got[at:], label)
		if i < 0 {
			t.Fatalf("%q is not after what precedes it in:\n%s", label, got)
		}
		at += i
	}
}

func TestPartsOfDifferentContributionsStayApart(t *testing.T) {
	for name, change := range map[string]func(l *xhl.LigneP){
		"another base":   func(l *xhl.LigneP) { l.Base = "2000" },
		"another caisse": func(l *xhl.LigneP) { l.CodeCaisse = xhl.Some("CNRACL") },
		"another period": func(l *xhl.LigneP) { l.PeriodeRef = &xhl.Periode{DateDebut: "2026-01-01", DateFin: "2026-01-31"} },
		"another label":  func(l *xhl.LigneP) { l.Libelle = "Vieillesse part patronale" },
	} {
		t.Run(name, func(t *testing.T) {
			b := slip()
			change(&b.Remuneration.Lignes[6])
			line(t, text(t, render(t, payslip.Options{}, employer(), b)), "8120", "part patronale", "227,26")
		})
	}
}

// TestTotalsAreThoseOfTheJournal compares the sums that are printed with what
// a payroll program wrote, which the renderer does not look at to make them.
func TestTotalsAreThoseOfTheJournal(t *testing.T) {
	run, err := synth.Generate(synth.Options{Bulletins: 12, Seed: 7, Pieces: -1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range run.Len() {
		var b xhl.Bulletin
		run.Bulletin(i, &b)
		got := text(t, render(t, payslip.Options{}, run.Entete(), &b))
		totals := regexp.MustCompile(`\d{1,3}(?: \d{3})*,\d\d`).FindAllString(line(t, got, "Totaux"), -1)
		if len(totals) < 2 {
			t.Fatalf("bulletin %d: totals %q", i, totals)
		}
		if want := french(t, b.MtBrut); totals[0] != want {
			t.Errorf("bulletin %d: paid %s, gross %s", i, totals[0], want)
		}
		brut, _ := b.MtBrut.Montant()
		net, _ := b.MtNetAPayer.Montant()
		if want := french(t, (brut - net).Decimal()); totals[1] != want {
			t.Errorf("bulletin %d: taken off %s, want %s", i, totals[1], want)
		}
		line(t, got, french(t, b.MtNetAPayer)+" €")
		for _, l := range b.Remuneration.Lignes {
			line(t, got, french(t, l.Mt))
		}
	}
}

// french writes an amount of the wire as the page has it.
func french(t *testing.T, d xhl.Decimal) string {
	t.Helper()
	units, cents, found := strings.Cut(d.Reveal(), ".")
	if !found {
		t.Fatal("an amount without its centimes")
	}
	sign := ""
	if strings.HasPrefix(units, "-") {
		sign, units = "-", units[1:]
	}
	for at := len(units) - 3; at > 0; at -= 3 {
		units = units[:at] + " " + units[at:]
	}
	return sign + units + "," + cents
}

func TestSameBulletinSameBytes(t *testing.T) {
	want := render(t, payslip.Options{}, employer(), slip())
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	other := slip()
	other.Remuneration.Lignes = other.Remuneration.Lignes[:1]
	other.Agent.Nom = "Łukasz"
	t.Run("group", func(t *testing.T) {
		for range 4 {
			t.Run("worker", func(t *testing.T) {
				t.Parallel()
				for range 20 {
					if _, err := r.Append(nil, employer(), other); err != nil {
						t.Error(err)
					}
					got, err := r.Append([]byte("before"), employer(), slip())
					if err != nil {
						t.Error(err)
					}
					if !bytes.Equal(got, append([]byte("before"), want...)) {
						t.Error("the bytes differ from one call to the next")
					}
				}
			})
		}
	})
}

func TestSeveralPagesRepeatTheirHeadings(t *testing.T) {
	b := slip()
	b.Remuneration.Lignes = nil
	for i := range 1500 {
		b.Remuneration.Lignes = append(b.Remuneration.Lignes, xhl.LigneP{Nature: xhl.Indemnite, Libelle: fmt.Sprintf("Vacation du rang %04d", i), Code: "3010", Mt: "10.01", Ordre: strconv.Itoa(i)})
	}
	pdf := render(t, payslip.Options{}, employer(), b)
	got := text(t, pdf)
	pages := strings.Split(strings.TrimSuffix(got, "\f"), "\f")
	if len(pages) < 20 || len(pages) > 40 {
		t.Fatalf("%d pages for 1500 lines", len(pages))
	}
	for i, page := range pages {
		line(t, page, fmt.Sprintf("Page %d/%d", i+1, len(pages)))
		if i > 0 {
			line(t, page, "Commune de Castelbrume", "août 2026")
			line(t, page, "Matricule A-0042", "Lefèvre")
		}
		if strings.Contains(page, "Vacation") {
			line(t, page, "Désignation", "Base ou nombre")
		}
	}
	for i := range 1500 {
		if want := fmt.Sprintf("Vacation du rang %04d", i); strings.Count(got, want) != 1 {
			t.Errorf("%q is there %d times", want, strings.Count(got, want))
		}
	}
	line(t, got, "Totaux", "15 015,00")
	if strings.Count(got, "Totaux") != 1 {
		t.Error("the totals are repeated")
	}
}

func TestBulletinWithoutAnything(t *testing.T) {
	pdf := render(t, payslip.Options{Mentions: []string{}}, &xhl.Entete{}, &xhl.Bulletin{})
	got := text(t, pdf)
	line(t, got, "Ce bulletin ne comporte aucune ligne.")
	line(t, got, "Aucun compte bancaire dans le journal")
	line(t, got, "Page 1/1")
	judge(t, pdf, "pdfinfo", "FILE")
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Append(nil, nil, nil); err == nil {
		t.Error("no bulletin at all is rendered")
	}
}

func TestOddValuesAreShownAsWritten(t *testing.T) {
	b := slip()
	l := b.Remuneration.Lignes
	l[0].Base, l[0].Taux, l[0].Mt = "1e3", "beaucoup", "12.345"
	l[1].Ordre, l[2].Ordre = "premier", ""
	b.MtNetAPayer, b.DatePaiement, b.Periode.DateFin = "n/c", "27 août", "2026-02-30"
	b.MtBrut = "99999999999999999999.99"
	b.Agent.Statut, b.Agent.NIR = "MAGISTRAT", "sans"
	e := employer()
	e.Mois, e.Annee = "13", "MMXXVI"
	got := text(t, render(t, payslip.Options{}, e, b))
	line(t, got, "1e3", "beaucoup", "12.345")
	line(t, got, "Totaux", "—")
	line(t, got, "n/c")
	line(t, got, "27 août")
	line(t, got, "au 2026-02-30")
	line(t, got, "99999999999999999999.99")
	line(t, got, "MAGISTRAT")
	line(t, got, "13/MMXXVI")
}

func TestHostileValues(t *testing.T) {
	b := slip()
	l := b.Remuneration.Lignes
	l[0].Libelle = strings.Repeat("interminable ", 5000)
	l[1].Libelle = strings.Repeat("W", 100_000)
	l[2].Libelle = "un\x00deux\x1b[31m\r\ntrois\tquatre) Tj ET (\\ \u200fcinq\u2028six \xff\xfe"
	l[3].Mt = xhl.Decimal(strings.Repeat("9", 5000))
	b.Agent.Nom = xhl.Nominatif(strings.Repeat("é", 3000))
	b.Service = "\x07\x08"
	b.Remuneration.Commentaire[0].Libelle = strings.Repeat("e\u0301", 40_000)
	e := employer()
	e.Employeur.Nom = "Commune\x00<de>&\r\n)(\\"
	pdf := render(t, payslip.Options{}, e, b)
	got := text(t, pdf)
	line(t, got, "un deux [31m trois quatre)")
	line(t, got, "interminable interminable")
	if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' && r != '\n' && r != '\f' }) {
		t.Error("control characters are in the text")
	}
	if len(pdf) > 60_000 {
		t.Errorf("%d bytes", len(pdf))
	}
	if info := judge(t, pdf, "pdfinfo", "FILE"); !strings.Contains(info, "Commune <de>&") {
		t.Errorf("the author is lost:\n%s", info)
	}
}

func TestLettersThatFrenchLacks(t *testing.T) {
	b := slip()
	b.Agent.Nom, b.Agent.Prenom = "Łódźka-Černá", xhl.Some[xhl.Nominatif]("Ελένη Наталья e\u0301te\u0301 Ş")
	pdf := render(t, payslip.Options{}, employer(), b)
	line(t, text(t, pdf), "Mme Ελένη Наталья été Ş Łódźka-Černá")
	if usual := len(render(t, payslip.Options{}, employer(), slip())); usual >= len(pdf) {
		t.Errorf("the characters of French take %d bytes, all of them %d", usual, len(pdf))
	}
}

// foreign names are beyond the usual fonts: the first ones are in the wide font, the
// last ones in none.
var foreign = []string{"Nguyễn Thị Hạnh", "Ǩəǯǖ Ẁṩ", "ﬁnale", "Ѓорђе Ҡәҙим Ӱнер", "Ἀθηνᾶ Ὀρφεύς", "Մարիամ", "თამარ", "李 小龍", "Zoë \U0001F600"}

func TestNamesAreReadBackAsTheyAreWritten(t *testing.T) {
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range foreign {
		b := slip()
		b.Agent.Nom, b.Agent.Prenom = xhl.Nominatif(name), xhl.Opt[xhl.Nominatif]{}
		pdf, err := r.Append(nil, employer(), b)
		if err != nil {
			t.Fatal(err)
		}
		// A tool may read a ligature as its letters.
		want := "Mme " + strings.ReplaceAll(name, "ﬁ", "fi")
		if got := judge(t, pdf, "pdftotext", "FILE", "-"); !strings.Contains(got, want) && !strings.Contains(got, "Mme "+name) {
			t.Errorf("pdftotext does not find %q in:\n%s", name, got)
		}
		if got := new(payslip.Lecteur).Texte(pdf); !strings.Contains(got, "Mme "+name) {
			t.Errorf("%q is not read back", name)
		}
		judge(t, pdf, "qpdf", "--check", "FILE")
		if got := judge(t, pdf, "mutool", "draw", "-q", "-F", "text", "FILE"); !strings.Contains(got, "Mme "+name) && !strings.Contains(got, want) {
			t.Errorf("mutool does not find %q in:\n%s", name, got)
		}
		if got := judge(t, pdf, "pdffonts", "FILE"); !regexp.MustCompile(`[A-Z]{6}\+DejaVuSansCondensed +CID TrueType +Identity-H +yes yes yes`).MatchString(got) {
			t.Errorf("%q: the wide font is not embedded, subset and readable:\n%s", name, got)
		}
		if again, err := r.Append(nil, employer(), b); err != nil || !bytes.Equal(pdf, again) {
			t.Errorf("%q: the bytes differ from one call to the next", name)
		}
	}
}

func TestWideFontIsCarriedByTheDocumentsThatShowIt(t *testing.T) {
	wide := slip()
	wide.Agent.Nom = "Nguyễn"
	usual := slip()
	usual.Agent.Nom = "Łódź"
	with, without := render(t, payslip.Options{}, employer(), wide), render(t, payslip.Options{}, employer(), usual)
	if !bytes.Contains(with, []byte("DejaVu")) || bytes.Contains(without, []byte("DejaVu")) {
		t.Error("the wide font is not where it is shown")
	}
	if more := len(with) - len(render(t, payslip.Options{}, employer(), slip())); more > 12_000 {
		t.Errorf("a name of six letters takes %d bytes", more)
	}
}

func TestMetadataNameTheEmployerOnly(t *testing.T) {
	pdf := render(t, payslip.Options{}, employer(), slip())
	info := judge(t, pdf, "pdfinfo", "FILE")
	for _, want := range []string{"Bulletin de paie - août 2026", "Author:          Commune de Castelbrume", "Encrypted:       no", "Metadata Stream: yes", "JavaScript:      no", "A4"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in:\n%s", want, info)
		}
	}
	xmp := judge(t, pdf, "pdfinfo", "-meta", "FILE")
	if !strings.Contains(xmp, "<pdfaid:part>2</pdfaid:part>") || !strings.Contains(xmp, "2026-08-27T00:00:00Z") {
		t.Errorf("XMP:\n%s", xmp)
	}
	for _, personal := range []string{"Lefèvre", "Élodie", "A-0042", "299019912345678"} {
		if bytes.Contains(pdf, []byte(personal)) || strings.Contains(info+xmp, personal) {
			t.Errorf("%q is readable without opening the pages", personal)
		}
	}
}

func TestAccountIsMasked(t *testing.T) {
	b := slip()
	line(t, text(t, render(t, payslip.Options{}, employer(), b)), "Compte •••• 2862", "LA LIGNE BANQUE")
	b.Agent.CptBancaire = &xhl.CptBancaire{CodeEtab: "30003", CodeGuic: "04567", IdCpte: "0001234567X", CleRib: "89"}
	got := text(t, render(t, payslip.Options{}, employer(), b))
	line(t, got, "Compte •••• 567X")
	if strings.Contains(got, "0001234") || strings.Contains(got, "04567") {
		t.Error("the account is readable")
	}
	b.Agent.CptBancaire.IdCpte = "1234"
	if got := text(t, render(t, payslip.Options{}, employer(), b)); strings.Contains(got, "1234 ") {
		t.Errorf("a short account is given whole:\n%s", got)
	}
}

func TestFontsAreEmbedded(t *testing.T) {
	out := judge(t, render(t, payslip.Options{}, employer(), slip()), "pdffonts", "FILE")
	for _, name := range []string{"XHLFRA+GoRegular", "XHLFRA+GoBold"} {
		if l := line(t, out, name); !regexp.MustCompile(`yes +yes +yes`).MatchString(l) {
			t.Errorf("%s is not embedded, subset and readable: %s", name, l)
		}
	}
}

func TestPagesAreDrawnWithoutComplaint(t *testing.T) {
	b := slip()
	b.Agent.Nom = "Łódź" // the larger fonts
	for _, pdf := range [][]byte{render(t, payslip.Options{}, employer(), slip()), render(t, payslip.Options{}, employer(), b)} {
		picture := judge(t, pdf, "pdftoppm", "-r", "40", "-gray", "FILE")
		ink := 0
		for i := range len(picture) {
			if picture[i] < 80 {
				ink++
			}
		}
		if ink*100 < len(picture)*2 {
			t.Errorf("the page is blank: %d dark points of %d", ink, len(picture))
		}
	}
}

func TestColoursThatAreNone(t *testing.T) {
	for _, s := range []string{"rouge", "12345", "1234567", "GG0000"} {
		if _, err := payslip.New(payslip.Options{Couleur: s}); !errors.Is(err, payslip.ErrCouleur) {
			t.Errorf("%s: %v", s, err)
		}
	}
	for _, s := range []string{"#FFFFFF", "000000", "ffee00"} {
		line(t, text(t, render(t, payslip.Options{Couleur: s}, employer(), slip())), "1 234 567,89 €")
	}
}

func TestMentionsAreAddedToTheLegalOnes(t *testing.T) {
	got := text(t, render(t, payslip.Options{Mentions: []string{"Régie n° 7 — « été »"}}, employer(), slip()))
	line(t, got, "Régie n° 7 — « été »")
	line(t, got, "conservez ce bulletin de paie sans limitation de durée")
	line(t, text(t, render(t, payslip.Options{}, employer(), slip())), "conservez ce bulletin de paie sans limitation de durée")
}

func TestDocumentsAreValid(t *testing.T) {
	rare := slip()
	rare.Agent.Nom = "Łódź"
	logo := encoded(t, picture(60, 40), asPNG)
	api.DisableConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.Offline = true
	for name, pdf := range map[string][]byte{
		"usual":   render(t, payslip.Options{}, employer(), slip()),
		"rare":    render(t, payslip.Options{}, employer(), rare),
		"logo":    render(t, payslip.Options{Logo: logo}, employer(), slip()),
		"nothing": render(t, payslip.Options{}, &xhl.Entete{}, &xhl.Bulletin{}),
	} {
		if err := api.Validate(bytes.NewReader(pdf), conf); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLongMentionsKeepTheirPlace(t *testing.T) {
	got := text(t, render(t, payslip.Options{Mentions: []string{strings.Repeat("mention ", 100), "dernière", strings.Repeat("suite ", 5000), "jamais"}}, employer(), slip()))
	line(t, got, "dernière")
	line(t, got, "suite suite")
	if strings.Contains(got, "jamais") || !strings.Contains(got, "…") {
		t.Errorf("the foot is not bounded:\n%s", got)
	}
	line(t, got, "1 234 567,89 €")
}
