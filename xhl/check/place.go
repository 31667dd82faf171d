package check

import (
	"slices"
	"strings"

	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"
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
		case child.el == xhl.Table.RepartitionParNature:
			kind = faultNoRepartition
			if w.lot == Suite || w.lot == EnteteSeule {
				w.res.allowed++
			}
		case w.lot == EnteteSeule && (child.el == xhl.Table.DonneesIndiv || child.el == xhl.Table.Nomenclatures):
			kind = faultMissingBlock
			w.res.allowed++
		}
	}
	if ex := w.exampleAt(kind, at); ex != nil {
		if kind != faultNoRepartition {
			ex.args = []any{child.name}
		}
		ex.attendu = child.name
		if child.el.Choice != 0 {
			ex.attendu = otherBranch(f.node, child)
		}
	}
}

// otherBranch names both ways of a choice: "CodeEtab | BIC".
func otherBranch(n, child *node) string {
	for _, c := range n.children {
		if c.el.Choice > child.el.Choice {
			return child.name + " | " + c.name
		}
	}
	return child.name
}

// place finds the node of an element by its local name, moves the state of its
// parent, and reports what is wrong with its place. A bulletin is recognised
// wherever it stands, so that a journal is judged to its end.
func (w *walker) place(t *xmlr.Token, f *frame) {
	parent := w.top()
	f.qualified = parent.qualified
	if parent.node == nil {
		if string(t.Local) == xhl.Table.Bulletin.Name {
			f.node = w.bulletinNode()
			f.state = f.node.first
		}
		return
	}
	nd := parent.node.child(t.Local)
	if nd == nil {
		kind := faultUnknown
		if w.m.names[string(t.Local)] {
			kind = faultPlace
		}
		if ex := w.example(kind, t.Start); ex != nil {
			ex.args, ex.attendu = []any{schema.Clip(string(t.Local))}, w.expected(parent)
		}
		if string(t.Local) == xhl.Table.Bulletin.Name {
			f.node = w.bulletinNode()
			f.state = f.node.first
		}
		return
	}
	f.node, f.state = nd, nd.first
	if nd.el.Only14 {
		w.seen14 = true
		if w.only12 {
			if ex := w.example(fault14, t.Start); ex != nil {
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
		if nd.el.Choice != 0 && s.owner.el.Children[s.at].Choice > nd.el.Choice {
			kind = faultChoice
		}
		w.misplaced(kind, t, parent)
	case s.at >= 0 && nd.el.Choice != 0 && s.owner.el.Children[s.at].Choice != 0 && nd.el.Choice != s.owner.el.Children[s.at].Choice:
		w.misplaced(faultChoice, t, parent)
	default:
		for _, rank := range s.owner.skipped(s.at, nd.rank) {
			w.absent = append(w.absent, absent{len(w.frames), rank, w.at(t.Start)})
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
	if nd.el.Many {
		f.index = parent.rep
	}
}

func (w *walker) misplaced(kind fault, t *xmlr.Token, parent *frame) {
	if ex := w.example(kind, t.Start); ex != nil {
		ex.args, ex.attendu = []any{schema.Clip(string(t.Local))}, w.expected(parent)
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
	return w.m.root.child([]byte(xhl.Table.DonneesIndiv.Name)).child([]byte(xhl.Table.Bulletin.Name))
}
