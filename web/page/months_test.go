package page

import (
	"os"
	"path/filepath"
	"testing"

	"paye/web/ui/uitest"
)

// Two months: the lines of the command, and its files.
func TestVariationsAreThoseOfTheCommand(t *testing.T) {
	k := newKit(t)
	dir := t.TempDir()
	k.xhl(t, dir, "synth", "--quiet", "--bulletins", "300", "--seed", "6", "--xhl", "-o", "avant")
	k.xhl(t, dir, "synth", "--quiet", "--after", "avant", "-o", "apres")
	before, after := filepath.Join(dir, "avant"), filepath.Join(dir, "apres")
	if err := os.Remove(filepath.Join(after, "run.jsonl")); err != nil { // the journal says the same
		t.Fatal(err)
	}
	w := openPage(t, k)
	w.dropFolder(after)
	w.done("state.drop")
	uitest.Eval[bool](w.Browser, `(document.getElementById("mois").open = true)`)
	w.choose("#f-avant-dossier", before)
	w.done("state.months || state.problem")
	// Exit code 3: pieces are missing.
	want := lines(t, k.xhl(t, after, "variations", "--json", "--template", "../manque.csv", "../avant", "journal.xhl"))
	sameLines(t, "variations", w.told("state.months"), want)
	if missing := uitest.Eval[int](w.Browser, "state.months.view.missing"); missing < 10 {
		t.Errorf("%d pieces are missing", missing)
	}
	w.Wait("variations sans pièce")
	w.Look(1280, "light")
	w.Shot("page-mois")
	w.Judge("months")
	k.xhl(t, after, "variations", "-o", "../variations.csv", "../avant", "journal.xhl")
	w.Click("#variations-csv")
	w.Click("#manque-csv")
	sameFiles(t, w.downloaded(2), folder(t, dir))
	// The same month again, a file of it: said by its code.
	w.choose("#f-avant", filepath.Join(after, "journal.xhl"))
	w.done("state.months?.fault || state.months?.view.count === 0")
	if code := k.refusal(t, after, "variations", "--json", "journal.xhl", "journal.xhl"); code != uitest.Eval[string](w.Browser, "state.months.fault?.code || ''") {
		t.Errorf("the page answers otherwise than the command, which says %q", code)
	}
}
