// Command pdfdoor holds the door of the PDF against viewers, on a folder of
// documents: which it refuses that they open, which it accepts that none of
// them opens, where page counts differ, and what it costs beside pdfcpu.
//
//	go run ./pdfdoor [-verdicts FILE] [-twins] FOLDER
//
// The verdicts of poppler, qpdf and mutool are kept in FILE, and read from it
// the next time. With -twins, a lighter twin of every document is made without
// a judge, and what poppler reads and draws of it is compared.
package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"paye/internal/pdfx"
)

func main() {
	file := flag.String("verdicts", "", "keep the verdicts of the viewers in this file")
	twins := flag.Bool("twins", false, "make and compare twins as well")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(64)
	}
	if err := run(flag.Arg(0), *file, *twins); err != nil {
		fmt.Fprintln(os.Stderr, "pdfdoor:", err)
		os.Exit(1)
	}
}

func run(dir, file string, twins bool) error {
	paths, err := documents(dir)
	if err != nil {
		return err
	}
	kept, err := readVerdicts(file)
	if err != nil {
		return err
	}
	defer kept.close()
	var t table
	var twin twinTable
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		v, err := kept.of(path)
		if err != nil {
			return err
		}
		t.add(path, v, doorOf(data))
		if twins {
			twin.add(path, data)
		}
	}
	t.print()
	if twins {
		twin.print()
	}
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

// doorOf opens a document three times and keeps the median.
func doorOf(data []byte) door {
	var d door
	var times []time.Duration
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
