// Package pdfwtest looks for what a reader who does not see a document would
// stumble over: it is the checks of PDF/UA-1 (ISO 14289-1) that concern what
// package pdfw writes, made on the objects of the file as package cos reads
// them. It is no validator of that standard.
package pdfwtest

import (
	"fmt"
	"slices"

	"paye/internal/pdfx/cos"
)

// parents are the tags that may hold a tag; a tag that is not listed stands
// anywhere but in a table or a list.
var parents = map[string][]string{
	"THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"}, "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"},
	"LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"},
}

// grouping are the tags that hold no text of their own.
var grouping = []string{"Document", "Table", "THead", "TBody", "TFoot", "TR", "L", "LI"}

// StructureFaults returns what is wrong with the structure of a document.
func StructureFaults(pdf []byte) []string {
	doc, err := cos.Open(pdf)
	if err != nil {
		return []string{err.Error()}
	}
	c := &checker{doc: doc, claims: make(map[mark]int)}
	if doc.Repaired {
		c.fault("the table of the objects lies")
	}
	c.catalogue()
	tree := doc.Get(doc.Root(), "StructTreeRoot")
	c.element(doc.Root().Get("StructTreeRoot").Number(), "", tree.Get("K"))
	if c.headings == 0 {
		c.fault("there is no heading")
	}
	err = doc.Pages(func(p cos.Page) bool {
		c.page(p, tree)
		return true
	})
	if err != nil {
		c.fault("%v", err)
	}
	for m := range c.claims {
		c.fault("mark %d of page %d is not on it", m.id, m.page)
	}
	return c.faults
}

// mark is a piece of marked content.
type mark struct {
	page int // the number of its object
	id   int64
}

type checker struct {
	doc      *cos.Document
	faults   []string
	claims   map[mark]int // the element that says it has the mark
	headings int          // the level of the last one
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) catalogue() {
	root, get := c.doc.Root(), c.doc.Get
	if len(get(root, "Lang").Bytes()) == 0 {
		c.fault("the document does not say its language")
	}
	if !get(get(root, "MarkInfo"), "Marked").Bool() {
		c.fault("the document does not say that it is tagged")
	}
	if !get(get(root, "ViewerPreferences"), "DisplayDocTitle").Bool() || len(get(get(c.doc.Trailer, "Info"), "Title").Bytes()) == 0 {
		c.fault("the title is not shown")
	}
}

// element looks at an element that stands in the one numbered parent, whose tag
// is given.
func (c *checker) element(parent int, in string, ref cos.Object) {
	if ref.Kind() != cos.Ref {
		c.fault("an element in %q is not an object of its own", in)
		return
	}
	e := c.doc.Resolve(ref)
	tag := e.Get("S").Name()
	if e.Get("P").Number() != parent {
		c.fault("%s %d does not know its parent", tag, ref.Number())
	}
	if allowed, bound := parents[tag]; bound && !slices.Contains(allowed, in) || !bound && slices.Contains(grouping[1:], in) {
		c.fault("%s stands in %q", tag, in)
	}
	c.heading(tag)
	if tag == "Figure" && (len(c.doc.Get(e, "Alt").Bytes()) == 0 || c.doc.Get(c.doc.Get(e, "A"), "BBox").Len() != 4) {
		c.fault("a figure has no words, or no place")
	}
	if tag == "Table" {
		c.table(ref.Number(), e)
	}
	page := e.Get("Pg").Number()
	for _, k := range c.kids(e) {
		id, isMark := k.Int()
		switch {
		case !isMark:
			c.element(ref.Number(), tag, k)
		case slices.Contains(grouping, tag):
			c.fault("%s %d has text of its own", tag, ref.Number())
		default:
			if _, twice := c.claims[mark{page, id}]; twice {
				c.fault("mark %d has two elements", id)
			}
			c.claims[mark{page, id}] = ref.Number()
		}
	}
}

// kids are what an element holds.
func (c *checker) kids(e cos.Object) []cos.Object {
	k := e.Get("K")
	if k.Kind() == cos.Array {
		return k.Items()
	}
	if k.IsNull() {
		return nil
	}
	return []cos.Object{k}
}

func (c *checker) heading(tag string) {
	level := map[string]int{"H1": 1, "H2": 2, "H3": 3}[tag]
	if level == 0 {
		return
	}
	if level > c.headings+1 || level == 1 && c.headings > 0 {
		c.fault("%s comes after H%d", tag, c.headings)
	}
	c.headings = level
}

// table has as many columns in each row, with what spans counted, and headings
// that say what they head.
func (c *checker) table(number int, e cos.Object) {
	var rows []cos.Object
	for _, k := range c.kids(e) {
		if k := c.doc.Resolve(k); k.Get("S").IsName("TR") {
			rows = append(rows, k)
		} else {
			for _, r := range c.kids(k) {
				rows = append(rows, c.doc.Resolve(r))
			}
		}
	}
	columns, headed := -1, false
	var below []int // of each row to come, the cells that reach down into it
	for i, r := range rows {
		width := 0
		if i < len(below) {
			width = below[i]
		}
		for _, k := range c.kids(r) {
			cell := c.doc.Resolve(k)
			a := c.doc.Get(cell, "A")
			span := func(key string) int {
				if n, there := c.doc.Get(a, key).Int(); there {
					return int(n)
				}
				return 1
			}
			width += span("ColSpan")
			for down := 1; down < span("RowSpan"); down++ {
				for len(below) <= i+down {
					below = append(below, 0)
				}
				below[i+down] += span("ColSpan")
			}
			if cell.Get("S").IsName("TH") {
				headed = true
				if a.Get("Scope").Name() == "" {
					c.fault("table %d: a heading does not say what it heads", number)
				}
			}
		}
		if columns >= 0 && width != columns {
			c.fault("table %d: row %d has %d columns, the first %d", number, i+1, width, columns)
		}
		columns = max(columns, width)
	}
	if !headed {
		c.fault("table %d has no headings", number)
	}
}

// page checks that all that a page draws is marked, and known to the elements.
func (c *checker) page(p cos.Page, tree cos.Object) {
	data, _, err := c.doc.Decode(c.doc.Get(p.Object, "Contents"), 64<<20)
	if err != nil {
		c.fault("page %d: %v", p.Number, err)
		return
	}
	key, _ := p.Object.Get("StructParents").Int()
	owners := c.owners(tree, key)
	var open []string // BT and BDC, as they nest
	cos.Operators(data, func(op string, operands []cos.Object) bool {
		switch op {
		case "BT", "BMC":
			open = append(open, op)
		case "BDC":
			open = append(open, "BMC")
			id, there := operands[1].Get("MCID").Int()
			owner, claimed := c.claims[mark{p.Number, id}]
			if !there || !claimed || id >= int64(len(owners)) || owners[id].Number() != owner {
				c.fault("page %d: mark %d belongs to no element, or not to the one that says so", p.Number, id)
			}
			delete(c.claims, mark{p.Number, id})
		case "ET", "EMC":
			want := map[string]string{"ET": "BT", "EMC": "BMC"}[op]
			if len(open) == 0 || open[len(open)-1] != want {
				c.fault("page %d: %s ends what is not open", p.Number, op)
				return false
			}
			open = open[:len(open)-1]
		case "Tj", "TJ", "f", "F", "f*", "S", "s", "B", "b", "Do", "sh":
			if !slices.Contains(open, "BMC") {
				c.fault("page %d: %s draws what is neither text nor decoration", p.Number, op)
				return false
			}
		}
		return true
	})
	if len(open) > 0 {
		c.fault("page %d: %v is not ended", p.Number, open)
	}
}

// owners are the elements of the marks of a page, by their number.
func (c *checker) owners(tree cos.Object, key int64) []cos.Object {
	nums := c.doc.Get(c.doc.Get(tree, "ParentTree"), "Nums").Items()
	for i := 0; i+1 < len(nums); i += 2 {
		if n, _ := nums[i].Int(); n == key {
			return c.doc.Resolve(nums[i+1]).Items()
		}
	}
	return nil
}
