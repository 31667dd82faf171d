package main

import (
	"io"
	"sync"
)

// output is standard output, every byte of which was asked for: the first write
// that fails is remembered, and the rest is not tried, so that what arrived is a
// beginning and nothing else.
type output struct {
	mu    sync.Mutex
	w     io.Writer
	fault error
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fault != nil {
		return 0, o.fault
	}
	n, err := o.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	o.fault = err
	return n, err
}

// failed returns the first error.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.fault
}
