package hr

import (
	"slices"

	"paye/internal/anomalie"
)

// champEtablissement and champContrat name, in changes only, the établissement
// of an agent and the contract of a further sheet.
const (
	champEtablissement Champ = "etablissement"
	champContrat       Champ = "contrat"
)

// ChangeKind says how a value changed.
type ChangeKind string

const (
	Modified    ChangeKind = "modifie" // the value is another one
	Overwritten ChangeKind = "ecrase"  // payroll had changed it, and the source won
	Created     ChangeKind = "cree"    // the agent is new; no field
)

// Change is one value of one agent that a run changes.
type Change struct {
	Agent         int64
	Champ         Champ
	Before, After string
	Origine       Origine
	Kind          ChangeKind
}

// differ compares one agent with the source; it never touches the agent.
type differ struct {
	mapping *Mapping
	today   Date
	lost    map[Champ]int
	notices []*anomalie.Anomalie
}

// notice adds what is to be told of a sheet.
func (d *differ) notice(code, sheet string, args ...any) {
	d.notices = append(d.notices, Codes.New(code, append([]any{sheet}, args...)...))
}

// update gives the agent as it becomes with the sheets of p, and what changes;
// the agent itself when nothing does.
func (d *differ) update(a *Agent, p *person) (*Agent, []Change) {
	next := *a
	next.Liens = slices.Clone(a.Liens)
	main := p.Main()
	var changes []Change
	for i := 1; i < nbChamps; i++ {
		if c := d.field(&next, main, i); c != nil {
			changes = append(changes, *c)
		}
	}
	if next.Etab != main.Etab {
		changes = append(changes, Change{Agent: a.ID, Champ: champEtablissement, Before: next.Etab, After: main.Etab, Origine: FromSource, Kind: Modified})
		next.Etab = main.Etab
	}
	changes = append(changes, d.liens(&next, p)...)
	if len(changes) == 0 && next.Values == a.Values && next.Applied == a.Applied && slices.Equal(next.Liens, a.Liens) {
		return a, nil
	}
	return &next, changes
}

// field is the three-way rule for one field: what the source last gave, what
// it gives now, what payroll has.
func (d *differ) field(a *Agent, f *Fiche, i int) *Change {
	field := &fields[i]
	given, state := f.Values.at(i)
	was, before := a.Applied.at(i)
	now := a.Values.texts[i]
	wrong := slices.ContainsFunc(f.Issues, func(x Issue) bool { return x.Champ == field.Champ })
	if before == dit && state != dit && !wrong {
		d.lost[field.Champ]++
	}
	policy := d.mapping.policy(field.Champ)
	switch {
	case state == absent:
		if before == dit && !wrong {
			d.notice("RH-402", f.ID, string(field.Champ))
		}
		return nil
	case state == vide && (before != dit || policy.Empty == Keep):
		// Nothing is erased that the source did not give itself.
		a.Applied.set(i, "")
		return nil
	}
	a.Applied.set(i, given)
	same := given == now || field.Kind == kindText && Fold(given) == Fold(now)
	kind := Modified
	switch {
	case before == absent && same && now != "":
		return nil
	case before == absent && now != "" && policy.Conflict == PayrollWins:
		return nil
	case before != absent && was == given:
		if same || policy.Conflict == PayrollWins {
			return nil
		}
		kind = Overwritten
	case given == now:
		return nil
	}
	a.Values.set(i, given)
	return &Change{Agent: a.ID, Champ: field.Champ, Before: now, After: given, Origine: FromSource, Kind: kind}
}

// liens brings the links of the agent up to the sheets of p. The contract of
// the main sheet is in the values; those of the others are told here.
func (d *differ) liens(a *Agent, p *person) []Change {
	var changes []Change
	for n, f := range p.Fiches {
		fresh := Lien{SourceID: f.ID, Etab: f.Etab}
		at := slices.IndexFunc(a.Liens, func(l Lien) bool { return l.SourceID == f.ID })
		old := Lien{}
		if at >= 0 {
			old = a.Liens[at]
		}
		fresh.Matricule = keptValue(&f.Values, ChampMatricule, old.Matricule)
		fresh.Debut = keptValue(&f.Values, ChampDebutContrat, old.Debut)
		fresh.Fin = keptValue(&f.Values, ChampFinContrat, old.Fin)
		if fresh == old {
			continue
		}
		if at >= 0 {
			a.Liens[at] = fresh
		} else {
			a.Liens = append(a.Liens, fresh)
		}
		if n > 0 && fresh.contract() != old.contract() {
			changes = append(changes, Change{Agent: a.ID, Champ: champContrat + Champ(":"+f.ID), Before: old.contract(), After: fresh.contract(), Origine: FromSource, Kind: Modified})
		}
	}
	slices.SortFunc(a.Liens, func(x, y Lien) int { return compareIDs(x.SourceID, y.SourceID) })
	return changes
}

// keptValue is the value of a field, or the old one when the source said
// nothing.
func keptValue(v *Values, c Champ, old string) string {
	if text, state := v.get(c); state != absent {
		return text
	}
	return old
}

// contract is the contract of a link in words.
func (l Lien) contract() string {
	if l.SourceID == "" {
		return ""
	}
	s := l.Etab + " " + l.Matricule + " " + l.Debut
	if l.Fin != "" {
		s += " → " + l.Fin
	}
	return s
}

// create makes an agent of a person whom nobody answers to.
func (d *differ) create(id int64, p *person) (*Agent, []Change) {
	a := &Agent{ID: id, Origine: FromSource, Created: d.today, Etab: p.Main().Etab}
	a.Values, a.Applied = p.Main().Values, p.Main().Values
	a.Values.said = 1<<nbChamps - 1
	d.liens(a, p)
	return a, []Change{{Agent: id, After: p.Main().ID, Origine: FromSource, Kind: Created}}
}
