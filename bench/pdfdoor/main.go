// Command pdfdoor holds the door of the PDF against viewers, on a folder of
// documents: which it refuses that they open, which it accepts that none of
// them opens, where page counts differ, and what it costs beside pdfcpu.
//
//	go run ./pdfdoor [-verdicts FILE] [-words FILE] [-twins FILE] FOLDER
//
// The verdicts of poppler, qpdf and mutool are kept in a file, and read from it
// the next time. With -words, what the door says of each document is written, a
// line each, for diff to hold two versions of it against each other.
//
// With -twins, a lighter twin of every document is made, and what poppler reads
// and draws of all its pages is compared; nothing else is measured. The outcomes
// are kept in a file, and what is in it is not done again: a run may be stopped
// and goes on the next time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"paye/internal/pdfx"
)

func main() {
	file := flag.String("verdicts", "", "keep the verdicts of the viewers in this file")
	words := flag.String("words", "", "write what the door says of each document to this file")
	twins := flag.String("twins", "", "make and compare twins, and keep the outcomes in this file")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(64)
	}
	job := func() error { return measure(flag.Arg(0), *file, *words) }
	if *twins != "" {
		job = func() error { return compareTwins(flag.Arg(0), *twins) }
	}
	if err := job(); err != nil {
		fmt.Fprintln(os.Stderr, "pdfdoor:", err)
		os.Exit(1)
	}
}

// measure opens every document, and says how that went beside the viewers.
func measure(dir, file, words string) (err error) {
	paths, err := documents(dir)
	if err != nil {
		return err
	}
	kept, err := readVerdicts(file)
	if err != nil {
		return err
	}
	defer kept.close()
	said := io.Discard
	if words != "" {
		f, failed := os.Create(words)
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		said = f
	}
	var t table
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		v, err := kept.of(path)
		if err != nil {
			return err
		}
		d := doorOf(data)
		if _, err := fmt.Fprintf(said, "%s\t%s\t%d\t%t\n", path, d.cause, d.pages, d.repaired); err != nil {
			return err
		}
		t.add(path, v, d)
	}
	t.print()
	return nil
}

// documents lists the PDF of a folder, in order.
func documents(dir string) (paths []string, err error) {
	err = filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && strings.EqualFold(filepath.Ext(p), ".pdf") {
			paths = append(paths, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	return paths, nil
}

// door is what the door says of a document, and what it costs.
type door struct {
	pages     int
	cause     string // why it is refused: a code
	repaired  bool
	time      time.Duration
	library   time.Duration // of pdfcpu
	allocated uint64        // bytes
}

// doorOf opens a document three times and keeps the median. What was left to be
// collected before, pdfcpu's most of all, is not the door's to pay for.
func doorOf(data []byte) door {
	var d door
	var times []time.Duration
	runtime.GC()
	for range 3 {
		start := time.Now()
		info, err := pdfx.Inspect(context.Background(), pdfx.Bytes(data), int64(len(data)))
		times = append(times, time.Since(start))
		d.pages, d.repaired, d.cause = info.Pages, info.Repaired, codeOf(err)
	}
	slices.Sort(times)
	d.time = times[1]
	d.allocated = allocated(func() {
		pdfx.Inspect(context.Background(), pdfx.Bytes(data), int64(len(data)))
	})
	d.library = libraryTime(data)
	return d
}
