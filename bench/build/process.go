package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"paye/bench/internal/machine"
)

// tool is a command that can be run again and again.
type tool struct {
	name string
	argv []string
	// check looks at what the run that warms up said and left in its folder,
	// and returns a few words for the table.
	check func(stdout []byte, out string) (string, error)
	// file is where stdout goes, in the folder of the run; kept in memory when
	// empty.
	file string

	runs   []machine.Measure
	result string // of check
	failed string // why it has no figures
}

// outFolder stands in argv for the folder of the run, which is new each time.
const outFolder = "{out}"

// group is tools that do comparable work on the same data; the last one is the
// rival that the others are held against.
type group struct {
	title   string
	tools   []*tool
	prepare func(context.Context) error // what the tools work on, made once; may be nil
}

// measure runs every tool once to warm up, then all of them in turn. A rival
// that fails is kept out with its reason; a failure of ours is an error.
func (g *group) measure(ctx context.Context, runs int, scratch string) error {
	if g.prepare != nil {
		if err := g.prepare(ctx); err != nil {
			return fmt.Errorf("prepare %s: %w", g.title, err)
		}
	}
	rival := g.tools[len(g.tools)-1]
	for n := range runs + 1 {
		for _, t := range g.tools {
			if t.failed != "" {
				continue
			}
			m, err := t.run(ctx, scratch, n == 0)
			if err != nil {
				if t != rival || ctx.Err() != nil {
					return fmt.Errorf("run %s: %w", t.name, err)
				}
				t.failed = err.Error()
				continue
			}
			if n > 0 {
				t.runs = append(t.runs, m)
			}
		}
	}
	return nil
}

// run starts from a disk that has nothing left to write, so that no tool waits
// for the pages of the one before.
func (t *tool) run(ctx context.Context, scratch string, check bool) (machine.Measure, error) {
	if t.argv == nil {
		return machine.Measure{}, errors.New("not installed")
	}
	out := filepath.Join(scratch, "out")
	if err := os.RemoveAll(out); err != nil {
		return machine.Measure{}, err
	}
	if err := os.Mkdir(out, 0o700); err != nil {
		return machine.Measure{}, err
	}
	argv := slices.Clone(t.argv)
	for i := range argv {
		argv[i] = strings.ReplaceAll(argv[i], outFolder, out)
	}
	var stdout bytes.Buffer
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "XHL_STATE="+filepath.Join(scratch, "state"))
	cmd.Stdout = io.Writer(&stdout)
	if t.file != "" {
		f, err := os.Create(filepath.Join(out, t.file))
		if err != nil {
			return machine.Measure{}, err
		}
		defer f.Close()
		cmd.Stdout = f
	}
	syscall.Sync()
	m, err := machine.Run(cmd)
	if err != nil {
		return m, err
	}
	if check && t.check != nil {
		if t.result, err = t.check(stdout.Bytes(), out); err != nil {
			return machine.Measure{}, err
		}
	}
	return m, os.RemoveAll(out)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// processFloor is the least peak memory that can be seen: the system counts for
// a process what its parent held when it started it.
func processFloor(ctx context.Context, scratch string) (int64, error) {
	path, err := exec.LookPath("true")
	if err != nil {
		return 0, err
	}
	m, err := (&tool{name: "true", argv: []string{path}}).run(ctx, scratch, false)
	return m.RSS, err
}

func (t *tool) median() machine.Measure { return machine.Median(t.runs) }

// bounds are the fastest and the slowest run, and the highest peak of all.
func (t *tool) bounds() (fastest, slowest time.Duration, rss int64) {
	fastest = t.runs[0].Wall
	for _, m := range t.runs {
		fastest, slowest, rss = min(fastest, m.Wall), max(slowest, m.Wall), max(rss, m.RSS)
	}
	return fastest, slowest, rss
}
