package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"paye/internal/pdfx"
)

// twinTable counts lighter twins, and those that show something else.
type twinTable struct {
	made, kept, differ int
	before, after      int64
	why                []string
}

// add makes the twin of a document without a judge, and then has poppler read
// and draw both.
func (t *twinTable) add(path string, data []byte) {
	ctx := context.Background()
	var b bytes.Buffer
	out, err := pdfx.Optimise(ctx, pdfx.Bytes(data), int64(len(data)), &b, pdfx.OptimiseOptions{})
	if err != nil || out.Size == 0 {
		t.kept++
		return
	}
	t.made++
	t.before += int64(len(data))
	t.after += out.Size
	if err := compare(ctx, path, data, b.Bytes()); err != nil {
		t.differ++
		t.why = append(t.why, fmt.Sprintf("%s: %v", path, err))
	}
}

func compare(ctx context.Context, path string, data, twin []byte) error {
	other := filepath.Join(os.TempDir(), fmt.Sprintf("pdfdoor-%d.pdf", os.Getpid()))
	if err := os.WriteFile(other, twin, 0o600); err != nil {
		return err
	}
	defer os.Remove(other)
	_, want, _, err := command("pdftotext", "-bbox", path, "-")
	if err != nil {
		return err
	}
	_, got, _, err := command("pdftotext", "-bbox", other, "-")
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("the text differs")
	}
	info, err := pdfx.Inspect(ctx, pdfx.Bytes(data), int64(len(data)))
	if err != nil {
		return err
	}
	judge := pdfx.NewPoppler()
	if judge == nil {
		return nil
	}
	return judge.Same(ctx, data, twin, min(info.Pages, 20), nil)
}

func (t *twinTable) print() {
	fmt.Printf("\n| twins | kept as they are | differ | bytes before | after |\n|---:|---:|---:|---:|---:|\n| %d | %d | %d | %d | %d |\n", t.made, t.kept, t.differ, t.before, t.after)
	for _, w := range t.why {
		fmt.Println("  ", w)
	}
}
