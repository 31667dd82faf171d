package hr

import (
	"context"
	"time"
)

// Source is an HR tool. It is only read. Methods return an *anomalie.Anomalie
// for what the tool or its settings do wrong, wrapped Go errors for the
// machine's faults, and stop when ctx ends.
//
// An implementation MUST give values as they are, never normalise them, and
// MUST leave out of a Record a path that the tool did not give. It MUST NOT
// write anything to the tool.
type Source interface {
	// Name tells one tenant from another; links are remembered under it.
	Name() string
	// Users gives a page of sheets from the offset on, with the values of the
	// paths asked for. What the page holds counts, not how much was wanted.
	Users(ctx context.Context, offset int, paths []string) (Page, error)
	// Lists gives the choices of the fields that are lists: path → identifier of
	// a choice → its name.
	Lists(ctx context.Context) (map[string]map[string]string, error)
	// Describe lists what the tenant can give, without any value of a person.
	Describe(ctx context.Context) (Description, error)
	// Absences gives the half-days of the window for the établissements, or for
	// the owners when there are some.
	Absences(ctx context.Context, q AbsenceQuery) ([]RawAbsence, error)
}

// Page is a part of the sheets.
type Page struct {
	Records []Record
	Total   int // of all pages; -1 when the source does not say
	Last    bool
	File    string // of several sheets one was found to be read, not the first: the file
	Sheet   string // and the sheet; "" otherwise
}

// Description is what a tenant can give.
type Description struct {
	Paths  []PathInfo
	Lists  map[string]map[string]string // as Lists gives them
	Leaves []LeaveType
	Etabs  map[string]string // identifier → name
}

// PathInfo is one value that a sheet can have.
type PathInfo struct {
	Path  string
	Label string
	Kind  string // as the source says
}

// LeaveType is an account of absences.
type LeaveType struct{ ID, Name string }

// AbsenceQuery says which absences are wanted.
type AbsenceQuery struct {
	From, To Date     // both included
	Etabs    []string // the source's own names
	Owners   []string // instead of Etabs when not empty
}

// RawAbsence is a half-day as the source gives it.
type RawAbsence struct {
	Owner     string
	Day       Date
	Morning   bool
	Account   string
	Label     string // name of the account, for people
	Period    string
	Confirmed bool
	Active    bool
	Cancelled bool
	Hours     bool // counted in hours, not in half-days
}

// Real reports whether the absence stands.
func (a *RawAbsence) Real() bool { return a.Active && a.Confirmed && !a.Cancelled }

// Clock is the time, so that limits and schedules can be tested without
// waiting.
type Clock interface {
	Now() time.Time
	// Sleep waits, and returns early with the error of ctx.
	Sleep(ctx context.Context, d time.Duration) error
}
