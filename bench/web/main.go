// Command web measures the console and the API of xhl serve: the check of a PES
// of 128 MB over HTTP against the command, list pages under load while a payroll
// is built (asked by wrk), and what the first screen weighs. It makes its data
// and its server with the binary that it measures, prints Markdown and writes it
// to a file.
//
// Usage: web -xhl BINARY [-runs N] [-bulletins N] [-rate N] [-seconds N] [-commit TEXT] [-o FILE]
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"paye/bench/internal/machine"
	"paye/bench/internal/volumes"
)

type options struct {
	xhl, commit, out                string
	runs, bulletins, rate, duration int
}

func main() {
	var o options
	flag.StringVar(&o.xhl, "xhl", "xhl", "binary to measure")
	flag.IntVar(&o.runs, "runs", 5, "pairs of checks, in turn, after one that is not counted")
	flag.IntVar(&o.bulletins, "bulletins", 20_000, "bulletins of the build that runs beside the list pages")
	flag.IntVar(&o.rate, "rate", 200, "list pages a second")
	flag.IntVar(&o.duration, "seconds", 20, "how long list pages are asked for")
	flag.StringVar(&o.commit, "commit", "not given", "commit that the binary was made from")
	flag.StringVar(&o.out, "o", "results/web.md", "where the tables go")
	flag.Parse()
	if err := bench(o); err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

// limit of the PES that is checked, in bytes.
const limit = 128_000_000

func bench(o options) error {
	dir, err := os.MkdirTemp("", "xhl-web-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	started := machine.Load()
	pes, err := o.pes(dir)
	if err != nil {
		return err
	}
	journal, err := o.journal(dir)
	if err != nil {
		return err
	}
	s, err := o.serve(filepath.Join(dir, "etat"))
	if err != nil {
		return err
	}
	defer s.stop()
	var w strings.Builder
	fmt.Fprintf(&w, "# The console and the API, as processes on loopback\n\n- machine: %s, %d cores, load %s when it started\n- Go: %s %s/%s\n- commit: %s\n- command: `./run.sh web`\n",
		machine.CPU(), runtime.NumCPU(), started, runtime.Version(), runtime.GOOS, runtime.GOARCH, o.commit)
	for _, part := range []func() (string, error){s.firstScreen, func() (string, error) { return o.checks(s, pes) }, func() (string, error) { return o.lists(s, journal) }} {
		text, err := part()
		if err != nil {
			return err
		}
		w.WriteString(text)
	}
	fmt.Fprintf(&w, "\nLoad when it ended: %s.\n", machine.Load())
	fmt.Print(w.String())
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.out, []byte(w.String()), 0o644)
}

// make runs a command of the binary that prepares data.
func (o *options) make(dir string, args ...string) error {
	cmd := exec.Command(o.xhl, append(args, "--quiet", "--lang", "en")...)
	cmd.Env = append(os.Environ(), "XHL_STATE="+filepath.Join(dir, "etat-des-donnees"))
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xhl %s: %w: %s", args[0], err, text)
	}
	return nil
}

// pes is a full volume of the limit.
func (o *options) pes(dir string) (string, error) {
	run, set := filepath.Join(dir, "paye"), filepath.Join(dir, "volumes")
	if err := o.make(dir, "synth", "--bulletins", "8000", "--pieces", "1700", "--seed", "1", "--mois", "2026-05", "--xhl", "-o", run); err != nil {
		return "", err
	}
	err := o.make(dir, "build", "--limit", strconv.Itoa(limit), "--mandat", "1", "--idpost", "006111", "--codcol", "123", "--codbud", "00", "--date", "2026-05-28", "-o", set, filepath.Join(run, "journal.xhl"))
	if err != nil {
		return "", err
	}
	list, err := volumes.Read(set)
	if err != nil || len(list) < 2 {
		return "", fmt.Errorf("%d volumes, want a full one: %w", len(list), err)
	}
	return filepath.Join(set, list[0].Fichier), nil
}

// journal is the payroll that is built beside the list pages; it has no pieces,
// so that one file is all of it.
func (o *options) journal(dir string) (string, error) {
	run := filepath.Join(dir, "grande")
	err := o.make(dir, "synth", "--bulletins", strconv.Itoa(o.bulletins), "--pieces", "-1", "--seed", "2", "--mois", "2026-05", "--xhl", "-o", run)
	return filepath.Join(run, "journal.xhl"), err
}

// checks asks the command and the API about one file, in turn.
func (o *options) checks(s *served, pes string) (string, error) {
	info, err := os.Stat(pes)
	if err != nil {
		return "", err
	}
	var command, api []time.Duration
	before := s.memory("VmRSS")
	for n := range o.runs + 1 {
		m, err := machine.Run(exec.Command(o.xhl, "check", "--quiet", pes))
		if err != nil {
			return "", fmt.Errorf("xhl check: %w", err)
		}
		took, err := s.check(pes)
		if err != nil {
			return "", err
		}
		if n > 0 { // the first brings the file into memory
			command, api = append(command, m.Wall), append(api, took)
		}
	}
	grown := s.memory("VmHWM") - before
	a, b := median(command), median(api)
	return fmt.Sprintf("\n## Check of a PES of %.1f MB\n\n| how | median wall | fastest to slowest |\n|---|---:|---:|\n| `xhl check` | %.2f s | %s |\n| `POST /api/v1/check` | %.2f s | %s |\n\nThe API takes %.2f x the command. The server's memory grew by %.1f MiB at most (peak %.1f MiB).\n",
		float64(info.Size())/1e6, a.Seconds(), spread(command), b.Seconds(), spread(api), b.Seconds()/a.Seconds(), float64(grown)/(1<<20), float64(s.memory("VmHWM"))/(1<<20)), nil
}
