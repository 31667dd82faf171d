package page

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"paye/web/ui/uitest"
)

// month copies the month of the guide into a folder of its own.
func month(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "paye-mai")
	if err := os.CopyFS(dir, os.DirFS("../../testdata/exemple")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "run.jsonl"} { // two papers for one month
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// allowDownloads lets the page save into a folder, and hears when it has.
func (w *tab) allowDownloads() {
	w.t.Helper()
	events := true
	_, err := chromedp.CallBrowser(w.Ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: w.downloads, EventsEnabled: &events})
	if err == nil {
		err = chromedp.ListenBrowser(w.Ctx, func(ev any) {
			if p, ok := ev.(*browser.EventDownloadProgress); ok && p.State == browser.DownloadProgressStateCompleted {
				w.saved <- struct{}{}
			}
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// downloaded waits for n files of the browser.
func (w *tab) downloaded(n int) map[string][]byte {
	w.t.Helper()
	for range n {
		select {
		case <-w.saved:
		case <-w.Ctx.Done():
			w.t.Fatalf("%d files were not downloaded", n)
		}
	}
	return folder(w.t, w.downloads)
}

func TestChecksAsTheCommandDoes(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	w := openPage(t, k)
	w.drop(filepath.Join(dir, "journal.xhl"))
	w.done("state.check")
	sameLines(t, "check", w.told("state.check"), lines(t, k.xhl(t, dir, "check", "--json", "journal.xhl")))
	w.Wait("Rien n’empêche l’envoi")
}

// The month of the guide: the same lines, the same files as the command's.
func TestMonthOfTheGuide(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	w := openPage(t, k)
	w.dropFolder(dir)
	w.done("state.plan")
	w.Look(1280, "light")
	w.Shot("page-plan-1280")
	w.Judge("plan")
	w.set("limit", "500ko")
	w.Click("#recalculer")
	w.done("state.plan?.view.manifest.limit === 500000")
	plan := []string{"plan", "--json", "--format", "zip", "--limit", "500ko", "journal.xhl"}
	sameLines(t, "plan", w.told("state.plan"), lines(t, k.xhl(t, dir, plan...)))
	w.Click("#construire")
	w.done("state.built")
	w.Wait("Les volumes sont prêts")
	w.Wait("le lot est contrôlé")
	k.xhl(t, dir, "build", "--format", "zip", "--limit", "500ko", "-o", "volumes", "journal.xhl")
	sameLines(t, "set", w.told("state.set"), lines(t, k.xhl(t, dir, "check", "--json", "--limit", "500000", "volumes")))
	want := folder(t, filepath.Join(dir, "volumes"))
	w.Click("#un-par-un")
	sameFiles(t, w.downloaded(len(want)), want)
	for _, look := range []struct {
		width  int
		scheme string
	}{{320, "light"}, {1280, "dark"}} {
		w.Look(look.width, look.scheme)
		w.Shot("page-volumes-" + look.scheme)
		w.Judge("volumes " + look.scheme)
	}
}

// PES fluxes, with the codes of the accountant, and all as one zip.
func TestFluxesAsOneZip(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	w := openPage(t, k)
	w.dropFolder(dir)
	w.done("state.plan")
	w.Click("input[name=format][value=pes]")
	w.Click("#recalculer")
	w.done("state.wrong?.length === 3")
	w.Judge("codes")
	w.set("idpost", "006111")
	w.set("codcol", "123")
	w.set("codbud", "00")
	w.set("limit", "800ko")
	w.set("date", "2026-06-03")
	w.Click("#recalculer")
	w.done("state.plan")
	w.Click("#construire")
	w.done("state.built")
	k.xhl(t, dir, "build", "--no-ledger", "--limit", "800ko", "--date", "2026-06-03", "--idpost", "006111", "--codcol", "123", "--codbud", "00", "-o", "volumes", "journal.xhl")
	w.Click("#zip")
	var got map[string][]byte
	for _, b := range w.downloaded(1) {
		got = unzip(t, b)
	}
	sameFiles(t, got, folder(t, filepath.Join(dir, "volumes")))
	if kept := uitest.Eval[int](w.Browser, "localStorage.length"); kept != 0 {
		t.Errorf("%d things were kept unasked", kept)
	}
}

func unzip(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, e := range z.File {
		f, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[e.Name], err = io.ReadAll(f); err != nil { // and its CRC
			t.Fatal(err)
		}
		f.Close()
	}
	return all
}
