package hr

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Recap is what changed in a month, as a payroll clerk checks it.
type Recap struct {
	Mois     Mois
	Modified []RecapLine // value at the start of the month → the latest
	Crushed  []RecapLine // edits of payroll that the source overwrote
	Arrivals []Arrival   // agents made from the source who arrive this month
}

// RecapLine is one value of one agent.
type RecapLine struct {
	Matricule, Name string
	Champ           Champ
	Before, After   string
	Origine         Origine // of the latest change
	Day             string
}

// Arrival is one agent who was made from the source.
type Arrival struct {
	Matricule, Name, Etab string
	Debut, Fin            string
	Missing               []Champ
}

// storedChange is a change as it was recorded.
type storedChange struct {
	Change
	day string
}

// Recap gathers the changes of a month: of several to one value only the last
// counts, and a value that came back to what it was is no line.
func (s *Store) Recap(ctx context.Context, m Mois) (*Recap, error) {
	reg, err := s.Register(ctx)
	if err != nil {
		return nil, err
	}
	changes, err := s.changes(ctx, m)
	if err != nil {
		return nil, err
	}
	r := &Recap{Mois: m}
	type key struct {
		agent int64
		champ Champ
	}
	at := make(map[key]int)
	for _, c := range changes {
		a := reg.Find(c.Agent)
		if a == nil {
			continue
		}
		line := RecapLine{Matricule: a.Name(), Name: fullName(a), Champ: c.Champ, Before: c.Before, After: c.After, Origine: c.Origine, Day: c.day}
		switch c.Kind {
		case Created:
			if debut := a.Values.Text(ChampDebutContrat); strings.HasPrefix(debut, m.String()) {
				r.Arrivals = append(r.Arrivals, Arrival{a.Name(), fullName(a), a.Etab, debut, a.Values.Text(ChampFinContrat), a.Missing()})
			}
			continue
		case Overwritten:
			r.Crushed = append(r.Crushed, line)
		}
		if i, seen := at[key{c.Agent, c.Champ}]; seen {
			line.Before = r.Modified[i].Before
			r.Modified[i] = line
		} else {
			at[key{c.Agent, c.Champ}] = len(r.Modified)
			r.Modified = append(r.Modified, line)
		}
	}
	r.Modified = slices.DeleteFunc(r.Modified, func(l RecapLine) bool { return l.Before == l.After })
	order := func(a, b RecapLine) int {
		if c := strings.Compare(a.Matricule, b.Matricule); c != 0 {
			return c
		}
		return position[a.Champ] - position[b.Champ]
	}
	slices.SortStableFunc(r.Modified, order)
	slices.SortStableFunc(r.Crushed, order)
	slices.SortStableFunc(r.Arrivals, func(a, b Arrival) int { return strings.Compare(a.Matricule, b.Matricule) })
	return r, nil
}

func fullName(a *Agent) string {
	return strings.TrimSpace(a.Values.Text(ChampNom) + " " + a.Values.Text(ChampPrenom))
}

// changes reads what was recorded in a month, in order. The values with which
// an agent was made are no changes.
func (s *Store) changes(ctx context.Context, m Mois) ([]storedChange, error) {
	rows, err := s.l.DB().QueryContext(ctx, `select c.agent, c.champ, c.genre, c.origine, c.jour, c.avant, c.apres from hr_change c
		join hr_run r on r.employeur = c.employeur and r.id = c.run
		where c.employeur = $1 and c.jour between $2 and $3 order by r.quand, r.id, c.rang`, s.employeur, m.First().String(), m.Last().String())
	if err != nil {
		return nil, fmt.Errorf("read the changes of %s: %w", m, err)
	}
	defer rows.Close()
	var list []storedChange
	for rows.Next() {
		var c storedChange
		if err := rows.Scan(&c.Agent, &c.Champ, &c.Kind, &c.Origine, &c.day, &c.Before, &c.After); err != nil {
			return nil, fmt.Errorf("read the changes of %s: %w", m, err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// masked is a value as it may be shown: of a secret field, the last four
// characters.
func masked(c Champ, text string) string {
	if !fields[position[c]].Secret || text == "" {
		return text
	}
	return "…" + text[max(0, len(text)-4):]
}
