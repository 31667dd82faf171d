// Command compte reads what "go test -json" prints, shows what failed, what took
// longest and why tests were skipped, and closes with a line of counts.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

type event struct {
	Action, Package, Test, ImportPath, Output string
	Elapsed                                   float64 // seconds
}

// longest is how many packages, and how many tests, are told for their time.
const longest = 12

func main() {
	type key struct{ pkg, test string }
	output := make(map[key]string)
	reasons := make(map[string]int)
	var packages, tests []event // that ended
	var passed, failed, skipped int
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		k := key{e.Package, e.Test}
		if e.Action == "pass" || e.Action == "fail" {
			if e.Test == "" {
				packages = append(packages, e)
			} else if !strings.Contains(e.Test, "/") {
				tests = append(tests, e)
			}
		}
		switch e.Action {
		case "output":
			output[k] += e.Output
		case "build-output":
			fmt.Print(e.Output)
		case "fail":
			fmt.Print(output[k])
			delete(output, k)
			if e.Test == "" { // what had not ended when the process died
				for _, k := range slices.SortedFunc(maps.Keys(output), func(a, b key) int { return strings.Compare(a.test, b.test) }) {
					if k.pkg == e.Package {
						fmt.Print(output[k])
						delete(output, k)
					}
				}
			}
			failed++
		case "pass":
			if e.Test != "" {
				passed++
			}
			delete(output, k)
		case "skip":
			if e.Test != "" {
				skipped++
				reasons[reason(output[k])]++
			}
			delete(output, k)
		}
	}
	for _, ended := range [][]event{packages, tests} {
		slices.SortStableFunc(ended, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
		for _, e := range ended[:min(longest, len(ended))] {
			fmt.Printf("%6.1f s  %s %s\n", e.Elapsed, e.Package, e.Test)
		}
	}
	list := make([]string, 0, len(reasons))
	for why, n := range reasons {
		list = append(list, fmt.Sprintf("skipped %d: %s", n, why))
	}
	slices.Sort(list)
	for _, line := range list {
		fmt.Println(line)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

// reason is the last line that a skipped test printed, without its place.
func reason(output string) string {
	last := "no reason given"
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "===") || strings.HasPrefix(line, "---") {
			continue
		}
		last = line
		if _, text, found := strings.Cut(line, ".go:"); found {
			if _, text, found = strings.Cut(text, ": "); found {
				last = text
			}
		}
	}
	return last
}
