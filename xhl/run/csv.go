package run

import (
	"cmp"
	"slices"

	"paye/internal/sheet"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// The files of a CSV run. A cell is the value of an element; a column is named
// by the elements that lead to it, from what a line is about, with points
// between them: Agent.Adresse.CP.
const (
	CSVEntete        = "entete.csv"        // the head of the journal, then a line a DonneesIndiv
	CSVAgents        = "agents.csv"        // a line a bulletin: what stands in it once
	CSVLignes        = "lignes.csv"        // a line an element that a bulletin repeats
	CSVNomenclatures = "nomenclatures.csv" // a line a Correspondance, or a Repartition
)

// The columns that are not elements.
const (
	csvBulletin      = "bulletin"      // rank of a bulletin, from 1, growing
	csvEtablissement = "Etablissement" // rank of a DonneesIndiv, from 1; a SIRET in agents.csv
	csvElement       = "Element"       // name of the repeated element
	csvNomenclature  = "Nomenclature"  // name of the code list, or RepartitionParNature
	csvValeur        = "V"             // value of an element that has no children, as on the wire
)

// csvVide is a value that is there and empty, where the empty cell means that
// the element is absent. A value that is this very text takes one more pair of
// parentheses.
const csvVide = "(vide)"

// csvCell is a leaf of the schema in a CSV run.
type csvCell struct {
	column  string
	parents []*schema.Element // containers on the way to the leaf, outermost first
	leaf    *schema.Element
	marks   []*csvCell // on the first text of an optional container: all that the container holds
	kind    sheet.Kind // what a spreadsheet may have made of it
}

// csvKind is a kind of line: what its cells are about.
type csvKind struct {
	name    string
	parents []*schema.Element // containers from the value of the file to that of the line
	own     []*csvCell        // leaves of that value, the same on all of its lines
	item    *schema.Element   // the repeated element that a line is; nil when the line is the value itself
	cells   []*csvCell        // leaves of the item, or of the value when there is no item
	bare    bool              // a line whose item cells are all empty is the value alone
}

// csvFile is a file of a run: the columns of its keys, its kinds of lines, and
// all of its columns in the order in which they are written.
type csvFile struct {
	name    string
	keys    []string
	kinds   []*csvKind
	columns []string
}

func (f *csvFile) kind(name string) *csvKind {
	for _, k := range f.kinds {
		if k.name == name {
			return k
		}
	}
	return nil
}

// The files, drawn from the schema: what stands once gives columns, what is
// repeated gives lines. The value that the lines of a file are about is an
// *Entete or a *groupe, a *Bulletin, a *Bulletin, a *queue.
var (
	csvEnteteFile = newCSVFile(CSVEntete, []string{csvEtablissement},
		&csvKind{name: "DocumentPaye", cells: csvLeaves(xhl.Table.Entete.Children, "", nil)},
		&csvKind{name: "DonneesIndiv", cells: csvLeaves([]*schema.Element{xhl.Table.Etablissement}, "", nil)})
	csvAgentsFile = newCSVFile(CSVAgents, []string{csvBulletin, csvEtablissement},
		&csvKind{name: xhl.Table.Bulletin.Name, cells: csvLeaves(xhl.Table.Bulletin.Children, "", nil)})
	csvLignesFile        = newCSVFile(CSVLignes, []string{csvBulletin, csvElement}, csvRepeated(xhl.Table.Bulletin.Children, nil)...)
	csvNomenclaturesFile = newCSVFile(CSVNomenclatures, []string{csvNomenclature}, csvLists()...)
)

// newCSVFile orders the columns so that the kinds with most of them come
// first, which keeps those of one kind together.
func newCSVFile(name string, keys []string, kinds ...*csvKind) *csvFile {
	f := &csvFile{name: name, keys: keys, kinds: kinds, columns: slices.Clone(keys)}
	byCells := slices.Clone(kinds)
	slices.SortStableFunc(byCells, func(a, b *csvKind) int { return cmp.Compare(len(b.cells), len(a.cells)) })
	for _, k := range byCells {
		for _, c := range slices.Concat(k.own, k.cells) {
			if !slices.Contains(f.columns, c.column) {
				f.columns = append(f.columns, c.column)
			}
		}
	}
	return f
}

// csvLeaves lists the leaves that stand once below a parent of children.
func csvLeaves(children []*schema.Element, prefix string, parents []*schema.Element) []*csvCell {
	var cells []*csvCell
	for _, c := range children {
		switch {
		case c.Many:
		case c.Value != nil:
			cells = append(cells, &csvCell{column: prefix + c.Name, parents: parents, leaf: c, kind: csvCellKind(c)})
		default:
			below := csvLeaves(c.Children, prefix+c.Name+".", append(slices.Clone(parents), c))
			if c.Min == 0 {
				markFirstText(below)
			}
			cells = append(cells, below...)
		}
	}
	return cells
}

// markFirstText makes the first text of cells say that their container is
// there when none of them has a value.
func markFirstText(cells []*csvCell) {
	for _, c := range cells {
		if c.leaf.Text != nil {
			c.marks = cells
			return
		}
	}
}

// csvRepeated lists the repeated elements below a parent of children.
func csvRepeated(children []*schema.Element, parents []*schema.Element) []*csvKind {
	var kinds []*csvKind
	for _, c := range children {
		switch {
		case c.Many && c.Value != nil:
			kinds = append(kinds, &csvKind{name: c.Name, parents: parents, item: c, cells: []*csvCell{{column: csvValeur, leaf: c, kind: csvCellKind(c)}}})
		case c.Many:
			kinds = append(kinds, &csvKind{name: c.Name, parents: parents, item: c, cells: csvLeaves(c.Children, "", nil)})
		case c.Value == nil:
			kinds = append(kinds, csvRepeated(c.Children, append(slices.Clone(parents), c))...)
		}
	}
	return kinds
}

// csvLists gives the kinds of lines of nomenclatures.csv.
func csvLists() []*csvKind {
	var kinds []*csvKind
	list := func(e *schema.Element, parents ...*schema.Element) {
		k := &csvKind{name: e.Name, parents: append(parents, e), own: csvLeaves(e.Children, "", nil), bare: true}
		for _, c := range e.Children {
			if c.Many {
				k.item, k.cells = c, csvLeaves(c.Children, "", nil)
			}
		}
		markFirstText(k.cells)
		kinds = append(kinds, k)
	}
	for _, e := range xhl.Table.Nomenclatures.Children {
		list(e, xhl.Table.Nomenclatures)
	}
	list(xhl.Table.RepartitionParNature)
	return kinds
}

// csvDescend follows containers from v, nil when one of them is absent.
func csvDescend(v any, parents []*schema.Element) any {
	for _, p := range parents {
		if v, _ = p.At(v, 0); v == nil {
			return nil
		}
	}
	return v
}

// csvReach follows containers from v and makes those that are absent.
func csvReach(v any, parents []*schema.Element) any {
	for _, p := range parents {
		child, _ := p.At(v, 0)
		if child == nil {
			child = p.Add(v)
		}
		v = child
	}
	return v
}

// required reports whether the schema refuses any line of the kind that leaves
// the cell empty.
func (c *csvCell) required() bool {
	for _, p := range c.parents {
		if p.Min == 0 {
			return false
		}
	}
	return c.leaf.Min > 0 && c.leaf.Choice == 0 && c.leaf.Opt == nil && !c.leaf.Value.CanBeEmpty()
}

// get returns the value of the cell in v, and false when it is absent.
func (c *csvCell) get(v any) (string, bool) {
	if v = csvDescend(v, c.parents); v == nil {
		return "", false
	}
	if c.leaf.Opt != nil {
		return c.leaf.Opt(v).Get()
	}
	return *c.leaf.Text(v), true
}

// text returns what stands in the cell for its value in v.
func (c *csvCell) text(v any) string {
	s, there := c.get(v)
	switch {
	case !there:
		return ""
	case s != "":
		return csvEscape(s)
	case c.leaf.Opt != nil, c.marks != nil && allEmpty(c.marks, v):
		return csvVide
	}
	return ""
}

// csvEscape keeps a value apart from the marks of an empty one.
func csvEscape(s string) string {
	if vides(s) > 0 {
		return "(" + s + ")"
	}
	return s
}

// allEmpty reports whether no cell has a value in v.
func allEmpty(cells []*csvCell, v any) bool {
	for _, c := range cells {
		if s, there := c.get(v); s != "" || there && c.leaf.Opt != nil {
			return false
		}
	}
	return true
}

// set stores the value of the cell.
func (c *csvCell) set(v any, s string) {
	v = csvReach(v, c.parents)
	if c.leaf.Opt != nil {
		c.leaf.Opt(v).Put(s)
		return
	}
	*c.leaf.Text(v) = s
}

// value reads what stands in the cell, which is not empty, or says what a
// spreadsheet did to it.
func (c *csvCell) value(s string) (string, sheet.Cause) {
	s = sheet.Unprotect(s)
	switch n := vides(s); {
	case n == 1:
		return "", sheet.Cause{}
	case n > 1:
		return s[1 : len(s)-1], sheet.Cause{}
	}
	if c.leaf.Value.Kind == schema.KindEnum {
		if lost := sheet.LostZero(s, c.leaf.Value.Values); lost.Damaged() {
			return s, lost
		}
	}
	return c.kind.Read(s)
}

// vides counts the pairs of parentheses of "(vide)", "((vide))"…, and gives 0
// for any other text.
func vides(s string) int {
	n := 0
	for len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		s = s[1 : len(s)-1]
		n++
	}
	if s != "vide" {
		return 0
	}
	return n
}
