package schema

// Namespace is that of the root element, the only one that has one, in both
// versions of the schema.
const Namespace = "http://www.minefi.gouv.fr/cp/helios/pes_v2/paye_1_1"

// Element is a line of the schema: its name, how often it stands in its
// parent, the type of its value or its children in their order, and where the
// value lives in the Go types. Reader, Writer, runs and checks all walk this
// one tree.
type Element struct {
	Name     string
	Min      int // occurrences; max is 1 unless Many
	Many     bool
	Only14   bool     // absent from schema 1.2b
	Choice   int      // children with a choice of 1 exclude those with 2, and one of the two is there
	Value    *Lexical // of a leaf; nil for a container
	Children []*Element

	Open      string // `<Nom V="`, of a leaf
	hasChoice bool   // some of the children are in a choice
	Raw       bool   // a leaf whose value is kept as it is written

	// Access to the values. parent is a pointer to the Go type of the
	// containing element.
	Text func(parent any) *string  // a leaf that is there once
	Opt  func(parent any) Optional // a leaf whose absence differs from the empty text
	Add  func(parent any) any      // a container: its value, made if it has to be; appended when many
	// At is the first value of a container at cursor or beyond, and the cursor
	// of the next one; nil when there is none left. The first cursor is 0.
	At   func(parent any, cursor int) (any, int)
	Push func(parent any) *string        // a leaf with many values: a new one
	Item func(parent any, i int) *string // a leaf with many values: the i-th, nil when there is none
}

// Optional is what the table knows of an Opt.
type Optional interface {
	Get() (string, bool)
	Put(string)
	Clear()
}

// Child returns the child called name and its index, looking first where the
// order of the schema wants it; -1 when there is none.
func (e *Element) Child(name []byte, from int) (*Element, int) {
	for i := from; i < len(e.Children); i++ {
		if string(name) == e.Children[i].Name {
			return e.Children[i], i
		}
	}
	for i := 0; i < from && i < len(e.Children); i++ {
		if string(name) == e.Children[i].Name {
			return e.Children[i], i
		}
	}
	return nil, -1
}

// OpenTag is what a leaf begins with.
func OpenTag(name string) string { return "<" + name + ` V="` }

func anyChoice(children []*Element) bool {
	for _, c := range children {
		if c.Choice != 0 {
			return true
		}
	}
	return false
}

// Chosen tells which alternative of a choice the values make: 0 without a
// choice, -1 when both are there.
func (e *Element) Chosen(v any) int {
	if !e.hasChoice {
		return 0
	}
	var there [3]bool
	for _, c := range e.Children {
		switch {
		case c.Choice == 0:
		case c.Text != nil:
			there[c.Choice] = there[c.Choice] || *c.Text(v) != ""
		case c.Opt != nil:
			_, set := c.Opt(v).Get()
			there[c.Choice] = there[c.Choice] || set
		}
	}
	switch {
	case there[1] && there[2]:
		return -1
	case there[2]:
		return 2
	}
	return 1
}

// Empty reports whether a repeated element has no value in v.
func (e *Element) Empty(v any) bool {
	if e.Item != nil {
		return e.Item(v, 0) == nil
	}
	first, _ := e.At(v, 0)
	return first == nil
}

// schemaTable is the tree of the schema, by its parts.
type Table struct {
	Document      *Element
	Entete        *Element // DocumentPaye as far as the first DonneesIndiv
	DonneesIndiv  *Element
	Etablissement *Element
	Bulletin      *Element
	Matricule     *Element

	Nomenclatures        *Element
	RepartitionParNature *Element
}
