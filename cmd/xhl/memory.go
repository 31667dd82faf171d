package main

import "runtime/debug"

// The memory, in bytes, that commands try to stay below. What the environment
// sets, GOMEMLIMIT and GOGC, comes first.
const (
	softMemory = 192 << 20 // of those that plan volumes or list documents
	softCheck  = 88 << 20  // of a check, which keeps some sixty bytes a bulletin of a set and no garbage to speak of
	softServer = 160 << 20 // of a server: at rest it is far below, but two passwords at once take 128 MiB for an instant
)

// listGrowth is by how many per cent the heap of a list may grow beyond what
// lives, which is next to nothing.
const listGrowth = 400

// bound has the collector work hard near limit, and reports whether it does.
func (p *program) bound(limit int64) bool {
	if p.getenv("GOMEMLIMIT") != "" {
		return false
	}
	debug.SetMemoryLimit(limit)
	return true
}

func (p *program) boundCheck()  { p.bound(softCheck) }
func (p *program) boundServer() { p.bound(softServer) }

// boundBooks is for books, one or many side by side: what lives is their
// buffers, so that a heap which grew further would be memory that is cold when
// it is used and taken from the system page by page.
func (p *program) boundBooks() { p.bound(softMemory) }

// boundList has the collector work seldom, as nothing stays of a list.
func (p *program) boundList() {
	if p.bound(softMemory) && p.getenv("GOGC") == "" {
		debug.SetGCPercent(listGrowth)
	}
}
