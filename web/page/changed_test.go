package page

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"paye/web/ui/uitest"
)

// A browser looks whether a file is the one that was chosen when it opens it, not
// while it reads: the end of a journal that somebody writes into meanwhile may come
// from what was written. It is told, and nothing is made of it.
func TestJournalThatIsWrittenWhileItIsReadIsTold(t *testing.T) {
	k := newKit(t)
	dir, want := k.paye(t)
	journal := filepath.Join(dir, "journal.xhl")
	was, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	w := openPage(t, k)
	w.spoil(`
		let armed = false, told, onward; // once all of an input was read
		const next = InputStream.prototype.next;
		InputStream.prototype.next = async function (length) {
			const bytes = await next.call(this, length);
			if (armed && this.at + this.left.length >= this.start + this.blob.size) {
				armed = false;
				told();
				await new Promise((d) => { onward = d; });
			}
			return bytes;
		};
		services.arm = () => { armed = true; };
		services.waits = () => new Promise((d) => { told = d; });
		services.onward = () => onward();`, "peer.ready")
	w.planned(dir)
	uitest.Eval[bool](w.Browser, `(async () => { await host.call("arm"); const waits = host.call("waits"); window.job = startBuild(); await waits; return true })()`)
	other := bytes.ReplaceAll(was, []byte(`<Nom V="A`), []byte(`<Nom V="B`)) // of the same size
	if err := os.WriteFile(journal, other, 0o600); err != nil {
		t.Fatal(err)
	}
	uitest.Eval[bool](w.Browser, `host.call("onward").then(() => job).then(() => true)`)
	if got := w.built(); len(got) > 0 {
		t.Fatalf("%d files were made of it", len(got))
	}
	w.Wait("a changé sur le disque")
	if err := os.WriteFile(journal, was, 0o600); err != nil {
		t.Fatal(err)
	}
	w.Click("#drop button.danger")
	w.planned(dir)
	w.Click("#construire")
	w.done("state.built?.files")
	sameFiles(t, w.built(), want)
}
