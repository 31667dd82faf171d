// Command batch measures a night: many employers in one batch, against one build
// of as many bulletins, against a shell loop of builds, and through two workers
// on PostgreSQL. It writes results/batch.json, which docs/scale.md is made from.
//
//	go run ./batch -xhl XHL -o results/batch.json
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"paye/bench/internal/machine"
)

// Figures are what was measured.
type Figures struct {
	CPU     string `json:"cpu"`
	Cores   int    `json:"cores"`
	Memory  string `json:"memory"`
	Load    string `json:"load"` // when it began
	Go      string `json:"go"`
	Commit  string `json:"commit"`
	Command string `json:"command"`

	Employers int     `json:"employers"`
	Bulletins int     `json:"bulletins"`
	Pieces    int     `json:"pieces"`
	Rounds    int     `json:"rounds"` // each of Runs is the median of so many, taken in turn
	Runs      []Run   `json:"runs"`
	Sizes     []Size  `json:"sizes"`
	Curve     []Point `json:"curve"`
}

// Run is one way to do the night.
type Run struct {
	Name     string  `json:"name"`
	Wall     float64 `json:"wall_s"`
	CPU      float64 `json:"cpu_s"`
	Database float64 `json:"database_cpu_s,omitempty"`
	RSS      int64   `json:"rss"`
}

// Size is what an employer of a size takes of one core.
type Size struct {
	Bulletins int     `json:"bulletins"`
	CPU       float64 `json:"cpu_s"` // of one employer
}

// Point is a batch of jobs of one bulletin.
type Point struct {
	Jobs    int `json:"jobs"`
	Batch   Run `json:"batch"`
	Workers Run `json:"workers"`
}

type bench struct {
	ctx     context.Context
	xhl     string
	dir     string
	made    map[string]map[string]bool // payrolls, by the folder that they are in
	figures Figures
}

func main() {
	xhl := flag.String("xhl", "xhl", "the program")
	data := flag.String("data", filepath.Join(os.TempDir(), "xhl-bench", "batch"), "folder of the employers, kept")
	employers := flag.Int("employers", 1000, "employers of the night")
	bulletins := flag.Int("bulletins", 60_000, "bulletins of the night")
	pieces := flag.Int("pieces", 1800, "PDFs of the night")
	curve := flag.Int("curve", 10_000, "jobs of one bulletin at most")
	commit := flag.String("commit", "unknown", "what is measured")
	out := flag.String("o", "results/batch.json", "file to write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b := &bench{ctx: ctx, xhl: *xhl, dir: *data, made: make(map[string]map[string]bool), figures: Figures{CPU: strings.TrimSpace(machine.CPU()), Cores: runtime.NumCPU(), Memory: machine.Memory(),
		Load: machine.Load(), Go: runtime.Version(), Commit: *commit, Command: "./run.sh batch", Employers: *employers, Bulletins: *bulletins, Pieces: *pieces, Rounds: rounds}}
	if err := b.run(*curve, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (b *bench) run(curve int, out string) error {
	scratch, err := os.MkdirTemp("", "xhl-batch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	pg, err := startPostgres(scratch)
	if err != nil {
		fmt.Fprintln(os.Stderr, "without workers:", err)
	} else {
		defer pg.stop()
	}
	if err := b.night(scratch, pg); err != nil {
		return err
	}
	if err := b.sizes(scratch); err != nil {
		return err
	}
	if err := b.curve(scratch, pg, curve); err != nil {
		return err
	}
	text, err := json.MarshalIndent(&b.figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(out, append(text, '\n'), 0o644)
}

// lognormal shares a sum among n, log-normally with sigma 1.
func lognormal(n, sum int) []int {
	random := rand.New(rand.NewPCG(19, 19))
	weights, total := make([]float64, n), 0.0
	for i := range weights {
		weights[i] = math.Exp(random.NormFloat64())
		total += weights[i]
	}
	parts, left := make([]int, n), sum
	for i := range parts {
		parts[i] = max(1, int(float64(sum)*weights[i]/total))
		left -= parts[i]
	}
	for i := 0; left > 0; i = (i + 1) % n {
		parts[i]++
		left--
	}
	return parts
}

// employer makes the payroll of an employer once: another one than those of the
// folder, since synth has fewer SIRET than a night may have employers.
func (b *bench) employer(at string, bulletins, pieces, seed int) error {
	if pieces == 0 {
		pieces = -1
	}
	others := b.made[filepath.Dir(at)]
	if others == nil {
		others = make(map[string]bool)
		b.made[filepath.Dir(at)] = others
	}
	for ; ; seed += 100_000 {
		if _, err := os.Stat(filepath.Join(at, "recette.json")); err != nil {
			if _, err := machine.Run(exec.CommandContext(b.ctx, b.xhl, "synth", "-q", "--bulletins", strconv.Itoa(bulletins), "--pieces", strconv.Itoa(pieces),
				"--mois", fmt.Sprintf("2026-%02d", 1+seed%12), "--seed", strconv.Itoa(seed), "-o", at)); err != nil {
				return err
			}
		}
		who, err := payroll(filepath.Join(at, "run.jsonl"))
		if err != nil {
			return err
		}
		if !others[who] {
			others[who] = true
			return nil
		}
		if err := os.RemoveAll(at); err != nil {
			return err
		}
	}
}

// payroll is whose payroll a run is, and of which month.
func payroll(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var line struct {
		Entete struct {
			Annee, Mois string
			Employeur   struct{ Siret string }
		}
	}
	if err := json.NewDecoder(f).Decode(&line); err != nil {
		return "", err
	}
	e := line.Entete
	return strings.Join([]string{e.Employeur.Siret, e.Annee, e.Mois}, " "), nil
}

var header = []string{"--limit", "128Mo", "--idpost", "006111", "--codcol", "123", "--codbud", "00", "--date", "2026-06-01"}

func (b *bench) command(state string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(b.ctx, b.xhl, append(args, header...)...)
	cmd.Env = append(os.Environ(), "XHL_STATE="+state)
	return cmd
}

// night measures the four ways.
func (b *bench) night(scratch string, pg *postgres) error {
	f := &b.figures
	in, one := filepath.Join(b.dir, fmt.Sprintf("night-%d-%d", f.Employers, f.Bulletins)), filepath.Join(b.dir, fmt.Sprintf("one-%d-same", f.Bulletins))
	sizes, pieces := lognormal(f.Employers, f.Bulletins), lognormal(f.Employers, max(f.Pieces, f.Employers))
	for i, n := range sizes {
		if err := b.employer(filepath.Join(in, fmt.Sprintf("e%05d", i)), n, min(pieces[i], f.Pieces), i+1); err != nil {
			return err
		}
	}
	if err := b.employer(one, f.Bulletins, f.Pieces, 1); err != nil {
		return err
	}
	if err := samePieces(in, one); err != nil {
		return err
	}
	ways := []struct {
		name string
		do   func(state, out string) (Run, error)
	}{
		{"build", func(state, out string) (Run, error) {
			return timed(b.command(state, "build", "-q", "-o", out, one))
		}},
		{"batch", func(state, out string) (Run, error) {
			return timed(b.command(state, "batch", "-q", "--steps", "build", "-o", out, in))
		}},
		{"loop", func(state, out string) (Run, error) {
			loop := exec.CommandContext(b.ctx, "sh", "-c", `cd "$1" && for e in *; do "$2" build -q `+strings.Join(header, " ")+` -o "$3/$e" "$e" || exit 1; done`, "sh", in, b.xhl, out)
			loop.Env = append(os.Environ(), "XHL_STATE="+state)
			return timed(loop)
		}},
		{"workers", func(string, string) (Run, error) { return b.workers(scratch, pg, in) }},
	}
	if pg == nil {
		ways = ways[:len(ways)-1]
	}
	all := make([][]Run, len(ways))
	for round := range rounds {
		for i, way := range ways {
			syscall.Sync() // nobody waits for what another left to the disk
			r, err := way.do(filepath.Join(scratch, fmt.Sprintf("s%d-%d", i, round)), filepath.Join(scratch, fmt.Sprintf("o%d-%d", i, round)))
			if err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
			r.Name = way.name
			all[i] = append(all[i], r)
		}
	}
	for _, list := range all { // the median, whole
		slices.SortFunc(list, func(a, b Run) int { return cmp.Compare(a.Wall, b.Wall) })
		f.Runs = append(f.Runs, list[len(list)/2])
	}
	return nil
}

// rounds are how often each way to do the night is taken, in turn.
const rounds = 5

func timed(cmd *exec.Cmd) (Run, error) {
	m, err := machine.Run(cmd)
	return run("", m, 0), err
}

// samePieces gives the payroll in one the PDFs of the employers in the folder in:
// a PDF weighs what synth makes of the size of its payroll.
func samePieces(in, one string) error {
	theirs, _ := filepath.Glob(filepath.Join(in, "*", "justificatifs", "*.pdf"))
	ours, _ := filepath.Glob(filepath.Join(one, "justificatifs", "*.pdf"))
	if len(theirs) != len(ours) {
		return fmt.Errorf("%d PDFs of one payroll, and %d of the night", len(ours), len(theirs))
	}
	for i, path := range ours {
		if err := os.Remove(path); err != nil {
			return err
		}
		if err := os.Link(theirs[i], path); err != nil {
			return err
		}
	}
	return nil
}

func run(name string, m machine.Measure, database float64) Run {
	return Run{Name: name, Wall: m.Wall.Seconds(), CPU: m.CPU.Seconds(), Database: database, RSS: m.RSS}
}

// sizes measures what employers of one size take of a core.
func (b *bench) sizes(scratch string) error {
	for _, s := range []struct{ bulletins, employers int }{{1, 60}, {10, 40}, {100, 20}, {1000, 4}} {
		in := filepath.Join(b.dir, fmt.Sprintf("size-%d", s.bulletins))
		for i := range s.employers {
			if err := b.employer(filepath.Join(in, fmt.Sprintf("e%05d", i)), s.bulletins, 0, i+1); err != nil {
				return err
			}
		}
		out := filepath.Join(scratch, fmt.Sprintf("size-%d", s.bulletins))
		m, err := machine.Run(b.command(filepath.Join(scratch, "ss"), "batch", "-q", "--no-ledger", "--steps", "check,build", "-o", out, in))
		if err != nil {
			return fmt.Errorf("batch of employers of %d: %w", s.bulletins, err)
		}
		b.figures.Sizes = append(b.figures.Sizes, Size{s.bulletins, m.CPU.Seconds() / float64(s.employers)})
	}
	return nil
}

// curve measures batches of employers of one bulletin.
func (b *bench) curve(scratch string, pg *postgres, most int) error {
	all := filepath.Join(b.dir, "curve")
	for jobs := 1; jobs <= most; jobs *= 10 {
		in := filepath.Join(all, strconv.Itoa(jobs))
		for i := range jobs {
			if err := b.employer(filepath.Join(in, fmt.Sprintf("e%05d", i)), 1, 0, i+1); err != nil {
				return err
			}
		}
		out := filepath.Join(scratch, fmt.Sprintf("curve-%d", jobs))
		m, err := machine.Run(b.command(filepath.Join(scratch, fmt.Sprintf("sc%d", jobs)), "batch", "-q", "--steps", "build", "-o", out, in))
		if err != nil {
			return fmt.Errorf("batch of %d: %w", jobs, err)
		}
		p := Point{Jobs: jobs, Batch: run("batch", m, 0)}
		if pg != nil {
			if p.Workers, err = b.workers(scratch, pg, in); err != nil {
				return err
			}
			p.Workers.Name = "workers"
		}
		b.figures.Curve = append(b.figures.Curve, p)
	}
	return nil
}
