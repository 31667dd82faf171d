package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"

	"paye/bench/internal/machine"
)

// report is the Markdown, as it grows.
type report struct{ strings.Builder }

func newReport(o options, floor int64) *report {
	r := new(report)
	fmt.Fprintf(r, "# Whole processes: volumes against pigz, reading against xmllint\n\n")
	fmt.Fprintf(r, "Medians of %d runs, the tools in turn, after one run of each that is not counted. What the columns mean is in ../README.md.\n\n", o.runs)
	fmt.Fprintf(r, "- machine: %s, %d cores, %s of memory, load %s when it started\n", machine.CPU(), runtime.NumCPU(), machine.Memory(), machine.Load())
	fmt.Fprintf(r, "- Go: %s %s/%s\n- commit: %s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, o.commit)
	fmt.Fprintf(r, "- rivals: %s; %s\n", said("pigz", "--version"), said("xmllint", "--version"))
	fmt.Fprintf(r, "- command: `build -xhl xhl -bulletins %d -pieces %d -runs %d -times %d`\n", o.bulletins, o.pieces, o.runs, o.times)
	fmt.Fprintf(r, "- a process that does nothing shows a peak of %.1f MiB here: less cannot be seen\n", float64(floor)/(1<<20))
	return r
}

func (r *report) add(d *dataset, g *group) {
	fmt.Fprintf(r, "\n## %s, profile %s, %d bulletins\n\nA journal of %s, %d PDFs of %s together.\n\n", g.title, d.profile, d.bulletins, megabytes(d.bytes), d.pieces, megabytes(d.pdfBytes))
	rival := g.tools[len(g.tools)-1]
	r.WriteString("| tool | wall | fastest to slowest | MB/s of journal | CPU | peak memory | highest peak | result | wall of the rival by ours | CPU of the rival by ours |\n|---|---:|---:|---:|---:|---:|---:|---|---:|---:|\n")
	for _, t := range g.tools {
		if t.failed != "" {
			fmt.Fprintf(r, "| %s | skipped: %s | | | | | | | | |\n", t.name, strings.ReplaceAll(t.failed, "|", "/"))
			continue
		}
		m := t.median()
		fastest, slowest, highest := t.bounds()
		wall, cpu := "", ""
		if t != rival && rival.failed == "" {
			base := rival.median()
			wall = fmt.Sprintf("%.2f ×", base.Wall.Seconds()/m.Wall.Seconds())
			cpu = fmt.Sprintf("%.2f ×", base.CPU.Seconds()/m.CPU.Seconds())
		}
		fmt.Fprintf(r, "| %s | %.2f s | %.2f to %.2f s | %.0f | %.2f s | %.1f MiB | %.1f MiB | %s | %s | %s |\n", t.name, m.Wall.Seconds(),
			fastest.Seconds(), slowest.Seconds(), float64(d.bytes)/1e6/m.Wall.Seconds(), m.CPU.Seconds(),
			float64(m.RSS)/(1<<20), float64(highest)/(1<<20), t.result, wall, cpu)
	}
}

func (r *report) end() { fmt.Fprintf(r, "\nLoad when it ended: %s.\n", machine.Load()) }

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// said is the first line of what a tool says of itself, on either output.
func said(name string, arg string) string {
	text, err := exec.Command(name, arg).CombinedOutput()
	if err != nil {
		return name + " not installed"
	}
	line := firstLine(string(text))
	if _, version, ok := strings.Cut(line, "using "); ok { // xmllint gives its path first
		line = name + " " + version
	}
	return line
}
