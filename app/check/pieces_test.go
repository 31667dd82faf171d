package check

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"paye/internal/pdfx"
)

// pdf is a document of one page; its text makes it differ from another.
func pdf(text string) string {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>")
	object(fmt.Sprintf("<</Length %d>>\nstream\n%% %s\nendstream", len(text)+3, text))
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.String()
}

// archive is a zip of files in the order of their names, the journals, which
// are in no folder, first.
func archive(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	names := slices.SortedFunc(maps.Keys(files), func(a, b string) int {
		if deep := strings.Count(a, "/") - strings.Count(b, "/"); deep != 0 {
			return deep
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const dossier = "PJ/99999999900017/"

func TestPiecesOfAnArchive(t *testing.T) {
	with := func(noms ...string) string { return paie{agents: []agent{{"A1", 1000, noms}}}.String() }
	for name, tc := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"none, the archive being one of a set": {map[string]string{"p.xhl": with("arrete1.pdf")}, []string{HorsDuFlux}},
		"each where it is looked for":          {map[string]string{"p.xhl": with("arrete1.pdf"), dossier + "arrete1.pdf": pdf("a")}, nil},
		"one that is absent":                   {map[string]string{"p.xhl": with("arrete1.pdf", "arrete2.pdf"), dossier + "arrete1.pdf": pdf("a")}, []string{"XHL-242"}},
		"one that nothing references":          {map[string]string{"p.xhl": with("arrete1.pdf"), dossier + "arrete1.pdf": pdf("a"), dossier + "b.pdf": pdf("b")}, []string{"XHL-243"}},
		"one in another case":                  {map[string]string{"p.xhl": with("arrete1.pdf"), dossier + "Arrete1.pdf": pdf("a")}, []string{"XHL-244"}},
		"a PDF that does not open":             {map[string]string{"p.xhl": with("arrete1.pdf"), dossier + "arrete1.pdf": pdf("a")[:60]}, []string{"PJ-101"}},
		"an empty one":                         {map[string]string{"p.xhl": with("arrete1.pdf"), dossier + "arrete1.pdf": ""}, []string{"PJ-105"}},
		"a text called PDF":                    {map[string]string{"p.xhl": with("arrete1.pdf"), dossier + "arrete1.pdf": "bonjour"}, []string{"PJ-109"}},
		"below another SIRET":                  {map[string]string{"p.xhl": with("arrete1.pdf"), "PJ/21967564200017/arrete1.pdf": pdf("a")}, []string{AutreSiret}},
		"outside PJ":                           {map[string]string{"p.xhl": with("arrete1.pdf"), "arrete1.pdf": pdf("a")}, []string{HorsPJ}},
		"no journal":                           {map[string]string{dossier + "arrete1.pdf": pdf("a")}, []string{"CMP-401"}},
		"two journals":                         {map[string]string{"p.xhl": with(), "q.xhl": with()}, []string{"CMP-402"}},
		"a journal in a folder":                {map[string]string{"d/p.xhl": with()}, []string{HorsRacine}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, map[string]string{"p.zip": archive(t, tc.files)})
			got := slices.DeleteFunc(graves(check(t, dir+"/p.zip", Options{})), businessOfTheSample)
			if !slices.Equal(got, tc.want) {
				t.Errorf("codes %v, want %v", got, tc.want)
			}
		})
	}
}

// businessOfTheSample are rules that the invented employer and agents break.
func businessOfTheSample(code string) bool { return code == "XHL-214" || code == "XHL-215" }

func TestPiecesOfASetAreSharedWhereTheyTravelApart(t *testing.T) {
	full := paie{agents: []agent{{"A1", 1000, []string{"x1.pdf"}}, {"A2", 1000, []string{"x2.pdf"}}}}.String()
	head := paie{enteteSeule: true}.String()
	for name, tc := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"with heads alone, in archives": {map[string]string{
			"archive-1.zip": archive(t, map[string]string{"h1.xhl": head, dossier + "x1.pdf": pdf("1")}),
			"archive-2.zip": archive(t, map[string]string{"h2.xhl": head, dossier + "x2.pdf": pdf("2")}),
			"paye.xhl":      full}, nil},
		"one of them absent": {map[string]string{
			"archive-1.zip": archive(t, map[string]string{"h1.xhl": head, dossier + "x1.pdf": pdf("1")}),
			"paye.xhl":      full}, []string{"XHL-242"}},
		"one too many": {map[string]string{
			"archive-1.zip": archive(t, map[string]string{"h1.xhl": head, dossier + "x1.pdf": pdf("1"), dossier + "x2.pdf": pdf("2"), dossier + "x3.pdf": pdf("3")}),
			"paye.xhl":      full}, []string{"XHL-243"}},
		"with heads alone, beside the archive of the journal": {map[string]string{
			"v-1.zip": archive(t, map[string]string{"v1.xhl": full}),
			"v-2.zip": archive(t, map[string]string{"v2.xhl": head, dossier + "x1.pdf": pdf("1"), dossier + "x2.pdf": pdf("2")})}, nil},
		"beside the archive of the journal, one absent": {map[string]string{
			"v-1.zip": archive(t, map[string]string{"v1.xhl": full}),
			"v-2.zip": archive(t, map[string]string{"v2.xhl": head, dossier + "x1.pdf": pdf("1")})}, []string{"XHL-242"}},
		"absent from an archive, the others having theirs": {map[string]string{
			"v-1.zip": archive(t, map[string]string{"v1.xhl": paie{agents: []agent{{"A1", 1000, []string{"x1.pdf"}}}, repartition: "2000"}.String()}),
			"v-2.zip": archive(t, map[string]string{"v2.xhl": paie{agents: []agent{{"A2", 1000, []string{"x1.pdf"}}}, sansRepartition: true}.String(), dossier + "x1.pdf": pdf("1")})},
			[]string{"XHL-242"}},
		"in a folder beside":                  {map[string]string{"paye.xhl": full, "PJ/x1.pdf": pdf("1"), "PJ/d/x2.pdf": pdf("2")}, nil},
		"in a folder beside, in another case": {map[string]string{"paye.xhl": full, "PJ/x1.pdf": pdf("1"), "PJ/X2.pdf": pdf("2")}, []string{"XHL-244"}},
		"in a folder beside, damaged":         {map[string]string{"paye.xhl": full, "PJ/x1.pdf": pdf("1"), "PJ/x2.pdf": pdf("2")[:60]}, []string{"PJ-101"}},
		"nowhere, so that nothing is judged":  {map[string]string{"paye.xhl": full}, nil},
		"two of one name": {map[string]string{
			"v-1.zip": archive(t, map[string]string{"v1.xhl": paie{agents: []agent{{"A1", 1000, []string{"x1.pdf"}}}, repartition: "2000"}.String(), dossier + "x1.pdf": pdf("1")}),
			"v-2.zip": archive(t, map[string]string{"v2.xhl": paie{agents: []agent{{"A2", 1000, []string{"x1.pdf"}}}, sansRepartition: true}.String(), dossier + "x1.pdf": pdf("other")})},
			[]string{NomPieceDouble}},
		"one shared by two volumes": {map[string]string{
			"v-1.zip": archive(t, map[string]string{"v1.xhl": paie{agents: []agent{{"A1", 1000, []string{"x1.pdf"}}}, repartition: "2000"}.String(), dossier + "x1.pdf": pdf("1")}),
			"v-2.zip": archive(t, map[string]string{"v2.xhl": paie{agents: []agent{{"A2", 1000, []string{"x1.pdf"}}}, sansRepartition: true}.String(), dossier + "x1.pdf": pdf("1")})}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := slices.DeleteFunc(graves(check(t, write(t, tc.files), Options{})), businessOfTheSample)
			if !slices.Equal(got, tc.want) {
				t.Errorf("codes %v, want %v", got, tc.want)
			}
		})
	}
}

// A piece of general scope is in a volume without a reference, and the manifest
// says so.
func TestAManifestAnswersForThePiecesOfGeneralScope(t *testing.T) {
	journal := paie{agents: []agent{{"A1", 1000, []string{"x.pdf"}}}}.String()
	zip := archive(t, map[string]string{"p.xhl": journal, dossier + "x.pdf": pdf("x"), dossier + "deliberation.pdf": pdf("d")})
	pes := flux(t, "N1", pj{"P1", "p.xhl", "004", journal}, pj{"X1", "x.pdf", "003", pdf("x")}, pj{"D1", "deliberation.pdf", "003", pdf("d")})
	manifest := func(name, content string, pieces ...string) string {
		text, err := json.Marshal(map[string]any{"volumes": []any{map[string]any{"n": 1, "fichier": name, "octets": len(content),
			"sha256": fmt.Sprintf("%x", sha256.Sum256([]byte(content))), "pieces": pieces}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, tc := range map[string]struct {
		files map[string]string
		want  int // XHL-243
	}{
		"an archive as it was built":          {map[string]string{"v.zip": zip, "manifest.json": manifest("v.zip", zip)}, 0},
		"an archive that is another":          {map[string]string{"v.zip": zip, "manifest.json": manifest("v.zip", zip+" ")}, 1},
		"an archive without a manifest":       {map[string]string{"v.zip": zip}, 1},
		"a flux as it was built":              {map[string]string{"v.xml": pes, "manifest.json": manifest("v.xml", pes)}, 0},
		"a flux that is another, same piece":  {map[string]string{"v.xml": pes, "manifest.json": manifest("v.xml", pes+" ", "D1", "X1")}, 0},
		"a flux that is another, other piece": {map[string]string{"v.xml": pes, "manifest.json": manifest("v.xml", pes+" ", "X1")}, 1},
		"a flux without a manifest":           {map[string]string{"v.xml": pes}, 1},
	} {
		r := check(t, write(t, tc.files), Options{})
		if got := r.Observe(1).N("XHL-243"); got != tc.want {
			t.Errorf("%s: XHL-243 %d times, want %d:\n%s", name, got, tc.want, said(r))
		}
	}
}

func TestAPieceTooLargeForTheOthersIsOpenedAlone(t *testing.T) {
	big := strings.Replace(pdf("a"), "/Pages 2 0 R", "/Pages 2 0 R /Remplissage ("+strings.Repeat(" ", maxExamen)+")", 1)
	dir := write(t, map[string]string{"p.zip": archive(t, map[string]string{
		"p.xhl": paie{agents: []agent{{"A1", 1000, []string{"x.pdf", "y.pdf"}}}}.String(), dossier + "x.pdf": big,
		dossier + "y.pdf": "%PDF-1.4\n" + strings.Repeat(" ", maxExamen)})})
	f := check(t, dir+"/p.zip", Options{}).Fichiers[0]
	if f.N(pdfx.PagesLourd) != 1 || f.N(pdfx.Illisible) != 1 || f.Erreurs != 1 {
		t.Errorf("%d heavy, %d unreadable, %d errors; want one of each", f.N(pdfx.PagesLourd), f.N(pdfx.Illisible), f.Erreurs)
	}
}
