package coffre

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The list of the guide's ten questions says where each is: every one is there,
// in both languages with the same places, and every address leads somewhere.
func TestEachOfTheTenQuestionsIsWhereTheDocumentSays(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "camille@example.org")
	v := b.visit(t, l.Number)
	var places [2][]string
	for i, file := range []string{"../../docs/portail.fr.md", "../../docs/portail.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		answered := map[int]bool{}
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(line, "|")
			if len(cells) != 6 {
				continue
			}
			n, err := strconv.Atoi(strings.TrimSpace(cells[1]))
			if err != nil {
				continue
			}
			for _, cell := range cells[2:5] {
				if strings.TrimSpace(cell) == "" {
					t.Errorf("%s: question %d leaves a cell empty", file, n)
				}
			}
			answered[n] = true
			places[i] = append(places[i], regexp.MustCompile("`/coffre[^`]*`").FindAllString(line, -1)...)
		}
		for n := 1; n <= 10; n++ {
			if !answered[n] {
				t.Errorf("%s: question %d is not in the list", file, n)
			}
		}
	}
	if !slices.Equal(places[0], places[1]) || len(places[0]) == 0 {
		t.Errorf("the two languages lead elsewhere:\n%v\n%v", places[0], places[1])
	}
	for _, place := range places[0] {
		if got := v.Get(strings.Trim(place, "`")); got.Status != 200 {
			t.Errorf("%s answers %d", place, got.Status)
		}
	}
}
