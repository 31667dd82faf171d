package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// table counts what the door says against what the viewers say.
type table struct {
	documents, clean, all, none int
	groups                      map[string][]string // of disagreements
	refused                     map[string]int      // by cause
	repaired                    int
	own, library                []time.Duration
	slowest                     string
	most                        uint64
	heaviest                    string
}

func (t *table) add(path string, v verdict, d door) {
	if t.groups == nil {
		t.groups, t.refused = make(map[string][]string), make(map[string]int)
	}
	t.documents++
	accepted := d.cause == ""
	note := func(group string) { t.groups[group] = append(t.groups[group], path) }
	if v.clean() {
		t.clean++
	}
	if v.all() {
		t.all++
	}
	if v.none() {
		t.none++
	}
	switch {
	case !accepted && v.clean():
		note("1. refused, poppler and qpdf open it without a word")
	case !accepted && v.all():
		note("2. refused, the three open it")
	case accepted && v.none():
		note("3. accepted, none opens it")
	case accepted && v.clean() && d.pages != v.popplerPages:
		note("4. clean, another number of pages")
	case accepted && d.repaired && v.clean():
		note("5. repaired, poppler and qpdf say nothing")
	}
	if !accepted {
		t.refused[d.cause]++
	}
	if d.repaired {
		t.repaired++
	}
	if len(t.own) == 0 || d.time > slices.Max(t.own) {
		t.slowest = path
	}
	t.own, t.library = append(t.own, d.time), append(t.library, d.library)
	if d.allocated > t.most {
		t.most, t.heaviest = d.allocated, path
	}
}

func (t *table) print() {
	fmt.Printf("| documents | poppler and qpdf without a word | all three open | none opens | repaired |\n|---:|---:|---:|---:|---:|\n| %d | %d | %d | %d | %d |\n\n", t.documents, t.clean, t.all, t.none, t.repaired)
	fmt.Println("| group | documents |\n|---|---:|")
	for _, g := range slices.Sorted(maps.Keys(t.groups)) {
		fmt.Printf("| %s | %d |\n", g, len(t.groups[g]))
	}
	for _, c := range slices.Sorted(maps.Keys(t.refused)) {
		fmt.Printf("| refused with %s | %d |\n", c, t.refused[c])
	}
	fmt.Println("\n| reader | median | p95 | longest |\n|---|---:|---:|---:|")
	for _, r := range []struct {
		name  string
		times []time.Duration
	}{{"the door", t.own}, {"pdfcpu, read and validate", t.library}} {
		slices.SortFunc(r.times, cmp.Compare)
		if n := len(r.times); n > 0 {
			fmt.Printf("| %s | %v | %v | %v |\n", r.name, r.times[n/2], r.times[n*95/100], r.times[n-1])
		}
	}
	fmt.Printf("\nlongest: %s\nmost allocated: %d KB, %s\n", t.slowest, t.most>>10, t.heaviest)
	for _, g := range slices.Sorted(maps.Keys(t.groups)) {
		fmt.Printf("\n%s\n", g)
		for _, p := range t.groups[g] {
			fmt.Println("  ", p)
		}
	}
}
