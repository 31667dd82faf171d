// Command table reads what go test -bench printed, several runs one after the
// other, and prints Markdown: medians, their spread, and how they stand to the
// fastest encoding/xml of the same suite.
//
// Usage: table [-commit TEXT] [-command TEXT] < OUTPUT
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

func main() {
	commit := flag.String("commit", "not given", "commit that was measured")
	command := flag.String("command", "not given", "how the runs were started")
	flag.Parse()
	t, err := parse(os.Stdin)
	if err == nil {
		err = t.print(os.Stdout, *commit, *command)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

// table holds the suites and their implementations in the order of the output.
type table struct {
	cpu    string
	suites []*suite
}

type suite struct {
	name  string
	impls []*impl
}

type impl struct {
	name string
	runs map[string][]float64 // by unit
}

// rival is how the names of the implementations begin that ours are held against.
const rival = "encoding-xml"

// parse takes the lines of benchmarks and passes the others.
//
//	BenchmarkRead/impl=xhl-reader-2  20  8969896 ns/op  36.84 MB/s  40 bulletins/op
func parse(r io.Reader) (*table, error) {
	t := &table{cpu: "unknown"}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if name, ok := strings.CutPrefix(line, "cpu: "); ok {
			t.cpu = name
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name, implName, ok := strings.Cut(strings.TrimPrefix(fields[0], "Benchmark"), "/impl=")
		if !ok {
			return nil, fmt.Errorf("%s has no impl=", fields[0])
		}
		if cut := strings.LastIndexByte(implName, '-'); cut > 0 {
			if _, err := strconv.Atoi(implName[cut+1:]); err == nil { // GOMAXPROCS
				implName = implName[:cut]
			}
		}
		im := t.impl(name, implName)
		for i := 2; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("read %q: %w", line, err)
			}
			im.runs[fields[i+1]] = append(im.runs[fields[i+1]], v)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(t.suites) == 0 {
		return nil, errors.New("no benchmark in the input")
	}
	return t, nil
}

func (t *table) impl(suiteName, name string) *impl {
	var s *suite
	for _, known := range t.suites {
		if known.name == suiteName {
			s = known
		}
	}
	if s == nil {
		s = &suite{name: suiteName}
		t.suites = append(t.suites, s)
	}
	for _, known := range s.impls {
		if known.name == name {
			return known
		}
	}
	im := &impl{name: name, runs: map[string][]float64{}}
	s.impls = append(s.impls, im)
	return im
}

func (t *table) print(w io.Writer, commit, command string) error {
	first := t.suites[0].impls[0]
	fmt.Fprintf(w, "# Journal in Go: against encoding/xml and etree\n\n")
	fmt.Fprintf(w, "%.0f bulletins, one goroutine; medians of %d runs, the implementations in turn. What the columns mean is in ../README.md.\n\n",
		median(first.runs["bulletins/op"]), len(first.runs["ns/op"]))
	fmt.Fprintf(w, "- machine: %s, %d cores\n- Go: %s %s/%s\n- commit: %s\n- command: `%s`\n", t.cpu, runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, commit, command)
	for _, s := range t.suites {
		best := 0.0
		for _, im := range s.impls {
			if ns := median(im.runs["ns/op"]); strings.HasPrefix(im.name, rival) && (best == 0 || ns < best) {
				best = ns
			}
		}
		if best == 0 {
			return fmt.Errorf("%s has no %s to compare with", s.name, rival)
		}
		fmt.Fprintf(w, "\n## %s\n\n", s.name)
		fmt.Fprintln(w, "| impl | MB/s | bulletins a second | bytes allocated a bulletin | allocations a bulletin | spread of the time | against the fastest encoding/xml |")
		fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|")
		for _, im := range s.impls {
			ns, bulletins := median(im.runs["ns/op"]), median(im.runs["bulletins/op"])
			if ns == 0 || bulletins == 0 {
				return fmt.Errorf("%s/%s did not say its time or its bulletins", s.name, im.name)
			}
			fmt.Fprintf(w, "| %s | %.0f | %.0f | %.0f | %.2f | %.0f %% | %.1f × |\n", im.name, median(im.runs["MB/s"]), bulletins*1e9/ns,
				median(im.runs["B/op"])/bulletins, median(im.runs["allocs/op"])/bulletins, 100*spread(im.runs["ns/op"]), best/ns)
		}
	}
	return nil
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// spread is the distance of the slowest from the fastest, by the median.
func spread(list []float64) float64 { return (slices.Max(list) - slices.Min(list)) / median(list) }
