package ui

// Kind is what a badge, a notice or a step says before its words are read. It
// has a sign beside its colour.
type Kind string

const (
	Neutral Kind = "neutral"
	Good    Kind = "good"
	Warning Kind = "warning"
	Bad     Kind = "bad"
	Busy    Kind = "busy"
	Stopped Kind = "stopped" // somebody has to act elsewhere
)

func (k Kind) sign() string {
	switch k {
	case Good:
		return "✓"
	case Warning:
		return "!"
	case Bad:
		return "✗"
	case Busy:
		return "…"
	case Stopped:
		return "⊘"
	}
	return "·"
}

// Badge is a state: a sign, a colour and a word.
type Badge struct {
	Kind Kind
	Text string
}

// Notice is what happened and what to do about it.
type Notice struct {
	Kind  Kind
	Title string
	Text  string
	Code  string // of the anomaly, for who asks for help
	Items []string
	Link  *Link
}

// Link is somewhere to go.
type Link struct{ Text, Href string }

// Fact is a name with its value.
type Fact struct {
	Name, Value, Href string
	Badge             *Badge
}

// Table is rows under columns. An empty one says so in Empty, with what to do.
type Table struct {
	ID      string // of the region around it; "table" when empty
	Caption string
	Columns []Column
	Rows    []Row
	Empty   string
	Total   int    // rows in all; 0 when not known
	CSV     string // address of what is shown, as CSV
	Prev    string // address of the page before
	Next    string
}

// Region names the element around the table.
func (t Table) Region() string {
	if t.ID == "" {
		return "table"
	}
	return t.ID
}

// Wide reports whether a phone shows the rows as cards: more than two columns do not
// stand beside each other there.
func (t Table) Wide() bool { return len(t.Columns) > 2 }

// Label is what a cell of a card is called.
func (t Table) Label(i int) string {
	if !t.Wide() || i >= len(t.Columns) {
		return ""
	}
	return t.Columns[i].Title
}

// Column is the head of a column.
type Column struct {
	Title  string
	Number bool   // right-aligned
	Sort   string // address that sorts by it
	Order  string // "ascending" or "descending" when it is what sorts
}

// Row is a row of a table.
type Row struct {
	Cells  []Cell
	Detail string // a second line under the row: cause and remedy
}

// Cell is a cell of a row. The zero Cell is empty.
type Cell struct {
	Text   string
	Href   string
	Badge  *Badge
	Number bool
	Head   bool // names its row
	Post   *Post
}

// Post is a button that does one thing.
type Post struct {
	Action string
	Text   string
	About  string // what it is about, for who hears the button alone
	Hidden [][2]string
	Danger bool
}

// Progress is how far something is, as the server counted it.
type Progress struct {
	Label string
	Done  int64
	Total int64 // 0 while it is not known
	Text  string
}

// Percent is at most 99 before all is done.
func (p Progress) Percent() int64 {
	switch {
	case p.Total <= 0:
		return 0
	case p.Done >= p.Total:
		return 100
	}
	return p.Done * 99 / p.Total
}

// Step is a step of a timeline.
type Step struct {
	Kind Kind
	Text string
	When string
	Note string
}

// Confirm is the end of an action: what was done, its reference, what next.
type Confirm struct {
	Title     string
	Reference string
	Text      string
	Facts     []Fact
	Next      []Link
}

// Panel is a PDF beside what is known of it.
type Panel struct {
	Title string
	Src   string // address of the PDF
	Facts []Fact
}

// Drop is where files are put. It is a file field: what is dropped on it is
// chosen, with script or without.
type Drop struct {
	Name     string
	Label    string
	Hint     string
	Accept   string
	Folder   bool // a folder is chosen, with all that is in it
	Multiple bool
	Error    string
}
