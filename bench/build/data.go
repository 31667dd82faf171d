package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// dataset is a run that xhl synth made, in a folder that later measurements use
// again.
type dataset struct {
	profile   string
	bulletins int
	pieces    int
	dir       string
	journal   string
	bytes     int64 // of the journal
	pdfBytes  int64 // of the justificatifs together
}

// synthesise makes the run, unless an earlier measurement left it: its folder
// gets its name once it is whole.
func synthesise(ctx context.Context, o options, profile string, scratch string) (*dataset, error) {
	d := &dataset{profile: profile, bulletins: o.times * o.bulletins, pieces: o.times * o.pieces}
	d.dir = filepath.Join(o.data, fmt.Sprintf("%s-%d-%d", profile, d.bulletins, d.pieces))
	d.journal = filepath.Join(d.dir, "journal.xhl")
	if _, err := os.Stat(d.dir); os.IsNotExist(err) {
		fmt.Fprintf(os.Stderr, "making %d bulletins, profile %s\n", d.bulletins, profile)
		fresh := filepath.Join(scratch, "synth")
		cmd := exec.CommandContext(ctx, o.xhl, "synth", "--quiet", "--lang", "en", "--profile", profile, "--bulletins", strconv.Itoa(d.bulletins),
			"--pieces", strconv.Itoa(d.pieces), "--seed", "1", "--mois", "2026-05", "--xhl", "-o", fresh)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("make the data: %w", err)
		}
		if err := os.Remove(filepath.Join(fresh, "run.jsonl")); err != nil { // as large as the journal, and not measured
			return nil, err
		}
		if err := os.Rename(fresh, d.dir); err != nil {
			return nil, err
		}
	}
	info, err := os.Stat(d.journal)
	if err != nil {
		return nil, err
	}
	d.bytes = info.Size()
	pdfs := 0
	d.pdfBytes, pdfs, err = weigh(filepath.Join(d.dir, "justificatifs"))
	if err == nil && pdfs != d.pieces {
		err = fmt.Errorf("%s has %d PDFs and not %d: remove it", d.dir, pdfs, d.pieces)
	}
	return d, err
}

// weigh adds up the files below dir.
func weigh(dir string) (size int64, files int, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		size += info.Size()
		files++
		return nil
	})
	return size, files, err
}
