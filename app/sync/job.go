package sync

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"paye/due"
	"paye/hr"
	"paye/hr/folder"
	"paye/hr/lucca"
	"paye/internal/durable"
	"paye/internal/input"
	"paye/internal/ledger"
)

// Options is what a Job is opened with. Mapping, State, Ledger, Clock and Random
// are needed.
type Options struct {
	Mapping      string // path of mapping.yaml
	State        string // the state folder: the lock and what is being read
	Ledger       string // the state folder, or the URL of the ledger
	User         string // who acts
	Key          string // of the source; else its key file
	MailPassword string
	Clock        hr.Clock
	Random       io.Reader
	Host         string // told to who finds the lock taken
}

// Job is an open synchronisation. It is not for concurrent use.
type Job struct {
	Mapping *hr.Mapping

	o      Options
	base   string // folder of the mapping file
	zone   *time.Location
	ledger *ledger.Ledger
	store  *hr.Store
	source hr.Source
}

// Open reads the settings, opens the memory and prepares the source; nothing is
// asked of the source yet. The caller calls Close.
func Open(ctx context.Context, o Options) (*Job, error) {
	j, err := OpenMemory(ctx, o)
	if err != nil {
		return nil, err
	}
	if j.source, err = j.newSource(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// OpenMemory is Open for what needs no source, hence no key: the recap, the
// import of a batch, and what the memory feeds.
func OpenMemory(ctx context.Context, o Options) (*Job, error) {
	m, err := readMapping(o.Mapping)
	if err != nil {
		return nil, err
	}
	j, err := prepare(o, m)
	if err != nil {
		return nil, err
	}
	name, err := j.sourceName()
	if err != nil {
		return nil, err
	}
	schema, err := hr.Schema()
	if err != nil {
		return nil, err
	}
	if j.ledger, err = ledger.Open(ctx, o.Ledger, o.Clock.Now, schema); err != nil {
		return nil, err
	}
	j.store = hr.NewStore(j.ledger, m.Employeur, name)
	return j, nil
}

// prepare is Open without memory and source.
func prepare(o Options, m *hr.Mapping) (*Job, error) {
	j := &Job{Mapping: m, o: o, base: filepath.Dir(o.Mapping)}
	var err error
	j.zone, err = due.Paris()
	return j, err
}

// sourceName is the name under which links are remembered.
func (j *Job) sourceName() (string, error) {
	s := j.Mapping.Source
	if s.Type == "folder" {
		return folder.New(j.path(s.Folder), filepath.Base(s.Folder)).Name(), nil
	}
	return lucca.Name(s.URL, s.Hosts, s.Private)
}

// Close closes the memory.
func (j *Job) Close() error { return j.ledger.Close() }

// Today is the civil date in Paris.
func (j *Job) Today() hr.Date { return hr.DateOf(j.o.Clock.Now().In(j.zone)) }

func readMapping(path string) (*hr.Mapping, error) {
	text, err := input.ReadFile(path, 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hr.Codes.New("RH-101").At(path, -1, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return hr.ReadMapping(strings.NewReader(string(text)), path)
}

// path is a path of the settings, relative to their file.
func (j *Job) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(j.base, p)
}

func (j *Job) newSource() (hr.Source, error) {
	s := j.Mapping.Source
	if s.Type == "folder" {
		return folder.New(j.path(s.Folder), filepath.Base(s.Folder)), nil
	}
	key, err := j.key()
	if err != nil {
		return nil, err
	}
	roots, err := j.roots()
	if err != nil {
		return nil, err
	}
	return lucca.New(lucca.Options{URL: s.URL, Key: key, Hosts: s.Hosts, Private: s.Private, Roots: roots, Contracts: s.Contracts, Clock: j.o.Clock, Today: j.Today()})
}

// key is that of the environment, else of the key file, which nobody else may
// read.
func (j *Job) key() (string, error) {
	if j.o.Key != "" {
		return j.o.Key, nil
	}
	path := j.path(j.Mapping.Source.KeyFile)
	if path == "" {
		return "", hr.Codes.New("RH-105")
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read the key file: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", hr.Codes.New("RH-106").At(path, -1, 0)
	}
	text, err := input.ReadFile(path, 4096)
	if err != nil {
		return "", fmt.Errorf("read the key file: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// roots are the authorities of the source, nil for those of the system.
func (j *Job) roots() (*x509.CertPool, error) {
	path := j.path(j.Mapping.Source.Authority)
	if path == "" {
		return nil, nil
	}
	text, err := input.ReadFile(path, 1<<20)
	if err != nil {
		return nil, fmt.Errorf("read the authority of the source: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, hr.Codes.New("RH-103", "source.authority", "PEM").At(path, -1, 0)
	}
	return pool, nil
}

// folder is where the files of the employer's synchronisation are.
func (j *Job) folder() (string, error) {
	dir := filepath.Join(j.o.State, "hr", j.Mapping.Employeur)
	if err := durable.MkdirAll(dir); err != nil {
		return "", fmt.Errorf("make the folder of the synchronisation: %w", err)
	}
	return dir, nil
}
