package main

import "runtime/debug"

// softMemory is the memory, in bytes, that the commands which plan volumes or list
// documents try to stay below. As long as they do, the heap may grow to heapGrowth per cent
// beyond what lives: reading PDFs makes a hundred times the garbage that stays.
const (
	softMemory = 192 << 20
	heapGrowth = 400
)

// softCheck is the same for a check, which keeps some sixty bytes a bulletin of
// a set and no garbage to speak of.
const softCheck = 88 << 20

// boundCheck has the collector work hard near softCheck only.
func (p *program) boundCheck() {
	if p.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softCheck)
	}
}

// softServer is the same for a server. It is at rest far below it, but two
// passwords at once take 128 MiB for an instant.
const softServer = 160 << 20

// boundServer has the collector work hard near softServer.
func (p *program) boundServer() {
	if p.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softServer)
	}
}

// boundMemory has the collector work seldom below softMemory and hard near it:
// of a book, a plan keeps some tens of bytes a bulletin, and the rest is buffers
// that come and go; of a list, nothing stays. It yields to GOMEMLIMIT and GOGC.
func (p *program) boundMemory() {
	if p.getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetMemoryLimit(softMemory)
	if p.getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}
