package pack

// rematch pairs anew what a board holds by two or less, or too much of, and leaves volumes of three items and more as they
// are, or adds one to them. When no item is left over, that is put on the board, which rematch reports. Where volumes
// hold little more than two items, small changes seldom find such a plan: all pairs may have to change for one more.
func (e *evolution) rematch() bool {
	n := len(e.at)
	m := newMatching(n + e.k) // items, then volumes
	nodes, out := n, make([]bool, n+e.k)
	for v, members := range e.member {
		stays := len(members) > 2 && e.free[v] >= 0
		out[n+v] = !stays
		if stays {
			nodes++
			for _, i := range members {
				out[i] = true
				nodes--
			}
		} else if len(members) == 2 && e.free[v] >= 0 {
			m.mate[members[0]], m.mate[members[1]] = int(members[1]), int(members[0])
		}
	}
	for i, near := range e.fits {
		if out[i] {
			continue
		}
		for _, o := range near {
			if !out[o] {
				m.near[i] = append(m.near[i], o)
			}
		}
		for v, entry := range e.enters(i) {
			if !out[n+v] && entry <= e.free[v] {
				m.edge(i, n+v)
			}
		}
	}
	e.work += int64(n * n)
	m.grow()
	for a, b := range m.mate {
		if b > a {
			nodes--
		}
	}
	if nodes > e.k {
		return false
	}
	at, k := make([]int32, n), int32(0)
	place := func(node int) {
		if node < n {
			at[node] = k
			return
		}
		for _, i := range e.member[node-n] {
			at[i] = k
		}
	}
	for a, b := range m.mate {
		if out[a] || b >= 0 && b < a {
			continue
		}
		place(a)
		if b >= 0 {
			place(b)
		}
		k++
	}
	e.vacate()
	for i, v := range at {
		e.put(i, int(v))
	}
	return e.over == 0
}

// fitting lists for every item the others that fit into a volume with it.
func fitting(in *Instance) [][]int {
	n := in.Items()
	list := make([][]int, n)
	held := make([]bool, len(in.Piece))
	for a := range n {
		for _, j := range in.Refs(a) {
			held[j] = true
		}
		own := in.Own(a)
		for b := a + 1; b < n; b++ {
			both := own + in.Private[b]
			for _, j := range in.Refs(b) {
				if !held[j] {
					both += in.Piece[j]
				}
			}
			if both <= in.Room() {
				list[a], list[b] = append(list[a], b), append(list[b], a)
			}
		}
		for _, j := range in.Refs(a) {
			held[j] = false
		}
	}
	return list
}

// matching is a maximum matching under way, after J. Edmonds, "Paths, trees, and flowers" (1965): from each item that is
// alone a tree of alternating paths grows until it meets another that is; odd circles are taken for one item, their base.
type matching struct {
	near [][]int
	mate []int // -1 of an item that is alone

	from   []int // what led to an item at odd distance, in the tree that grows; -1
	base   []int // of the circle that an item is in
	inTree []bool
	queue  []int
}

func newMatching(n int) *matching {
	m := &matching{near: make([][]int, n), mate: make([]int, n), from: make([]int, n), base: make([]int, n), inTree: make([]bool, n)}
	for i := range m.mate {
		m.mate[i] = -1
	}
	return m
}

func (m *matching) edge(a, b int) {
	m.near[a] = append(m.near[a], b)
	m.near[b] = append(m.near[b], a)
}

// grow makes pairs until there can be no more.
func (m *matching) grow() {
	for root := range m.mate {
		if m.mate[root] >= 0 {
			continue
		}
		for at := m.path(root); at >= 0; { // every other edge changes, from its end to its root
			before := m.from[at]
			next := m.mate[before]
			m.mate[at], m.mate[before] = before, at
			at = next
		}
	}
}

// path looks for a path from root to another item that is alone, and returns that; -1 when there is none.
func (m *matching) path(root int) int {
	for i := range m.from {
		m.from[i], m.base[i], m.inTree[i] = -1, i, false
	}
	m.inTree[root] = true
	m.queue = append(m.queue[:0], root)
	for len(m.queue) > 0 {
		at := m.queue[0]
		m.queue = m.queue[1:]
		for _, to := range m.near[at] {
			switch {
			case m.base[at] == m.base[to] || m.mate[at] == to:
			case to == root || m.mate[to] >= 0 && m.from[m.mate[to]] >= 0:
				m.contract(at, to)
			case m.from[to] < 0:
				m.from[to] = at
				if m.mate[to] < 0 {
					return to
				}
				m.inTree[m.mate[to]] = true
				m.queue = append(m.queue, m.mate[to])
			}
		}
	}
	return -1
}

// contract takes the odd circle that the edge between a and b closes for one item.
func (m *matching) contract(a, b int) {
	base := m.common(a, b)
	circle := make([]bool, len(m.base))
	m.mark(a, base, b, circle)
	m.mark(b, base, a, circle)
	for i := range m.base {
		if circle[m.base[i]] {
			m.base[i] = base
			if !m.inTree[i] {
				m.inTree[i] = true
				m.queue = append(m.queue, i)
			}
		}
	}
}

// common is where the paths from a and b to the root meet.
func (m *matching) common(a, b int) int {
	passed := make([]bool, len(m.base))
	for {
		a = m.base[a]
		passed[a] = true
		if m.mate[a] < 0 {
			break // the root
		}
		a = m.from[m.mate[a]]
	}
	for b = m.base[b]; !passed[b]; b = m.base[b] {
		b = m.from[m.mate[b]]
	}
	return b
}

// mark lists the circle from at to its base; child is what an item on it leads to from now on.
func (m *matching) mark(at, base, child int, circle []bool) {
	for m.base[at] != base {
		circle[m.base[at]], circle[m.base[m.mate[at]]] = true, true
		m.from[at] = child
		child = m.mate[at]
		at = m.from[child]
	}
}
