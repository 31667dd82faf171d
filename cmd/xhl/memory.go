package main

import "runtime/debug"

// The memory, in bytes, that commands try to stay below. What the environment
// sets, GOMEMLIMIT and GOGC, comes first.
const (
	softMemory = 192 << 20 // of those that plan volumes or list documents
	softCheck  = 88 << 20  // of a check, which keeps some sixty bytes a bulletin of a set and no garbage to speak of
	softServer = 160 << 20 // of a server: at rest it is far below, but two passwords at once take 128 MiB for an instant
)

// heapGrowth is by how many per cent the heap of one book or one list may grow
// beyond what lives: reading PDFs makes a hundred times the garbage that stays.
const heapGrowth = 400

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

// boundMany is for many books side by side, which use each other's buffers: a
// heap that went up to the limit would be given back to the system and taken
// again all the time.
func (p *program) boundMany() { p.bound(softMemory) }

// boundMemory has the collector work seldom below softMemory: of a book, a plan
// keeps some tens of bytes a bulletin, and the rest is buffers that come and go;
// of a list, nothing stays.
func (p *program) boundMemory() {
	if p.bound(softMemory) && p.getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}
