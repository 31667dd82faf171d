// Command checkpes measures xhl check on PES files of 128 MB, in each packaging,
// against xmllint --stream --schema, which only judges the envelope around the
// pieces: processes on the same file, in turn. It makes the files with the
// binary that it measures, prints Markdown and writes it to a file.
//
// Usage: checkpes -xhl BINARY [-shared DIR] [-runs N] [-patience TIME] [-commit TEXT] [-o FILE]
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	xhl, shared, commit, out string
	runs                     int
	patience                 time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.xhl, "xhl", "xhl", "binary to measure")
	flag.StringVar(&o.shared, "shared", "../../shared", "folder of the reference data, for the XSD of the PES")
	flag.IntVar(&o.runs, "runs", 5, "pairs of runs, in turn, after one that is not counted")
	flag.DurationVar(&o.patience, "patience", 30*time.Second, "time that a rival may take")
	flag.StringVar(&o.commit, "commit", "not given", "commit that the binary was made from")
	flag.StringVar(&o.out, "o", "results/check-pes.md", "where the tables go")
	flag.Parse()
	if err := bench(o); err != nil {
		fmt.Fprintln(os.Stderr, "checkpes:", err)
		os.Exit(1)
	}
}

// bulletins and pieces make more than one volume of the larger limit.
const (
	bulletins = 8_000
	pieces    = 1_700
)

// limits of the volumes: the second shows what the size does to the memory.
var limits = []int64{128_000_000, 12_800_000}

func bench(o options) error {
	if o.runs < 1 {
		return errors.New("-runs takes 1 or more")
	}
	dir, err := os.MkdirTemp("", "checkpes")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	run := filepath.Join(dir, "run")
	if err := o.make("synth", "--bulletins", strconv.Itoa(bulletins), "--pieces", strconv.Itoa(pieces), "--seed", "1", "--mois", "2026-05", "--xhl", "-o", run); err != nil {
		return err
	}
	started := machine.Load()
	var tables strings.Builder
	for _, limit := range limits {
		for _, packaging := range []string{"archive", "pieces"} {
			set := filepath.Join(dir, packaging)
			if err := o.make("build", "--limit", strconv.FormatInt(limit, 10), "--packaging", packaging, "--mandat", "1", "--idpost", "006111", "--codcol", "123", "--codbud", "00",
				"--date", "2026-05-28", "-o", set, filepath.Join(run, "journal.xhl")); err != nil {
				return err
			}
			c, err := first(set, limit)
			if err != nil {
				return err
			}
			if err := o.compare(&tables, packaging, c); err != nil {
				return err
			}
			if err := os.RemoveAll(set); err != nil {
				return err
			}
		}
	}
	text := o.heading(started) + tables.String() + fmt.Sprintf("\nLoad when it ended: %s.\n", machine.Load())
	fmt.Print(text)
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.out, []byte(text), 0o644)
}

// make runs a command of the binary that prepares the data.
func (o *options) make(args ...string) error {
	cmd := exec.Command(o.xhl, append(args, "--quiet", "--lang", "en")...)
	cmd.Env = append(os.Environ(), "XHL_STATE="+os.TempDir())
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xhl %s: %w: %s", args[0], err, bytes.TrimSpace(text))
	}
	return nil
}

// volume is the first file of a set, and what is in it.
type volume struct {
	path      string
	bytes     int64
	bulletins int
	pieces    int
}

// first reads the manifest of a set, whose first volume must be full.
func first(set string, limit int64) (*volume, error) {
	list, err := volumes.Read(set)
	if err != nil {
		return nil, err
	}
	if len(list) < 2 || list[0].Octets < limit-limit/100 {
		return nil, fmt.Errorf("the first of %d volumes is not full", len(list))
	}
	v := list[0]
	return &volume{filepath.Join(set, v.Fichier), v.Octets, v.Bulletins, len(v.Pieces)}, nil
}

// judge is a program that judges a file.
type judge struct {
	name string
	run  func() (machine.Measure, error)
	runs []machine.Measure
	late bool // it took longer than the patience
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// compare measures the judges on one file, in turn.
func (o *options) compare(w *strings.Builder, packaging string, v *volume) error {
	check := func() (machine.Measure, error) {
		var said bytes.Buffer
		cmd := exec.Command(o.xhl, "check", "--json", "--lang", "en", v.path)
		cmd.Stdout = &said
		m, err := machine.Run(cmd)
		if err == nil {
			err = v.verify(said.Bytes())
		}
		return m, err
	}
	judges := []*judge{{name: "xhl check", run: check}}
	xsd := filepath.Join(o.shared, "data", "pes", "v5.30-pj", "PES_V2", "Rev0", "PES_Aller.xsd")
	if xmllint, err := exec.LookPath("xmllint"); err == nil && exists(xsd) {
		for _, mode := range []string{"--stream", "--noout"} { // the second builds the tree
			judges = append(judges, &judge{name: strings.ReplaceAll("xmllint --huge "+mode+" --noout --schema", "--noout --noout", "--noout"), run: func() (machine.Measure, error) {
				ctx, cancel := context.WithTimeout(context.Background(), o.patience)
				defer cancel()
				m, err := machine.Run(exec.CommandContext(ctx, xmllint, "--nonet", "--huge", mode, "--noout", "--schema", xsd, v.path))
				if ctx.Err() != nil {
					err = ctx.Err()
				}
				return m, err
			}})
		}
	}
	for n := range o.runs + 1 {
		for _, j := range judges {
			if j.late {
				continue
			}
			m, err := j.run()
			if j.late = errors.Is(err, context.DeadlineExceeded); j.late {
				continue
			}
			if err != nil {
				return fmt.Errorf("%s: %w", j.name, err)
			}
			if n > 0 { // the first brings the file into memory
				j.runs = append(j.runs, m)
			}
		}
	}
	fmt.Fprintf(w, "\n## %s, %.1f MB, %d bulletins, %d justificatifs\n\n", packaging, float64(v.bytes)/1e6, v.bulletins, v.pieces)
	w.WriteString("| judge | wall | fastest to slowest | MB/s | CPU | peak memory | wall of xmllint by ours | CPU of xmllint by ours |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	ours := machine.Median(judges[0].runs)
	for i, j := range judges {
		if j.late {
			fmt.Fprintf(w, "| %s | stopped after %v | | | | | | |\n", j.name, o.patience)
			continue
		}
		m := machine.Median(j.runs)
		fastest, slowest := m.Wall, m.Wall
		for _, r := range j.runs {
			fastest, slowest = min(fastest, r.Wall), max(slowest, r.Wall)
		}
		wall, cpu := "", ""
		if i > 0 {
			wall, cpu = fmt.Sprintf("%.2f ×", m.Wall.Seconds()/ours.Wall.Seconds()), fmt.Sprintf("%.2f ×", m.CPU.Seconds()/ours.CPU.Seconds())
		}
		fmt.Fprintf(w, "| %s | %.2f s | %.2f to %.2f s | %.0f | %.2f s | %.1f MiB | %s | %s |\n", j.name, m.Wall.Seconds(), fastest.Seconds(), slowest.Seconds(),
			float64(v.bytes)/1e6/m.Wall.Seconds(), m.CPU.Seconds(), float64(m.RSS)/(1<<20), wall, cpu)
	}
	if len(judges) == 1 {
		w.WriteString("\nxmllint or the XSD of the PES is not there: nothing to compare with.\n")
	}
	return nil
}

// verify reads the JSON lines of a check: it must have read all there is.
func (v *volume) verify(said []byte) error {
	for line := range bytes.Lines(said) {
		var f struct {
			Type              string
			Bulletins, Pieces int
			Erreurs           int
		}
		if err := json.Unmarshal(line, &f); err != nil {
			return fmt.Errorf("read a line of the check: %w", err)
		}
		if f.Type != "fichier" {
			continue
		}
		if f.Bulletins != v.bulletins || f.Pieces != v.pieces || f.Erreurs > 0 {
			return fmt.Errorf("%d bulletins, %d pieces and %d errors were found, the manifest says %d and %d", f.Bulletins, f.Pieces, f.Erreurs, v.bulletins, v.pieces)
		}
		return nil
	}
	return errors.New("the check says nothing of the file")
}

func (o *options) heading(load string) string {
	return fmt.Sprintf(`# Check of a PES file of 128 MB

Medians of %d runs, the judges in turn, after one of each that is not counted; the file is in the page cache. xhl check opens what
is inside in the same pass: base64, gzip, zip, the journal by its schema and its business rules, every PDF. xmllint judges the
envelope and looks at no content. The small files show what the size does to the memory.

- machine: %s, %d cores, %s of memory, load %s when it started
- Go: %s %s/%s
- commit: %s
- command: `+"`checkpes -runs %d`"+`
`, o.runs, machine.CPU(), runtime.NumCPU(), machine.Memory(), load, runtime.Version(), runtime.GOOS, runtime.GOARCH, o.commit, o.runs)
}
