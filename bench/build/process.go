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
)

// measure is what one process took.
type measure struct {
	wall time.Duration
	cpu  time.Duration // user and system, all threads
	rss  int64         // peak, in bytes
}

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

	runs   []measure
	result string // of check
	failed string // why it has no figures
}

// outFolder stands in argv for the folder of the run, which is new each time.
const outFolder = "{out}"

// group is tools that do comparable work on the same data; the last one is the
// rival that the others are held against.
type group struct {
	title string
	tools []*tool
}

// measure runs every tool once to warm up, then all of them in turn. A rival
// that fails is kept out with its reason; a failure of ours is an error.
func (g *group) measure(ctx context.Context, runs int, scratch string) error {
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
func (t *tool) run(ctx context.Context, scratch string, check bool) (measure, error) {
	if t.argv == nil {
		return measure{}, errors.New("not installed")
	}
	out := filepath.Join(scratch, "out")
	if err := os.RemoveAll(out); err != nil {
		return measure{}, err
	}
	if err := os.Mkdir(out, 0o700); err != nil {
		return measure{}, err
	}
	argv := slices.Clone(t.argv)
	for i := range argv {
		argv[i] = strings.ReplaceAll(argv[i], outFolder, out)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "XHL_STATE="+filepath.Join(scratch, "state"))
	cmd.Stderr = &stderr
	cmd.Stdout = io.Writer(&stdout)
	if t.file != "" {
		f, err := os.Create(filepath.Join(out, t.file))
		if err != nil {
			return measure{}, err
		}
		defer f.Close()
		cmd.Stdout = f
	}
	syscall.Sync()
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return measure{}, fmt.Errorf("%w: %s", err, firstLine(stderr.String()))
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if check && t.check != nil {
		if t.result, err = t.check(stdout.Bytes(), out); err != nil {
			return measure{}, err
		}
	}
	return measure{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), usage.Maxrss << 10}, os.RemoveAll(out)
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
	return m.rss, err
}

// median is that of each figure by itself.
func (t *tool) median() measure {
	return measure{
		wall: time.Duration(t.figure(func(m measure) int64 { return int64(m.wall) })),
		cpu:  time.Duration(t.figure(func(m measure) int64 { return int64(m.cpu) })),
		rss:  t.figure(func(m measure) int64 { return m.rss }),
	}
}

func (t *tool) figure(of func(measure) int64) int64 {
	list := make([]int64, len(t.runs))
	for i, m := range t.runs {
		list[i] = of(m)
	}
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// bounds are the fastest and the slowest run, and the highest peak of all.
func (t *tool) bounds() (fastest, slowest time.Duration, rss int64) {
	fastest = t.runs[0].wall
	for _, m := range t.runs {
		fastest, slowest, rss = min(fastest, m.wall), max(slowest, m.wall), max(rss, m.rss)
	}
	return fastest, slowest, rss
}
