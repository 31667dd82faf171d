package page

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"paye/web/ui/uitest"
)

// TestMeasure is no proof: bench/run.sh browser asks it for the table of what
// the page takes beside the command, in the same run. XHL_MEASURE is the file
// that it writes, BENCH_BULLETINS the size of the large check.
func TestMeasure(t *testing.T) {
	out := os.Getenv("XHL_MEASURE")
	if out == "" {
		t.Skip("XHL_MEASURE names no file: nothing is measured")
	}
	k := newKit(t)
	dir := t.TempDir()
	k.xhl(t, dir, "synth", "--quiet", "--bulletins", "5000", "--pieces", "150", "--xhl", "-o", "month")
	month := filepath.Join(dir, "month")
	if err := os.Remove(filepath.Join(month, "run.jsonl")); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	info, err := os.Stat(k.page)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "| | native | page | ratio | memory of the tab | longest task |\n|---|---|---|---|---|---|\n| the file | | %d bytes | | | |\n", info.Size())
	w := openPage(t, k)
	watchTasks := `(() => { window.longest = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) longest = Math.max(longest, e.duration) }).observe({type: "longtask", buffered: true}); return true })()`
	uitest.Eval[bool](w.Browser, watchTasks)
	fmt.Fprintf(&b, "| ready | | %.2f s | | | %.0f ms |\n", uitest.Eval[float64](w.Browser, "performance.getEntriesByName('ready')[0].startTime / 1000"), uitest.Eval[float64](w.Browser, "longest"))
	row := func(what string, native time.Duration, js string) {
		uitest.Eval[bool](w.Browser, "(longest = 0, true)")
		took := uitest.Eval[float64](w.Browser, "(async () => { const from = performance.now(); "+js+"; return performance.now() - from })()")
		fmt.Fprintf(&b, "| %s | %.2f s | %.2f s | %.1f x | %d MB | %.0f ms |\n", what, native.Seconds(), took/1000, took/1000/native.Seconds(), rendererPeak(t), uitest.Eval[float64](w.Browser, "longest"))
	}
	timed := func(args ...string) time.Duration {
		from := time.Now()
		k.xhl(t, month, args...)
		return time.Since(from)
	}
	w.dropFolder(month)
	w.done("state.plan")
	row("check, 5,000", timed("check", "--quiet", "journal.xhl"), "await runCheck(['journal.xhl'])")
	row("build, 5,000 and 150 PDFs", timed("build", "--quiet", "--format", "zip", "--limit", "8Mo", "-o", "volumes", "journal.xhl"),
		`await host.call("empty", {folders: ["/out"]}); await ask({do: "build", folder: "/in", settings: {...state.settings, limit: "8Mo"}})`)
	if large, err := strconv.Atoi(os.Getenv("BENCH_BULLETINS")); err == nil && large > 0 {
		k.xhl(t, dir, "synth", "--quiet", "--bulletins", strconv.Itoa(large), "--pieces", "-1", "--xhl", "-o", "large")
		from := time.Now()
		k.xhl(t, dir, "check", "--quiet", "large/journal.xhl")
		native := time.Since(from)
		uitest.Eval[bool](w.Browser, "(clearAll(), true)")
		uitest.Eval[bool](w.Browser, `(take = async (list) => { state.files = known(new Map(), list); state.mounted = false; await mountDrop(); window.mounted = true }, true)`)
		w.drop(filepath.Join(dir, "large", "journal.xhl"))
		w.until("window.mounted")
		row("check, "+strconv.Itoa(large), native, "await runCheck(['journal.xhl'])")
	}
	if err := os.WriteFile(out, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// rendererPeak is the largest resident set that a renderer of the browser had,
// in megabytes; 0 where there is no /proc.
func rendererPeak(t *testing.T) (peak int) {
	t.Helper()
	out, err := exec.Command("sh", "-c", `for p in $(pgrep -f -- --type=renderer); do sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$p/status; done`).Output()
	if err != nil {
		return 0
	}
	for _, field := range strings.Fields(string(out)) {
		if kb, err := strconv.Atoi(field); err == nil {
			peak = max(peak, kb/1024)
		}
	}
	return peak
}
