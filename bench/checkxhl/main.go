// Command checkxhl measures check.Journal of paye/xhl against xmllint --stream --schema on the
// same journal, one run after the other, and writes the table of
// results/check-xhl.md. The journal is the official 1.4 example with its
// bulletins repeated; it is written to a temporary folder and removed.
//
// Usage: checkxhl [-shared DIR] [-repeat N] [-runs N] [-o FILE]
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"paye/bench/internal/machine"
	"paye/xhl"
	"paye/xhl/check"
)

func main() {
	shared := flag.String("shared", "../../shared", "folder of the reference data")
	repeat := flag.Int("repeat", 200, "times that the bulletins of the example are repeated; 200 makes 397 MB")
	runs := flag.Int("runs", 5, "runs of each tool; the median counts")
	out := flag.String("o", "results/check-xhl.md", "where the table goes")
	child := flag.String("child", "", "check this journal and print the measures; for internal use")
	cores := flag.Int("cores", 0, "cores of the child")
	hashed := flag.Bool("hashed", false, "the child hashes the bulletins")
	stream := flag.Int("stream", 0, "the child repeats the bulletins of its journal that often, without a file, each with a matricule of its own")
	flag.Parse()
	var err error
	if *child != "" {
		err = checkOnce(*child, *cores, *hashed, *stream)
	} else {
		err = bench(*shared, *repeat, *runs, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// verdict is what a child prints of its check.
type verdict struct {
	Valid     bool
	Bulletins int
	Errors    int
	Warnings  int
	Bytes     int64
}

// checkOnce runs in a process of its own, so that its peak memory is that of
// one check.
func checkOnce(path string, cores int, hashed bool, stream int) error {
	var journal io.Reader
	if stream > 0 {
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if journal, err = newEndless(src, stream); err != nil {
			return err
		}
	} else {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		journal = f
	}
	o := check.Options{Fichier: filepath.Base(path), Cores: cores, Anomalie: func(*xhl.Anomalie) {}}
	if hashed {
		o.Bulletin = func(*check.BulletinVu) {}
	}
	b, err := check.Journal(context.Background(), journal, o)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(verdict{Valid: b.SchemaValide, Bulletins: b.Bulletins, Errors: b.Erreurs, Warnings: b.Avertissements, Bytes: b.Octets})
}

type tool struct {
	name string
	argv []string
	all  []machine.Measure
}

func (t *tool) command() *exec.Cmd { return exec.Command(t.argv[0], t.argv[1:]...) }

func bench(shared string, repeat, runs int, out string) error {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		return errors.New("xmllint is not installed: there is nothing to compare with")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "checkxhl")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	journal := filepath.Join(dir, "journal.xhl")
	example := filepath.Join(shared, "data", "xhl", "samples", "PayeCeplExemple082011_schema_1.4.xhl")
	size, err := enlarge(example, journal, repeat)
	if err != nil {
		return fmt.Errorf("make the journal: %w", err)
	}
	xsd := filepath.Join(shared, "data", "xhl", "paye-1.4", "DocumentPaye.xsd")
	tools := []*tool{
		{name: "xmllint --stream --schema", argv: []string{xmllint, "--nonet", "--stream", "--noout", "--schema", xsd, journal}},
		{name: "check.Journal, 1 core", argv: []string{self, "-child", journal, "-cores", "1"}},
		{name: "check.Journal, all cores", argv: []string{self, "-child", journal}},
		{name: "check.Journal, all cores, bulletins hashed", argv: []string{self, "-child", journal, "-hashed"}},
	}
	if _, err := machine.Run(tools[1].command()); err != nil { // the journal is in the page cache from here on
		return err
	}
	for range runs {
		for _, t := range tools {
			m, err := machine.Run(t.command())
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			t.all = append(t.all, m)
		}
	}
	var said bytes.Buffer
	endless := exec.Command(self, "-child", example, "-stream", strconv.Itoa(10*repeat))
	endless.Stdout = &said
	big, err := machine.Run(endless)
	if err != nil {
		return err
	}
	var v verdict
	if err := json.Unmarshal(said.Bytes(), &v); err != nil {
		return fmt.Errorf("read the verdict on the stream: %w", err)
	}
	return report(out, tools, big, v.Bytes, size, repeat, runs)
}

// enlarge writes the example with its bulletins n times, and returns the size.
func enlarge(from, to string, n int) (int64, error) {
	src, err := os.ReadFile(from)
	if err != nil {
		return 0, err
	}
	end := []byte("</PayeIndivMensuel>")
	first, last := bytes.Index(src, []byte("<PayeIndivMensuel>")), bytes.LastIndex(src, end)+len(end)
	if first < 0 || last < first {
		return 0, errors.New("the example has no bulletin")
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	w.Write(src[:first])
	for range n {
		w.Write(src[first:last])
		w.WriteString("\r\n\t\t")
	}
	w.Write(src[last:])
	if err := w.Flush(); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), f.Close()
}

func report(out string, tools []*tool, big machine.Measure, bigSize, size int64, repeat, runs int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Check of a journal of %d MB\n\n", size/1e6)
	fmt.Fprintf(&b, "The official 1.4 example with its bulletins %d times, in the page cache; the median of %d runs, the tools in turn.\n", repeat, runs)
	fmt.Fprintf(&b, "check.Journal judges the schema and every business rule in that time; xmllint judges the schema and stops at nothing else.\n\n")
	fmt.Fprintf(&b, "- machine: %s, %d cores, load %s when it ended\n- Go: %s\n- commit: %s\n\n", machine.CPU(), runtime.NumCPU(), machine.Load(), runtime.Version(), commit())
	if busy, err := strconv.ParseFloat(machine.Load(), 64); err == nil && busy > 1.5*float64(runtime.NumCPU()) {
		b.WriteString("Other work shared the cores, which stretches the wall times of all tools; compare the CPU times.\n\n")
	}
	b.WriteString("| tool | wall | MB/s | CPU | MB/s a core | peak memory | wall against xmllint | CPU against xmllint |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	base := machine.Median(tools[0].all)
	for _, t := range tools {
		m := machine.Median(t.all)
		mb := float64(size) / 1e6
		fmt.Fprintf(&b, "| %s | %.2f s | %.0f | %.2f s | %.0f | %.1f MiB | %.1f × | %.1f × |\n", t.name, m.Wall.Seconds(), mb/m.Wall.Seconds(),
			m.CPU.Seconds(), mb/m.CPU.Seconds(), float64(m.RSS)/(1<<20), base.Wall.Seconds()/m.Wall.Seconds(), base.CPU.Seconds()/m.CPU.Seconds())
	}
	fmt.Fprintf(&b, "\nA stream of %.2f GB, every bulletin with a matricule of its own, on all cores: %.1f s, %.1f s of CPU, peak memory %.1f MiB.\n",
		float64(bigSize)/1e9, big.Wall.Seconds(), big.CPU.Seconds(), float64(big.RSS)/(1<<20))
	fmt.Print(b.String())
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(out, []byte(b.String()), 0o644)
}

func commit() string {
	text, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}
