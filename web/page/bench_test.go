package page

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"paye/web/ui/uitest"
)

// scratch is the folder of what the tests build, once they have built it.
var scratch string

// made are the page and the command, built once: the tests hold one against the
// other.
var made = sync.OnceValues(func() (*kit, error) {
	dir, err := os.MkdirTemp("", "xhl-page-test-*")
	if err != nil {
		return nil, err
	}
	scratch = dir
	k := &kit{dir: dir, page: filepath.Join(dir, "xhl.html"), command: filepath.Join(dir, "xhl")}
	if k.artefact, err = Make(dir); err != nil {
		return nil, err
	}
	if out, err := exec.Command("go", "build", "-o", k.command, "paye/cmd/xhl").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the command: %w: %s", err, out)
	}
	out, err := exec.Command(k.command, "version", "--json").Output()
	if err != nil {
		return nil, err
	}
	var said struct{ Version string }
	if err := json.Unmarshal(out, &said); err != nil {
		return nil, err
	}
	k.version = said.Version
	var text bytes.Buffer
	if err := Write(&text, k.artefact, k.version); err != nil {
		return nil, err
	}
	return k, os.WriteFile(k.page, text.Bytes(), 0o600)
})

type kit struct {
	dir, page, command string
	version            string
	artefact           *Artefact
}

func TestMain(m *testing.M) {
	code := m.Run()
	if scratch != "" {
		os.RemoveAll(scratch)
	}
	os.Exit(code)
}

func newKit(t *testing.T) *kit {
	t.Helper()
	k, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// xhl runs the command in a folder and returns what it prints. Exit code 3 says
// that there are anomalies.
func (k *kit) xhl(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(k.command, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+dir, "XDG_STATE_HOME="+filepath.Join(k.dir, "state"), "HOME="+dir)
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 3 {
		t.Fatalf("xhl %s: %v\n%s%s", strings.Join(args, " "), err, &out, &errs)
	}
	return out.String()
}

// refusal is the code with which the command refuses its work; empty when it
// does it.
func (k *kit) refusal(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(k.command, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "XDG_CONFIG_HOME="+dir, "XDG_STATE_HOME="+filepath.Join(k.dir, "state"), "HOME="+dir)
	out, _ := cmd.Output() // the code is in what it prints
	list := strings.Split(strings.TrimSpace(string(out)), "\n")
	var last struct{ Type, Code string }
	if err := json.Unmarshal([]byte(list[len(list)-1]), &last); err != nil || last.Type != "result" {
		t.Fatalf("xhl %s says %q", strings.Join(args, " "), out)
	}
	return last.Code
}

// lines are the JSON lines of the command, but for those of progress; key by key,
// since the page may order the keys of an object otherwise.
func lines(t *testing.T, text string) (list []string) {
	t.Helper()
	for line := range strings.Lines(text) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if v["type"] != "progress" {
			list = append(list, canonical(t, v))
		}
	}
	return list
}

func canonical(t *testing.T, v map[string]any) string {
	t.Helper()
	b, err := json.Marshal(v) // keys in order
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// tab is the page in a real browser, whose errors and requests are watched.
type tab struct {
	*uitest.Browser
	t         *testing.T
	downloads string
	saved     chan struct{} // one for each download that ended
	mu        sync.Mutex
	wrong     []string
}

// openPage opens the page from the disk in Chromium. Every way out of the
// browser leads to a TCP listener, and a UDP socket listens beside it.
func openPage(t *testing.T, k *kit) *tab { return openAt(t, "file://"+k.page) }

func openAt(t *testing.T, url string, flags ...string) *tab {
	t.Helper()
	w := &tab{t: t, downloads: t.TempDir(), saved: make(chan struct{}, 1000)}
	proxy := w.listen()
	if strings.HasPrefix(url, "file:") {
		flags = append(flags, "proxy-server=http://"+proxy, "proxy-bypass-list=<-loopback>", "host-resolver-rules=MAP * 127.0.0.1")
	}
	w.Browser = uitest.NewBrowser(t, url, flags...)
	if err := chromedp.Listen(w.Ctx, w.note); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(w.Ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	w.allowDownloads()
	w.Open("")
	t.Cleanup(w.judgeQuiet)
	w.ready()
	return w
}

// browsersOwn are hosts that Chromium asks for itself, whatever page is open.
var browsersOwn = []string{".google.com", ".googleapis.com", ".gvt1.com", ".gstatic.com"}

// listen keeps what comes by TCP or UDP.
func (w *tab) listen() string {
	w.t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp", tcp.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { tcp.Close(); udp.Close() })
	go func() {
		for {
			c, err := tcp.Accept()
			if err != nil {
				return
			}
			line, _ := bufio.NewReader(c).ReadString('\n')
			if !slices.ContainsFunc(browsersOwn, func(host string) bool { return strings.Contains(line, host) }) {
				w.hear("TCP " + strings.TrimSpace(line))
			}
			c.Close()
		}
	}()
	go func() {
		b := make([]byte, 2048)
		for {
			n, _, err := udp.ReadFrom(b)
			if err != nil {
				return
			}
			w.hear(fmt.Sprintf("UDP %q", b[:n]))
		}
	}()
	return tcp.Addr().String()
}

// note keeps what must not happen: an exception, a broken policy, a request
// that leaves the browser.
func (w *tab) note(ev any) {
	text := ""
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		text = "exception: " + ev.ExceptionDetails.Text
		if e := ev.ExceptionDetails.Exception; e != nil {
			text += " " + e.Description
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == "error" {
			text = "console: " + ev.Entry.Text
		}
	case *network.EventRequestWillBeSent:
		scheme, _, _ := strings.Cut(ev.Request.URL, ":")
		if strings.HasPrefix(w.URL, "file:") && !slices.Contains([]string{"file", "blob", "data"}, scheme) {
			text = "request: " + scheme
		}
	}
	if text != "" {
		w.hear(text)
	}
}

func (w *tab) hear(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, text)
}

// judgeQuiet fails the test when the browser was not quiet.
func (w *tab) judgeQuiet() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, text := range w.wrong {
		w.t.Error(text)
	}
}

// until waits for an expression of the page.
func (w *tab) until(js string) {
	w.t.Helper()
	if _, err := chromedp.Run(w.Ctx, chromedp.Poll[bool]("Boolean("+js+")", chromedp.WithPollingTimeout(100*time.Second))); err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		told, _ := chromedp.Run(w.Ctx, chromedp.Evaluate[string](`JSON.stringify([state.busy, state.fault, state.problem, state.sortFault, state.plan?.fault])`))
		w.t.Fatalf("waiting for %s: %v\n%q\n%s", js, err, w.wrong, told)
	}
}

func (w *tab) ready() { w.t.Helper(); w.until("state.ready && !state.busy") }

// done waits for the end of the work under way and of what was asked.
func (w *tab) done(what string) { w.t.Helper(); w.until("!state.busy && (" + what + ")") }

// drop chooses files, as a hand does.
func (w *tab) drop(paths ...string) {
	w.t.Helper()
	w.Do(chromedp.SetUploadFiles(chromedp.CSS("#f-fichiers"), paths))
}

// dropFolder chooses a folder.
func (w *tab) dropFolder(path string) {
	w.t.Helper()
	w.choose("#f-dossier", path)
}

// choose gives a file field one file or folder.
func (w *tab) choose(css, path string) {
	w.t.Helper()
	w.Do(chromedp.SetUploadFiles(chromedp.CSS(css), []string{path}))
}

// set types a setting into its box.
func (w *tab) set(name, value string) {
	w.t.Helper()
	js := fmt.Sprintf(`(() => { const box = document.getElementById("f-%s"); box.value = %q; box.dispatchEvent(new Event(box.tagName === "SELECT" ? "change" : "input")); return true })()`, name, value)
	uitest.Eval[bool](w.Browser, js)
}

// told are the JSON lines of an answer.
func (w *tab) told(answer string) (list []string) {
	w.t.Helper()
	for _, v := range uitest.Eval[[]map[string]any](w.Browser, answer+".lines") {
		list = append(list, canonical(w.t, v))
	}
	return list
}

// sameLines fails the test when the page said otherwise than the command.
func sameLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("%s, line %d:\n got %s\nwant %s", what, i+1, g, w)
			return
		}
	}
}

// folder reads the files of a folder.
func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// sameFiles holds two sets of files against each other, byte for byte.
func sameFiles(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	if g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(g, w) {
		t.Errorf("files %v, want %v", g, w)
	}
	for name, w := range want {
		if g := got[name]; !bytes.Equal(g, w) {
			t.Errorf("%s differs: %d bytes, want %d", name, len(g), len(w))
		}
	}
}
