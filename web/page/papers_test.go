package page

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"paye/web/ui/uitest"
)

// A month whose pieces nothing speaks of: the page proposes the table, it is
// corrected, and the volumes are those of the command with that table.
func TestProposedTableServesTheVolumes(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	pieces := filepath.Join(dir, "justificatifs")
	if err := os.Remove(filepath.Join(dir, "justificatifs.csv")); err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Glob(filepath.Join(pieces, "*.pdf"))
	if err != nil || len(list) == 0 {
		t.Fatalf("%d pieces, %v", len(list), err)
	}
	more, err := os.ReadFile(list[0])
	if err == nil {
		err = os.WriteFile(filepath.Join(pieces, "contrat 23614.pdf"), append(more, "\n% another\n"...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w := openPage(t, k)
	w.dropFolder(dir)
	w.done("state.drop")
	w.Click("#table")
	w.done("state.index")
	w.Judge("table")
	w.Shot("page-table")
	const proposed = `state.index.view.rows.filter(r => r.matricule).map(r => r.matricule + "=" + r.fichier).join(" ")`
	if got := uitest.Eval[string](w.Browser, proposed); got != "23614=contrat 23614.pdf" {
		t.Errorf("proposed %s", got)
	}
	uitest.Eval[bool](w.Browser, `(() => { const i = state.index.view.rows.findIndex(r => r.matricule); const box = document.querySelectorAll("#table-pieces tbody tr")[i].querySelectorAll("input")[2]; box.value = "Contrat"; box.dispatchEvent(new Event("input")); return true })()`)
	w.Click("#utiliser")
	w.done("state.plan")
	w.set("limit", "500ko")
	w.Click("#recalculer")
	w.done("state.plan?.view.manifest?.limit === 500000")
	w.Click("#construire")
	w.done("state.built?.files")
	table := uitest.Eval[string](w.Browser, `state.files.get("justificatifs.csv").text()`)
	if err := os.WriteFile(filepath.Join(dir, "justificatifs.csv"), []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	k.xhl(t, dir, "build", "--format", "zip", "--limit", "500ko", "-o", "volumes", "journal.xhl")
	want := folder(t, filepath.Join(dir, "volumes"))
	w.Click("#un-par-un")
	sameFiles(t, w.downloaded(len(want)), want)
}

// The bulletins as PDF, all of them and those of one agent, as the command
// renders them; but for the names that take a font that the page does not carry,
// of which it warns.
func TestBulletinsAsPDF(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	k.xhl(t, dir, "etat", "rubriques", "-o", "rubriques.csv", "journal.xhl") // groups the lines
	w := openPage(t, k)
	w.dropFolder(dir)
	w.done("state.plan")
	w.Click("#bulletins")
	w.done("state.slips")
	k.xhl(t, dir, "bulletins", "-o", "bulletins", "journal.xhl")
	want := folder(t, filepath.Join(dir, "bulletins"))
	w.Wait("BUL-005")
	w.Click("#bulletins-zip")
	for _, b := range w.downloaded(1) {
		got := unzip(t, b)
		for name, text := range want {
			if bytes.Contains(text, []byte("DejaVu")) {
				if !bytes.HasPrefix(got[name], []byte("%PDF-")) {
					t.Errorf("%s is missing", name)
				}
				delete(want, name)
				delete(got, name)
			}
		}
		if len(want) < 30 {
			t.Errorf("only %d bulletins are compared", len(want))
		}
		sameFiles(t, got, want)
	}
	w.set("matricules", "23614 99999")
	w.Click("#bulletins")
	w.done("state.slips?.view?.count === 1")
	w.Wait("BUL-003")
}
