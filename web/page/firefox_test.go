package page

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// firefox is a Firefox that is driven by WebDriver BiDi.
type firefox struct {
	t       *testing.T
	wire    *websocket.Conn
	next    int
	context string
}

// newFirefox opens a page in Firefox; the test is skipped where there is none.
func newFirefox(t *testing.T, url string) *firefox {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		if path, err = exec.LookPath("firefox"); err != nil {
			t.Skip("no Firefox on this machine")
		}
	}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	profile := t.TempDir()
	prefs := "user_pref(\"intl.accept_languages\", \"fr\");\nuser_pref(\"remote.active-protocols\", 1);\nuser_pref(\"network.proxy.type\", 0);\nuser_pref(\"datareporting.policy.dataSubmissionEnabled\", false);\nuser_pref(\"app.update.enabled\", false);\n"
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(prefs), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "--remote-allow-origins", "http://localhost", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); cmd.Wait() })
	f := &firefox{t: t}
	for lines := bufio.NewScanner(errs); lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); ok {
			if f.wire, err = websocket.Dial(address+"/session", "", "http://localhost"); err != nil {
				t.Fatal(err)
			}
			go func() { // the pipe is read to its end
				for lines.Scan() {
				}
			}()
			break
		}
	}
	if f.wire == nil {
		t.Fatal("Firefox says no address")
	}
	f.wire.MaxPayloadBytes = 256 << 20
	t.Cleanup(func() { f.wire.Close() })
	f.call("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	var tree struct{ Contexts []struct{ Context string } }
	f.call("browsingContext.getTree", map[string]any{}, &tree)
	f.context = tree.Contexts[0].Context
	f.call("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"}, nil)
	return f
}

// call sends a command and waits for its answer.
func (f *firefox) call(method string, params, result any) {
	f.t.Helper()
	f.next++
	if err := websocket.JSON.Send(f.wire, map[string]any{"id": f.next, "method": method, "params": params}); err != nil {
		f.t.Fatal(err)
	}
	for {
		var answer struct {
			ID      int
			Type    string
			Message string
			Result  json.RawMessage
		}
		if err := websocket.JSON.Receive(f.wire, &answer); err != nil {
			f.t.Fatalf("firefox: %s: %v", method, err)
		}
		if answer.ID != f.next {
			continue
		}
		if answer.Type == "error" {
			f.t.Fatalf("firefox: %s: %s", method, answer.Message)
		}
		if result != nil {
			if err := json.Unmarshal(answer.Result, result); err != nil {
				f.t.Fatal(err)
			}
		}
		return
	}
}

// eval evaluates an expression that gives a text, and waits for its promise.
func (f *firefox) eval(js string) string {
	f.t.Helper()
	var r struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	f.call("script.evaluate", map[string]any{"expression": js, "target": map[string]any{"context": f.context}, "awaitPromise": true}, &r)
	if r.Type != "success" {
		f.t.Fatalf("firefox: %s: %s", js, r.ExceptionDetails.Text)
	}
	return r.Result.Value
}

// until waits for an expression of the page.
func (f *firefox) until(js string) {
	f.t.Helper()
	f.eval("new Promise(done => { const look = () => (" + js + ") ? done('yes') : setTimeout(look, 50); look() })")
}

func (f *firefox) drop(paths []string) {
	f.t.Helper()
	var found struct {
		Nodes []struct{ SharedID string }
	}
	f.call("browsingContext.locateNodes", map[string]any{"context": f.context, "locator": map[string]any{"type": "css", "value": "#f-fichiers"}}, &found)
	f.call("input.setFiles", map[string]any{"context": f.context, "element": map[string]any{"sharedId": found.Nodes[0].SharedID}, "files": paths}, nil)
}

// The month of the guide in Firefox, its files given one by one.
func TestMonthOfTheGuideInFirefox(t *testing.T) {
	if os.Getenv("XHL_FULL") == "" {
		t.Skip("a second browser is started with XHL_FULL=1 only")
	}
	k := newKit(t)
	dir := month(t)
	f := newFirefox(t, "file://"+k.page)
	f.eval("window.wrong = []; addEventListener('error', e => wrong.push(e.message)); addEventListener('unhandledrejection', e => wrong.push(String(e.reason))); addEventListener('securitypolicyviolation', e => wrong.push(e.violatedDirective)); ''")
	f.until("state.ready || state.fault")
	paths := []string{filepath.Join(dir, "journal.xhl"), filepath.Join(dir, "justificatifs.csv")}
	pieces, err := filepath.Glob(filepath.Join(dir, "justificatifs", "*"))
	if err != nil || len(pieces) == 0 {
		t.Fatalf("%d pieces, %v", len(pieces), err)
	}
	f.drop(append(paths, pieces...))
	f.until("!state.busy && (state.plan || state.problem || state.sortFault)")
	f.eval("state.settings.limit = '500ko'; replan().then(startBuild).then(() => '')")
	f.until("!state.busy && (state.built || state.problem)")
	text := f.eval(`(async () => { const all = {};
		for (const [name, blob] of state.built.files) {
			const bytes = new Uint8Array(await blob.arrayBuffer());
			let text = "";
			for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
			all[name] = btoa(text);
		}
		return JSON.stringify(all) })()`)
	var encoded map[string]string
	if err := json.Unmarshal([]byte(text), &encoded); err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	for name, s := range encoded {
		if got[name], err = base64.StdEncoding.DecodeString(s); err != nil {
			t.Fatal(err)
		}
	}
	k.xhl(t, dir, "build", "--format", "zip", "--limit", "500ko", "-o", "volumes", "journal.xhl")
	sameFiles(t, got, folder(t, filepath.Join(dir, "volumes")))
	if exit := f.eval("String(state.set.view.exit)"); exit != "0" {
		t.Errorf("the set ends with %s", exit)
	}
	if wrong := f.eval("JSON.stringify(wrong)"); wrong != "[]" {
		t.Errorf("Firefox says %s", wrong)
	}
}
