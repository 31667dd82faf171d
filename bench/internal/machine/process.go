package machine

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Measure is what one process took.
type Measure struct {
	Wall time.Duration
	CPU  time.Duration // user and system, all threads
	RSS  int64         // peak, in bytes
}

// Run runs cmd to its end. An error tells the first line that it said on
// standard error, which cmd must leave free.
func Run(cmd *exec.Cmd) (Measure, error) {
	var talk bytes.Buffer
	cmd.Stderr = io.Writer(&talk)
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		said, _, _ := strings.Cut(strings.TrimSpace(talk.String()), "\n")
		return Measure{}, fmt.Errorf("%w: %s", err, said)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return Measure{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), usage.Maxrss << 10}, nil
}

// Median is that of each figure by itself.
func Median(runs []Measure) Measure {
	return Measure{
		Wall: time.Duration(median(runs, func(m Measure) int64 { return int64(m.Wall) })),
		CPU:  time.Duration(median(runs, func(m Measure) int64 { return int64(m.CPU) })),
		RSS:  median(runs, func(m Measure) int64 { return m.RSS }),
	}
}

func median(runs []Measure, figure func(Measure) int64) int64 {
	list := make([]int64, len(runs))
	for i, m := range runs {
		list[i] = figure(m)
	}
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}
