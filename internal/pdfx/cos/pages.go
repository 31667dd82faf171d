package cos

// Page is a page, with what it takes from the nodes above it.
type Page struct {
	Object    Object // its dictionary
	Number    int    // of its object; 0 when it is written in the array of its parent
	Resources Object // not resolved
	MediaBox  Object // not resolved
	Rotate    int
}

// maxNodes bounds the nodes of a page tree that are visited: a document may
// hold a page many times.
const maxNodes = 1 << 20

// maxTree bounds the levels of a page tree.
const maxTree = 2048

// Pages gives the pages in order, until visit returns false. Nodes that are
// missing or are no dictionary are passed over, as viewers do, and a node that
// holds itself ends there. The number is what was announced nowhere: pages are
// counted where they are.
func (d *Document) Pages(visit func(Page) bool) error {
	w := treeWalk{d: d, visit: visit, above: make(map[int]bool)}
	root := d.Root()
	w.node(root.Get("Pages"), Page{}, 1)
	if w.nodes > maxNodes || d.Exhausted() {
		return ErrWork
	}
	return nil
}

// treeWalk walks a page tree.
type treeWalk struct {
	d     *Document
	visit func(Page) bool
	above map[int]bool // numbers of the nodes above
	nodes int
	pages int // given so far
	done  bool
}

func (w *treeWalk) node(o Object, p Page, depth int) {
	if w.nodes++; w.nodes > maxNodes || depth > maxTree || w.done {
		return
	}
	number := o.Number()
	if number > 0 && w.above[number] {
		return
	}
	node := w.d.Resolve(o)
	if !node.IsDict() {
		return
	}
	if r := node.Get("Resources"); !r.IsNull() {
		p.Resources = r
	}
	if b := node.Get("MediaBox"); !b.IsNull() {
		p.MediaBox = b
	}
	if r, ok := w.d.Get(node, "Rotate").Int(); ok {
		p.Rotate = int(r)
	}
	kids := w.d.Get(node, "Kids")
	kind := w.d.Get(node, "Type").Name()
	if kids.kind != Array || kind == "Page" {
		if kind == "Pages" || depth == 1 && kind != "Page" {
			return
		}
		p.Object, p.Number = node, number
		w.pages++
		w.done = !w.visit(p)
		return
	}
	w.above[number] = true
	before := w.pages
	for _, kid := range kids.kids {
		w.node(kid, p, depth+1)
	}
	delete(w.above, number)
	announced, ok := w.d.Get(node, "Count").Int()
	there := int64(w.pages - before)
	if !w.done && (!ok || announced < there || announced > there && depth > 1) {
		w.d.Miscounted = true
	}
}
