package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paye/internal/pdfx"
)

// twin is what became of a document that a lighter twin was asked of.
type twin struct {
	outcome       string // why there is none, or one of the words below
	before, after int    // bytes
	scans         int    // pages whose picture was made again
	why           string
}

// The outcomes of a twin that was made.
const (
	twinSame   = "same"
	twinDiffer = "differ"
	twinTired  = "unjudged" // poppler was not done in time, does not open the document, or never draws it twice alike
)

// tired is how long poppler may look at one document and its twin.
const tired = 10 * time.Minute

// compareTwins makes the twins of a folder, but for those whose outcome is
// known, and counts.
func compareTwins(dir, file string) (err error) {
	paths, err := documents(dir)
	if err != nil {
		return err
	}
	known, err := readTwins(file)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the outcomes: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	var t twinTable
	for _, path := range paths {
		one, ok := known[path]
		if !ok {
			if one, err = twinOf(path); err != nil {
				return err
			}
			if _, err := fmt.Fprintf(out, "%s\t%s\t%d\t%d\t%d\t%s\n", path, one.outcome, one.before, one.after, one.scans, one.why); err != nil {
				return err
			}
		}
		t.add(path, one)
	}
	t.print()
	return nil
}

func readTwins(file string) (map[string]twin, error) {
	known := make(map[string]twin)
	in, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return known, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the outcomes: %w", err)
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if f := strings.Split(lines.Text(), "\t"); len(f) == 6 {
			known[f[0]] = twin{f[1], number(f[2]), number(f[3]), number(f[4]), f[5]}
		}
	}
	return known, lines.Err()
}

// twinOf makes the twin of a document, scans included, and holds it against the
// document with [reader] as the judge: what it says is the outcome.
func twinOf(path string) (twin, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return twin{}, fmt.Errorf("read a document: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), tired)
	defer cancel()
	judge := &reader{pixels: pdfx.NewPoppler()}
	if judge.pixels == nil {
		return twin{}, errors.New("pdftoppm is not installed")
	}
	made, err := pdfx.Optimise(ctx, pdfx.Bytes(data), int64(len(data)), io.Discard, pdfx.OptimiseOptions{Scans: true, Judge: judge})
	one := twin{outcome: string(made.Kept), before: len(data), after: int(made.Size), scans: made.Scans}
	switch {
	case ctx.Err() != nil, judge.unfit:
		one.outcome = twinTired
	case err != nil:
		one.outcome = codeOf(err)
	case judge.found != nil:
		one.outcome, one.why = twinDiffer, strings.Join(strings.Fields(judge.found.Error()), " ")
	case made.Kept == "":
		one.outcome = twinSame
	}
	return one, nil
}

// reader is a judge that compares where poppler reads each word, and what it
// draws, and remembers what it found.
type reader struct {
	pixels pdfx.Judge
	found  error
	unfit  bool // it finds as much between the original and itself
}

func (r *reader) Same(ctx context.Context, original, twin []byte, pages int, scans map[int]bool) error {
	if r.found = words(ctx, original, twin); r.found == nil {
		r.found = r.pixels.Same(ctx, original, twin, pages, scans)
	}
	if r.found != nil {
		r.unfit = words(ctx, original, original) != nil || r.pixels.Same(ctx, original, original, pages, nil) != nil
	}
	return r.found
}

// words compares what pdftotext reads, and where.
func words(ctx context.Context, documents ...[]byte) error {
	dir, err := os.MkdirTemp("", "pdfdoor-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var read []string
	for i, data := range documents {
		path := filepath.Join(dir, fmt.Sprintf("%d.pdf", i))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
		code, text, _, err := command(ctx, "pdftotext", "-bbox", path, "-")
		if err != nil {
			return err
		}
		if code != 0 {
			return errors.New("the text cannot be read")
		}
		read = append(read, text)
	}
	if read[0] != read[1] {
		return errors.New("the text differs")
	}
	return nil
}

// twinTable counts lighter twins, and those that show something else.
type twinTable struct {
	documents, made, differ, unjudged, pages int
	before, after                            int
	why                                      []string
}

func (t *twinTable) add(path string, one twin) {
	t.documents++
	switch one.outcome {
	case twinSame:
		t.made++
		t.pages += one.scans
		t.before += one.before
		t.after += one.after
	case twinDiffer:
		t.made++
		t.differ++
		t.why = append(t.why, path+": "+one.why)
	case twinTired:
		t.unjudged++
	}
}

func (t *twinTable) print() {
	fmt.Printf("| documents | twins | differ | not judged | pages that are scans | bytes before | after |\n|---:|---:|---:|---:|---:|---:|---:|\n| %d | %d | %d | %d | %d | %d | %d |\n",
		t.documents, t.made, t.differ, t.unjudged, t.pages, t.before, t.after)
	for _, w := range t.why {
		fmt.Println("  ", w)
	}
}
