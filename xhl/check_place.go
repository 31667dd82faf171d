package xhl

import (
	"slices"
	"strings"
)

// completed reports the compulsory children that never came.
func (w *walker) completed(f *frame, pos int) {
	depth := len(w.frames)
	for len(w.absent) > 0 {
		last := w.absent[len(w.absent)-1]
		if last.depth < depth {
			break
		}
		first := slices.IndexFunc(w.absent, func(a absent) bool { return a.depth >= depth })
		w.missing(f, w.absent[first].rank, w.absent[first].at)
		w.absent = slices.Delete(w.absent, first, first+1)
	}
	s := &w.m.states[f.state]
	if s.accepts {
		return
	}
	for _, rank := range f.node.skipped(s.at, len(f.node.children)) {
		w.missing(f, rank, w.at(pos))
	}
}

func (w *walker) missing(f *frame, rank int, at capture) {
	child := f.node.children[rank]
	kind := faultMissing
	if f.node == w.m.root {
		switch {
		case child.el == repartitionElement:
			kind = faultNoRepartition
			if w.lot == Suite || w.lot == EnteteSeule {
				w.res.allowed++
			}
		case w.lot == EnteteSeule && (child.el == donneesIndivElement || child.el == nomenclaturesElement):
			kind = faultMissingBlock
			w.res.allowed++
		}
	}
	if ex := w.exampleAt(kind, at); ex != nil {
		if kind != faultNoRepartition {
			ex.args = []any{child.name}
		}
		ex.attendu = child.name
		if child.el.choice != 0 {
			ex.attendu = otherBranch(f.node, child)
		}
	}
}

// otherBranch names both ways of a choice: "CodeEtab | BIC".
func otherBranch(n, child *node) string {
	for _, c := range n.children {
		if c.el.choice > child.el.choice {
			return child.name + " | " + c.name
		}
	}
	return child.name
}

// place finds the node of an element by its local name, moves the state of its
// parent, and reports what is wrong with its place. A bulletin is recognised
// wherever it stands, so that a journal is judged to its end.
func (w *walker) place(t *token, f *frame) {
	parent := w.top()
	f.qualified = parent.qualified
	if parent.node == nil {
		if string(t.local) == bulletinElement.name {
			f.node = w.bulletinNode()
			f.state = f.node.first
		}
		return
	}
	nd := parent.node.child(t.local)
	if nd == nil {
		kind := faultUnknown
		if w.m.names[string(t.local)] {
			kind = faultPlace
		}
		if ex := w.example(kind, t.start); ex != nil {
			ex.args, ex.attendu = []any{clip(string(t.local))}, w.expected(parent)
		}
		if string(t.local) == bulletinElement.name {
			f.node = w.bulletinNode()
			f.state = f.node.first
		}
		return
	}
	f.node, f.state = nd, nd.first
	if nd.el.only14 {
		w.seen14 = true
		if w.only12 {
			if ex := w.example(fault14, t.start); ex != nil {
				ex.args = []any{nd.name}
			}
		}
	}
	s := w.m.states[parent.state]
	to := parent.node.first + uint16(nd.rank+1)
	move := false
	switch {
	case slices.ContainsFunc(s.edges, func(e edge) bool { return e.node == nd }):
		move = true
	case nd.rank == s.at:
		w.misplaced(faultRepeated, t, parent)
	case nd.rank < s.at:
		kind := faultOrder
		for i, a := range w.absent {
			if a.depth == len(w.frames) && a.rank == nd.rank {
				w.absent = slices.Delete(w.absent, i, i+1)
				break
			}
		}
		if nd.el.choice != 0 && s.owner.el.children[s.at].choice > nd.el.choice {
			kind = faultChoice
		}
		w.misplaced(kind, t, parent)
	case s.at >= 0 && nd.el.choice != 0 && s.owner.el.children[s.at].choice != 0 && nd.el.choice != s.owner.el.children[s.at].choice:
		w.misplaced(faultChoice, t, parent)
	default:
		for _, rank := range s.owner.skipped(s.at, nd.rank) {
			w.absent = append(w.absent, absent{len(w.frames), rank, w.at(t.start)})
		}
		move = true
	}
	if move {
		if parent.state == to {
			parent.rep++
		} else {
			parent.rep = 1
		}
		parent.state = to
	}
	if nd.el.many {
		f.index = parent.rep
	}
}

func (w *walker) misplaced(kind fault, t *token, parent *frame) {
	if ex := w.example(kind, t.start); ex != nil {
		ex.args, ex.attendu = []any{clip(string(t.local))}, w.expected(parent)
	}
}

// expected lists what may come next: "Base | Taux | NbUnite | Mt".
func (w *walker) expected(f *frame) string {
	if f.node.leaf {
		return f.node.close
	}
	s := &w.m.states[f.state]
	var names []string
	for _, e := range s.edges {
		names = append(names, e.node.name)
	}
	if s.accepts {
		names = append(names, f.node.close)
	}
	return strings.Join(names, " | ")
}

func (w *walker) bulletinNode() *node {
	return w.m.root.child([]byte(donneesIndivElement.name)).child([]byte(bulletinElement.name))
}
