package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Stream opens what path names, be it a file, a pipe or a device, and gives its
// bytes. Opening a pipe waits for its writer; that and every Read end with ctx,
// whose cause they then return. Where a device does not let itself be
// interrupted, a goroutine waits on for it.
func Stream(ctx context.Context, path string) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, notRegular(path, info)
	}
	if info.Mode().IsRegular() {
		return Open(path)
	}
	type result struct {
		f   *os.File
		err error
	}
	opened := make(chan result)
	go func() {
		f, err := os.Open(path)
		select {
		case opened <- result{f, err}:
		case <-ctx.Done():
			if f != nil {
				f.Close()
			}
		}
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case r := <-opened:
		if r.err != nil {
			return nil, fmt.Errorf("open %s: %w", path, r.err)
		}
		return Interruptible(ctx, r.f), nil
	}
}

// Interruptible gives the bytes of r; a Read ends with ctx and returns its cause.
// Close closes r. A Read of r that does not end when r is closed stays behind
// in a goroutine.
func Interruptible(ctx context.Context, r io.ReadCloser) io.ReadCloser {
	out, in := io.Pipe()
	s := &stream{PipeReader: out, source: r}
	go func() {
		_, err := io.CopyBuffer(struct{ io.Writer }{in}, struct{ io.Reader }{r}, make([]byte, block))
		if errors.Is(err, os.ErrClosed) && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		in.CloseWithError(err)
	}()
	s.stop = context.AfterFunc(ctx, func() {
		in.CloseWithError(context.Cause(ctx))
		s.shut()
	})
	return s
}

type stream struct {
	*io.PipeReader
	source io.ReadCloser
	once   sync.Once
	err    error
	stop   func() bool
}

func (s *stream) shut() { s.once.Do(func() { s.err = s.source.Close() }) }

// Close ends the stream.
func (s *stream) Close() error {
	s.stop()
	s.PipeReader.Close()
	s.shut()
	return s.err
}

// ReadAny reads whole what path names, be it a file, a pipe or a device, and
// gives the wait up with ctx; of more than max bytes it gives max+1.
func ReadAny(ctx context.Context, path string, max int64) ([]byte, error) {
	r, err := Stream(ctx, path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, max+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return data, nil
}
