package pack

import "math"

// A board is an assignment of all items to a fixed number of volumes, in which volumes may exceed their room, with the
// counters that make the effect of any single move known without computing it. The search spends all its time here:
// arrays are flat, and a move touches only the counters of the pieces whose presence in a volume changes.
type board struct {
	in     *Instance
	k      int
	pieces int
	users  lists

	at     []int32   // volume of every item
	member [][]int32 // items of every volume, in no order
	pos    []int32   // place of every item in member
	free   []int64   // room left in every volume; negative when overloaded

	enter []int64 // [item*k+volume] bytes that the volume would gain if the item entered it
	leave []int64 // [item] bytes that its volume would lose if it left

	copies []copies // [volume*pieces+piece]

	bits *bitsets // counts in place of enter, leave and copies, if not nil

	over int64 // sum of the overloads
	work int64 // counters read or written since the board was set up
}

// copies says how many items of a volume hold a piece, and which one when there is only one: ids is the sum of their indices.
type copies struct {
	n   int32
	ids int64
}

const unplaced = int32(-1)

// newBoard returns a board of k empty volumes, with no item placed.
func newBoard(in *Instance, users lists, k int) *board {
	n := in.Items()
	b := &board{
		in: in, k: k, pieces: len(in.Piece), users: users,
		at: make([]int32, n), member: make([][]int32, k), pos: make([]int32, n), free: make([]int64, k),
	}
	for i := range b.at {
		b.at[i] = unplaced
	}
	for v := range b.free {
		b.free[v] = in.Room()
	}
	b.free[0] -= in.First
	if countable(in) {
		b.bits = newBitsets(b)
	} else {
		b.count()
	}
	return b
}

// count makes the counters of a board that holds no item.
func (b *board) count() {
	n := len(b.at)
	b.enter, b.leave, b.copies = make([]int64, n*b.k), make([]int64, n), make([]copies, b.k*b.pieces)
	for i := range n {
		own := b.in.Own(i)
		for v := range b.k {
			b.enter[i*b.k+v] = own
		}
	}
}

// inBits says whether the board counts by sets of bits.
func (b *board) inBits() bool { return hasBitsets && b.bits != nil }

// enters returns the bytes that every volume would gain if the item entered it, until the next call.
func (b *board) enters(i int) []int64 {
	if b.inBits() {
		return b.bits.enters(i)
	}
	return b.enter[i*b.k : (i+1)*b.k]
}

// leaves returns the bytes that its volume would lose if the item left.
func (b *board) leaves(i int) int64 {
	if b.inBits() {
		return b.bits.leaves(i, int(b.at[i]))
	}
	return b.leave[i]
}

// put places an item that is in no volume.
func (b *board) put(i int, v int) {
	b.over -= max(0, -b.free[v])
	b.free[v] -= b.enters(i)[v]
	b.over += max(0, -b.free[v])
	b.at[i] = int32(v)
	b.pos[i] = int32(len(b.member[v]))
	b.member[v] = append(b.member[v], int32(i))
	if b.inBits() {
		b.bits.recount(b, v)
		return
	}
	leave := b.in.Private[i]
	refs := b.in.Refs(i)
	held := b.copies[v*b.pieces : (v+1)*b.pieces]
	for _, j := range refs {
		c := &held[j]
		switch c.n {
		case 0:
			size := b.in.Piece[j]
			leave += size
			users := b.users.of(int(j))
			for _, u := range users {
				b.enter[int(u)*b.k+v] -= size
			}
			b.work += int64(len(users))
		case 1:
			b.leave[c.ids] -= b.in.Piece[j]
		}
		c.n++
		c.ids += int64(i)
	}
	b.leave[i] = leave
	b.work += int64(len(refs))
}

// take removes an item from its volume.
func (b *board) take(i int) {
	v := int(b.at[i])
	b.over -= max(0, -b.free[v])
	b.free[v] += b.leaves(i)
	b.over += max(0, -b.free[v])
	members := b.member[v]
	last := members[len(members)-1]
	members[b.pos[i]] = last
	b.pos[last] = b.pos[i]
	b.member[v] = members[:len(members)-1]
	b.at[i] = unplaced
	if b.inBits() {
		b.bits.recount(b, v)
		return
	}
	refs := b.in.Refs(i)
	held := b.copies[v*b.pieces : (v+1)*b.pieces]
	for _, j := range refs {
		c := &held[j]
		c.n--
		c.ids -= int64(i)
		switch c.n {
		case 0:
			size := b.in.Piece[j]
			users := b.users.of(int(j))
			for _, u := range users {
				b.enter[int(u)*b.k+v] += size
			}
			b.work += int64(len(users))
		case 1:
			b.leave[c.ids] += b.in.Piece[j]
		}
	}
	b.work += int64(len(refs))
}

func (b *board) move(i, v int) {
	b.take(i)
	b.put(i, v)
}

// bestEntry returns the volume where item i adds the least overload, then the fewest bytes.
func (b *board) bestEntry(i int) int {
	best, bestOver, bestEnter := 0, int64(math.MaxInt64), int64(0)
	row := b.enters(i)
	for v, e := range row {
		over := max(0, e-b.free[v]) - max(0, -b.free[v])
		if over < bestOver || over == bestOver && e < bestEnter {
			best, bestOver, bestEnter = v, over, e
		}
	}
	b.work += int64(b.k)
	return best
}

// assign copies the positions of another assignment of the same items; volumes beyond k are dissolved.
func (b *board) assign(volume []int32) {
	for i, v := range volume {
		if v >= 0 && int(v) < b.k {
			b.put(i, int(v))
		}
	}
	for i, v := range b.at {
		if v == unplaced {
			b.put(i, b.bestEntry(i))
		}
	}
}
