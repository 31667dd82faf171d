package check

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

func gz(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestKindsAreToldByTheirContent(t *testing.T) {
	var wide strings.Builder
	wide.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="UTF-16"?><n:PES_Aller xmlns:n="x"/>`)) {
		wide.WriteByte(byte(u))
		wide.WriteByte(byte(u >> 8))
	}
	for name, tc := range map[string]struct {
		head string
		want Genre
	}{
		"a journal":                       {paie{}.String(), XHL},
		"in no namespace":                 {`<DocumentPaye/>`, XHL},
		"after a comment":                 {"\xef\xbb\xbf<!-- PES_Aller --><p:DocumentPaye xmlns:p='x'/>", XHL},
		"with a DTD":                      {`<!DOCTYPE a [<!ENTITY b "c">]><DocumentPaye/>`, XHL},
		"cut in its first tag":            {`<?xml version="1.0"?><n:DocumentPaye xmlns`, XHL},
		"a flux in UTF-16":                {wide.String(), PES},
		"an acquittal":                    {`<PES_ACQUIT/>`, Acquit},
		"an old acquittal":                {`<pes_nonacquit/>`, Acquit},
		"an archive":                      {archive(t, map[string]string{"a": "b"}), Archive},
		"an archive that was to be split": {"PK00" + archive(t, map[string]string{"a": "b"}), Archive},
		"an empty archive":                {archive(t, nil), Archive},
		"an office document":              {archive(t, map[string]string{"[Content_Types].xml": "", "word/document.xml": ""}), Inconnu},
		"a PDF about DocumentPaye":        {"%PDF-1.4 <DocumentPaye>", Inconnu},
		"XML of others":                   {`<facture/>`, Inconnu},
		"a text about DocumentPaye":       {"DocumentPaye", Inconnu},
		"an XML declaration and no more":  {`<?xml version="1.0"?>`, Inconnu},
	} {
		if got, _ := genreDe([]byte(tc.head)); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestNamesAreInTheOrderOfPeople(t *testing.T) {
	got := []string{"volume-10.xml", "volume-9.xml", "volume-02.xml", "volume-1.xml", "a/volume-3.xml", "volume.xml", "volume-1.zip"}
	slices.SortFunc(got, compareNames)
	want := []string{"a/volume-3.xml", "volume-1.xml", "volume-1.zip", "volume-02.xml", "volume-9.xml", "volume-10.xml", "volume.xml"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestHolesInTheNumbersOfFiles(t *testing.T) {
	for name, tc := range map[string]struct {
		files []string
		want  int
	}{
		"none":               {[]string{"v-1.xhl", "v-2.xhl", "v-3.xhl"}, 0},
		"from zero":          {[]string{"v-0.xhl", "v-1.xhl"}, 0},
		"the first":          {[]string{"v-2.xhl", "v-3.xhl"}, 1},
		"two in the middle":  {[]string{"v-01.xhl", "v-04.xhl"}, 2},
		"a date is no rank":  {[]string{"paye-202605.xhl", "autre.xhl"}, 0},
		"two sets of names":  {[]string{"a-1.xhl", "b-1.xhl"}, 0},
		"names without rank": {[]string{"a.xhl", "b.xhl"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for i, f := range tc.files {
				files[f] = paie{agents: []agent{{fmt.Sprint("A", i), 1, nil}}}.String()
			}
			if got := check(t, write(t, files), Options{}).Lot.N(NumeroAbsent); got != tc.want {
				t.Errorf("%d absent, want %d", got, tc.want)
			}
		})
	}
}

// damaged is a set with something wrong of every kind.
func damaged(t testing.TB) map[string]string {
	un := paie{agents: []agent{{"A1", 1000, []string{"x.pdf"}}, {"A2", 1, []string{"y.pdf"}}}, repartition: "1"}
	deux := paie{agents: []agent{{"A1", 1000, []string{"x.pdf"}}, {"A3", 2, nil}}, mois: "06"}
	v1 := archive(t, map[string]string{"a.xhl": un.String(), dossier + "x.pdf": pdf("x"), dossier + "z.pdf": pdf("z")[:60]})
	return map[string]string{
		"v-1.zip": v1, "v-3.zip": archive(t, map[string]string{"a.xhl": deux.String(), dossier + "x.pdf": pdf("other")}),
		"v-4.xhl": un.String()[:1500], "v-5.gz": gz(t, deux.String()), "lisez.moi": "texte", "manifest.json": `{"volumes":[{"n":1,"fichier":"v-3.zip"},{"n":2,"fichier":"../v-9.zip"}]}`,
	}
}

// said is everything that a report says.
func said(r *Rapport) string {
	var b strings.Builder
	for _, f := range r.Fichiers {
		fmt.Fprintln(&b, f.Nom, f.Genre, f.SchemaValide, f.Conforme, f.Pieces, f.Erreurs, f.Avertissements, f.Infos)
	}
	for _, c := range r.Observe(1000).Comptes() {
		fmt.Fprintln(&b, c.Code, c.Gravite, c.N)
		for _, a := range c.Exemples {
			fmt.Fprintln(&b, " ", a.Error(), a.Trouve, a.Attendu)
		}
	}
	return b.String()
}

func TestTheVerdictDoesNotDependOnTheCores(t *testing.T) {
	dir := write(t, damaged(t))
	var first string
	for _, cores := range []int{1, 2, 8, 2} {
		before := runtime.GOMAXPROCS(cores)
		got := said(check(t, dir, Options{}))
		runtime.GOMAXPROCS(before)
		if first == "" {
			first = got
		}
		if got != first {
			t.Fatalf("with %d cores:\n%s\nwith one:\n%s", cores, got, first)
		}
	}
	for _, code := range []string{AutrePeriode, BulletinDouble, ManifesteAbsent, ManifesteOctets, NomJournalDouble, LaisseDeCote, "PJ-101", "XHL-242"} {
		if !strings.Contains(first, code) {
			t.Errorf("%s is not said of the damaged set:\n%s", code, first)
		}
	}
}

func TestAFileCutAnywhereHasAVerdict(t *testing.T) {
	journal := paie{agents: []agent{{"A1", 1000, []string{"x.pdf"}}}}.String()
	for name, whole := range map[string]string{
		"a.xhl": journal,
		"a.gz":  gz(t, journal),
		"a.zip": archive(t, map[string]string{"a.xhl": journal, dossier + "x.pdf": pdf("x")}),
	} {
		path := filepath.Join(t.TempDir(), name)
		for n := 0; n < len(whole)-1; n += 1 + len(whole)/60 {
			if err := os.WriteFile(path, []byte(whole[:n]), 0o600); err != nil {
				t.Fatal(err)
			}
			r := check(t, path, Options{})
			if r.Fichiers[0].Erreurs == 0 || r.SchemaValide() {
				t.Fatalf("%s cut after %d of %d bytes: %d errors, schema valid: %v", name, n, len(whole), r.Fichiers[0].Erreurs, r.SchemaValide())
			}
		}
	}
}

func TestTheManyJournalsOfAFileAreBounded(t *testing.T) {
	files := map[string]string{}
	for i := range maxJournaux + 5 {
		files[fmt.Sprintf("%03d.xhl", i)] = paie{}.String()
	}
	r := check(t, filepath.Join(write(t, map[string]string{"a.zip": archive(t, files)}), "a.zip"), Options{})
	f := r.Fichiers[0]
	if len(f.Journaux) != maxJournaux || f.N(TropDeJournaux) != 1 || f.N("CMP-402") != 1 {
		t.Errorf("%d journals kept, %s %d times, CMP-402 %d times", len(f.Journaux), TropDeJournaux, f.N(TropDeJournaux), f.N("CMP-402"))
	}
}

func TestAnAbsentPathStopsBeforeAnythingIsRead(t *testing.T) {
	var a *anomalie.Anomalie
	_, err := Check(t.Context(), []string{filepath.Join(t.TempDir(), "absent.xhl")}, Options{})
	if !errors.As(err, &a) || a.Classe() != anomalie.Introuvable {
		t.Errorf("error %v, want an anomaly of class Introuvable", err)
	}
}

func TestACheckCanBeInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := write(t, damaged(t))
	if _, err := Check(ctx, []string{dir}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestMemoryDoesNotGrowWithTheJournal(t *testing.T) {
	one := paie{agents: []agent{{"A1", 1000, nil}}}.String()
	start := strings.Index(one, "<PayeIndivMensuel>")
	end := strings.Index(one, "</DonneesIndiv>")
	path := filepath.Join(t.TempDir(), "a.gz")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	const bulletins = 40_000
	fmt.Fprint(w, one[:start], strings.Repeat(one[start:end], bulletins), one[end:])
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := check(t, path, Options{})
	runtime.ReadMemStats(&after)
	if got := r.Fichiers[0].Journaux[0].Bilan; got.Bulletins != bulletins || got.Octets < 25e6 {
		t.Fatalf("%d bulletins in %d bytes were read", got.Bulletins, got.Octets)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 16<<20 {
		t.Errorf("the heap grew by %d bytes for a journal of %d", grown, r.Fichiers[0].Journaux[0].Bilan.Octets)
	}
}

func TestTheReportNamesNoPiece(t *testing.T) {
	dir := write(t, map[string]string{
		"v-1.zip": archive(t, map[string]string{"a.xhl": paie{agents: []agent{{"A1", 1000, []string{"dupont.pdf", "DURAND.pdf", "martin.pdf"}}}}.String(),
			dossier + "Dupont.pdf": pdf("x")[:60], "bernard.pdf": "texte", dossier + "petit.pdf": ""}),
		"leroy.txt": "texte", "paye.xhl": paie{agents: []agent{{"A2", 1, []string{"moreau.pdf"}}}, sansRepartition: true}.String(),
		"PJ/simon.pdf": "texte", "PJ/laurent.pdf": pdf("y")[:60],
	})
	for _, l := range []lang.Language{lang.French, lang.English} {
		var b bytes.Buffer
		if err := check(t, dir, Options{}).WriteHTML(&b, l, "xhl"); err != nil {
			t.Fatal(err)
		}
		page := strings.ToLower(b.String())
		for _, nom := range []string{"dupont", "durand", "martin", "bernard", "petit", "leroy", "moreau", "simon", "laurent"} {
			if i := strings.Index(page, nom); i >= 0 {
				t.Errorf("%v: the report names %q: …%s…", l, nom, page[max(0, i-200):min(len(page), i+40)])
			}
		}
		if !strings.Contains(page, "a1") || !strings.Contains(page, "xhl-242") {
			t.Errorf("%v: the report lacks the matricule or the code of what is absent", l)
		}
	}
}

func TestATitleKeepsWhatTheMessagesShare(t *testing.T) {
	c := &Compte{Code: TropGrand}
	for _, n := range []int{1_200_000, 1_250_000} {
		c.Exemples = append(c.Exemples, Codes.New(TropGrand, n, 1_000_000))
	}
	if got, same := c.Titre(lang.English); same || got != "… bytes, 1,000,000 at most" {
		t.Errorf("title %q, same %v", got, same)
	}
	c.Exemples = c.Exemples[:1]
	if got, same := c.Titre(lang.English); !same || got != "1,200,000 bytes, 1,000,000 at most" {
		t.Errorf("title %q, same %v", got, same)
	}
}

// FuzzCheck gives hostile files of every kind: no panic, no error that is not
// of the machine, and always a verdict.
func FuzzCheck(f *testing.F) {
	journal := paie{agents: []agent{{"A1", 1, []string{"x.pdf"}}}}.String()
	for _, seed := range []string{journal, gz(f, journal), archive(f, map[string]string{"a.xhl": journal, dossier + "x.pdf": pdf("x")}),
		`<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"><PES_PJ><PJ><Contenu><Fichier MIMEType="a">H4sIAAAAAAAA/wMAAAAAAAAAAAA=</Fichier></Contenu></PJ></PES_PJ></n:PES_Aller>`,
		`<PES_ACQUIT><ACQUIT/></PES_ACQUIT>`} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, fmt.Sprint(os.Getpid()))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Check(t.Context(), []string{path}, Options{})
		if err != nil {
			t.Fatalf("Check: %v", err)
		}
		file := r.Fichiers[0]
		if file.Genre == Inconnu && file.Erreurs == 0 {
			t.Errorf("a file of no known kind has no error")
		}
		if err := r.WriteHTML(new(bytes.Buffer), lang.French, "xhl"); err != nil {
			t.Errorf("WriteHTML: %v", err)
		}
	})
}
