package pack

import "math"

// A shelf holds chunks in a fixed number of volumes that never exceed their room. It is the light twin of a board, for
// tens of thousands of chunks: it counts how many chunks of a volume hold a piece, and computes the effect of a move.
type shelf struct {
	in     *Instance
	k      int
	pieces int
	users  lists
	wish   []int64 // what a copy of a piece costs to the wishes, beside its bytes
	at     []int32
	free   []int64
	copies []int32 // [volume*pieces+piece]
	cost   int64   // wish of all copies
	work   int64
}

func newShelf(in *Instance, users lists, wish []int64, k int) *shelf {
	s := &shelf{in: in, k: k, pieces: len(in.Piece), users: users, wish: wish,
		at: make([]int32, in.Items()), free: make([]int64, k), copies: make([]int32, k*len(in.Piece))}
	for c := range s.at {
		s.at[c] = unplaced
	}
	for v := range s.free {
		s.free[v] = in.Room()
	}
	s.free[0] -= in.First
	return s
}

func (s *shelf) put(c, v int) {
	held := s.copies[v*s.pieces : (v+1)*s.pieces]
	s.free[v] -= s.in.Private[c]
	for _, j := range s.in.Refs(c) {
		if held[j] == 0 {
			s.free[v] -= s.in.Piece[j]
			s.cost += s.wish[j]
		}
		held[j]++
	}
	s.at[c] = int32(v)
}

func (s *shelf) take(c int) {
	v := int(s.at[c])
	held := s.copies[v*s.pieces : (v+1)*s.pieces]
	s.free[v] += s.in.Private[c]
	for _, j := range s.in.Refs(c) {
		held[j]--
		if held[j] == 0 {
			s.free[v] += s.in.Piece[j]
			s.cost -= s.wish[j]
		}
	}
	s.at[c] = unplaced
}

// cheapest returns the first volume, other than not, that chunk c fits in with the least wish, or -1 if it fits nowhere.
func (s *shelf) cheapest(c, not int) (volume int, least int64) {
	volume, least = -1, math.MaxInt64
	private, refs := s.in.Private[c], s.in.Refs(c)
	for v, free := range s.free {
		if v == not || free < private {
			continue
		}
		held := s.copies[v*s.pieces : (v+1)*s.pieces]
		bytes, wish := private, int64(0)
		for n, j := range refs {
			if held[j] > 0 {
				continue
			}
			bytes += s.in.Piece[j]
			if wish += s.wish[j]; wish >= least {
				s.work += int64(n)
				break
			}
		}
		if wish < least && bytes <= free {
			volume, least = v, wish
			if wish == 0 {
				break
			}
		}
	}
	s.work += int64(s.k)
	return volume, least
}

// fill places every chunk in the given order, each in its cheapest volume, and reports whether all fit.
func (s *shelf) fill(order []int32) bool {
	for _, c := range order {
		v, _ := s.cheapest(int(c), -1)
		if v < 0 {
			return false
		}
		s.put(int(c), v)
	}
	return true
}

// refine moves chunks one by one while that lowers the cost.
func (s *shelf) refine(stop func(int64) bool) {
	for better := true; better && !stop(s.work); {
		better = false
		for c := range s.at {
			v := int(s.at[c])
			saved := int64(0)
			held := s.copies[v*s.pieces : (v+1)*s.pieces]
			for _, j := range s.in.Refs(c) {
				if held[j] == 1 {
					saved += s.wish[j]
				}
			}
			s.work += int64(len(s.in.Refs(c)))
			if saved == 0 {
				continue
			}
			if w, wish := s.cheapest(c, v); w >= 0 && wish < saved {
				s.take(c)
				s.put(c, w)
				better = true
			}
		}
	}
}

// squeeze empties volumes of pieces that few of their chunks hold: all chunks of a (piece, volume) pair leave together,
// each for its cheapest volume, and come back if the cost has not gone down. It reports whether the cost went down.
func (s *shelf) squeeze(stop func(int64) bool) bool {
	start := s.cost
	var moved []int32
	for j := range s.pieces {
		for v := range s.k {
			if s.copies[v*s.pieces+j] == 0 || s.wish[j] == 0 {
				continue
			}
			if stop(s.work) {
				return s.cost < start
			}
			before, fits := s.cost, true
			moved = moved[:0]
			for _, c := range s.users.of(j) {
				if int(s.at[c]) != v {
					continue
				}
				s.take(int(c))
				w, _ := s.cheapest(int(c), v)
				if w < 0 {
					s.put(int(c), v)
					fits = false
					break
				}
				s.put(int(c), w)
				moved = append(moved, c)
				if s.cost > before+8*s.wish[j] {
					fits = false
					break
				}
			}
			s.work += int64(len(s.users.of(j)))
			if !fits || s.cost >= before {
				for _, c := range moved {
					s.take(int(c))
				}
				for _, c := range moved {
					s.put(int(c), v)
				}
			}
		}
	}
	return s.cost < start
}
