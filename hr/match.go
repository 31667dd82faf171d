package hr

import (
	"slices"
)

// verdict is what matching says of a person of the source.
type verdict uint8

const (
	matched  verdict = iota + 1 // it is Agent
	newcomer                    // no agent answers to any key: one is made
	clashing                    // keys name different agents: nothing is written
	unsure                      // a weak key alone: somebody has to say
)

// matching is the verdict on one person.
type matching struct {
	Person  *person
	Verdict verdict
	Agent   *Agent   // of matched
	Others  []*Agent // of clashing and unsure: whom the keys name, by number
	Code    string   // why, of Codes
}

// DecisionKind is what somebody has decided of a sheet.
type DecisionKind string

const (
	DecideLink   DecisionKind = "link"   // the sheet is this agent
	DecideApart  DecisionKind = "apart"  // the sheet is not this agent
	DecideCreate DecisionKind = "create" // the sheet is nobody yet
)

// Decision is remembered, and replayed at each run.
type Decision struct {
	SourceID string
	Kind     DecisionKind
	Agent    int64 // of DecideLink and DecideApart
}

// crowd is how many sheets may carry a weak value before it is taken for a
// switchboard or a shared mailbox.
const crowd = 3

// weakChamps are the fields of the weak keys; values of one kind are compared
// across the fields of that kind.
var weakChamps = []struct {
	champ Champ
	kind  string
}{{ChampMailPro, "mail:"}, {ChampMailPerso, "mail:"}, {ChampTelPro, "tel:"}, {ChampTelPerso, "tel:"}}

// matcher finds agents by their keys.
type matcher struct {
	byLink   map[string]*Agent
	strong   map[string][]*Agent // NIR and matricules
	weak     map[string][]*Agent
	carried  map[string]int // sheets that carry a weak value
	decided  map[string][]Decision
	register *Register
}

// matchAll decides who each person is. The result does not depend on the order
// of people, who are matched against the register as it was before the run.
func matchAll(people []*person, r *Register, decisions []Decision) []matching {
	m := newMatcher(people, r, decisions)
	list := make([]matching, len(people))
	claims := make(map[*Agent][]int)
	for i, p := range people {
		list[i] = m.match(p)
		if list[i].Verdict == matched {
			claims[list[i].Agent] = append(claims[list[i].Agent], i)
		}
	}
	for agent, at := range claims {
		if len(at) < 2 {
			continue
		}
		for _, i := range at {
			list[i] = matching{Person: people[i], Verdict: clashing, Others: []*Agent{agent}, Code: "RH-414"}
		}
	}
	return list
}

func newMatcher(people []*person, r *Register, decisions []Decision) *matcher {
	m := &matcher{
		byLink: make(map[string]*Agent, len(r.Agents)), strong: make(map[string][]*Agent, 2*len(r.Agents)),
		weak: make(map[string][]*Agent), carried: make(map[string]int), decided: make(map[string][]Decision), register: r,
	}
	for _, d := range decisions {
		m.decided[d.SourceID] = append(m.decided[d.SourceID], d)
	}
	for _, p := range people {
		for _, f := range p.Fiches {
			for _, key := range weakKeys(&f.Values) {
				m.carried[key]++
			}
		}
	}
	for _, a := range r.Agents {
		for _, l := range a.Liens {
			m.byLink[l.SourceID] = a
			m.add(m.strong, matriculeKey(l.Etab, l.Matricule), a)
		}
		m.add(m.strong, matriculeKey(a.Etab, a.Values.Text(ChampMatricule)), a)
		m.add(m.strong, nirKey(&a.Values), a)
		for _, key := range weakKeys(&a.Values) {
			m.add(m.weak, key, a)
		}
	}
	return m
}

func (m *matcher) add(index map[string][]*Agent, key string, a *Agent) {
	if key != "" && !slices.Contains(index[key], a) {
		index[key] = append(index[key], a)
	}
}

func matriculeKey(etab, matricule string) string {
	if matricule == "" {
		return ""
	}
	return "mat:" + etab + "\x00" + matricule
}

func nirKey(v *Values) string {
	if nir := v.Text(ChampNIR); usableNIR(nir) {
		return "nir:" + nir
	}
	return ""
}

func weakKeys(v *Values) []string {
	var keys []string
	for _, w := range weakChamps {
		if text := v.Text(w.champ); text != "" && !slices.Contains(keys, w.kind+text) {
			keys = append(keys, w.kind+text)
		}
	}
	return keys
}

// match decides one person: a decision, then the stored link, then the strong
// keys, then the weak ones.
func (m *matcher) match(p *person) matching {
	if made, found := m.decision(p); found {
		return made
	}
	linked := m.linked(p)
	strong := m.named(p, func(f *Fiche) []string {
		return []string{nirKey(&f.Values), matriculeKey(f.Etab, f.Values.Text(ChampMatricule))}
	}, m.strong)
	all := union2(linked, strong)
	switch {
	case len(all) > 1:
		return matching{Person: p, Verdict: clashing, Others: all, Code: "RH-411"}
	case len(linked) == 1:
		return m.keep(p, linked[0])
	case len(strong) == 1:
		return m.strongly(p, strong[0])
	}
	return m.weakly(p)
}

// decision replays what somebody has decided.
func (m *matcher) decision(p *person) (matching, bool) {
	for _, f := range p.Fiches {
		for _, d := range m.decided[f.ID] {
			switch d.Kind {
			case DecideLink:
				if a := m.register.Find(d.Agent); a != nil {
					return matching{Person: p, Verdict: matched, Agent: a}, true
				}
			case DecideCreate:
				if m.byLink[f.ID] == nil {
					return matching{Person: p, Verdict: newcomer}, true
				}
			}
		}
	}
	return matching{}, false
}

// apart reports whether somebody has decided that p is not a.
func (m *matcher) apart(p *person, a *Agent) bool {
	return slices.ContainsFunc(p.Fiches, func(f *Fiche) bool {
		return slices.Contains(m.decided[f.ID], Decision{f.ID, DecideApart, a.ID})
	})
}

func (m *matcher) linked(p *person) []*Agent {
	return m.named(p, func(f *Fiche) []string { return []string{f.ID} }, nil)
}

// named lists the agents that the keys of p name; a nil index is that of the
// links.
func (m *matcher) named(p *person, keys func(*Fiche) []string, index map[string][]*Agent) []*Agent {
	var list []*Agent
	for _, f := range p.Fiches {
		for _, key := range keys(f) {
			found := index[key]
			if index == nil && m.byLink[key] != nil {
				found = []*Agent{m.byLink[key]}
			}
			for _, a := range found {
				if !slices.Contains(list, a) && !m.apart(p, a) {
					list = append(list, a)
				}
			}
		}
	}
	byID(list)
	return list
}

func byID(list []*Agent) {
	slices.SortFunc(list, func(a, b *Agent) int { return int(a.ID - b.ID) })
}

func union2(a, b []*Agent) []*Agent {
	all := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	byID(all)
	return all
}

// keep holds a stored link, unless the NIR became another one and nothing else
// says that it is the same person.
func (m *matcher) keep(p *person, a *Agent) matching {
	v := &p.Main().Values
	if nirsDiffer(v, &a.Values) && !corroborated(v, &a.Values) {
		return matching{Person: p, Verdict: clashing, Others: []*Agent{a}, Code: "RH-412"}
	}
	return matching{Person: p, Verdict: matched, Agent: a}
}

// strongly takes an agent named by NIR or matricule, unless the other strong
// key says somebody else.
func (m *matcher) strongly(p *person, a *Agent) matching {
	v := &p.Main().Values
	if contradicts(p, a) {
		return matching{Person: p, Verdict: clashing, Others: []*Agent{a}, Code: "RH-412"}
	}
	// A matricule alone was perhaps given again: a birth or a NIR that is there
	// on both sides has to agree.
	births := v.Text(ChampDateNaissance) != "" && a.Values.Text(ChampDateNaissance) != ""
	if nirKey(v) == "" && births && !corroborated(v, &a.Values) {
		return matching{Person: p, Verdict: unsure, Others: []*Agent{a}, Code: "RH-413"}
	}
	return matching{Person: p, Verdict: matched, Agent: a}
}

// contradicts reports whether a strong key that both sides have disagrees.
func contradicts(p *person, a *Agent) bool {
	for _, f := range p.Fiches {
		if nirsDiffer(&f.Values, &a.Values) {
			return true
		}
		mat := f.Values.Text(ChampMatricule)
		if mat == "" {
			continue
		}
		if f.Etab == a.Etab && a.Values.Text(ChampMatricule) != "" && a.Values.Text(ChampMatricule) != mat {
			return true
		}
	}
	return false
}

// corroborated is the second agreement that a key wants which families share.
func corroborated(v, w *Values) bool {
	birth := v.Text(ChampDateNaissance)
	return birth != "" && birth == w.Text(ChampDateNaissance) || agree(v, w, ChampNomNaissance) && agree(v, w, ChampPrenom)
}

// weakly looks at mails and telephones.
func (m *matcher) weakly(p *person) matching {
	hits := m.named(p, func(f *Fiche) []string {
		keys := weakKeys(&f.Values)
		return slices.DeleteFunc(keys, func(key string) bool { return m.carried[key] >= crowd })
	}, m.weak)
	hits = slices.DeleteFunc(hits, func(a *Agent) bool { return contradicts(p, a) })
	sure := slices.DeleteFunc(slices.Clone(hits), func(a *Agent) bool { return !corroborated(&p.Main().Values, &a.Values) })
	switch {
	case len(sure) == 1:
		return matching{Person: p, Verdict: matched, Agent: sure[0]}
	case len(sure) > 1:
		return matching{Person: p, Verdict: clashing, Others: sure, Code: "RH-411"}
	case len(hits) > 0:
		return matching{Person: p, Verdict: unsure, Others: hits, Code: "RH-413"}
	}
	return matching{Person: p, Verdict: newcomer}
}
