package main

import "runtime/debug"

// softMemory is the memory, in bytes, that the commands which plan volumes try
// to stay below.
const softMemory = 192 << 20

// boundMemory has the collector work harder near softMemory instead of letting
// the heap double: of a book, a plan keeps some tens of bytes a bulletin, and the
// rest is buffers that come and go. It yields to GOMEMLIMIT.
func (p *program) boundMemory() {
	if p.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
}
