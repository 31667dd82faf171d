// Command variations measures the comparison of two months: what it finds of
// the changes planted by synth, over the scenarios and several seeds, and the
// time and memory of the whole process beside xhl check on the same two files.
//
// Usage: variations [-xhl FILE] [-data DIR] [-bulletins N] [-seeds N] [-runs N] [-commit C] [-o FILE]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"paye/bench/internal/machine"
	"paye/etats/etatstest"
)

func main() {
	xhl := flag.String("xhl", "", "the program; without it, nothing is timed")
	data := flag.String("data", "", "folder of the two large months, made when it is missing")
	bulletins := flag.Int("bulletins", 60603, "bulletins of the large months")
	seeds := flag.Int("seeds", 10, "seeds of each scenario")
	size := flag.Int("size", 1000, "bulletins of a scenario")
	runs := flag.Int("runs", 5, "runs of each tool; the median counts")
	commit := flag.String("commit", "", "what is measured")
	out := flag.String("o", "results/variations.md", "where the tables go")
	flag.Parse()
	if err := bench(*xhl, *data, *bulletins, *seeds, *size, *runs, *commit, *out); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func bench(xhl, data string, bulletins, seeds, size, runs int, commit, out string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Variations of two months\n\n- machine: %s, %d cores, load %s when it began\n- Go: %s\n- commit: %s\n\n", machine.CPU(), runtime.NumCPU(), machine.Load(), runtime.Version(), commit)
	if err := found(&b, size, seeds); err != nil {
		return err
	}
	if xhl != "" {
		if err := timed(&b, xhl, data, bulletins, runs); err != nil {
			return err
		}
	}
	fmt.Print(b.String())
	return os.WriteFile(out, []byte(b.String()), 0o644)
}

// found writes recall, precision and coverage, over all seeds of a scenario.
func found(b *strings.Builder, size, seeds int) error {
	fmt.Fprintf(b, "## What is found of what was planted\n\n%d bulletins, %d seeds; a row matches by matricule, type, and code or field.\n\n", size, seeds)
	b.WriteString("| scenario | mapping | planted | found | recall | precision | coverage right | missing exact | general causes exact |\n|---|---|---:|---:|---:|---:|---:|---|---|\n")
	for _, s := range etatstest.Scenarios(size) {
		for _, given := range []bool{true, false} {
			sum := etatstest.Score{MissingRight: true, GeneralRight: true}
			for seed := range seeds {
				r, err := s.Play(context.Background(), uint64(seed+1), given)
				if err != nil {
					return fmt.Errorf("%s, seed %d: %w", s.Name, seed+1, err)
				}
				sum.Add(&r.Score)
			}
			mapping := "proposed"
			if given {
				mapping = "given"
			}
			fmt.Fprintf(b, "| %s | %s | %d | %d | %s | %s | %s | %v | %v |\n", s.Name, mapping, sum.Planted, sum.Found,
				permille(sum.Recall()), permille(sum.Precision()), permille(sum.Coverage()), sum.MissingRight, sum.GeneralRight)
		}
	}
	b.WriteString("\n")
	return nil
}

func permille(n int) string { return strconv.FormatFloat(float64(n)/10, 'f', 1, 64) + " %" }

// timed writes what the process takes beside the check of the same two files.
func timed(b *strings.Builder, xhl, data string, bulletins, runs int) error {
	before, after := filepath.Join(data, "mois-1"), filepath.Join(data, "mois-2")
	for _, args := range [][]string{
		{"synth", "--quiet", "--bulletins", strconv.Itoa(bulletins), "--seed", "1", "--profile", "dense", "--pieces", "-1", "--xhl", "-o", before},
		{"synth", "--quiet", "--after", before, "--xhl", "-o", after},
	} {
		dir := args[len(args)-1]
		if _, err := os.Stat(filepath.Join(dir, "run.jsonl")); err == nil {
			continue
		}
		if out, err := exec.Command(xhl, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("make %s: %w: %s", dir, err, out)
		}
	}
	a, z := filepath.Join(before, "journal.xhl"), filepath.Join(after, "journal.xhl")
	tools := []struct {
		name string
		args []string
		all  []machine.Measure
	}{
		{name: "xhl check, both files", args: []string{"check", "--quiet", a, z}},
		{name: "xhl variations", args: []string{"variations", "--quiet", a, z}},
	}
	for run := range runs + 1 { // the first one brings the files into the page cache
		for i := range tools {
			m, err := machine.Run(told(xhl, tools[i].args))
			if err != nil {
				return fmt.Errorf("%s: %w", tools[i].name, err)
			}
			if run > 0 {
				tools[i].all = append(tools[i].all, m)
			}
		}
	}
	fmt.Fprintf(b, "## Time and memory\n\nTwo months of %d bulletins of the dense profile, the second with the default plan; whole processes, in turn, the median of %d.\n\n", bulletins, runs)
	b.WriteString("| tool | wall | CPU | peak memory | wall against check | CPU against check |\n|---|---:|---:|---:|---:|---:|\n")
	base := machine.Median(tools[0].all)
	for i := range tools {
		m := machine.Median(tools[i].all)
		fmt.Fprintf(b, "| %s | %.2f s | %.2f s | %.1f MiB | %.2f × | %.2f × |\n", tools[i].name, m.Wall.Seconds(), m.CPU.Seconds(), float64(m.RSS)/(1<<20),
			m.Wall.Seconds()/base.Wall.Seconds(), m.CPU.Seconds()/base.CPU.Seconds())
	}
	return nil
}

// told runs the program; anomalies, whose exit code is 3, are no failure.
func told(xhl string, args []string) *exec.Cmd {
	return exec.Command("sh", append([]string{"-c", `"$0" "$@" >/dev/null 2>&1; code=$?; [ $code = 3 ] || exit $code`, xhl}, args...)...)
}
