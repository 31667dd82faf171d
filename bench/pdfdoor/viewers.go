package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// verdict is what the viewers say of a document: clean, warn, password or no,
// and how many pages they count.
type verdict struct {
	poppler, qpdf, mutool                string
	popplerPages, qpdfPages, mutoolPages int
}

func opens(s string) bool { return s == "clean" || s == "warn" }

// clean is a document that poppler and qpdf open without a word.
func (v verdict) clean() bool { return v.poppler == "clean" && v.qpdf == "clean" && v.popplerPages > 0 }

// all is one that the three open, with a page.
func (v verdict) all() bool {
	return opens(v.poppler) && opens(v.qpdf) && opens(v.mutool) && v.popplerPages > 0 && v.mutoolPages > 0
}

// none is one that none of them opens.
func (v verdict) none() bool { return !opens(v.poppler) && !opens(v.qpdf) && !opens(v.mutool) }

// verdicts are kept in a file, a line a document.
type verdicts struct {
	known map[string]verdict
	out   *os.File
}

func readVerdicts(name string) (*verdicts, error) {
	v := &verdicts{known: make(map[string]verdict)}
	if name == "" {
		return v, nil
	}
	in, err := os.Open(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the verdicts: %w", err)
	}
	if err == nil {
		defer in.Close()
		for lines := bufio.NewScanner(in); lines.Scan(); {
			f := strings.Split(lines.Text(), "\t")
			if len(f) == 7 {
				v.known[f[0]] = verdict{f[1], f[3], f[5], number(f[2]), number(f[4]), number(f[6])}
			}
		}
	}
	if v.out, err = os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return nil, fmt.Errorf("open the verdicts: %w", err)
	}
	return v, nil
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (v *verdicts) close() {
	if v.out != nil {
		v.out.Close()
	}
}

// of asks the viewers, unless they were asked before.
func (v *verdicts) of(path string) (verdict, error) {
	if known, ok := v.known[path]; ok {
		return known, nil
	}
	asked, err := ask(path)
	if err != nil || v.out == nil {
		return asked, err
	}
	_, err = fmt.Fprintf(v.out, "%s\t%s\t%d\t%s\t%d\t%s\t%d\n", path, asked.poppler, asked.popplerPages, asked.qpdf, asked.qpdfPages, asked.mutool, asked.mutoolPages)
	return asked, err
}

var pagesLine = regexp.MustCompile(`(?m)^Pages: +(\d+)$`)

func ask(path string) (v verdict, err error) {
	ctx := context.Background()
	code, out, words, err := command(ctx, "pdfinfo", path)
	if err != nil {
		return v, err
	}
	if m := pagesLine.FindStringSubmatch(out); m != nil {
		v.popplerPages = number(m[1])
	} else {
		code = 1
	}
	v.poppler = said(code == 0, words, "Incorrect password")
	if code, _, words, err = command(ctx, "qpdf", "--check", path); err != nil {
		return v, err
	}
	v.qpdf = map[int]string{0: "clean", 3: "warn"}[code]
	if v.qpdf == "" {
		v.qpdf = said(false, words, "invalid password")
	}
	if _, out, _, err = command(ctx, "qpdf", "--show-npages", path); err != nil {
		return v, err
	}
	v.qpdfPages = number(strings.TrimSpace(out))
	if code, out, words, err = command(ctx, "mutool", "pages", path); err != nil {
		return v, err
	}
	v.mutool, v.mutoolPages = said(code == 0, words, "password"), strings.Count(out, "<page ")
	return v, nil
}

// said names what a viewer said, by what it wrote to its standard error.
func said(opened bool, words, password string) string {
	switch {
	case strings.Contains(words, password):
		return "password"
	case !opened:
		return "no"
	case strings.TrimSpace(words) != "":
		return "warn"
	}
	return "clean"
}

// command runs a viewer; its exit code is no error.
func command(ctx context.Context, name string, args ...string) (code int, out, words string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var o, e strings.Builder
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &o, &e
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), o.String(), e.String(), nil
	}
	if err != nil {
		return 0, "", "", fmt.Errorf("run %s: %w", name, err)
	}
	return 0, o.String(), e.String(), nil
}
