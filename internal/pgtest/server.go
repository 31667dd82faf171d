//go:build unix

package pgtest

import (
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Server is a server of a test's own, which can be taken away and come back.
type Server struct {
	t   testing.TB
	c   *cluster
	bin string
	who *syscall.SysProcAttr
}

// NewServer starts a server. It skips the test when there is no PostgreSQL.
func NewServer(t testing.TB) *Server {
	t.Helper()
	c, err := newCluster()
	if errors.Is(err, errAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, c: c}
	t.Cleanup(func() {
		s.c.admin.Close()
		s.c.alive.Close()
	})
	if s.bin, err = bin(); err == nil {
		s.who, err = owner()
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// URL is that of the database of the server, by its socket.
func (s *Server) URL() string { return address(s.c.dir, "postgres", "") }

// Dir is the folder of its socket.
func (s *Server) Dir() string { return s.c.dir }

// Admin is a connection that comes back with the server.
func (s *Server) Admin() *sql.DB { return s.c.admin }

// Crash ends the server at once, as a power cut would, without removing it.
func (s *Server) Crash() {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.c.dir, "data", "postmaster.pid"))
	if err != nil {
		s.t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGQUIT)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if _, err := os.Stat(filepath.Join(s.c.dir, "data", "postmaster.pid")); errors.Is(err, fs.ErrNotExist) {
			return // its children are gone too
		}
	}
}

// Start starts the server again after Crash.
func (s *Server) Start() {
	s.t.Helper()
	run := exec.Command("sh", "-c", server, "sh", s.bin, s.c.dir)
	run.Dir, run.SysProcAttr = s.c.dir, &syscall.SysProcAttr{Setpgid: true}
	if s.who != nil {
		run.SysProcAttr.Credential = s.who.Credential
	}
	alive, err := run.StdinPipe()
	if err == nil {
		err = run.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.c.alive = both{s.c.alive, alive}
	db, err := ready(s.c.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	db.Close()
}

// both is the life of the first server, whose shell removes the folder, and of
// the one that came after it.
type both struct{ first, second io.Closer }

// Close ends the second server before the first shell removes everything.
func (b both) Close() error { return errors.Join(b.second.Close(), b.first.Close()) }
