package page

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
		const digest = async (blob) => String(new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())));
		for (const [name, blob] of state.built.files) {
			const file = await (await chosen.getFileHandle(name)).getFile();
			if (await digest(file) !== await digest(blob)) return false;
		}
		return state.built.files.length > 1 && state.set.view.exit === 0;
	})()`)
	if !same {
		t.Error("the folder does not hold what was built")
	}
	if names := uitest.Eval[[]string](w.Browser, namesIn("choisi")); slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, ".part") }) {
		t.Errorf("the folder holds %v", names)
	}
}

// namesIn lists a folder of the browser.
func namesIn(folder string) string {
	return `(async () => { const names = []; for await (const name of (await (await navigator.storage.getDirectory()).getDirectoryHandle("` + folder + `", {create: true})).keys()) names.push(name); return names.sort() })()`
}

// A tab that is closed while it writes leaves whole files only.
func TestClosedTabLeavesWholeFiles(t *testing.T) {
	k := newKit(t)
	server := httptest.NewServer(http.FileServer(http.Dir(k.dir)))
	t.Cleanup(server.Close)
	w := openAt(t, server.URL+"/xhl.html")
	uitest.Eval[bool](w.Browser, `navigator.storage.getDirectory().then(root => root.getDirectoryHandle("ferme", {create: true})).then(folder => new Promise(begun => {
		const large = new Blob(Array(256).fill(new Uint8Array(1 << 20)));
		writeInto(folder, [["petit.bin", new Blob(["petit"])], ["grand.bin", large]], () => begun(true)) }))`)
	w.Open("") // which closes the page
	w.ready()
	sizes := uitest.Eval[map[string]float64](w.Browser, `(async () => { const all = {}; const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("ferme");
		for await (const [name, handle] of folder.entries()) all[name] = (await handle.getFile()).size; return all })()`)
	if sizes["petit.bin"] != 5 {
		t.Errorf("the first file is not whole: %v", sizes)
	}
	if size, there := sizes["grand.bin"]; there && size != 256<<20 {
		t.Errorf("the second file has %v bytes", size)
	}
}

// Served by a web server, the page spools on the disk of the browser: each
// worker into a file of its own, which goes when nobody holds it any more.
func TestSpoolOfAServedPage(t *testing.T) {
	k := newKit(t)
	server := httptest.NewServer(http.FileServer(http.Dir(k.dir)))
	t.Cleanup(server.Close)
	w := openAt(t, server.URL+"/xhl.html")
	if !uitest.Eval[bool](w.Browser, "host.disk") {
		t.Fatal("the page has no spool")
	}
	first := uitest.Eval[[]string](w.Browser, namesIn("xhl-spool"))
	if len(first) != 1 {
		t.Fatalf("the spool holds %v", first)
	}
	// A second tab leaves the file of the first alone.
	uitest.Eval[bool](w.Browser, `(window.second = new Host(), second.start().then(() => true))`)
	if two := uitest.Eval[[]string](w.Browser, namesIn("xhl-spool")); len(two) != 2 || !slices.Contains(two, first[0]) {
		t.Fatalf("the spool of two workers holds %v, and held %v", two, first)
	}
	w.Open("")
	w.ready()
	w.until(`(async () => (await ` + namesIn("xhl-spool") + `).length)()`)
	dir := month(t)
	w.dropFolder(dir)
	w.done("state.plan")
	w.Wait("que le navigateur prête à cette page")
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
