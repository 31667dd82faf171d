package page

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"paye/web/ui/uitest"
)

// paye makes a payroll and its volumes of 2 MB at most, by the command.
func (k *kit) paye(t *testing.T) (dir string, want map[string][]byte) {
	t.Helper()
	top := t.TempDir()
	k.xhl(t, top, "synth", "--quiet", "--bulletins", "1000", "--pieces", "40", "--xhl", "-o", "paye")
	dir = filepath.Join(top, "paye")
	if err := os.Remove(filepath.Join(dir, "run.jsonl")); err != nil { // the journal says the same
		t.Fatal(err)
	}
	k.xhl(t, dir, "build", "--no-ledger", "--format", "zip", "--limit", "2Mo", "-o", "../volumes", "journal.xhl")
	return dir, folder(t, filepath.Join(top, "volumes"))
}

// planned drops a payroll and plans its volumes of 2 MB.
func (w *tab) planned(dir string) {
	w.t.Helper()
	w.dropFolder(dir)
	w.done("state.plan")
	w.set("limit", "2Mo")
	w.Click("#recalculer")
	w.done("state.plan?.view.manifest.limit === 2000000")
}

// built are the files that the page holds.
func (w *tab) built() map[string][]byte {
	w.t.Helper()
	all := map[string][]byte{}
	for name, text := range uitest.Eval[map[string]string](w.Browser, `(async () => {
		const all = {};
		for (const [name, blob] of state.built?.files || []) all[name] = await new Promise((done) => {
			const r = new FileReader();
			r.onload = () => done(r.result.split(",")[1]);
			r.readAsDataURL(blob);
		});
		return all;
	})()`) {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			w.t.Fatal(err)
		}
		all[name] = b
	}
	return all
}

// Who clicks on "Cancel" again while the page draws breath stops no work but the
// one that is under way: the next one is done.
func TestSecondClickOfCancelStopsNothingElse(t *testing.T) {
	k := newKit(t)
	dir, want := k.paye(t)
	w := openPage(t, k)
	w.planned(dir)
	uitest.Eval[bool](w.Browser, `(async () => {
		const work = startBuild();
		const click = document.getElementById("annuler");
		click.click();
		while (state.busy) await new Promise((d) => setTimeout(d));
		click.click();
		await work;
		await startBuild();
		return true;
	})()`)
	sameFiles(t, w.built(), want)
}

// A look at what was dropped that is cancelled can be taken up: nobody drops the
// files again.
func TestCancelledLookIsTakenUp(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	w := openPage(t, k)
	uitest.Eval[bool](w.Browser, `(() => {
		const draw = render;
		render = () => { draw(); if (state.busy?.where === "drop") { render = draw; document.getElementById("annuler").click(); } };
		return true;
	})()`)
	w.dropFolder(dir)
	w.done("state.stopped")
	w.Wait("Rien n’en reste")
	w.Judge("cancelled")
	w.Click("#examiner")
	w.done("state.plan")
	sameLines(t, "check", w.told("state.check"), lines(t, k.xhl(t, dir, "check", "--json", "journal.xhl")))
}

// A folder that is being written when the work is cancelled keeps nothing of it.
func TestCancelledWritingLeavesNothingInTheFolder(t *testing.T) {
	k := newKit(t)
	server := httptest.NewServer(http.FileServer(http.Dir(k.dir)))
	t.Cleanup(server.Close)
	dir, _ := k.paye(t)
	w := openAt(t, server.URL+"/xhl.html")
	w.planned(dir)
	w.Click("#construire")
	w.done("state.built?.files")
	for name, when := range map[string]string{
		"between two files": `const show = showBusy; showBusy = () => { show(); if (state.busy?.done === 1) { showBusy = show; cancel(); } }`,
		"within a file":     `const of = FileSystemWritableFileStream.prototype, write = of.write; let n = 0; of.write = function (b) { if (++n === 2) { of.write = write; cancel(); } return write.call(this, b); }`,
	} {
		uitest.Eval[bool](w.Browser, fmt.Sprintf(`(async () => {
			const root = await navigator.storage.getDirectory();
			%s;
			await saveInto(await root.getDirectoryHandle("annule", { create: true }));
			return true;
		})()`, when))
		w.Wait("Rien n’en reste")
		if names := uitest.Eval[[]string](w.Browser, namesIn("annule")); len(names) > 0 {
			t.Errorf("%s: the folder holds %v", name, names)
		}
	}
}

// Whatever part of a work the second worker dies with, the files are the same.
func TestSecondWorkerThatDiesInAnyPhaseChangesNoByte(t *testing.T) {
	k := newKit(t)
	dir, want := k.paye(t)
	w := openPage(t, k)
	for _, kind := range []string{"journal", "blocs", "pieces", "volumes"} {
		w.spoil(fmt.Sprintf(`
			const kinds = new Map();
			const send = Peer.prototype.send;
			Peer.prototype.send = function (id, room) {
				const said = new TextDecoder("latin1").decode(room.subarray(0, 32));
				if (said[0] === "\0") kinds.set(said[1], said.slice(3));
				if (said[0] === "\x01" && kinds.get(said[1])?.startsWith(%q) && this.ready) this.port.postMessage({}); // no part: its program ends
				send.call(this, id, room);
			};`, kind), "peer.ready")
		w.planned(dir)
		w.Click("#construire")
		w.done("state.built?.files")
		sameFiles(t, w.built(), want)
		if gone := uitest.Eval[bool](w.Browser, `host.call("peer").then((there) => !there)`); !gone {
			t.Errorf("%s: the second worker lives", kind)
		}
		w.Click("#drop button.danger")
	}
}

// spoil starts the page again with something done to the script of its workers, and
// waits until ready is true in the first one.
func (w *tab) spoil(script, ready string) {
	w.t.Helper()
	uitest.Eval[bool](w.Browser, fmt.Sprintf(`(async () => {
		host.stop();
		window.whole ||= await host.source.text();
		host.source = new Blob([whole, %q, "\nservices.peer = () => Boolean(%s);"]);
		await restart();
		render();
		while (!await host.call("peer")) await new Promise((d) => setTimeout(d, 20));
		return true;
	})()`, script, ready))
}
