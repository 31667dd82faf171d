package page

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paye/web/ui/uitest"
)

// A build that is cancelled leaves nothing, and the next one is whole.
func TestCancelledBuildLeavesNothing(t *testing.T) {
	k := newKit(t)
	dir := t.TempDir()
	k.xhl(t, dir, "synth", "--quiet", "--bulletins", "1500", "--pieces", "40", "--xhl", "-o", "paye")
	if err := os.Remove(filepath.Join(dir, "paye", "run.jsonl")); err != nil { // the journal says the same
		t.Fatal(err)
	}
	w := openPage(t, k)
	w.dropFolder(filepath.Join(dir, "paye"))
	w.done("state.plan")
	w.set("limit", "2Mo")
	w.Click("#recalculer")
	w.done("state.plan?.view.manifest.limit === 2000000")
	// Two turns of the page: the work begins in the first.
	uitest.Eval[bool](w.Browser, `(startBuild(), new Promise(d => setTimeout(d)).then(() => { document.getElementById("annuler").click(); return true }))`)
	w.done("state.ready")
	w.Wait("Le travail a été annulé")
	if built := uitest.Eval[bool](w.Browser, "Boolean(state.built)"); built {
		t.Error("a cancelled build has volumes")
	}
	w.Click("#construire")
	w.done("state.built?.files")
	k.xhl(t, filepath.Join(dir, "paye"), "build", "--format", "zip", "--limit", "2Mo", "-o", "volumes", "journal.xhl")
	want := folder(t, filepath.Join(dir, "paye", "volumes"))
	w.Click("#un-par-un")
	sameFiles(t, w.downloaded(len(want)), want)
}

// A folder that is chosen is written and read back. The picker is a person's;
// the folder of the browser itself stands in for the one of the disk.
func TestVolumesGoIntoAChosenFolder(t *testing.T) {
	k := newKit(t)
	server := httptest.NewServer(http.FileServer(http.Dir(k.dir)))
	t.Cleanup(server.Close)
	dir := month(t)
	w := openAt(t, server.URL+"/xhl.html")
	w.dropFolder(dir)
	w.done("state.plan")
	w.Click("#construire")
	w.done("state.built")
	uitest.Eval[bool](w.Browser, `navigator.storage.getDirectory().then(root => root.getDirectoryHandle("choisi", {create: true})).then(folder => { window.chosen = folder; return saveInto(folder) }).then(() => true)`)
	w.Wait("relu depuis le dossier")
	same := uitest.Eval[bool](w.Browser, `(async () => {
		for (const [name, blob] of state.built.files) {
			const file = await (await chosen.getFileHandle(name)).getFile();
			const [a, b] = await Promise.all([file.arrayBuffer(), blob.arrayBuffer()]);
			if (hexOf(await crypto.subtle.digest("SHA-256", a)) !== hexOf(await crypto.subtle.digest("SHA-256", b))) return false;
		}
		return state.built.files.length > 1 && state.set.view.exit === 0;
	})()`)
	if !same {
		t.Error("the folder does not hold what was built")
	}
}

// A page that was cut short on its way says so.
func TestPageThatIsNotWholeSaysSo(t *testing.T) {
	k := newKit(t)
	w := openCut(t, k)
	w.until("state.fault")
	w.Wait("La page est incomplète")
}

// openCut opens the page with other bytes of the program than those it was
// made with.
func openCut(t *testing.T, k *kit) *tab {
	t.Helper()
	text, err := os.ReadFile(k.page)
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := bytes.Cut(text, []byte("<script type=\"text/plain\" id=\"wasm\">\n"))
	if !found {
		t.Fatal("the page has no program")
	}
	path := filepath.Join(t.TempDir(), "cut.html")
	if err := os.WriteFile(path, slices.Concat(before, []byte("<script type=\"text/plain\" id=\"wasm\">\n"), after[400:]), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &tab{t: t}
	w.Browser = uitest.NewBrowser(t, "file://"+path)
	w.Open("")
	return w
}
