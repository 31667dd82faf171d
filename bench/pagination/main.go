// Pagination measures the solver of splitter/pack on the published benchmark of bin packing with overlapping items, with a
// budget of CPU time an instance, and verifies every plan and every bound.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"paye/splitter/pack"
)

func main() {
	ms := flag.Int("ms", 50, "milliseconds of CPU an instance")
	every := flag.Int("every", 1, "take every Nth instance")
	workers := flag.Int("workers", 1, "instances solved at the same time, each on its own thread")
	flag.Parse()
	if flag.NArg() != 1 || *ms < 1 || *every < 1 || *workers < 1 {
		fmt.Fprintln(os.Stderr, "usage: pagination [-ms 50] [-every N] [-workers N] FILE.gz")
		os.Exit(64)
	}
	if err := run(flag.Arg(0), time.Duration(*ms)*time.Millisecond, *every, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "pagination:", err)
		os.Exit(1)
	}
}

func run(path string, budget time.Duration, every, workers int) error {
	problems, err := readProblems(path, every)
	if err != nil {
		return err
	}
	outcomes := make([]outcome, len(problems))
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			runtime.LockOSThread() // the budget is read on the clock of this thread
			for n := w; n < len(problems) && errs[w] == nil; n += workers {
				outcomes[n], errs[w] = solve(problems[n], budget)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	report(problems, outcomes, budget)
	return nil
}

type outcome struct {
	pages, bound int
	cpu          time.Duration
}

func solve(p problem, budget time.Duration) (outcome, error) {
	start := threadCPU()
	r, err := pack.Solve(context.Background(), p.in, pack.Options{Time: budget, Clock: threadCPU})
	if err != nil {
		return outcome{}, fmt.Errorf("solve %s: %w", p.name, err)
	}
	cpu := threadCPU() - start
	if err := verify(p, r.Plan); err != nil {
		return outcome{}, fmt.Errorf("verify %s: %w", p.name, err)
	}
	if err := r.Bound.Check(p.in); err != nil {
		return outcome{}, fmt.Errorf("check the bound of %s: %w", p.name, err)
	}
	if r.Plan.Volumes < r.Bound.Volumes {
		return outcome{}, fmt.Errorf("%s: %d pages, below the bound of %d", p.name, r.Plan.Volumes, r.Bound.Volumes)
	}
	return outcome{r.Plan.Volumes, r.Bound.Volumes, cpu}, nil
}

// verify recounts the symbols of every page, knowing nothing of the solver.
func verify(p problem, plan pack.Plan) error {
	pages := make([]map[int32]bool, plan.Volumes)
	if len(plan.Volume) != p.in.Items() {
		return fmt.Errorf("%d tiles placed of %d", len(plan.Volume), p.in.Items())
	}
	for tile, page := range plan.Volume {
		if pages[page] == nil {
			pages[page] = map[int32]bool{}
		}
		for _, symbol := range p.in.Refs(tile) {
			pages[page][symbol] = true
		}
	}
	for n, symbols := range pages {
		if len(symbols) == 0 || int64(len(symbols)) > p.in.Limit {
			return fmt.Errorf("page %d has %d symbols, capacity %d", n, len(symbols), p.in.Limit)
		}
	}
	return nil
}

func report(problems []problem, outcomes []outcome, budget time.Duration) {
	var pages, best, bound, better, equal, worse, proved int
	var cpu, slowest time.Duration
	var above []string
	for n, o := range outcomes {
		pages += o.pages
		best += problems[n].best
		bound += o.bound
		switch {
		case o.pages < problems[n].best:
			better++
		case o.pages == problems[n].best:
			equal++
		default:
			worse++
			above = append(above, fmt.Sprintf("%s (%d pages for %d)", problems[n].name, o.pages, problems[n].best))
		}
		if o.pages == o.bound {
			proved++
		}
		cpu += o.cpu
		slowest = max(slowest, o.cpu)
	}
	fmt.Println("| CPU an instance | instances | pages | best published | ratio | better | equal | worse | proved | bounds | CPU mean | CPU max |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|---|")
	fmt.Printf("| %v | %d | %d | %d | %.4f | %d | %d | %d | %d | %d | %.1f ms | %.1f ms |\n",
		budget, len(outcomes), pages, best, float64(pages)/float64(max(1, best)), better, equal, worse, proved, bound,
		float64(cpu.Microseconds())/1000/float64(max(1, len(outcomes))), float64(slowest.Microseconds())/1000)
	if above != nil {
		fmt.Printf("\nWorse: %s.\n", strings.Join(above, ", "))
	}
}

// threadCPU returns the CPU time that the current thread has used (CLOCK_THREAD_CPUTIME_ID of Linux).
func threadCPU() time.Duration {
	const threadCPUTime = 3
	var t syscall.Timespec
	if _, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, threadCPUTime, uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		panic(errno)
	}
	return time.Duration(t.Nano())
}
