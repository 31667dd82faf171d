package sync

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"paye/hr"
	"paye/internal/durable"
)

// staging is the pages of one run on the disk: a header, then a page a line,
// each synced before the next is asked for. It holds personal values and goes
// away with the run.
type staging struct {
	path   string
	f      *os.File
	head   stagingHead
	next   int // offset of the next page
	done   bool
	seen   map[string]bool // identifiers
	resume bool            // something was there
}

// stagingHead says what the pages belong to.
type stagingHead struct {
	Run     string                       `json:"run"`
	Mapping string                       `json:"mapping"`
	Source  string                       `json:"source"`
	Start   time.Time                    `json:"start"`
	Lists   map[string]map[string]string `json:"lists"`
	Total   int                          `json:"total"` // of the first page; -1 when the source does not say
	File    string                       `json:"file,omitempty"`
	Sheet   string                       `json:"sheet,omitempty"` // as a page has them
}

// stagingPage is one line.
type stagingPage struct {
	Records []hr.Record `json:"records"`
	Last    bool        `json:"last"`
}

// stale is how old a staging may be to be resumed.
const stale = 24 * time.Hour

const stagingName = "lecture.jsonl"

// reopen continues the staging of a run that was killed; nil when there is none
// for this mapping and source, or it is too old.
func reopen(dir, mapping, source string, now time.Time) (*staging, error) {
	path := filepath.Join(dir, stagingName)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the staging: %w", err)
	}
	s := &staging{path: path, f: f, seen: make(map[string]bool), resume: true}
	if end := s.scan(); end < 0 || s.head.Mapping != mapping || s.head.Source != source || now.Sub(s.head.Start) > stale {
		return nil, s.drop()
	} else if err := f.Truncate(end); err != nil {
		return nil, errors.Join(fmt.Errorf("cut the staging: %w", err), f.Close())
	} else if _, err := f.Seek(end, io.SeekStart); err != nil {
		return nil, errors.Join(fmt.Errorf("continue the staging: %w", err), f.Close())
	}
	return s, nil
}

// scan reads what is there and returns where the last whole line ends, -1 when
// there is nothing to continue.
func (s *staging) scan() (end int64) {
	end = -1
	err := s.lines(func(n int, line []byte) error {
		if n == 0 {
			if err := json.Unmarshal(line, &s.head); err != nil {
				return err
			}
		} else {
			var p stagingPage
			if err := json.Unmarshal(line, &p); err != nil {
				return err
			}
			s.next += len(p.Records)
			s.done = p.Last
			for _, r := range p.Records {
				s.seen[r.ID] = true
			}
		}
		end = max(end, 0) + int64(len(line))
		return nil
	})
	if err != nil && end < 0 {
		return -1
	}
	return end
}

// lines gives each whole line, with its end.
func (s *staging) lines(f func(n int, line []byte) error) error {
	if _, err := s.f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the staging: %w", err)
	}
	r := bufio.NewReaderSize(s.f, 1<<16)
	for n := 0; ; n++ {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			return nil // a line without its end was being written
		}
		if err != nil {
			return fmt.Errorf("read the staging: %w", err)
		}
		if err := f(n, line); err != nil {
			return err
		}
	}
}

// create starts a staging.
func create(dir string, head stagingHead) (*staging, error) {
	path := filepath.Join(dir, stagingName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the staging: %w", err)
	}
	s := &staging{path: path, f: f, head: head, seen: make(map[string]bool)}
	if err := s.write(head); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

func (s *staging) write(v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write the staging: %w", err)
	}
	if _, err := s.f.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write the staging: %w", err)
	}
	if err := s.f.Sync(); err != nil {
		return fmt.Errorf("sync the staging: %w", err)
	}
	return nil
}

// drop removes the staging.
func (s *staging) drop() error {
	s.f.Close()
	if err := durable.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the staging: %w", err)
	}
	return nil
}

// restarts is how often a reading may start again because the source moved.
const restarts = 3

// errMoved is a source that is no longer what it was at the first page.
var errMoved = errors.New("the source changed while it was read")

// read brings the staging to its last page.
func (s *staging) read(ctx context.Context, src hr.Source, paths []string, w Watch) error {
	for !s.done {
		page, err := src.Users(ctx, s.next, paths)
		if err != nil {
			return err
		}
		if page.Total != s.head.Total {
			return errMoved
		}
		for _, r := range page.Records {
			if s.seen[r.ID] {
				return errMoved
			}
			s.seen[r.ID] = true
		}
		if err := s.write(stagingPage{page.Records, page.Last}); err != nil {
			return err
		}
		s.next += len(page.Records)
		s.done = page.Last
		w.read(s.next, s.head.Total)
	}
	return nil
}

// records gives every record.
func (s *staging) records(f func(*hr.Record)) error {
	return s.lines(func(n int, line []byte) error {
		if n == 0 {
			return nil
		}
		var p stagingPage
		if err := json.Unmarshal(line, &p); err != nil {
			return fmt.Errorf("read the staging: %w", err)
		}
		for i := range p.Records {
			f(&p.Records[i])
		}
		return nil
	})
}
