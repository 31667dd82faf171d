package sync

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"paye/hr"
	"paye/hr/luccatest"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/report"
	"paye/xhl"
)

// changedRecap is a month with changes whose zeros, signs and letters are easy
// to lose.
func changedRecap(t *testing.T) *report.Document {
	t.Helper()
	b := newBench(t, luccatest.Sample(), "")
	b.sync(Request{})
	b.clock.Set(september.Add(30 * 24 * time.Hour))
	b.tenant.Edit(func() {
		b.tenant.User("101")["lastName"] = "ĆOSIĆ-ŁUKASZ"
		b.tenant.User("102")["personalMobile"] = "06 01 02 03 04"
		b.tenant.User("103")["address"] = "=1+1;\"x\""
		b.tenant.User("104")["employeeNumber"] = "000007"
		b.tenant.User("105")["firstName"] = "@Paul"
		b.tenant.User("105")["extendedData"].(luccatest.Object)["e_Codepostal"] = luccatest.Object{"value": "01000"}
	})
	b.sync(Request{})
	r, err := b.open().Recap(t.Context(), hr.Mois{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Modified) != 6 {
		t.Fatalf("%d changes, want 6", len(r.Modified))
	}
	return r.Document(lang.French, hr.MaskSecrets, september)
}

// table is the rows of a document, with the name of each table before them.
func table(d *report.Document) [][]string {
	var rows [][]string
	for i := range d.Tables {
		head := []string{d.Tables[i].Titre}
		for _, c := range d.Tables[i].Colonnes {
			head = append(head, c.Titre)
		}
		rows = append(rows, head)
		for _, row := range d.Tables[i].Lignes {
			rows = append(rows, append([]string{d.Tables[i].Titre}, row...))
		}
	}
	return rows
}

func TestRecapIsTheSameInEveryFormat(t *testing.T) {
	d := changedRecap(t)
	want := table(d)
	var text bytes.Buffer
	if err := hr.WriteCSV(&text, d); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text.String(), "\ufeff")))
	r.Comma, r.FieldsPerRecord = ';', -1
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	guarded := 0
	for _, row := range got {
		for i := range row {
			if strings.HasPrefix(row[i], "'") {
				guarded++
				row[i] = row[i][1:]
			}
			if row[i] != "" && strings.ContainsRune("=@\t", rune(row[i][0])) && guarded == 0 {
				t.Errorf("%q would be run", row[i])
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || guarded == 0 {
		t.Errorf("CSV, %d cells guarded (-table +file):\n%s", guarded, diff)
	}
	if !strings.Contains(text.String(), ";+33601020304;") || !strings.Contains(text.String(), "\r\n") {
		t.Error("a telephone lost its sign, or lines do not end as spreadsheets want")
	}
	var book, again bytes.Buffer
	for _, w := range []io.Writer{&book, &again} {
		if err := hr.WriteXLSX(w, d); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(book.Bytes(), again.Bytes()) {
		t.Error("two workbooks of one recap differ")
	}
	x, err := excelize.OpenReader(&again)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	var sheets [][]string
	for i, name := range x.GetSheetList() {
		rows, err := x.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			for len(row) < len(d.Tables[i].Colonnes) {
				row = append(row, "")
			}
			sheets = append(sheets, append([]string{rows[0][0]}, row...))
		}
	}
	if diff := cmp.Diff(want, sheets); diff != "" {
		t.Errorf("XLSX (-table +file):\n%s", diff)
	}
}

func TestLibreOfficeOpensTheRecapWithItsZeros(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	var book bytes.Buffer
	if err := hr.WriteXLSX(&book, changedRecap(t)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "recap.xlsx"), book.String())
	cmd := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profil"), "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,1", "--outdir", dir, filepath.Join(dir, "recap.xlsx"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"000007", "01000", "003132", "+33601020304", "=1+1", "ĆOSIĆ-ŁUKASZ", "@Paul"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not there:\n%s", want, text)
		}
	}
}

func TestPDFShowsWhatTheTableSays(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	d := changedRecap(t)
	path := filepath.Join(t.TempDir(), "recap.pdf")
	var pdf bytes.Buffer
	if err := d.WritePDF(&pdf); err != nil {
		t.Fatal(err)
	}
	write(t, path, pdf.String())
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Données modifiées", "000007", "01000", "=1+1", "+33601020304"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%s is not printed", want)
		}
	}
}

// example is the journal of the example.
const example = "../../testdata/exemple/journal.xhl"

// paid is the bulletins of the example, with their amounts.
func paid(t *testing.T) []*xhl.Bulletin {
	t.Helper()
	f, err := os.Open(example)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := xhl.NewReader(f, xhl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var list []*xhl.Bulletin
	for b, err := range r.Bulletins() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b.Clone())
	}
	return list
}

func TestJoinTouchesNeitherWorkTimeNorAmounts(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	b.sync(Request{})
	var told []*anomalie.Anomalie
	join, err := b.open().Join(t.Context(), hr.Mois{Year: 2026, Month: 9}, func(a *anomalie.Anomalie) { told = append(told, a) })
	if err != nil {
		t.Fatal(err)
	}
	matricules := []string{"003131", "003132", "003133", "003134"}
	for i, bullet := range paid(t) {
		bullet.Agent.Matricule = matricules[i%len(matricules)]
		if i%2 == 0 {
			bullet.Agent.Prenom, bullet.Agent.NIR = xhl.Opt[xhl.Nominatif]{}, ""
		}
		before := bullet.Clone()
		join.Agent(&bullet.Agent)
		rest, was := *bullet, *before
		rest.Agent, was.Agent = xhl.Agent{}, xhl.Agent{}
		if !reflect.DeepEqual(rest, was) {
			t.Fatalf("bulletin %d changed beyond its agent", i)
		}
		a, old := &bullet.Agent, &before.Agent
		if !reflect.DeepEqual(a.CptBancaire, old.CptBancaire) || a.Statut != old.Statut || a.Grade != old.Grade || a.Indice != old.Indice || a.Nom != old.Nom {
			t.Fatalf("bulletin %d: what the run says of the agent changed", i)
		}
		if i%2 == 0 && (a.NIR == "" || a.Prenom.V == "") {
			t.Errorf("bulletin %d: nothing was completed", i)
		}
	}
	join.End()
	counts := make(map[string]int)
	for _, a := range told {
		counts[a.Code]++
		if a.Matricule == "" {
			t.Errorf("%s names nobody", a.Code)
		}
	}
	if counts["RH-422"] == 0 || counts["RH-421"] == 0 || counts["RH-424"] != 3 {
		t.Errorf("told %v; want differences, completions, and three agents without bulletin", counts)
	}
}

func TestMailTellsWithoutNames(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "mail: {dossier: due.cfg, to: paie@ville.example}\n")
	write(t, filepath.Join(b.dir, "due.cfg"), "expediteur=rh@ville.example\ntravail=travail\n")
	rep := b.sync(Request{})
	text, err := os.ReadFile(rep.Mail)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "paie@ville.example") || strings.Contains(string(text), "LEF") {
		t.Errorf("the message:\n%s", text)
	}
	b.tenant.Fail(luccatest.Fault{Status: 401})
	b.fails(Request{}, "RH-202")
	if list, err := filepath.Glob(filepath.Join(b.dir, "travail", "outbox", "*.eml")); err != nil || len(list) != 2 {
		t.Errorf("%v, %v: a run that fails is told too", list, err)
	}
}

// edited is the example journal in which the first agent is the sample's 003131
// of the town, with a name of payroll's own.
func edited(t *testing.T, b *bench, name string) string {
	t.Helper()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	first := paid(t)[0]
	s := strings.Replace(string(text), `<Matricule V="`+first.Agent.Matricule+`"`, `<Matricule V="003131"`, 1)
	s = strings.Replace(s, `<Nom V="`+first.Agent.Nom.Reveal()+`"`, `<Nom V="`+name+`"`, 1)
	siret := first.Lieu.Etablissement.Siret
	s = strings.ReplaceAll(s, siret, "21310555400017")
	path := filepath.Join(b.dir, "paie.xhl")
	write(t, path, s)
	return path
}

func TestPayrollEditsAreShownAndReplaced(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	b.sync(Request{})
	b.clock.Set(september.Add(24 * time.Hour))
	rep := b.sync(Request{Payroll: edited(t, b, "AUTRE NOM")})
	r, err := b.open().Recap(t.Context(), hr.Mois{})
	if err != nil {
		t.Fatal(err)
	}
	shown := false
	for _, l := range r.Crushed {
		shown = shown || l.Champ == hr.ChampNom && l.Before == "AUTRE NOM" && l.After == "LEFÈVRE"
	}
	if !shown || !rep.Applied {
		t.Errorf("the edit is not shown: %d lines", len(r.Crushed))
	}
	for _, l := range r.Modified {
		if l.Champ == hr.ChampNom {
			t.Error("a value that came back is a line")
		}
	}
}
