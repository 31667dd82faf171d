package main

import (
	"runtime"
	"runtime/debug"
)

// The memory, in bytes, that commands try to stay below. What the environment
// sets, GOMEMLIMIT and GOGC, comes first.
const (
	softMemory = 192 << 20 // of those that plan volumes or list documents
	softCheck  = 88 << 20  // of a check, which keeps some sixty bytes a bulletin of a set and no garbage to speak of
	softServer = 160 << 20 // of a server: at rest it is far below, but two passwords at once take 128 MiB for an instant
)

// By how many per cent the heap may grow beyond what lives. It is collected for
// the first time at 4 MiB for each hundred: what stays below firstGrowth of
// that, as most payrolls do, never is.
const (
	firstGrowth = 800
	usualGrowth = 100
	listGrowth  = 400 // of a list, of which next to nothing lives
)

// bound has the collector work hard near limit, and from its first work on where
// the heap has grown by growth.
func (p *program) bound(limit int64, growth int) {
	if p.getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetMemoryLimit(limit)
	if p.getenv("GOGC") == "" {
		debug.SetGCPercent(firstGrowth)
		runtime.AddCleanup(new([64]byte), func(growth int) { debug.SetGCPercent(growth) }, growth)
	}
}

func (p *program) boundCheck()  { p.bound(softCheck, usualGrowth) }
func (p *program) boundServer() { p.bound(softServer, usualGrowth) }
func (p *program) boundList()   { p.bound(softMemory, listGrowth) }

// boundBooks is for books, one or many side by side: what lives is their
// buffers, so that a heap which grew further would be memory that is cold when
// it is used and taken from the system page by page.
func (p *program) boundBooks() { p.bound(softMemory, usualGrowth) }

// spareThread lets half as many threads run again as processors are used, while
// many employers are at work, each of which makes, renames and removes files: a
// thread that waits for the file system keeps its place among those that run,
// for up to 10 ms. More than that, and they take the processors from each other,
// and from the other workers of the machine.
func (p *program) spareThread(processors int) (restore func()) {
	if p.getenv("GOMAXPROCS") != "" {
		return func() {}
	}
	was := runtime.GOMAXPROCS(0)
	n := min(processors, was)
	runtime.GOMAXPROCS(n + (n+1)/2)
	return func() { runtime.GOMAXPROCS(was) }
}
