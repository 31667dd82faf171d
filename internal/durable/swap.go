package durable

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// journal says what a swap does, so that whoever comes next can do the rest.
type journal struct {
	Version int      `json:"version"`
	Put     []staged `json:"put"`
	Drop    []string `json:"drop,omitempty"`
	Last    string   `json:"last,omitempty"`
	Note    []byte   `json:"note,omitempty"`
}

const journalVersion = 1

// staged is a file that waits under its number for its name.
type staged struct {
	N    int    `json:"n"`
	Name string `json:"name"` // with slashes, below the folder
}

// swap puts the files of a delivery in place of former ones. Each of its moves
// is done or not as the folder shows, so that it can be begun again anywhere.
type swap struct {
	journal
	dir   string
	moves []move // made by this process
}

type move struct{ from, to string }

// readSwap reads the swap that a former process left in dir; nil when there is
// none.
func readSwap(dir string) (*swap, error) {
	path := filepath.Join(dir, stageName, journalName)
	if err := replaceable(path); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the journal of a delivery: %w", err)
	}
	s := &swap{dir: dir}
	if err := json.Unmarshal(text, &s.journal); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if s.Version != journalVersion {
		return nil, fmt.Errorf("read %s: it is of version %d, and this program knows %d", path, s.Version, journalVersion)
	}
	return s, s.check(nil)
}

// names refuses names that lead out of the folder, whoever wrote them.
func (s *swap) names() ([]string, error) {
	names := slices.Clone(s.Drop)
	for _, p := range s.Put {
		if p.N < 0 {
			return nil, fmt.Errorf("delivery: file number %d", p.N)
		}
		names = append(names, p.Name)
	}
	for _, name := range names {
		if !ours(name) {
			return nil, fmt.Errorf("delivery: %q is no name of a file below the folder", name)
		}
	}
	return names, nil
}

// check refuses, beside names that lead elsewhere, targets that are no regular
// files or are inputs.
func (s *swap) check(inputs *Inputs) error {
	names, err := s.names()
	if err != nil {
		return err
	}
	folders := make(map[string]bool)
	for _, name := range names {
		target := s.target(name)
		if err := s.folder(filepath.Dir(target), folders); err != nil {
			return err
		}
		if err := replaceable(target); err != nil {
			return err
		}
		if err := inputs.Spares(target); err != nil {
			return err
		}
	}
	return nil
}

// folder refuses a folder between that of the delivery and a file that is
// something else, such as a link that leads elsewhere.
func (s *swap) folder(dir string, known map[string]bool) error {
	if rel, err := filepath.Rel(s.dir, dir); err != nil || rel == "." || known[dir] {
		return err
	}
	known[dir] = true
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", dir, err)
	}
	if !info.IsDir() {
		return Codes.New(NotRegular, dir)
	}
	return s.folder(filepath.Dir(dir), known)
}

func (s *swap) target(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// draft writes the journal under a name at which nobody looks.
func (s *swap) draft() (*os.File, error) {
	text, err := json.Marshal(&s.journal)
	if err != nil {
		return nil, err
	}
	f, err := create(filepath.Join(s.dir, stageName, journalName+".new"))
	if err != nil {
		return nil, fmt.Errorf("write the journal of the delivery: %w", err)
	}
	if err = step(OpWrite, f.Name()); err == nil {
		_, err = f.Write(append(text, '\n'))
	}
	if err != nil {
		discard(f)
		return nil, fmt.Errorf("write the journal of the delivery: %w", err)
	}
	return f, nil
}

// sign gives the journal its name, durably.
func (s *swap) sign(draft string) error {
	stage := filepath.Join(s.dir, stageName)
	path := filepath.Join(stage, journalName)
	if err := Rename(draft, path); err != nil {
		return err
	}
	err := settle(nil, stage)
	if err != nil {
		Remove(path)
	}
	return err
}

// forward makes the moves that are still to be made: the former files out, the
// one that names the others first, then the new ones in, that one last.
func (s *swap) forward() error {
	if err := s.out(); err != nil {
		return err
	}
	folders := map[string]bool{s.dir: true}
	for _, p := range s.Put {
		if p.Name == s.Last {
			continue
		}
		if err := s.in(p, folders); err != nil {
			return err
		}
	}
	if err := settle(nil, slices.Sorted(maps.Keys(folders))...); err != nil {
		return err
	}
	for _, p := range s.Put {
		if p.Name == s.Last {
			if err := s.in(p, folders); err != nil {
				return err
			}
			return settle(nil, s.dir)
		}
	}
	return nil
}

// out moves aside what the new files take the place of, and what goes away. A
// name is still that of a former file while the new one is staged.
func (s *swap) out() error {
	last := func(name string) bool { return name == s.Last }
	for _, now := range []bool{true, false} {
		for _, p := range s.Put {
			if target := s.target(p.Name); last(p.Name) == now && exists(stagedName(stageOf(s.dir), p.N)) && exists(target) {
				if err := s.move(target, formerName(s.dir, p.N)); err != nil {
					return err
				}
			}
		}
		for n, name := range s.Drop {
			if target := s.target(name); last(name) == now && exists(target) {
				if err := s.move(target, droppedName(s.dir, n)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *swap) in(p staged, folders map[string]bool) error {
	from, target := stagedName(stageOf(s.dir), p.N), s.target(p.Name)
	if !exists(from) {
		return nil // it is in place
	}
	if dir := filepath.Dir(target); !folders[dir] {
		if err := MkdirAll(dir); err != nil {
			return err
		}
		folders[dir] = true
	}
	return s.move(from, target)
}

func (s *swap) move(from, to string) error {
	if err := replaceable(from); err != nil {
		return err
	}
	if err := Rename(from, to); err != nil {
		if heldOpen(err) && filepath.Base(filepath.Dir(from)) != stageName {
			return Codes.New(FileHeld, from)
		}
		return fmt.Errorf("deliver: %w", err)
	}
	s.moves = append(s.moves, move{from, to})
	return nil
}

// back undoes the moves, the last one first, and takes the journal away.
func (s *swap) back() error {
	folders := map[string]bool{s.dir: true}
	for _, m := range slices.Backward(s.moves) {
		if err := Rename(m.to, m.from); err != nil {
			return err
		}
		folders[filepath.Dir(m.from)] = true
	}
	s.moves = nil
	if err := settle(nil, slices.Sorted(maps.Keys(folders))...); err != nil {
		return err
	}
	if err := s.forget(); err != nil {
		return err
	}
	return settle(nil, filepath.Join(s.dir, stageName))
}

// undo takes back what the folder shows to be done, whoever did it: the new
// files into the stage, the former ones to their names. It can be begun again
// anywhere, and forward after it.
func (s *swap) undo() error {
	for _, now := range []bool{true, false} { // the one that names the others leaves first
		for _, p := range s.Put {
			if target := s.target(p.Name); (p.Name == s.Last) == now && !exists(stagedName(stageOf(s.dir), p.N)) && exists(target) {
				if err := s.move(target, stagedName(stageOf(s.dir), p.N)); err != nil {
					return err
				}
			}
		}
	}
	for _, now := range []bool{false, true} { // and comes last
		for _, p := range s.Put {
			if (p.Name == s.Last) == now && exists(formerName(s.dir, p.N)) {
				if err := s.move(formerName(s.dir, p.N), s.target(p.Name)); err != nil {
					return err
				}
			}
		}
		for n, name := range s.Drop {
			if (name == s.Last) == now && exists(droppedName(s.dir, n)) {
				if err := s.move(droppedName(s.dir, n), s.target(name)); err != nil {
					return err
				}
			}
		}
	}
	return settle(nil, slices.Sorted(maps.Keys(s.folders()))...)
}

// folders are those that the moves change.
func (s *swap) folders() map[string]bool {
	folders := map[string]bool{s.dir: true}
	for _, m := range s.moves {
		folders[filepath.Dir(m.from)], folders[filepath.Dir(m.to)] = true, true
	}
	return folders
}

// finish tells that the delivery is in place, and ends the swap.
func (s *swap) finish(published func([]byte) error) error {
	if published != nil {
		if err := published(s.Note); err != nil {
			return err
		}
	}
	if err := s.forget(); err != nil {
		return err
	}
	if grouping.Load() != nil {
		return nil // a power cut may bring it back: the next Begin then finds all in place, and says so again
	}
	return settle(nil, filepath.Join(s.dir, stageName))
}

// forget removes the journal: the swap is over.
func (s *swap) forget() error {
	return Remove(filepath.Join(s.dir, stageName, journalName))
}
