package hr

import "slices"

// mergePayroll brings a register up to what payroll says of its agents. Only
// fields that payroll gives are compared, and the way in which two programs
// write the same name is no change. It returns a new register, the changes,
// and the agents that are new or other than before.
func mergePayroll(r *Register, payroll []*Fiche, today Date) (*Register, []Change, map[int64]*Agent) {
	touched := make(map[int64]*Agent)
	if len(payroll) == 0 {
		return r, nil, touched
	}
	known := make(map[string]*Agent, len(r.Agents))
	for _, a := range r.Agents {
		known[matriculeKey(a.Etab, a.Values.Text(ChampMatricule))] = a
		for _, l := range a.Liens {
			if key := matriculeKey(l.Etab, l.Matricule); known[key] == nil {
				known[key] = a
			}
		}
	}
	out := &Register{Agents: slices.Clone(r.Agents)}
	next := r.next()
	var changes []Change
	for _, f := range payroll {
		key := matriculeKey(f.Etab, f.Values.Text(ChampMatricule))
		if key == "" {
			continue
		}
		a := known[key]
		if a == nil {
			a = &Agent{ID: next, Origine: FromPayroll, Created: today, Etab: f.Etab, Values: f.Values}
			next++
			known[key], touched[a.ID] = a, a
			out.Agents = append(out.Agents, a)
			continue
		}
		if a.Values.Text(ChampMatricule) != f.Values.Text(ChampMatricule) {
			continue // the bulletin of a second contract: its values are not the main ones
		}
		edited, list := edit(a, f)
		if len(list) == 0 {
			continue
		}
		changes = append(changes, list...)
		known[key], touched[a.ID] = edited, edited
		out.Agents[slices.IndexFunc(out.Agents, func(x *Agent) bool { return x.ID == a.ID })] = edited
	}
	return out, changes, touched
}

// edit applies what payroll gives and is not what we hold.
func edit(a *Agent, f *Fiche) (*Agent, []Change) {
	next := *a
	next.Liens = slices.Clone(a.Liens)
	var changes []Change
	for i := 1; i < nbChamps; i++ {
		text, state := f.Values.at(i)
		now := next.Values.texts[i]
		if state != dit || text == now || fields[i].Kind == kindText && Fold(text) == Fold(now) {
			continue
		}
		changes = append(changes, Change{Agent: a.ID, Champ: fields[i].Champ, Before: now, After: text, Origine: FromPayroll, Kind: Modified})
		next.Values.set(i, text)
	}
	return &next, changes
}
