package hr

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// absenceTypes are the types of absence that travel to payroll, and no other.
var absenceTypes = []string{
	"conges_payes", "rtt", "repos", "absence_remuneree", "conge_sans_solde", "teletravail", "enfant_malade",
	"activite_partielle", "conge_parental", "demenagement", "deces", "mariage_pacs", "naissance_adoption",
	"temps_partiel_therapeutique",
}

// exclude is what an account is that never travels.
const exclude = "exclude"

// stopped marks, in the memory only, a half-day of an account that is a
// stoppage of work: it is in no output, but when it changes in a closed month
// somebody has to know.
const stopped = "arret"

// stoppages are words of the names of accounts that must be excluded. The name
// is the only thing the source gives to tell them.
var stoppages = []string{"maladie", "accident", "maternite", "paternite", "arret", "sick", "maternity", "paternity"}

// isStoppage reports whether the name of an account says a stoppage of work.
func isStoppage(name string) bool {
	folded := Fold(name)
	return slices.ContainsFunc(stoppages, func(word string) bool { return strings.Contains(folded, word) })
}

// forbidden is an account whose name says a stoppage and that is not excluded.
func (s AbsenceSettings) forbidden() (account, name string) {
	for _, id := range slices.Sorted(maps.Keys(s.Accounts)) {
		if a := s.Accounts[id]; a.Type != exclude && isStoppage(a.Name) {
			return id, a.Name
		}
	}
	return "", ""
}

// lookback is how many months before the payroll month are read.
func (s AbsenceSettings) lookback() int {
	if s.Lookback == 0 {
		return 12
	}
	return s.Lookback
}

// Window is the days that a fetch for a payroll month reads. Future months are
// not in it, whatever the period of an absence.
func (s AbsenceSettings) Window(m Mois) (from, to Date) {
	return m.Add(-s.lookback()).First(), m.Last()
}

// Absence is one half-day of one agent.
type Absence struct {
	Agent   int64
	Day     Date
	Morning bool
	Type    string
}

// half is 0 in the morning, 1 in the afternoon.
func (a Absence) half() int {
	if a.Morning {
		return 0
	}
	return 1
}

func compareAbsences(a, b Absence) int {
	return cmp.Or(cmp.Compare(a.Agent, b.Agent), strings.Compare(a.Type, b.Type), a.Day.Compare(b.Day), cmp.Compare(a.half(), b.half()))
}

// Sorting is what becomes of the half-days that a source gave.
type Sorting struct {
	Kept    []Absence      // each once, in order; stoppages included
	Unknown map[string]int // account → half-days that wait
	Hours   map[string]int // account → rows in hours that wait
	Nobody  map[string]int // owner → half-days that wait
	Owners  map[Absence]string
	Periods map[Absence]string // of the source
}

// Sort keeps the absences that stand, of known types, of agents that links
// name, in the window. What is not known is counted, never guessed. An account
// whose name says a stoppage and that the settings do not exclude is refused.
func (s AbsenceSettings) Sort(rows []RawAbsence, from, to Date, agents map[string]int64) (*Sorting, error) {
	out := &Sorting{Unknown: make(map[string]int), Hours: make(map[string]int), Nobody: make(map[string]int), Owners: make(map[Absence]string), Periods: make(map[Absence]string)}
	for i := range rows {
		r := &rows[i]
		if !r.Real() || r.Day.Compare(from) < 0 || r.Day.Compare(to) > 0 {
			continue
		}
		account, known := s.Accounts[r.Account]
		stoppage := isStoppage(r.Label)
		if known && account.Type != exclude && stoppage {
			return nil, Codes.New("RH-104", r.Account, r.Label)
		}
		stoppage = stoppage || isStoppage(account.Name)
		agent, linked := agents[r.Owner]
		switch {
		case known && account.Type == exclude && !stoppage:
			continue
		case !known && !stoppage:
			out.Unknown[r.Account]++
			continue
		case !linked && stoppage:
			continue
		case !linked:
			out.Nobody[r.Owner]++
			continue
		case r.Hours && !stoppage:
			out.Hours[r.Account]++
			continue
		}
		a := Absence{agent, r.Day, r.Morning, account.Type}
		if stoppage {
			a.Type = stopped
		}
		if _, twice := out.Owners[a]; !twice {
			out.Kept = append(out.Kept, a)
			out.Owners[a], out.Periods[a] = r.Owner, r.Period
		}
	}
	slices.SortFunc(out.Kept, compareAbsences)
	return out, nil
}

// Parked is how many half-days wait.
func (s *Sorting) Parked() int {
	n := 0
	for _, m := range []map[string]int{s.Unknown, s.Hours, s.Nobody} {
		for _, k := range m {
			n += k
		}
	}
	return n
}

// AbsenceDiff is what changed since the last acknowledged set.
type AbsenceDiff struct {
	Added, Deleted []Absence // without stoppages
	Plus, Minus    []Absence // with them: what the memory takes over
	Support        []Mois    // closed months in which a stoppage changed, with Agent below
	SupportAgents  []int64
}

// Outcome is one of the four that the user is told.
type Outcome int

const (
	Nothing      Outcome = 1
	OnlyAdded    Outcome = 2
	OnlyDeleted  Outcome = 3
	AddedDeleted Outcome = 4
)

// Outcome tells which of the four it is.
func (d *AbsenceDiff) Outcome() Outcome {
	switch {
	case len(d.Added) == 0 && len(d.Deleted) == 0:
		return Nothing
	case len(d.Deleted) == 0:
		return OnlyAdded
	case len(d.Added) == 0:
		return OnlyDeleted
	}
	return AddedDeleted
}

// DiffAbsences compares what was acknowledged with what is there now, within
// the window. first says that nothing was ever acknowledged: stoppages are then
// no change.
func DiffAbsences(acknowledged, now []Absence, from Date, month Mois, first bool) *AbsenceDiff {
	d := new(AbsenceDiff)
	was := make(map[Absence]bool, len(acknowledged))
	for _, a := range acknowledged {
		was[a] = true
	}
	is := make(map[Absence]bool, len(now))
	support := make(map[Absence]bool)
	changed := func(a Absence, all, list *[]Absence) {
		*all = append(*all, a)
		if a.Type != stopped {
			*list = append(*list, a)
		} else if !first && a.Day.Mois().Before(month) {
			support[Absence{Agent: a.Agent, Day: a.Day.Mois().First()}] = true
		}
	}
	for _, a := range now {
		is[a] = true
		if !was[a] {
			changed(a, &d.Plus, &d.Added)
		}
	}
	for _, a := range acknowledged {
		if !is[a] && a.Day.Compare(from) >= 0 {
			changed(a, &d.Minus, &d.Deleted)
		}
	}
	for _, list := range [][]Absence{d.Added, d.Deleted, d.Plus, d.Minus} {
		slices.SortFunc(list, compareAbsences)
	}
	for _, a := range slices.SortedFunc(maps.Keys(support), compareAbsences) {
		d.Support = append(d.Support, a.Day.Mois())
		d.SupportAgents = append(d.SupportAgents, a.Agent)
	}
	return d
}

// span is consecutive half-days of one agent and type, for people.
type span struct {
	Agent     int64
	Type      string
	From, To  Date
	Afternoon bool // starts in the afternoon
	Morning   bool // ends in the morning
	HalfDays  int
}

// spans puts half-days together. Absences are in order. A gap of a week-end
// does not end a range when samePeriod says that the source has both sides in
// one period.
func spans(list []Absence, samePeriod func(a, b Absence) bool) []span {
	var out []span
	for i, a := range list {
		if n := len(out) - 1; n >= 0 && follows(list[i-1], a, samePeriod) {
			out[n].To, out[n].Morning = a.Day, a.Morning
			out[n].HalfDays++
			continue
		}
		out = append(out, span{Agent: a.Agent, Type: a.Type, From: a.Day, To: a.Day, Afternoon: !a.Morning, Morning: a.Morning, HalfDays: 1})
	}
	return out
}

func follows(a, b Absence, samePeriod func(a, b Absence) bool) bool {
	if a.Agent != b.Agent || a.Type != b.Type {
		return false
	}
	if a.Day == b.Day {
		return true
	}
	if a.Morning || !b.Morning {
		return false
	}
	next := a.Day.Add(1)
	if next == b.Day {
		return true
	}
	for next.Weekday() == 0 || next.Weekday() == 6 {
		next = next.Add(1)
	}
	return next == b.Day && samePeriod != nil && samePeriod(a, b)
}
