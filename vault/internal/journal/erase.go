package journal

import (
	"cmp"
	"fmt"
	"os"
	"slices"
)

// Located is a record of the journal, by its index and its place.
type Located struct {
	Idx int64
	Place
}

// Erase overwrites slots of the record at p with zeros, in place, and returns
// the record as it was once that is on the disk.
func (s *Segments) Erase(p Place, kinds ...SlotKind) (*Record, error) {
	r, err := s.Record(p)
	if err != nil {
		return nil, fmt.Errorf("erase: %w", err)
	}
	return r, s.zero(p.Segment, func(f *os.File) error { return s.zeroSlots(f, p.Offset, r, kinds) })
}

// zero opens a segment for what overwrites slots in it, and syncs it.
func (s *Segments) zero(n int64, overwrite func(*os.File) error) error {
	f, err := os.OpenFile(s.Path(n), os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("erase in journal segment %d: %w", n, err)
	}
	defer f.Close()
	if err := overwrite(f); err != nil {
		return fmt.Errorf("erase in journal segment %d: %w", n, err)
	}
	if err := s.Disk.Sync(f); err != nil {
		return fmt.Errorf("sync journal segment %d: %w", n, err)
	}
	return f.Close()
}

func (s *Segments) zeroSlots(f *os.File, offset int64, r *Record, kinds []SlotKind) error {
	for _, kind := range kinds {
		if off := r.SlotOffset(kind); off >= 0 {
			if err := s.Disk.Write(f, make([]byte, len(r.Part(kind).Data)), offset+off); err != nil {
				return err
			}
		}
	}
	return nil
}

// EraseAll overwrites a slot of several records; each segment is synced once.
func (s *Segments) EraseAll(list []Held, kind SlotKind) error {
	slices.SortFunc(list, func(a, b Held) int { return cmp.Compare(a.Idx, b.Idx) })
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Segment == list[0].Segment {
			n++
		}
		part := list[:n]
		list = list[n:]
		err := s.zero(part[0].Segment, func(f *os.File) error {
			for _, at := range part {
				if err := s.zeroSlots(f, at.Offset, at.Rec, []SlotKind{kind}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Held is a wrap where it stands.
type Held struct {
	Located
	Rec *Record
}
