package page

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	browsers := []func(*testing.T, *kit) measured{chromiumMeasured, firefoxMeasured}
	native, ready, pages := make([]costs, len(works)), make([]costs, len(browsers)), make([]costs, len(browsers)*len(works))
	names := make([]string, len(browsers))
	for range turns {
		for n, open := range browsers {
			for i, w := range works {
				native[i] = append(native[i], k.cost(t, dir, w.args...))
			}
			t.Run("", func(t *testing.T) { // the browser goes with its test
				m := open(t, k)
				names[n] = m.name
				begun := m.tab(t)
				begun.time, begun.longest = m.took("performance.getEntriesByName('ready')[0].startTime"), m.longest()
				ready[n] = append(ready[n], begun)
				for i, w := range works {
					if i == 0 || w.given != works[i-1].given { // a browser tells no change when files are chosen again
						m.give(w.given)
					}
					pages[n*len(works)+i] = append(pages[n*len(works)+i], m.cost(t, w.js))
				}
			})
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "The file weighs %d bytes. Medians of %d tabs, each new, and of the command before each of them; CPU is user and system time, that of a browser is of the process of the tab. "+
		"A ratio is to the command.\n\n| | browser | time | ratio | CPU | ratio | memory of the tab | longest task of the page |\n|---|---|---|---|---|---|---|---|\n", info.Size(), turns)
	for i, w := range works {
		c := native[i].median()
		fmt.Fprintf(&b, "| %s | none: the command | %.2f s | | %.2f s | | | |\n", w.what, c.time.Seconds(), c.cpu.Seconds())
	}
	longest := func(c cost) string {
		if c.longest < 0 {
			return "" // a browser that does not tell
		}
		return fmt.Sprintf("%.0f ms", c.longest)
	}
	for n := range browsers {
		if len(ready[n]) == 0 { // it is not on this machine
			continue
		}
		c := ready[n].median()
		fmt.Fprintf(&b, "| ready | %s | %.2f s | | | | %d MB | %s |\n", names[n], c.time.Seconds(), c.peak, longest(c))
		for i, w := range works {
			c, of := pages[n*len(works)+i].median(), native[i].median()
			fmt.Fprintf(&b, "| %s | %s | %.2f s | %.1f x | %.2f s | %.1f x | %d MB | %s |\n", w.what, names[n], c.time.Seconds(), c.time.Seconds()/of.time.Seconds(),
				c.cpu.Seconds(), c.cpu.Seconds()/of.cpu.Seconds(), c.peak, longest(c))
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

// turns is how many tabs of each browser are measured.
const turns = 3

// cost is what a process took.
type cost struct {
	time, cpu time.Duration
	peak      int     // resident megabytes
	longest   float64 // milliseconds of a task of the page; below zero where that is not told
}

type costs []cost

// median is the middle of each figure, the largest of memory and of tasks.
func (list costs) median() (c cost) {
	var times, cpus []time.Duration
	c.longest = -1
	for _, one := range list {
		times, cpus = append(times, one.time), append(cpus, one.cpu)
		c.peak, c.longest = max(c.peak, one.peak), max(c.longest, one.longest)
	}
	slices.Sort(times)
	slices.Sort(cpus)
	c.time, c.cpu = times[len(times)/2], cpus[len(cpus)/2]
	return c
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
	longest       func() float64
	give          func(path string)
}

// justMounted makes the page take files without looking at them, and draws the
// fields that give them.
const justMounted = "(take = async (list) => { state.files = known(new Map(), list); state.mounted = false; await mountDrop(); window.mounted = (window.mounted || 0) + 1 }, render(), 0)"

func chromiumMeasured(t *testing.T, k *kit) measured {
	w := openPage(t, k)
	m := measured{name: "Chromium", process: "--type=renderer", number: func(js string) float64 { t.Helper(); return uitest.Eval[float64](w.Browser, js) }}
	m.number("(window.longest = 0, new PerformanceObserver(list => { for (const e of list.getEntries()) longest = Math.max(longest, e.duration) }).observe({type: 'longtask', buffered: true}), 0)")
	m.longest = func() float64 { return m.number("longest") }
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
	m := measured{name: "Firefox ESR", process: "-contentproc", longest: func() float64 { return -1 }}
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

// took is a number of milliseconds that the page tells.
func (m *measured) took(js string) time.Duration {
	return time.Duration(m.number(js) * float64(time.Millisecond))
}

// cost has the page do a work.
func (m *measured) cost(t *testing.T, js string) cost {
	t.Helper()
	m.number("(window.longest = 0)")
	before := m.tab(t)
	took := m.took("(async () => { const journal = [...state.files.keys()].find(n => n.endsWith('.xhl')); const from = performance.now(); " + js + "; return performance.now() - from })()")
	c := m.tab(t)
	c.time, c.cpu, c.longest = took, c.cpu-before.cpu, m.longest()
	return c
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
