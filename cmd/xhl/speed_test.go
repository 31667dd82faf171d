package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paye/internal/lang"
)

// measure is a line of the README's table of speed: where its figures stand in
// bench/results. The ratio is that of the row of the rival where it has one.
type measure struct {
	what, rival   lang.Text
	file, section string
	ours          string // how the row begins
	ratioOf       string // the row that has the ratio; ours when empty
	ratio         string // its column
}

var measures = []measure{
	{lang.Text{FR: "découper et relire un journal de 421 Mo et 1 800 PDF, cas dense", EN: "cut and read back a journal of 421 MB and 1,800 PDFs, dense case"},
		lang.Text{FR: "`pigz -6` du journal seul", EN: "`pigz -6` of the journal alone"}, "build.md", "Volumes, profile dense", "xhl build", "", "wall of the rival by ours"},
	{lang.Text{FR: "le même, cas ordinaire (433 Mo)", EN: "the same, ordinary case (433 MB)"},
		lang.Text{FR: "`pigz -6` du journal seul", EN: "`pigz -6` of the journal alone"}, "build.md", "Volumes, profile ordinaire", "xhl build", "", "wall of the rival by ours"},
	{lang.Text{FR: "le cas dense, dix fois plus gros", EN: "the dense case, ten times the size"},
		lang.Text{FR: "`pigz -6` du journal seul", EN: "`pigz -6` of the journal alone"}, "build-x10.md", "Volumes, profile dense", "xhl build", "", "wall of the rival by ours"},
	{lang.Text{FR: "décoder chaque valeur d'un journal", EN: "decode every value of a journal"},
		lang.Text{FR: "`xmllint --stream`, qui n'en décode aucune", EN: "`xmllint --stream`, which decodes none"}, "build.md", "Reading, profile dense", "xhl.Reader", "", "wall of the rival by ours"},
	{lang.Text{FR: "contrôler un journal de 396 Mo, sur un cœur", EN: "check a journal of 396 MB, on one core"},
		lang.Text{FR: "`xmllint --stream --schema`, sans règle de métier", EN: "`xmllint --stream --schema`, without the rules of the trade"}, "check-xhl.md", "Check of a journal", "check.Journal, 1 core", "", "wall against xmllint"},
	{lang.Text{FR: "contrôler un PES de 128 Mo et ce qu'il contient", EN: "check a PES of 128 MB and what is inside"},
		lang.Text{FR: "`xmllint --schema`, l'enveloppe seule", EN: "`xmllint --schema`, the envelope alone"}, "check-pes.md", "archive, 127.9 MB", "xhl check", "xmllint --huge --noout", "wall of xmllint by ours"},
}

// figure finds a cell: in the table below a heading, the column of the row that
// begins so.
func figure(t *testing.T, file, section, row, column string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "bench", "results", file))
	if err != nil {
		t.Fatal(err)
	}
	_, below, found := strings.Cut(string(text), "# "+section)
	if !found {
		t.Fatalf("%s has no section %q", file, section)
	}
	table, _, _ := strings.Cut(below, "\n## ")
	at := -1
	for _, cells := range rows(table) {
		if at < 0 {
			if at = slices.Index(cells, column); at < 0 {
				break
			}
		}
		if strings.HasPrefix(cells[0], row) && at < len(cells) {
			return cells[at]
		}
	}
	t.Fatalf("%s, %q has no row %q with a column %q", file, section, row, column)
	return ""
}

var speedHeads = map[lang.Language][2]string{
	lang.English: {"Speed", "| what | time | beside | time of the other by ours | peak memory |\n|---|---:|---|---:|---:|\n"},
	lang.French:  {"Vitesse", "| quoi | temps | à côté de | temps de l'autre par le nôtre | mémoire de pointe |\n|---|---:|---|---:|---:|\n"},
}

// speedTable is made of bench/results.
func speedTable(t *testing.T, l lang.Language) string {
	var b strings.Builder
	b.WriteString(speedHeads[l][1])
	for _, m := range measures {
		ratioOf := m.ratioOf
		if ratioOf == "" {
			ratioOf = m.ours
		}
		cells := []string{m.what.In(l), figure(t, m.file, m.section, m.ours, "wall"), m.rival.In(l), figure(t, m.file, m.section, ratioOf, m.ratio), figure(t, m.file, m.section, m.ours, "peak memory")}
		line := strings.Join(cells, " | ")
		if l == lang.French {
			for i := 1; i < len(cells); i += 2 {
				cells[i] = strings.ReplaceAll(cells[i], ".", ",")
			}
			cells[4] = strings.NewReplacer(".", ",", "MiB", "Mio").Replace(cells[4])
			line = strings.Join(cells, " | ")
		}
		b.WriteString("| " + line + " |\n")
	}
	return b.String()
}

// The table of speed of the README is that of bench/results; -update-docs takes
// it from there, and bench/run.sh page ends with that.
func TestReadmeTellsTheSpeedOfTheResults(t *testing.T) {
	for _, name := range []string{"README.md", "README.fr.md"} {
		l := documents[name]
		doc := readDocument(t, name)
		below := section(t, doc, speedHeads[l][0])
		start := strings.Index(below, "|")
		end := strings.LastIndex(below, "|\n")
		if start < 0 || end < start {
			t.Fatalf("%s: no table below %q", name, speedHeads[l][0])
		}
		got, want := below[start:end+2], speedTable(t, l)
		if *updateDocs {
			if err := os.WriteFile(filepath.Join("..", "..", name), []byte(strings.Replace(doc, got, want, 1)), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-bench/results +document):\n%s", name, diff)
		}
	}
}
