// Pieces measures how the time and the memory of xhl plan grow with the number of
// justificatifs of a bulletin: pieces of 1 KB, all on three bulletins.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

func main() {
	xhl := flag.String("xhl", "xhl", "the program")
	runs := flag.Int("runs", 3, "runs of each size; the fastest counts")
	flag.Parse()
	if err := run(*xhl, *runs); err != nil {
		fmt.Fprintln(os.Stderr, "pieces:", err)
		os.Exit(1)
	}
}

var sizes = []int{10_000, 20_000, 40_000, 100_000}

func run(xhl string, runs int) error {
	work, err := os.MkdirTemp("", "xhl-pieces-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	fmt.Print("| pieces on three bulletins | wall, s | CPU, s | CPU a piece, µs | peak memory, MiB |\n|---:|---:|---:|---:|---:|\n")
	for _, n := range sizes {
		dir := filepath.Join(work, fmt.Sprint(n))
		if err := payroll(xhl, dir, n); err != nil {
			return err
		}
		best, err := fastest(xhl, dir, runs)
		if err != nil {
			return err
		}
		fmt.Printf("| %d | %.2f | %.2f | %.0f | %d |\n", n, best.wall.Seconds(), best.cpu.Seconds(), best.cpu.Seconds()*1e6/float64(n), best.peak>>20)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return nil
}

var matricule = regexp.MustCompile(`Matricule V="([^"]*)"`)

// payroll makes a folder of three bulletins and n pieces.
func payroll(xhl, dir string, n int) error {
	if out, err := exec.Command(xhl, "synth", "--bulletins", "3", "--pieces", "-1", "--xhl", "-q", "-o", dir).CombinedOutput(); err != nil {
		return fmt.Errorf("synth: %w: %s", err, out)
	}
	journal, err := os.ReadFile(filepath.Join(dir, "journal.xhl"))
	if err != nil {
		return err
	}
	found := matricule.FindAllSubmatch(journal, 3)
	pieces := filepath.Join(dir, "justificatifs")
	if err := os.MkdirAll(pieces, 0o700); err != nil {
		return err
	}
	var index strings.Builder
	index.WriteString("matricule;id_unique;fichier;nom;description;support\n")
	for i := range n {
		name := fmt.Sprintf("p%06d.txt", i)
		sum := sha256.Sum256([]byte(name))
		content := strings.Repeat(hex.EncodeToString(sum[:])+" ", 16)
		if err := os.WriteFile(filepath.Join(pieces, name), []byte(content[:1024]), 0o600); err != nil {
			return err
		}
		fmt.Fprintf(&index, "%s;ID%06d;%s;;;01\n", found[i%len(found)][1], i, name)
	}
	return os.WriteFile(filepath.Join(dir, "justificatifs.csv"), []byte(index.String()), 0o600)
}

type measure struct {
	wall, cpu time.Duration
	peak      int64
}

func fastest(xhl, dir string, runs int) (best measure, err error) {
	for i := range runs {
		cmd := exec.Command(xhl, "plan", "--format", "zip", "--limit", "128Mo", "-q", dir)
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return best, fmt.Errorf("plan: %w: %s", err, out)
		}
		m := measure{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
		m.peak = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
		if i == 0 || m.wall < best.wall {
			best = m
		}
	}
	return best, nil
}
