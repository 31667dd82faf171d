package batch

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Arrivals are what stands in a watched folder, and since when it has not
// changed: what is still being copied is left alone.
type Arrivals struct {
	Dir    string
	Settle time.Duration // unchanged for so long, it has arrived
	Except string        // a folder below Dir that is ours

	seen map[string]sight
}

// sight is how something was seen.
type sight struct {
	print fingerprint
	since time.Time
}

// fingerprint changes with what is written into a file or a folder, as far as
// names, sizes and times tell.
type fingerprint struct {
	files   int
	octets  int64
	changed time.Time
}

// Arrival is a file, or the folder of a run, that has arrived.
type Arrival struct {
	Name string // in the folder
	Path string
	fingerprint
}

// maxArrivals bounds a watched folder.
const maxArrivals = 100_000

// Look lists what has arrived at a time, in the order of the names, and says when
// to look again for what is on its way: 0 when nothing is.
func (a *Arrivals) Look(now time.Time) (list []Arrival, again time.Duration, err error) {
	entries, err := os.ReadDir(a.Dir)
	if err != nil || len(entries) > maxArrivals {
		return nil, 0, Codes.New(WatchUnreadable, a.Dir)
	}
	seen := make(map[string]sight, len(entries))
	for _, e := range entries {
		path := filepath.Join(a.Dir, e.Name())
		if path == a.Except || !takes(path, e) {
			continue
		}
		print := printOf(path)
		if print == (fingerprint{}) {
			continue // taken away meanwhile
		}
		s, known := a.seen[e.Name()]
		if !known || s.print != print {
			s = sight{print, now}
		}
		seen[e.Name()] = s
		if wait := a.Settle - now.Sub(s.since); wait > 0 {
			if again == 0 || wait < again {
				again = wait
			}
			continue
		}
		list = append(list, Arrival{e.Name(), path, print})
	}
	a.seen = seen
	return list, again, nil
}

// kinds are the endings of what is taken; those of copies on their way are not
// among them.
var kinds = []string{".xhl", ".xml", ".zip", ".gz", ".jsonl"}

// takes reports whether something in the folder is for this program.
func takes(path string, e os.DirEntry) bool {
	name := e.Name()
	if strings.HasPrefix(name, ".") || strings.Contains(name, verdictMark) {
		return false
	}
	if e.IsDir() {
		found, err := inside(path)
		return len(found) > 0 || errors.Is(err, fs.ErrPermission)
	}
	return e.Type().IsRegular() && slices.Contains(kinds, strings.ToLower(filepath.Ext(name)))
}

func printOf(path string) (p fingerprint) {
	walk(path, func(_, _ string, info fs.FileInfo) error {
		if info == nil {
			return nil // who works on it says why
		}
		if info.Mode().IsRegular() {
			p.files++
			p.octets += info.Size()
		}
		if t := info.ModTime(); t.After(p.changed) {
			p.changed = t
		}
		return nil
	})
	return p
}
