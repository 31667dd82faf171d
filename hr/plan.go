package hr

import (
	"cmp"
	"slices"
	"strings"

	"paye/internal/anomalie"
)

// Profil is the state of a profile after a run.
type Profil string

const (
	Complet    Profil = "complet"
	Incomplet  Profil = "incomplet"
	AConfirmer Profil = "a_confirmer"
	EnConflit  Profil = "conflit"
)

// Plan is what a run would write, and what it has to say.
type Plan struct {
	Read     int
	Agents   []*Agent // that are written: new, or other than before; by number
	Changes  []Change // in the order of agents, then of fields
	Created  int
	Matched  int
	Former   int // sheets of people who had left before payroll knew them
	Gone     int
	Profils  map[Profil]int
	Notices  []*anomalie.Anomalie
	Refusals []*anomalie.Anomalie // of the guards
}

// Input is what a plan is made from.
type Input struct {
	Mapping   *Mapping
	Register  *Register
	Fiches    []*Fiche
	Payroll   []*Fiche // agents as payroll knows them; nil when nobody says
	Decisions []Decision
	Last      int // sheets of the last run that wrote
	Today     Date
}

// rounds bounds how often a plan is looked at again.
const rounds = 4

// NewPlan decides everything and writes nothing. The register and its agents
// are left as they are. What a plan changes may settle a sheet that it held
// back: a mail that two people shared is now one's alone. So it is looked at
// again until it changes nothing more, and the same source a second time finds
// nothing to do.
func NewPlan(in Input) *Plan {
	plan, reg := planOnce(in)
	in.Payroll = nil
	for range rounds {
		in.Register = reg.with(plan.Agents)
		more, _ := planOnce(in)
		if len(more.Agents) == 0 && len(more.Changes) == 0 {
			break
		}
		plan.take(more)
		reg = in.Register
	}
	return plan
}

// with is the register with agents as they become.
func (r *Register) with(agents []*Agent) *Register {
	out := &Register{Agents: slices.Clone(r.Agents)}
	for _, a := range agents {
		at, found := slices.BinarySearchFunc(out.Agents, a.ID, func(x *Agent, id int64) int { return cmp.Compare(x.ID, id) })
		if found {
			out.Agents[at] = a
		} else {
			out.Agents = slices.Insert(out.Agents, at, a)
		}
	}
	return out
}

// take adds what a second look found: its agents, its changes, and its word on
// who is in conflict.
func (p *Plan) take(more *Plan) {
	p.Agents = (&Register{Agents: p.Agents}).with(more.Agents).Agents
	for _, c := range more.Changes {
		at := slices.IndexFunc(p.Changes, func(x Change) bool {
			return x.Agent == c.Agent && x.Champ == c.Champ && x.Kind == c.Kind && x.Origine == c.Origine
		})
		if at >= 0 {
			p.Changes[at].After = c.After
		} else {
			p.Changes = append(p.Changes, c)
		}
	}
	slices.SortStableFunc(p.Changes, func(a, b Change) int { return cmp.Compare(a.Agent, b.Agent) })
	p.Created += more.Created
	p.Profils = more.Profils
	held := func(a *anomalie.Anomalie) bool { return a.Code >= "RH-411" && a.Code <= "RH-415" }
	p.Notices = slices.DeleteFunc(p.Notices, held)
	for _, a := range more.Notices {
		if held(a) {
			p.Notices = append(p.Notices, a)
		}
	}
}

// planOnce is one look, and the register that it started from: with what
// payroll says.
func planOnce(in Input) (*Plan, *Register) {
	reg, edits, added := mergePayroll(in.Register, in.Payroll, in.Today)
	p := &planner{in: in, reg: reg, plan: &Plan{Read: len(in.Fiches), Changes: edits, Profils: make(map[Profil]int)}, touched: added,
		d: differ{mapping: in.Mapping, today: in.Today, lost: make(map[Champ]int)}, next: reg.next()}
	p.d.sheets(in.Fiches)
	people, clashes := group(in.Fiches, in.Mapping.Duplicates, in.Today)
	conflicts := p.clashes(clashes)
	for _, m := range matchAll(people, reg, in.Decisions) {
		conflicts += p.person(m)
	}
	p.gone()
	p.finish()
	p.plan.Refusals = forbidden(measures{Read: len(in.Fiches), Last: in.Last, Lost: p.d.lost, Conflicts: conflicts,
		First: !slices.ContainsFunc(reg.Agents, func(a *Agent) bool { return len(a.Liens) > 0 }), Existing: len(reg.Agents), Matched: p.plan.Matched})
	return p.plan, reg
}

// planner is a plan being made.
type planner struct {
	in      Input
	reg     *Register
	plan    *Plan
	d       differ
	touched map[int64]*Agent
	next    int64
}

// sheets tells what is wrong with the sheets themselves.
func (d *differ) sheets(fiches []*Fiche) {
	for _, f := range slices.SortedFunc(slices.Values(fiches), func(a, b *Fiche) int { return compareIDs(a.ID, b.ID) }) {
		for _, x := range f.Issues {
			d.notice(x.Code, f.ID, string(x.Champ))
		}
		for i := range fields {
			if max := fields[i].Max; max > 0 && len([]rune(f.Values.texts[i])) > max {
				d.notice("RH-407", f.ID, string(fields[i].Champ), max)
			}
		}
		if name, unknown := strings.CutPrefix(f.Etab, "#"); unknown {
			d.notice("RH-409", f.ID, name)
		}
	}
}

// clashes tells of sheets that share a key without being one person, and
// returns how many sheets they are.
func (p *planner) clashes(groups [][]*Fiche) int {
	n := 0
	for _, g := range groups {
		ids := make([]string, len(g))
		for i, f := range g {
			ids[i] = f.ID
		}
		p.d.notice("RH-415", strings.Join(ids, ", "))
		p.plan.Profils[EnConflit] += len(g)
		n += len(g)
	}
	return n
}

// person plans one match and returns how many sheets of it are in conflict.
func (p *planner) person(m matching) int {
	switch m.Verdict {
	case matched:
		p.plan.Matched++
		p.write(p.d.update(m.Agent, m.Person))
		return 0
	case newcomer:
		if formerly(m.Person, p.in.Today) {
			p.plan.Former += len(m.Person.Fiches)
			return 0
		}
		p.plan.Created++
		p.write(p.d.create(p.next, m.Person))
		p.next++
		return 0
	}
	names := make([]string, len(m.Others))
	for i, a := range m.Others {
		names[i] = a.Name()
	}
	p.d.notice(m.Code, m.Person.Main().ID, strings.Join(names, ", "))
	if m.Verdict == unsure {
		p.plan.Profils[AConfirmer] += len(m.Person.Fiches)
		return 0
	}
	p.plan.Profils[EnConflit] += len(m.Person.Fiches)
	return len(m.Person.Fiches)
}

// formerly reports whether every contract of p was over before this month: a
// source that shows former employees shows those of ten years ago.
func formerly(p *person, today Date) bool {
	first := today.Mois().First().String()
	return !slices.ContainsFunc(p.Fiches, func(f *Fiche) bool {
		end := f.Values.Text(ChampFinContrat)
		return end == "" || end >= first
	})
}

// write takes an agent as it becomes into the plan.
func (p *planner) write(a *Agent, changes []Change) {
	if missing := a.Missing(); len(missing) > 0 {
		p.plan.Profils[Incomplet]++
		list := make([]string, len(missing))
		for i, c := range missing {
			list[i] = string(c)
		}
		p.d.notice("RH-408", a.Liens[0].SourceID, strings.Join(list, ", "))
	} else {
		p.plan.Profils[Complet]++
	}
	if end := a.Values.Text(ChampFinContrat); end != "" && strings.HasPrefix(end, p.in.Today.Mois().String()) {
		p.d.notice("RH-417", a.Liens[0].SourceID, end)
	}
	if a != p.reg.Find(a.ID) {
		p.touched[a.ID] = a
	}
	p.plan.Changes = append(p.plan.Changes, changes...)
}

// gone marks the links whose sheet was not read.
func (p *planner) gone() {
	read := make(map[string]bool, len(p.in.Fiches))
	for _, f := range p.in.Fiches {
		read[f.ID] = true
	}
	for _, a := range p.reg.Agents {
		for i, l := range a.Liens {
			if read[l.SourceID] {
				continue
			}
			p.plan.Gone++
			if l.Gone != "" {
				continue
			}
			p.d.notice("RH-416", l.SourceID)
			next := p.touched[a.ID]
			if next == nil {
				copied := *a
				copied.Liens = slices.Clone(a.Liens)
				next = &copied
				p.touched[a.ID] = next
			}
			at := slices.IndexFunc(next.Liens, func(x Lien) bool { return x.SourceID == a.Liens[i].SourceID })
			next.Liens[at].Gone = p.in.Today.String()
		}
	}
}

// finish puts what was found in order.
func (p *planner) finish() {
	for _, a := range p.touched {
		p.plan.Agents = append(p.plan.Agents, a)
	}
	byID(p.plan.Agents)
	slices.SortStableFunc(p.plan.Changes, func(a, b Change) int { return int(a.Agent - b.Agent) })
	p.plan.Notices = p.d.notices
}
