package page

import (
	"os"
	"path/filepath"
	"testing"

	"paye/web/ui/uitest"
)

// The second worker takes its share, and whatever becomes of it the files are
// those of the command.
func TestSecondWorkerChangesNoByte(t *testing.T) {
	k := newKit(t)
	dir := t.TempDir()
	k.xhl(t, dir, "synth", "--quiet", "--bulletins", "1500", "--pieces", "40", "--xhl", "-o", "paye")
	paye := filepath.Join(dir, "paye")
	if err := os.Remove(filepath.Join(paye, "run.jsonl")); err != nil { // the journal says the same
		t.Fatal(err)
	}
	check := lines(t, k.xhl(t, paye, "check", "--json", "journal.xhl"))
	k.xhl(t, paye, "build", "--format", "zip", "--limit", "2Mo", "-o", "../volumes", "journal.xhl")
	want := folder(t, filepath.Join(dir, "volumes"))
	for _, c := range []struct {
		what   string
		spoilt string // what becomes of the script of the workers
		ready  string // what is waited for
		shares bool
	}{
		{"there are two", "", "peer.ready", true},
		{"it dies at its third part", "let parts = 0; const reply = Peer.prototype.reply; Peer.prototype.reply = function (result) { if (++parts === 3) throw new Error('x'); reply.call(this, result) }", "peer.ready", true},
		{"its program ends", "let parts = 0; const reply = Peer.prototype.reply; Peer.prototype.reply = function (result) { if (++parts === 3) postMessage({ ended: 'fatal error: out of memory' }); else reply.call(this, result) }", "peer.ready", true},
		{"it does nothing", "const reply = Peer.prototype.reply; Peer.prototype.reply = function () { reply.call(this) }", "peer.ready", false},
		{"it does not start", "Peer.prototype.follow = () => { throw new Error('x') }", "peer.port && !peer.ready", false},
		{"a worker may have none", "Worker = undefined", "!peer.port", false},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := openPage(t, k)
			w.spoil(c.spoilt, c.ready)
			w.dropFolder(paye)
			w.done("state.plan")
			sameLines(t, "check", w.told("state.check"), check)
			w.set("limit", "2Mo")
			w.Click("#recalculer")
			w.done("state.plan?.view.manifest.limit === 2000000")
			w.Click("#construire")
			w.done("state.built?.files")
			w.Click("#un-par-un")
			sameFiles(t, w.downloaded(len(want)), want)
			if shared := uitest.Eval[int](w.Browser, "state.shared"); (shared > 0) != c.shares {
				t.Errorf("the second worker did %d parts", shared)
			}
		})
	}
}
