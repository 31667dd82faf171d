package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postgres is a server of this measurement, that syncs as one in use.
type postgres struct {
	dir, bin string
	cmd      *exec.Cmd
	who      *syscall.SysProcAttr
	n        int
}

// startPostgres makes a server with initdb, as the user postgres when this is
// root.
func startPostgres(scratch string) (*postgres, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		return nil, errors.New("no PostgreSQL is installed")
	}
	p := &postgres{bin: filepath.Dir(found[len(found)-1])}
	var err error
	if p.dir, err = os.MkdirTemp("", "xhl-pg-"); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return nil, err
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		p.who = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		if err := os.Chown(p.dir, uid, gid); err != nil {
			return nil, err
		}
	}
	setup := p.command("initdb", "-D", p.dir+"/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions")
	if said, err := setup.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, said)
	}
	p.cmd = p.command("postgres", "-D", p.dir+"/data", "-k", p.dir, "-c", "listen_addresses=")
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for range 200 {
		if p.psql("select 1") == nil {
			return p, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.New("PostgreSQL does not answer")
}

func (p *postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.SysProcAttr = p.dir, p.who
	return cmd
}

func (p *postgres) psql(statement string) error {
	return p.command("psql", "-q", "-h", p.dir, "-U", "postgres", "-d", "postgres", "-c", statement).Run()
}

// database makes a database and returns its URL.
func (p *postgres) database() (string, error) {
	p.n++
	name := fmt.Sprintf("bench%d", p.n)
	return fmt.Sprintf("postgres:///%s?host=%s&user=postgres", name, p.dir), p.psql("create database " + name)
}

// cpu is what the server and its processes have taken, in seconds: those that
// live, and those that the first one waited for.
func (p *postgres) cpu() float64 {
	const hertz = 100
	total := 0.0
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		_, rest, ok := bytes.Cut(text, []byte(") "))
		fields := strings.Fields(string(rest))
		if !ok || len(fields) < 15 {
			continue
		}
		pid := filepath.Base(filepath.Dir(path))
		first := pid == strconv.Itoa(p.cmd.Process.Pid)
		if !first && fields[1] != strconv.Itoa(p.cmd.Process.Pid) {
			continue
		}
		count := 13 // utime and stime
		if first {
			count = 15 // and those of the children that ended
		}
		for _, field := range fields[11:count] {
			ticks, _ := strconv.ParseFloat(field, 64)
			total += ticks / hertz
		}
	}
	return total
}

func (p *postgres) stop() {
	p.cmd.Process.Signal(os.Interrupt)
	p.cmd.Wait()
	os.RemoveAll(p.dir)
}
