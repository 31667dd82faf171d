package share

import (
	"context"
	"encoding/binary"
	"sync/atomic"
)

// Ahead is how many parts a work hands over at once, so that the peer never
// waits for the next.
const Ahead = 3

// Peer is another instance of the program.
type Peer struct {
	send   func(parts [][]byte, answer func(b []byte, ok bool))
	listen func()

	sessions, done atomic.Int64
}

// NewPeer returns the instance that send sends messages to. A message is the
// parts one after the other, which may be used again once send returns; answer
// is called once, later, with what Server.Answer says, or not ok when nobody
// answers any more. listen waits until answers that are there were heard, where
// they are not while this instance works.
func NewPeer(send func(parts [][]byte, answer func(b []byte, ok bool)), listen func()) *Peer {
	return &Peer{send: send, listen: listen}
}

// Done is how many parts the peer did.
func (p *Peer) Done() int64 { return p.done.Load() }

type key struct{}

// With gives works that are done under a context a peer.
func With(ctx context.Context, p *Peer) context.Context { return context.WithValue(ctx, key{}, p) }

// Beside reports whether there is a peer for a context.
func Beside(ctx context.Context) bool { return ctx.Value(key{}) != nil }

// Open begins a session with the peer of the context, nil without one: kind
// names the tasks, common is what all of them are told.
func Open(ctx context.Context, kind string, common ...[]byte) *Session {
	p, _ := ctx.Value(key{}).(*Peer)
	if p == nil {
		return nil
	}
	s := &Session{p, binary.AppendUvarint(nil, uint64(p.sessions.Add(1))), make(chan struct{}, Ahead)}
	head := append(append([]byte{opens}, s.number...), byte(len(kind)))
	p.send(append([][]byte{append(head, kind...)}, common...), func([]byte, bool) {})
	return s
}

// What a message asks for: its first byte, before the number of the session.
const (
	opens byte = iota
	does
	ends
)

// Session is a work of which parts are handed over.
type Session struct {
	peer   *Peer
	number []byte
	taken  chan struct{} // one for each part under way of who asks Take
}

// Take reports whether a part may be handed over now, for Give to be told when it
// is back. It is false when the peer has enough to do, and without a session.
func (s *Session) Take() bool {
	if s == nil {
		return false
	}
	for range 2 {
		select {
		case s.taken <- struct{}{}:
			return true
		default:
			s.Listen()
		}
	}
	return false
}

// Listen hears answers that are there; there may be no session.
func (s *Session) Listen() {
	if s != nil {
		s.peer.listen()
	}
}

// Give takes back what Take gave.
func (s *Session) Give() { <-s.taken }

// Do has the peer do a part. It is not ok when the peer did not do it.
func (s *Session) Do(ctx context.Context, part ...[]byte) (b []byte, ok bool) {
	type answer struct {
		b  []byte
		ok bool
	}
	answered := make(chan answer, 1) // who gave up hears nothing
	s.peer.send(append([][]byte{append([]byte{does}, s.number...)}, part...), func(b []byte, ok bool) { answered <- answer{b, ok} })
	select {
	case a := <-answered:
		if a.ok {
			s.peer.done.Add(1)
		}
		return a.b, a.ok
	case <-ctx.Done():
		return nil, false
	}
}

// Send hands a part over whose result nobody waits for.
func (s *Session) Send(part ...[]byte) {
	s.peer.send(append([][]byte{append([]byte{does}, s.number...)}, part...), func([]byte, bool) {})
}

// Close ends the session; there may be none.
func (s *Session) Close() {
	if s == nil {
		return
	}
	s.peer.send([][]byte{append([]byte{ends}, s.number...)}, func([]byte, bool) {})
}
