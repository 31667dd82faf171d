package uitest

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Browser is a tab of a real Chromium.
type Browser struct {
	T   testing.TB
	Ctx context.Context
	URL string
}

// chromiums are the names that the browser has.
var chromiums = []string{"chromium", "chromium-browser", "google-chrome"}

// NewBrowser opens a tab on a server, with cookies of its own and more flags of
// the command line ("name=value"). The test is skipped where there is no
// Chromium.
func NewBrowser(t testing.TB, url string, flags ...string) *Browser {
	t.Helper()
	path := ""
	for _, name := range chromiums {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium on this machine")
	}
	patience := 10 * time.Minute // a guide of forty pages on a busy machine
	if os.Getenv("XHL_SHOTS")+os.Getenv("XHL_FULL") != "" {
		patience = 20 * time.Minute // every page is looked at four times
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	t.Cleanup(stop)
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir())}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	options = append(options, chromedp.Flag("accept-lang", cmp.Or(os.Getenv("XHL_SHOTS_LANG"), "fr")))
	for _, flag := range flags {
		name, value, _ := strings.Cut(flag, "=")
		options = append(options, chromedp.Flag(name, value))
	}
	ctx, cancel := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(options...))
	t.Cleanup(cancel)
	return &Browser{T: t, Ctx: ctx, URL: url}
}

// Do runs steps and fails the test on their error.
func (b *Browser) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.T.Helper()
	if err := chromedp.Do(b.Ctx, steps...); err != nil {
		b.T.Fatalf("browser: %v", err)
	}
}

// Open goes to a page.
func (b *Browser) Open(path string) {
	b.T.Helper()
	b.Do(chromedp.Navigate(b.URL + path))
}

// Click clicks an element as a hand does, and waits for the page it leads to.
func (b *Browser) Click(css string) {
	b.T.Helper()
	b.Do(chromedp.Click(chromedp.CSS(css)))
}

// Type fills a box.
func (b *Browser) Type(css, text string) {
	b.T.Helper()
	b.Do(chromedp.SendKeys(chromedp.CSS(css), text))
}

// Fill makes what a box or a list holds anew.
func (b *Browser) Fill(css, text string) {
	b.T.Helper()
	b.Do(chromedp.SetValue(chromedp.CSS(css), text))
}

// Choose gives files to a file field.
func (b *Browser) Choose(css string, paths ...string) {
	b.T.Helper()
	var whole []string
	for _, p := range paths {
		p, err := filepath.Abs(p)
		if err != nil {
			b.T.Fatal(err)
		}
		whole = append(whole, p)
	}
	b.Do(chromedp.SetUploadFiles(chromedp.CSS(css), whole))
}

// Submit clicks what leads to another page and waits until it is there.
func (b *Browser) Submit(css string) {
	b.T.Helper()
	if _, err := chromedp.RunResponse(b.Ctx, chromedp.Click(chromedp.CSS(css))); err != nil {
		b.T.Fatalf("browser: click %s: %v", css, err)
	}
}

// Text is what the page says.
func (b *Browser) Text() string {
	b.T.Helper()
	text, err := chromedp.Run(b.Ctx, chromedp.Text(chromedp.CSS("main")))
	if err != nil {
		b.T.Fatalf("browser: %v", err)
	}
	return strings.Join(strings.Fields(text), " ")
}

// Wait waits until the page says something.
func (b *Browser) Wait(says string) {
	b.T.Helper()
	js := "document.querySelector('main')?.innerText.replace(/\\s+/g, ' ').includes(" + quoteJS(says) + ")"
	for {
		_, err := chromedp.Run(b.Ctx, chromedp.Poll[bool](js, chromedp.WithPollingTimeout(30*time.Second)))
		if err == nil {
			return
		}
		if text := err.Error(); !strings.Contains(text, "navigated") && !strings.Contains(text, "find context") { // else the page went away: look at the next one
			b.T.Fatalf("browser: waiting for %q: %v\n%s", says, err, b.Text())
		}
	}
}

func quoteJS(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`).Replace(s) + "'"
}

// Eval evaluates an expression in the page.
func Eval[T any](b *Browser, js string) T {
	b.T.Helper()
	v, err := chromedp.Run(b.Ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.T.Fatalf("browser: %s: %v", js, err)
	}
	return v
}

// Look sets the width of the window and the colours that are preferred, for
// the pages opened after.
func (b *Browser) Look(width int, scheme string) {
	b.T.Helper()
	b.Do(chromedp.EmulateViewport(int64(width), 900))
	_, err := chromedp.Call(b.Ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		b.T.Fatalf("browser: %v", err)
	}
}

// Speak asks for the pages opened after in a language.
func (b *Browser) Speak(lang string) {
	b.T.Helper()
	_, err := chromedp.Call(b.Ctx, network.Enable, network.EnableParams{})
	if err == nil {
		_, err = chromedp.Call(b.Ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}})
	}
	if err != nil {
		b.T.Fatalf("browser: %v", err)
	}
}

// NoScript turns JavaScript off for the pages opened after.
func (b *Browser) NoScript() {
	b.T.Helper()
	if _, err := chromedp.Call(b.Ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		b.T.Fatalf("browser: %v", err)
	}
}

// Shot keeps a picture of the whole page in the folder that XHL_SHOTS names,
// if it does.
func (b *Browser) Shot(name string) {
	b.T.Helper()
	dir := os.Getenv("XHL_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.Ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600)
	}
	if err != nil {
		b.T.Fatalf("browser: picture %s: %v", name, err)
	}
}

// Judge fails the test when the page is wider than the window or, on a phone, one of
// its tables is, when its policy
// was broken, or when axe-core (its file in XHL_AXE; else it is left out) finds
// a violation of WCAG 2.1 A or AA.
func (b *Browser) Judge(name string) {
	b.T.Helper()
	wide := Eval[[]int](b, "[document.documentElement.scrollWidth, window.innerWidth]")
	if wide[0] > wide[1] {
		b.T.Errorf("%s: the page is %d pixels wide in a window of %d", name, wide[0], wide[1])
	}
	for _, table := range Eval[[]string](b, "innerWidth > 640 ? [] : [...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.split('\\n')[0] + ' (' + e.scrollWidth + ' in ' + e.clientWidth + ')')") {
		b.T.Errorf("%s: the table %s is scrolled sideways on a phone", name, table)
	}
	b.named(name)
	file := os.Getenv("XHL_AXE")
	if file == "" {
		return
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		b.T.Fatal(err)
	}
	if _, err := chromedp.Run(b.Ctx, chromedp.Evaluate[chromedp.Void](string(axe))); err != nil {
		b.T.Fatal(err)
	}
	found := Eval[[]string](b, `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.any.concat(n.all, n.none).map(c => c.message).join('; ')).join(' | ')))`)
	for _, v := range found {
		b.T.Errorf("%s: %s", name, v)
	}
}
