package page

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// sizeBudget is what the file may weigh: something heavy that comes into the
// program is told.
const sizeBudget = 6_000_000

func TestPageIsSmallAndTheSameTwice(t *testing.T) {
	k := newKit(t)
	first, err := os.ReadFile(k.page)
	if err != nil {
		t.Fatal(err)
	}
	if len(first) > sizeBudget {
		t.Errorf("the page weighs %d bytes, more than %d", len(first), sizeBudget)
	}
	var again bytes.Buffer
	if err := Write(&again, k.artefact, k.version); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), first) {
		t.Error("the same page was written otherwise")
	}
}

// The policy comes before all that it is about, and allows no connection.
func TestPolicyComesFirst(t *testing.T) {
	var page bytes.Buffer
	if err := Write(&page, &Artefact{Program: []byte("program"), Exec: []byte("// exec\n")}, "1.0"); err != nil {
		t.Fatal(err)
	}
	policy := strings.Index(page.String(), "Content-Security-Policy")
	for _, later := range []string{"<script", "<style", "<link", "<body"} {
		if at := strings.Index(page.String(), later); at < policy {
			t.Errorf("%s stands at %d, before the policy at %d", later, at, policy)
		}
	}
	for _, rule := range []string{"default-src 'none'", "connect-src 'none'", "form-action 'none'", "base-uri 'none'"} {
		if !strings.Contains(page.String(), rule) {
			t.Errorf("the policy lacks %s", rule)
		}
	}
}

// The text gives the bytes again, of any length.
func TestProgramAsText(t *testing.T) {
	values := map[byte]int{}
	for n, c := range textSigns {
		values[c] = n
	}
	if len(values) != textBase {
		t.Fatalf("%d characters", len(values))
	}
	for size := range 60 {
		want := make([]byte, size)
		for i := range want {
			want[i] = byte(i*37 + size*91)
		}
		text := textOf(want)
		got := make([]byte, 0, size+2)
		held, n := 0, 0
		for i := 0; i < len(text); i += 2 {
			held |= (values[text[i]] + textBase*values[text[i+1]]) << n
			for n += 13; n >= 8; n, held = n-8, held>>8 {
				got = append(got, byte(held))
			}
		}
		if len(got) < size || !bytes.Equal(got[:size], want) {
			t.Errorf("%d bytes came back otherwise", size)
		}
	}
}

// What the policy does not stop, the scripts do not do: no address, no
// navigation, no connection between peers.
func TestScriptsHoldNoWayOut(t *testing.T) {
	forbidden := regexp.MustCompile(`\b(?:https?|wss?):|//[a-z]+\.[a-z]|\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTCPeer|WebTransport|importScripts|` +
		`\blocation\b|window\.open|document\.write|innerHTML|outerHTML|insertAdjacent|\beval\b|new Function|\bimport\b|<iframe|serviceWorker|BroadcastChannel|history\.|\.submit\(|navigation\.`)
	for _, name := range append(append([]string{"page.html", "page.css"}, pageScripts...), workerScripts...) {
		if found := forbidden.FindString(asset(name)); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
	}
}

// The texts of the scripts exist in both languages, with the same arguments.
func TestScriptsSpeakBothLanguages(t *testing.T) {
	text := regexp.MustCompile(`\bt\("((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"`)
	argument := regexp.MustCompile(`\{\d\}`)
	n := 0
	for _, name := range pageScripts {
		source := asset(name)
		calls := len(regexp.MustCompile(`\bt\((?:"|\n)`).FindAllString(source, -1))
		found := text.FindAllStringSubmatch(source, -1)
		if len(found) != calls {
			t.Errorf("%s: %d texts of %d could be read", name, len(found), calls)
		}
		for _, m := range found {
			n++
			if m[1] == "" || m[2] == "" || len(argument.FindAllString(m[1], -1)) != len(argument.FindAllString(m[2], -1)) {
				t.Errorf("%s: %q and %q", name, m[1], m[2])
			}
		}
	}
	if n < 50 {
		t.Errorf("%d texts found only", n)
	}
}

// A database, a network or a library of PDF would make the page too large, and
// some of them do not build for a browser.
func TestProgramStaysLean(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "paye/web/page/wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for pkg := range strings.Lines(string(out)) {
		for _, heavy := range []string{"paye/internal/ledger", "paye/vault", "paye/web/ui", "modernc.org/", "github.com/jackc/", "github.com/pdfcpu/", "github.com/xuri/", "net/http", "crypto/tls", "golang.org/x/text/encoding/ianaindex"} {
			if strings.HasPrefix(strings.TrimSpace(pkg), heavy) {
				t.Errorf("the program of the page holds %s", strings.TrimSpace(pkg))
			}
		}
	}
}

func TestBinaryWithoutThePageSaysSo(t *testing.T) {
	_, err := os.Stat("artefact/" + ProgramName)
	built := err == nil
	a, err := Held()
	if built && (err != nil || len(a.Program) == 0 || len(a.Exec) == 0) {
		t.Errorf("the page was generated, got %v", err)
	}
	if !built && !errors.Is(err, ErrAbsent) {
		t.Errorf("got %v, want ErrAbsent", err)
	}
}
