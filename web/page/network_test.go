package page

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"paye/web/ui/uitest"
)

// attempts are what a page could try, each to an address of its own.
var attempts = map[string]string{
	"fetch":  `fetch("%s").catch(() => 0)`,
	"beacon": `navigator.sendBeacon("%s", "x")`,
	"image":  `new Promise(d => { const i = new Image(); i.onload = i.onerror = d; i.src = "%s" })`,
	"style":  `new Promise(d => { const l = document.createElement("link"); l.rel = "stylesheet"; l.onload = l.onerror = d; l.href = "%s"; document.head.append(l) })`,
	"script": `new Promise(d => { const s = document.createElement("script"); s.onload = s.onerror = d; s.src = "%s"; document.head.append(s) })`,
	"socket": `new Promise(d => { try { const w = new WebSocket("%s".replace("http", "ws")); w.onopen = w.onerror = d } catch { d() } })`,
	"worker": `new Promise(d => { const w = new Worker(URL.createObjectURL(new Blob(["fetch('%s').catch(() => 0).then(() => postMessage(1))"]))); w.onmessage = w.onerror = d })`,
}

// What the page forbids itself is stopped: the same attempts are heard when a
// page without its policy makes them.
func TestPolicyStopsWhatTheScriptDoesNotDo(t *testing.T) {
	k := newKit(t)
	text, err := os.ReadFile(k.page)
	if err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(t.TempDir(), "open.html")
	if err := os.WriteFile(open, []byte("<!doctype html><title>open</title><main>open</main>"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "connect-src 'none'") {
		t.Fatal("the page has no policy")
	}
	for _, c := range []struct {
		page  string
		heard bool
	}{{k.page, false}, {open, true}} {
		var heard atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/out" {
				heard.Add(1)
			}
		}))
		t.Cleanup(server.Close)
		w := uitest.NewBrowser(t, "file://"+c.page)
		w.Open("")
		for name, js := range attempts {
			uitest.Eval[bool](w, fmt.Sprintf("Promise.resolve("+js+").then(() => true)", server.URL+"/out"))
			if n := heard.Swap(0); (n > 0) != c.heard && name != "beacon" { // which returns before it sends
				t.Errorf("%s from %s: heard %d times", name, filepath.Base(c.page), n)
			}
		}
		w.Open("") // which ends what is still on its way
		if n := heard.Load(); n > 0 && !c.heard {
			t.Errorf("heard %d times", n)
		}
	}
}
