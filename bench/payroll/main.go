// Payroll plans synthetic payrolls of one large employer and compares the number of volumes with the bound and with what
// simpler methods give. Times are CPU times of the process, garbage collection included.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"syscall"
	"time"

	"paye/splitter/pack"
)

var (
	limits = []int64{128_000_000, 80_000_000, 50_000_000}
	counts = []int{40, 300}
)

func main() {
	seeds := flag.Int("seeds", 3, "seeds a case")
	work := flag.Int64("work", 0, "budget of work of the solver, in its own steps; 0 is its default")
	dense := flag.Bool("dense", false, "share arrêtés log-uniformly instead of by Pareto's law: far more references")
	flag.Parse()
	sharers := pareto
	if *dense {
		sharers = logUniform
	}
	if err := run(*seeds, *work, sharers); err != nil {
		fmt.Fprintln(os.Stderr, "payroll:", err)
		os.Exit(1)
	}
}

func run(seeds int, work int64, sharers spread) error {
	fmt.Println("| arrêtés | sharing | limit (Mo) | seed | bound | volumes | tier | duplicated (Mo) | breaks | solve (ms) | in order | order (ms) | first fit | fixed cut, 500 | over the limit |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
	type key struct {
		count int
		s     string
	}
	proved := map[key]int{}
	slowest := map[key]time.Duration{}
	var slowestOrder time.Duration
	for _, count := range counts {
		for _, s := range sharings {
			for _, limit := range limits {
				for seed := range seeds {
					in := payroll(count, s, sharers, limit, uint64(seed+1))
					start := cpu()
					ordered, err := pack.Solve(context.Background(), in, pack.Options{KeepOrder: true})
					if err != nil {
						return err
					}
					orderTime := cpu() - start
					start = cpu()
					r, err := pack.Solve(context.Background(), in, pack.Options{Work: work})
					if err != nil {
						return err
					}
					solveTime := cpu() - start
					m, err := pack.Verify(in, r.Plan)
					if err != nil {
						return err
					}
					if err := r.Bound.Check(in); err != nil {
						return err
					}
					cut, over := fixedCut(in, 500)
					fmt.Printf("| %d | %s | %d | %d | %d | %d | %s | %.1f | %d | %d | %d | %d | %d | %d | %d |\n",
						count, s.name, limit/1_000_000, seed+1, r.Bound.Volumes, r.Plan.Volumes, r.Tier, float64(m.Duplicated)/1e6, m.Breaks,
						solveTime.Milliseconds(), ordered.Plan.Volumes, orderTime.Milliseconds(), firstFit(in), cut, over)
					k := key{count, s.name}
					if r.Plan.Volumes == r.Bound.Volumes {
						proved[k]++
					}
					slowest[k] = max(slowest[k], solveTime)
					slowestOrder = max(slowestOrder, orderTime)
				}
			}
		}
	}
	fmt.Println("\n| arrêtés | sharing | volumes = bound | slowest (ms) |\n|---|---|---|---|")
	for _, count := range counts {
		for _, s := range sharings {
			k := key{count, s.name}
			fmt.Printf("| %d | %s | %d of %d | %d |\n", count, s.name, proved[k], seeds*len(limits), slowest[k].Milliseconds())
		}
	}
	fmt.Printf("\nSlowest plan in the order of the book: %d ms.\n", slowestOrder.Milliseconds())
	return nil
}

// cpu returns the CPU time of the process: the machine may be shared.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
