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
	works := []work{
		{"check, 5,000", []string{"check", "--quiet", "month/journal.xhl"}, month, "await runCheck([journal])"},
		{"build, 5,000 and 150 PDFs", []string{"build", "--quiet", "--no-ledger", "--format", "zip", "--limit", "8Mo", "-o", "volumes", "month/journal.xhl"}, month,
			`await host.call("empty", {folders: ["/out"]}); await ask({do: "build", folder: "/in", settings: {...state.settings, limit: "8Mo"}})`},
	}
	if large, err := strconv.Atoi(os.Getenv("BENCH_BULLETINS")); err == nil && large > 0 {
		k.xhl(t, dir, "synth", "--quiet", "--bulletins", strconv.Itoa(large), "--pieces", "-1", "--xhl", "-o", "large")
		works = append(works, work{"check, " + strconv.Itoa(large), []string{"check", "--quiet", "large/journal.xhl"}, filepath.Join(dir, "large", "journal.xhl"), "await runCheck([journal])"})
	}
	info, err := os.Stat(k.page)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The file weighs %d bytes. CPU is user and system time; that of a browser is of the process of the tab. A ratio is to the command.\n\n"+
		"| | browser | time | ratio | CPU | ratio | memory of the tab | longest task of the page |\n|---|---|---|---|---|---|---|---|\n", info.Size())
	native := make([]cost, len(works))
	for i, w := range works {
		native[i] = k.cost(t, dir, w.args...)
		fmt.Fprintf(&b, "| %s | none: the command | %.2f s | | %.2f s | | | |\n", w.what, native[i].time.Seconds(), native[i].cpu.Seconds())
	}
	for _, open := range []func(*testing.T, *kit) measured{chromiumMeasured, firefoxMeasured} {
		m := open(t, k)
		fmt.Fprintf(&b, "| ready | %s | %.2f s | | | | %d MB | %s |\n", m.name, m.number("performance.getEntriesByName('ready')[0].startTime / 1000"), m.tab(t).peak, m.longest())
		for i, w := range works {
			if i == 0 || w.given != works[i-1].given { // a browser tells no change when files are chosen again
				m.give(w.given)
			}
			m.number("(window.longest = 0)")
			before := m.tab(t)
			took := time.Duration(m.number("(async () => { const journal = [...state.files.keys()].find(n => n.endsWith('.xhl')); const from = performance.now(); "+w.js+"; return performance.now() - from })()") * float64(time.Millisecond))
			after := m.tab(t)
			cpu := after.cpu - before.cpu
			fmt.Fprintf(&b, "| %s | %s | %.2f s | %.1f x | %.2f s | %.1f x | %d MB | %s |\n", w.what, m.name, took.Seconds(), took.Seconds()/native[i].time.Seconds(),
				cpu.Seconds(), cpu.Seconds()/native[i].cpu.Seconds(), after.peak, m.longest())
		}
	}
	if err := os.WriteFile(out, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// work is what is measured: as the command is asked for it, and as the page is,
// which was given a file or a folder.
type work struct {
	what  string
	args  []string
	given string
	js    string
}

// cost is what a process took.
type cost struct {
	time, cpu time.Duration
	peak      int // resident megabytes
}

// cost runs the command.
func (k *kit) cost(t *testing.T, dir string, args ...string) cost {
	t.Helper()
	cmd := exec.Command(k.command, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "XDG_CONFIG_HOME="+dir, "XDG_STATE_HOME="+filepath.Join(k.dir, "state"), "HOME="+dir)
	from := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("xhl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return cost{time: time.Since(from), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
}

// measured is a browser that was opened on the page.
type measured struct {
	name, process string // what the command line of the process of a tab holds
	number        func(js string) float64
	longest       func() string
	give          func(path string)
}

// justMounted makes the page take files without looking at them, and draws the
// fields that give them.
const justMounted = "(take = async (list) => { state.files = known(new Map(), list); state.mounted = false; await mountDrop(); window.mounted = (window.mounted || 0) + 1 }, render(), 0)"

func chromiumMeasured(t *testing.T, k *kit) measured {
	w := openPage(t, k)
	m := measured{name: "Chromium", process: "--type=renderer", number: func(js string) float64 { t.Helper(); return uitest.Eval[float64](w.Browser, js) }}
	m.number("(window.longest = 0, new PerformanceObserver(list => { for (const e of list.getEntries()) longest = Math.max(longest, e.duration) }).observe({type: 'longtask', buffered: true}), 0)")
	m.longest = func() string { return fmt.Sprintf("%.0f ms", m.number("longest")) }
	m.number(justMounted)
	m.give = func(path string) {
		times := m.number("window.mounted || 0")
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			w.dropFolder(path)
		} else {
			w.drop(path)
		}
		w.until(fmt.Sprintf("window.mounted > %v", times))
	}
	return m
}

func firefoxMeasured(t *testing.T, k *kit) measured {
	f := newFirefox(t, "file://"+k.page)
	f.until("state.ready || state.fault")
	m := measured{name: "Firefox ESR", process: "-contentproc", longest: func() string { return "" }}
	m.number = func(js string) float64 {
		t.Helper()
		n, err := strconv.ParseFloat(f.eval("Promise.resolve("+js+").then(String)"), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	m.number(justMounted)
	m.give = func(path string) {
		t.Helper()
		var paths []string
		err := filepath.WalkDir(path, func(p string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				paths = append(paths, p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		times := m.number("window.mounted || 0")
		f.drop(paths)
		f.until(fmt.Sprintf("window.mounted > %v", times))
	}
	return m
}

// tab is what the processes of the tabs took: time of all of them, memory of the
// largest. It is nothing where there is no /proc.
func (m *measured) tab(t *testing.T) (c cost) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	parent := map[string]string{}
	took := map[string]time.Duration{}
	for _, path := range stats {
		b, err := os.ReadFile(path)
		_, after, named := strings.Cut(string(b), ") ")
		fields := strings.Fields(after)
		if err != nil || !named || len(fields) < 13 {
			continue // it ended
		}
		pid := filepath.Base(filepath.Dir(path))
		parent[pid] = fields[1]
		for _, field := range fields[11:13] { // user and system time, in hundredths
			n, _ := strconv.Atoi(field)
			took[pid] += time.Duration(n) * 10 * time.Millisecond
		}
	}
	self := strconv.Itoa(os.Getpid())
	for pid := range parent {
		above := pid
		for above != self && parent[above] != "" {
			above = parent[above]
		}
		line, err := os.ReadFile("/proc/" + pid + "/cmdline")
		if above != self || err != nil || !strings.Contains(string(line), m.process) {
			continue
		}
		c.cpu += took[pid]
		status, _ := os.ReadFile("/proc/" + pid + "/status")
		if _, after, found := strings.Cut(string(status), "VmHWM:"); found {
			kb, _ := strconv.Atoi(strings.Fields(after)[0])
			c.peak = max(c.peak, kb/1024)
		}
	}
	return c
}
