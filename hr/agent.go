package hr

import (
	"fmt"
	"log/slog"
	"strconv"
)

// Agent is a person who is paid, as the payroll side knows them.
type Agent struct {
	ID      int64
	Origine Origine // who made the agent
	Created Date
	Etab    string // SIRET of the main établissement
	Values  Values // what payroll has now
	Applied Values // what the source last gave
	Liens   []Lien // of the sheets of the source that are this agent, by identifier
}

// Lien ties a sheet of the source to an agent, with the contract it carries.
type Lien struct {
	SourceID   string
	Etab       string
	Matricule  string
	Debut, Fin string // of the contract, as 2026-09-14
	Gone       string // since when the sheet is not seen any more; empty while it is
}

// Origine says who made or changed something.
type Origine string

const (
	FromSource  Origine = "source"
	FromPayroll Origine = "paie"
)

// Name is how an agent is told in messages and options: the matricule, else
// its number behind "#".
func (a *Agent) Name() string {
	if m := a.Values.Text(ChampMatricule); m != "" {
		return m
	}
	return "#" + strconv.FormatInt(a.ID, 10)
}

// Format keeps the values out of whatever is printed.
func (a *Agent) Format(s fmt.State, _ rune) { fmt.Fprint(s, "agent "+a.Name()) }

// LogValue is the matricule.
func (a *Agent) LogValue() slog.Value { return slog.StringValue(a.Name()) }

// Missing lists the fields without which a profile is not complete.
func (a *Agent) Missing() []Champ {
	var list []Champ
	for i := range fields {
		if fields[i].Needed && a.Values.texts[i] == "" {
			list = append(list, fields[i].Champ)
		}
	}
	return list
}

// Register is the agents of one employer, by number, and what a run asks of
// them.
type Register struct {
	Agents []*Agent // by ID, ascending
}

// Find is the agent of a number; nil when there is none.
func (r *Register) Find(id int64) *Agent {
	lo, hi := 0, len(r.Agents)
	for lo < hi {
		mid := (lo + hi) / 2
		if r.Agents[mid].ID < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(r.Agents) && r.Agents[lo].ID == id {
		return r.Agents[lo]
	}
	return nil
}

// Named is the agent whom an option names, by matricule, matricule@SIRET or
// #number; nil when there is none or more than one.
func (r *Register) Named(name string) *Agent {
	var found *Agent
	for _, a := range r.Agents {
		if name != a.Name() && name != "#"+strconv.FormatInt(a.ID, 10) && name != a.Values.Text(ChampMatricule)+"@"+a.Etab {
			continue
		}
		if found != nil {
			return nil
		}
		found = a
	}
	return found
}

// next is the number of the next agent.
func (r *Register) next() int64 {
	if len(r.Agents) == 0 {
		return 1
	}
	return r.Agents[len(r.Agents)-1].ID + 1
}
