package main

import (
	"bufio"
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// output is standard output, every byte of which was asked for: the first write
// that fails is remembered, and the rest is not tried, so that what arrived is a
// beginning and nothing else.
type output struct {
	mu    sync.Mutex
	w     io.Writer
	long  *bufio.Writer // over w, while a list is written
	fault error
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fault != nil {
		return 0, o.fault
	}
	w := o.w
	if o.long != nil {
		w = o.long
	}
	n, err := w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	o.fault = err
	return n, err
}

// list lets what f writes go out in large pieces, its last one before list returns;
// on a terminal, line by line.
func (o *output) list(f func() error) error {
	if file, ok := o.w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return f()
	}
	o.mu.Lock()
	o.long = bufio.NewWriterSize(o.w, 64<<10)
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if err := o.long.Flush(); o.fault == nil {
			o.fault = err
		}
		o.long = nil
	}()
	return f()
}

// failed returns the first error.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.fault
}
