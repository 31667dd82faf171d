//go:build unix

package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// errAbsent says why there is no PostgreSQL here.
var errAbsent = errors.New("no PostgreSQL server is installed (Debian: postgresql)")

// start starts the cluster once a process.
var start = sync.OnceValues(newCluster)

var made atomic.Int64

// Database returns the URL of a new, empty database of the cluster, for pgx.
// It skips the test when there is no PostgreSQL.
func Database(t testing.TB) string {
	c := running(t)
	name := fmt.Sprintf("t%d", made.Add(1))
	c.exec(t, "create database "+name)
	return address(c.dir, name, "")
}

// Schema returns the URL of a new, empty schema, which is made faster than a
// database. It skips the test when there is no PostgreSQL.
func Schema(t testing.TB) string {
	c := running(t)
	name := fmt.Sprintf("t%d", made.Add(1))
	c.exec(t, "create schema "+name)
	return address(c.dir, "postgres", name)
}

func running(t testing.TB) *cluster {
	t.Helper()
	c, err := start()
	if errors.Is(err, errAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cluster) exec(t testing.TB, statement string) {
	t.Helper()
	if _, err := c.admin.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func address(dir, name, schema string) string {
	q := url.Values{"host": {dir}, "user": {"postgres"}}
	if schema != "" {
		q.Set("search_path", schema)
	}
	return "postgres:///" + name + "?" + q.Encode()
}

// server runs the cluster until its standard input ends, which it does with
// the test process, however that ends; then it stops it and removes it.
const server = `
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=200 >"$2/log" 2>&1 &
cat >/dev/null
kill -INT $!
wait
rm -rf "$2"`

// cluster is a server that runs.
type cluster struct {
	dir   string
	alive io.Closer // the standard input of its shell
	admin *sql.DB
}

// newCluster makes and starts a cluster, and returns once it takes
// connections.
func newCluster() (*cluster, error) {
	programs, err := bin()
	if err != nil {
		return nil, err
	}
	who, err := owner()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Credential.Uid), int(who.Credential.Gid)); err != nil {
			return nil, err
		}
	}
	setup := exec.Command(filepath.Join(programs, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	setup.Dir, setup.SysProcAttr = dir, who
	if out, err := setup.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	run := exec.Command("sh", "-c", server, "sh", programs, dir)
	run.Dir, run.SysProcAttr = dir, &syscall.SysProcAttr{Setpgid: true} // an interrupt of the tests is not for it
	if who != nil {
		run.SysProcAttr.Credential = who.Credential
	}
	alive, err := run.StdinPipe() // closes with this process
	if err != nil {
		return nil, err
	}
	if err := run.Start(); err != nil {
		return nil, err
	}
	db, err := ready(dir)
	return &cluster{dir, alive, db}, err
}

// ready waits until the server answers.
func ready(dir string) (*sql.DB, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := sql.Open("pgx", address(dir, "postgres", ""))
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if err = db.PingContext(ctx); err == nil {
			return db, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			said, _ := os.ReadFile(filepath.Join(dir, "log"))
			return nil, fmt.Errorf("start PostgreSQL: %w: %s", err, said)
		}
	}
}

// bin is the folder of the server's programs: the newest that Debian has, else
// that of the initdb on the PATH.
func bin() (string, error) {
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
		return filepath.Dir(newest), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errAbsent
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return filepath.Dir(path), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// owner is who the server runs as, nil for who runs the tests.
func owner() (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errAbsent
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, errors.Join(err1, err2)
}
