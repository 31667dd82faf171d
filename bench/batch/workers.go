package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"paye/bench/internal/machine"
)

// workers has two workers of one core each do a folder. What they made stays: a
// file system may take minutes to use again what was removed.
func (b *bench) workers(scratch string, pg *postgres, in string) (Run, error) {
	url, err := pg.database()
	if err != nil {
		return Run{}, err
	}
	before := pg.cpu()
	out, err := os.MkdirTemp(scratch, "out")
	if err != nil {
		return Run{}, err
	}
	var hands []*exec.Cmd
	for range 2 {
		at, err := freeAddress()
		if err != nil {
			return Run{}, err
		}
		w := exec.CommandContext(b.ctx, b.xhl, "worker", "-q", "--database", url, "--workers", "1", "--metrics", at)
		w.Env = append(os.Environ(), "XHL_STATE="+filepath.Join(scratch, "sw"))
		w.Stderr = os.Stderr
		if err := w.Start(); err != nil {
			return Run{}, err
		}
		hands = append(hands, w)
		if err := b.ready(at); err != nil {
			return Run{}, err
		}
	}
	m, err := machine.Run(b.command(filepath.Join(scratch, "sw"), "batch", "-q", "--database", url, "--steps", "build", "-o", out, in))
	r := run("", m, 0)
	for _, w := range hands {
		w.Process.Signal(syscall.SIGTERM)
		w.Wait()
		usage := w.ProcessState.SysUsage().(*syscall.Rusage)
		r.CPU += (w.ProcessState.UserTime() + w.ProcessState.SystemTime()).Seconds()
		r.RSS = max(r.RSS, usage.Maxrss<<10)
	}
	r.Database = pg.cpu() - before
	if err != nil {
		return r, fmt.Errorf("batch through workers: %w", err)
	}
	return r, nil
}

// freeAddress is one of this machine that nobody listens at.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ready waits until a worker takes jobs: they are services, which are there before
// the night begins.
func (b *bench) ready(at string) error {
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	for {
		ask, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at+"/readyz", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(ask); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("a worker is not ready: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
