package share

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Task does a part: out is its result, appended to what it is given. It is not
// ok when the part is not one whose result travels. part is used again once it
// returns. A nil part tells that the session is over: what the task holds goes, and
// nobody hears its answer.
type Task func(out, part []byte) (b []byte, ok bool)

// Kinds make the task of a session, by the kind of it, from what all parts have
// in common; nil when there is none.
type Kinds map[string]func(common []byte) Task

// Server does the parts that another instance hands over.
type Server struct {
	kinds Kinds
	tasks map[uint64]Task
}

// maxSessions bounds those that are kept: a peer has one or two at a time.
const maxSessions = 8

// NewServer returns a server without sessions.
func NewServer(kinds Kinds) *Server { return &Server{kinds, make(map[uint64]Task)} }

// Answer answers a message, appending to out. Messages are answered one after
// the other, in their order.
func (s *Server) Answer(out, message []byte) (b []byte, ok bool) {
	if len(message) == 0 {
		return out, false
	}
	number, n := binary.Uvarint(message[1:])
	if n <= 0 {
		return out, false
	}
	rest := message[1+n:]
	switch message[0] {
	case opens:
		return out, s.open(number, rest)
	case does:
		if task := s.tasks[number]; task != nil {
			return task(out, rest) // which is not nil, where it is empty
		}
	case ends:
		s.end(number)
		return out, true
	}
	return out, false
}

func (s *Server) end(number uint64) {
	if task := s.tasks[number]; task != nil {
		task(nil, nil)
		delete(s.tasks, number)
	}
}

func (s *Server) open(number uint64, rest []byte) bool {
	if len(rest) == 0 || len(rest) <= int(rest[0]) {
		return false
	}
	kind, common := rest[1:1+rest[0]], rest[1+rest[0]:]
	begin := s.kinds[string(kind)]
	if begin == nil {
		return false
	}
	task := begin(slices.Clone(common))
	if task == nil {
		return false
	}
	if len(s.tasks) >= maxSessions { // of works that were given up
		s.end(slices.Min(slices.Collect(maps.Keys(s.tasks))))
	}
	s.tasks[number] = task
	return true
}
