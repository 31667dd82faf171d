package build

import (
	"context"
	"encoding/binary"
	"io"

	"paye/compress"
	"paye/internal/share"
	"paye/splitter"
)

// Volumes is the kind of the sessions in which another instance of the program
// reads a volume back: AssistVolume is what it does. A part is what follows of the
// file; one without bytes ends it and asks for the verdict. A volume that is not
// right is read again here, to tell why.
const Volumes = "volumes"

// partOfVolume is how many bytes go at once, and partsAhead how many parts before
// what was done of them is waited for.
const (
	partOfVolume = 256 << 10
	partsAhead   = 64
)

// elsewhere has a volume read back in a session, and reports whether it was found
// right; given is called when all of it is on its way.
func (r *reread) elsewhere(in io.Reader, given func()) bool {
	s := share.Open(r.ctx, Volumes, r.common())
	if s == nil {
		return false
	}
	defer s.Close()
	buf := make([]byte, partOfVolume)
	for n := 1; ; n++ {
		k, err := io.ReadFull(in, buf)
		switch {
		case k == 0 && err == io.EOF:
			given()
			_, right := s.Do(r.ctx)
			return right
		case k == 0:
			return false
		case n%partsAhead > 0:
			s.Send(buf[:k])
		default:
			if _, ok := s.Do(r.ctx, buf[:k]); !ok {
				return false
			}
		}
	}
}

// common writes what the volume is compared with.
func (r *reread) common() []byte {
	head := 0
	if r.volume.EnteteSeul {
		head = 1
	}
	var b []byte
	num := func(n int64) { b = binary.AppendUvarint(b, uint64(n)) }
	text := func(s string) { num(int64(len(s))); b = append(b, s...) }
	text(r.format)
	text(r.packaging)
	num(int64(head))
	num(r.volume.Octets)
	num(r.bound)
	num(int64(len(r.wanted)))
	for key, p := range r.wanted {
		text(key)
		num(p.Raw)
		num(int64(p.CRC))
	}
	return r.volume.AppendSums(b)
}

// rereadOf is the reread that common wrote; nil when it is not whole.
func rereadOf(b []byte) *reread {
	whole := true
	num := func() int64 {
		n, k := binary.Uvarint(b)
		if whole = whole && k > 0; !whole {
			return 0
		}
		b = b[k:]
		return int64(n)
	}
	text := func() string {
		n := num()
		if whole = whole && n >= 0 && n <= int64(len(b)); !whole {
			return ""
		}
		s := string(b[:n])
		b = b[n:]
		return s
	}
	r := &reread{format: text(), packaging: text(), volume: new(splitter.Volume), ctx: context.Background(), wanted: make(map[string]compress.Piece)}
	r.volume.EnteteSeul, r.volume.Octets, r.bound = num() > 0, num(), num()
	for n := num(); n > 0 && whole; n-- {
		key := text()
		r.wanted[key] = compress.Piece{Raw: num(), CRC: uint32(num())}
	}
	if !whole || !r.volume.ReadSums(b) {
		return nil
	}
	return r
}

// AssistVolume is the task of a session of Volumes.
func AssistVolume(common []byte) share.Task {
	r := rereadOf(common)
	if r == nil {
		return nil
	}
	in, parts := io.Pipe()
	n := int64(0)
	verdict := make(chan error, 1)
	go func() {
		err := r.read(in, func() int64 { return r.volume.Octets }) // which is looked at when all came
		if err == nil {
			_, err = io.Copy(io.Discard, in)
		}
		in.CloseWithError(err)
		verdict <- err
	}()
	return func(out, part []byte) ([]byte, bool) {
		if part == nil {
			parts.CloseWithError(context.Canceled)
			return nil, false
		}
		n += int64(len(part))
		if len(part) > 0 {
			_, err := parts.Write(part)
			return out, err == nil
		}
		parts.Close()
		return out, <-verdict == nil && n == r.volume.Octets
	}
}
