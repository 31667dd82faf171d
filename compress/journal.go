package compress

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/input"
)

// Container is what a journal comes in.
type Container uint8

const (
	Plain Container = iota
	Gzip
	Zip
)

func (c Container) String() string {
	switch c {
	case Plain:
		return "plain"
	case Gzip:
		return "gzip"
	case Zip:
		return "zip"
	}
	return fmt.Sprintf("container(%d)", uint8(c))
}

// Journal gives the bytes of an XHL file, whatever it came in. Whether they
// are XHL is for the reader of journals to say.
type Journal struct {
	Container Container
	Name      string // of the XHL file: the entry of the zip, the name in the gzip, else that of the path
	Raw       int64  // bytes that will be read; -1 when unknown, in a gzip

	r       io.Reader
	file    *input.File
	archive io.ReaderAt // the zip, nil without one
	length  int64       // of archive
	scratch *os.File    // the zip that was in a gzip
}

// Archive is the zip that the journal came in, and its length in bytes; nil
// when it did not. It can be read until Close.
func (j *Journal) Archive() (io.ReaderAt, int64) { return j.archive, j.length }

// OpenJournal opens the journal at path, which is plain, gzipped, or in a zip
// archive, as its first bytes say. An archive must hold exactly one journal,
// at any depth: one file .xhl, or, when there is no .xhl, one .xml. The
// pieces, below a folder PJ, and the shadow files of macOS are not looked at.
//
// A path of anything but a regular file is an anomaly, and nothing is waited for.
// A fault of the container is an anomaly with Fichier set to path, from here
// or from Read; io.EOF means that the content has been checked whole.
func OpenJournal(path string, limits Limits) (*Journal, error) {
	f, err := input.Open(path)
	if err != nil {
		return nil, inFile(path, fmt.Errorf("open journal: %w", err))
	}
	j := &Journal{file: f}
	if err := j.sniff(path, limits.withDefaults()); err != nil {
		j.Close()
		return nil, inFile(path, err)
	}
	return j, nil
}

func (j *Journal) Read(p []byte) (int, error) {
	n, err := j.r.Read(p)
	if err != nil && err != io.EOF {
		err = inFile(j.file.Name(), err)
	}
	return n, err
}

// Again gives the bytes of the journal again; nil of one that came in a container.
func (j *Journal) Again() *Again {
	if j.Container != Plain {
		return nil
	}
	return &Again{j.file}
}

// Again is a journal that can be read at any place, by several goroutines at
// once, until it is closed.
type Again struct{ file *input.File }

// ReadAt is that of an io.ReaderAt.
func (a *Again) ReadAt(p []byte, off int64) (int, error) { return a.file.ReadAt(p, off) }

// Changed is the anomaly of a journal that is no longer what was read.
func (a *Again) Changed() error {
	return input.Codes.New(input.Changed, a.file.Name()).At(a.file.Name(), -1, 0)
}

// Held returns an anomaly when the file changed while it was read: see
// [input.File.Held].
func (j *Journal) Held() error { return j.file.Held() }

// Close closes the file. It says nothing of what has not been read.
func (j *Journal) Close() error {
	if j.scratch != nil {
		j.scratch.Close()
		os.Remove(j.scratch.Name())
	}
	return j.file.Close()
}

func (j *Journal) sniff(name string, limits Limits) error {
	size := j.file.Info().Size()
	var magic [4]byte
	n, err := j.file.ReadAt(magic[:], 0)
	if err != nil && err != io.EOF {
		return fmt.Errorf("open journal: %w", err)
	}
	switch start := string(magic[:n]); {
	case strings.HasPrefix(start, "\x1f\x8b"):
		return j.gzip(name, limits)
	case isZip(start):
		return j.zip(j.file, size, limits)
	}
	j.Name, j.Raw, j.r = filepath.Base(name), size, j.file
	return nil
}

func (j *Journal) gzip(name string, limits Limits) error {
	g, err := NewGunzipFile(j.file, limits)
	if err != nil {
		return err
	}
	content := bufio.NewReaderSize(g, 4<<10)
	if magic, _ := content.Peek(4); isZip(string(magic)) {
		return j.zipInside(content, limits)
	}
	j.Container, j.Raw, j.r = Gzip, -1, content
	j.Name = path.Base(strings.ReplaceAll(g.Name(), `\`, "/"))
	if g.Name() == "" {
		j.Name = strings.TrimSuffix(filepath.Base(name), ".gz")
	}
	return nil
}

// isZip knows an archive by its first bytes. PK00 is written by a program that
// was ready to split it and did not come to it.
func isZip(magic string) bool {
	return magic == "PK00" || magic == "PK\x03\x04" || magic == "PK\x05\x06" || magic == "PK\x06\x06" || magic == "PK\x07\x08"
}

// zipInside unpacks a zip that was compressed again, to a file of its own: the
// directory is at its end.
func (j *Journal) zipInside(content io.Reader, limits Limits) error {
	f, err := os.CreateTemp("", "xhl-zip-*")
	if err != nil {
		return fmt.Errorf("unpack the zip in the gzip: %w", err)
	}
	j.scratch = f
	os.Remove(f.Name()) // where a file can be removed while it is open
	length, err := io.Copy(f, content)
	if err != nil {
		return err
	}
	return j.zip(f, length, limits)
}

func (j *Journal) zip(r io.ReaderAt, length int64, limits Limits) error {
	entries, err := readDirectory(r, length, limits)
	if err != nil {
		return err
	}
	e, err := journalOf(entries)
	if err != nil {
		return err
	}
	j.Container, j.Name, j.Raw = Zip, e.name(), e.raw
	j.archive, j.length = r, length
	j.r, err = openEntry(r, e, limits)
	return err
}

// journalOf finds the one journal among the entries of an archive.
func journalOf(entries []*zipHeader) (*zipHeader, error) {
	found := map[string][]*zipHeader{}
	for _, e := range entries {
		if !besideTheJournal(e.rawName) {
			ext := strings.ToLower(path.Ext(e.rawName))
			found[ext] = append(found[ext], e)
		}
	}
	candidates := found[".xhl"]
	if len(candidates) == 0 {
		candidates = found[".xml"]
	}
	switch len(candidates) {
	case 0:
		return nil, Codes.New(SansJournal)
	case 1:
		return candidates[0], nil
	}
	return nil, candidates[1].fault(DeuxJournaux, candidates[1].offset, len(candidates))
}

func besideTheJournal(name string) bool {
	folders := strings.Split(name, "/")
	for _, folder := range folders[:len(folders)-1] {
		if strings.EqualFold(folder, "PJ") || folder == "__MACOSX" {
			return true
		}
	}
	return false
}

// inFile sets the file of an anomaly that has none, and leaves other errors.
func inFile(path string, err error) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Fichier == "" {
		a.Fichier = path
	}
	return err
}
