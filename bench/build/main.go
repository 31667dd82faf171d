// Command build measures whole processes on the journals of a large employer:
// xhl build against pigz -6, which only compresses the journal, and our readers
// against xmllint --stream. It prints Markdown and writes it to a file.
//
// Usage: build -xhl BINARY [-bulletins N] [-pieces N] [-runs N] [-times N] [-data DIR] [-commit TEXT] [-o FILE]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
)

type options struct {
	xhl       string
	bulletins int
	pieces    int
	runs      int
	times     int
	data      string
	commit    string
	out       string
}

func main() {
	var o options
	flag.StringVar(&o.xhl, "xhl", "xhl", "binary to measure")
	flag.IntVar(&o.bulletins, "bulletins", 60_603, "bulletins of the journal")
	flag.IntVar(&o.pieces, "pieces", 1_800, "PDFs of the run")
	flag.IntVar(&o.runs, "runs", 5, "runs of each tool, in turn, after one that is not counted")
	flag.IntVar(&o.times, "times", 1, "as many times the bulletins and PDFs, for the volumes alone")
	flag.StringVar(&o.data, "data", filepath.Join(os.TempDir(), "xhl-bench"), "folder of the data, kept and used again")
	flag.StringVar(&o.commit, "commit", "not given", "commit that the binary was made from")
	flag.StringVar(&o.out, "o", "results/build.md", "where the tables go")
	read := flag.String("read", "", "read this journal and print its bulletins; for the program's own use")
	survey := flag.String("survey", "", "look through this journal and print its bulletins; for the program's own use")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case *read != "":
		err = readJournal(*read)
	case *survey != "":
		err = surveyJournal(*survey)
	default:
		err = run(ctx, o)
	}
	if err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.runs < 1 || o.bulletins < 1 || o.pieces < 1 || o.times < 1 || flag.NArg() > 0 {
		return errors.New("-runs, -bulletins, -pieces and -times take 1 or more, and nothing follows the flags")
	}
	var err error
	if o.xhl, err = exec.LookPath(o.xhl); err != nil {
		return fmt.Errorf("find the binary to measure: %w", err)
	}
	if o.xhl, err = filepath.Abs(o.xhl); err != nil {
		return err
	}
	if o.data, err = filepath.Abs(o.data); err != nil {
		return err
	}
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(o.data, "out-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)

	floor, err := processFloor(ctx, scratch)
	if err != nil {
		return err
	}
	r := newReport(o, floor)
	for _, profile := range []string{"ordinaire", "dense"} {
		run, err := synthesise(ctx, o, profile, scratch)
		if err != nil {
			return err
		}
		for _, group := range groups(o, run, scratch) {
			if err := group.measure(ctx, o.runs, scratch); err != nil {
				return err
			}
			r.add(run, group)
			if err := o.write(r); err != nil { // what is measured stays, should the rest be interrupted
				return err
			}
		}
	}
	r.end()
	fmt.Print(r.String())
	return o.write(r)
}

func (o *options) write(r *report) error {
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.out, []byte(r.String()), 0o644)
}
