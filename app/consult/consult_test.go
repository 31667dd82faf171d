package consult

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/progress"
)

const exemple = "../../testdata/exemple/journal.xhl"

func open(t testing.TB, path string) *Book {
	t.Helper()
	b, err := Open(t.Context(), []Journal{{path, filepath.Base(path)}}, t.TempDir(), new(progress.Progress))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func TestEveryBulletinOpensAsItWasIndexed(t *testing.T) {
	b := open(t, exemple)
	if len(b.Entries) != 40 {
		t.Fatalf("%d bulletins", len(b.Entries))
	}
	for i := range b.Entries {
		e := &b.Entries[i]
		v, err := b.Bulletin(i)
		if err != nil {
			t.Fatal(err)
		}
		net, _ := v.MtNetAPayer.Montant()
		if v.Agent.Matricule != e.Matricule || v.Agent.Nom != e.Nom || net != e.Net || len(v.PJRef) != e.Pieces {
			t.Errorf("bulletin %d is of matricule %s, indexed %s", i, v.Agent.Matricule, e.Matricule)
		}
	}
	if v, err := b.Bulletin(40); v != nil || err != nil {
		t.Errorf("beyond the last: %v, %v", v, err)
	}
}

func TestSearchFindsWhateverTheAccents(t *testing.T) {
	b := open(t, exemple)
	for words, want := range map[string]int{"renaud zoe": 1, "ZOÉ": 1, "29615": 1, "": 40, "zzz": 0} {
		if got := b.Search(Query{Words: words}); len(got) != want {
			t.Errorf("%q: %d, want %d", words, len(got), want)
		}
	}
	byNet := b.Search(Query{Order: ByNet, Descending: true})
	if !slices.IsSortedFunc(byNet, func(i, j int) int { return compareMontant(b.Entries[j].Net, b.Entries[i].Net) }) {
		t.Error("not by net")
	}
	if got := b.Search(Query{Code: "no such code"}); got != nil {
		t.Errorf("an unknown code: %v", got)
	}
}

func TestSumsOfAllKindsAreTheSame(t *testing.T) {
	b := open(t, exemple)
	s := b.Sums()
	var places, natures, codes int64
	for _, one := range s.ByPlace {
		places += int64(one.Total)
	}
	for _, one := range s.ByNature {
		natures += int64(one.Total)
	}
	for _, one := range s.ByCode {
		codes += int64(one.Total)
	}
	if places != int64(s.Brut) || natures != codes {
		t.Errorf("by établissement %d, in all %d; by nature %d, by code %d", places, s.Brut, natures, codes)
	}
}

func TestMonthsAreComparedByMatricule(t *testing.T) {
	text, err := os.ReadFile(exemple)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "avant.xhl")
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), `V="29615"`, `V="99999"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	c := Compare(open(t, path), open(t, exemple))
	if len(c.Entrants) != 1 || c.Entrants[0].Matricule != "29615" || len(c.Leavers) != 1 || c.Leavers[0].Matricule != "99999" || c.Same != 39 {
		t.Errorf("entrants %v, leavers %v, %d the same", c.Entrants, c.Leavers, c.Same)
	}
}

func TestCompressedJournalLeavesNothingBehind(t *testing.T) {
	spool := t.TempDir()
	b, err := Open(t.Context(), []Journal{{exemple, "journal.xhl"}}, spool, new(progress.Progress))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(spool); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// BenchmarkSearch searches the journal that XHL_JOURNAL names, else the example.
func BenchmarkSearch(b *testing.B) {
	path := os.Getenv("XHL_JOURNAL")
	if path == "" {
		path = exemple
	}
	book := open(b, path)
	b.ReportMetric(float64(len(book.Entries)), "bulletins")
	for b.Loop() {
		book.Search(Query{Words: "mar ier"})
	}
}
