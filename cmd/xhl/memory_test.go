package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestTheSoftLimitOfMemoryYieldsToTheEnvironment(t *testing.T) {
	was := debug.SetMemoryLimit(-1)
	growth := debug.SetGCPercent(usualGrowth)
	defer func() {
		debug.SetMemoryLimit(was)
		debug.SetGCPercent(growth)
	}()
	for _, tc := range []struct {
		name, env string
		bound     func(*program)
		want      int64
	}{
		{"set", "1GiB", (*program).boundList, 1 << 30},
		{"not set", "", (*program).boundList, softMemory},
		{"not set, of books", "", (*program).boundBooks, softMemory},
		{"set, of a server", "1GiB", (*program).boundServer, 1 << 30},
		{"not set, of a server", "", (*program).boundServer, softServer},
	} {
		debug.SetMemoryLimit(1 << 30) // what the runtime made of the environment
		p := &program{getenv: func(name string) string { return map[string]string{"GOMEMLIMIT": tc.env}[name] }}
		tc.bound(p)
		if got := debug.SetMemoryLimit(-1); got != tc.want {
			t.Errorf("%s: the limit is %d, want %d", tc.name, got, tc.want)
		}
	}
}

func TestTheHeapGrowsAsUsualFromItsFirstCollectionOn(t *testing.T) {
	limit, growth := debug.SetMemoryLimit(-1), debug.SetGCPercent(usualGrowth)
	defer func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(growth)
	}()
	p := &program{getenv: func(string) string { return "" }}
	p.boundList()
	if got := debug.SetGCPercent(firstGrowth); got != firstGrowth {
		t.Fatalf("it may grow by %d %% at first, want %d", got, firstGrowth)
	}
	for range 100 { // the collector says when it is done, its cleanups run afterwards
		runtime.GC()
		runtime.Gosched()
		if got := debug.SetGCPercent(firstGrowth); got == listGrowth {
			return
		}
	}
	t.Errorf("it may still grow by %d %%", firstGrowth)
}

func TestThreadsAreThoseOfTheProcessorsThatAreUsed(t *testing.T) {
	was := runtime.GOMAXPROCS(8)
	defer runtime.GOMAXPROCS(was)
	for _, tc := range []struct {
		env              string
		processors, want int
	}{{"", 1, 2}, {"", 4, 6}, {"", 8, 12}, {"", 64, 12}, {"8", 1, 8}} {
		p := &program{getenv: func(string) string { return tc.env }}
		restore := p.spareThread(tc.processors)
		if got := runtime.GOMAXPROCS(0); got != tc.want {
			t.Errorf("GOMAXPROCS=%q, %d processors: %d threads, want %d", tc.env, tc.processors, got, tc.want)
		}
		if restore(); runtime.GOMAXPROCS(0) != 8 {
			t.Fatal("the threads are not those of before")
		}
	}
}
