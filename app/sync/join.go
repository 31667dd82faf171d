package sync

import (
	"context"
	"slices"
	"strings"
	gosync "sync"

	"paye/hr"
	"paye/internal/anomalie"
	"paye/xhl"
)

// Join brings the agents of the memory to the lines of a run, by matricule. It
// completes what a line leaves empty, keeps what it says, and tells each
// difference. It is given agents only: work time and amounts are out of its
// reach. Agent is safe for concurrent use.
type Join struct {
	known   map[string]*hr.Agent // nil for a matricule of two agents
	present map[string]bool      // matricules with a contract in the month
	report  func(*anomalie.Anomalie)

	mu   gosync.Mutex
	seen map[string]bool
}

// Join prepares a join for a month of payroll. report is told each difference,
// one at a time.
func (j *Job) Join(ctx context.Context, m hr.Mois, report func(*anomalie.Anomalie)) (*Join, error) {
	if m == (hr.Mois{}) {
		m = j.Today().Mois()
	}
	reg, err := j.store.Register(ctx)
	if err != nil {
		return nil, err
	}
	x := &Join{known: make(map[string]*hr.Agent), present: make(map[string]bool), report: report, seen: make(map[string]bool)}
	first, last := m.First().String(), m.Last().String()
	for _, a := range reg.Agents {
		for _, l := range a.Liens {
			if l.Matricule == "" {
				continue
			}
			if other, twice := x.known[l.Matricule]; twice && other != a {
				x.known[l.Matricule] = nil
			} else {
				x.known[l.Matricule] = a
			}
			if l.Gone == "" && l.Debut != "" && l.Debut <= last && (l.Fin == "" || l.Fin >= first) {
				x.present[l.Matricule] = true
			}
		}
	}
	return x, nil
}

// joined ties a field to its place in the agent of a run. room is how many
// characters the journal has for it.
type joined struct {
	champ hr.Champ
	room  int
	get   func(*xhl.Agent) string
	set   func(*xhl.Agent, string) // nil: told, never filled in
}

func optional(of func(*xhl.Agent) *xhl.Opt[xhl.Nominatif]) (func(*xhl.Agent) string, func(*xhl.Agent, string)) {
	return func(a *xhl.Agent) string { return of(a).V.Reveal() },
		func(a *xhl.Agent, s string) { *of(a) = xhl.Some(xhl.Nominatif(s)) }
}

func required(of func(*xhl.Agent) *xhl.Nominatif) (func(*xhl.Agent) string, func(*xhl.Agent, string)) {
	return func(a *xhl.Agent) string { return of(a).Reveal() },
		func(a *xhl.Agent, s string) { *of(a) = xhl.Nominatif(s) }
}

// joins are the fields that a line has a place for. The account is told and
// never filled in: paying somewhere else is not for a join to decide.
var joins = func() []joined {
	list := []joined{{champ: hr.ChampTitre, room: 10}, {champ: hr.ChampNom, room: 50}, {champ: hr.ChampPrenom, room: 50}, {champ: hr.ChampNIR, room: 15},
		{champ: hr.ChampAdresse, room: 38}, {champ: hr.ChampComplement, room: 38}, {champ: hr.ChampCodePostal, room: 5}, {champ: hr.ChampVille, room: 38},
		{champ: hr.ChampEnfants, room: 2}, {champ: hr.ChampIBAN, room: 34}, {champ: hr.ChampBIC, room: 11}}
	list[0].get, list[0].set = optional(func(a *xhl.Agent) *xhl.Opt[xhl.Nominatif] { return &a.Civilite })
	list[1].get, list[1].set = required(func(a *xhl.Agent) *xhl.Nominatif { return &a.Nom })
	list[2].get, list[2].set = optional(func(a *xhl.Agent) *xhl.Opt[xhl.Nominatif] { return &a.Prenom })
	list[3].get, list[3].set = required(func(a *xhl.Agent) *xhl.Nominatif { return &a.NIR })
	list[4].get, list[4].set = optional(func(a *xhl.Agent) *xhl.Opt[xhl.Nominatif] { return &a.Adresse.Adr2 })
	list[5].get = func(a *xhl.Agent) string {
		return strings.TrimSpace(a.Adresse.Adr1.V.Reveal() + " " + a.Adresse.Adr3.V.Reveal())
	}
	list[5].set = func(a *xhl.Agent, s string) { a.Adresse.Adr1 = xhl.Some(xhl.Nominatif(s)) }
	list[6].get, list[6].set = required(func(a *xhl.Agent) *xhl.Nominatif { return &a.Adresse.CP })
	list[7].get, list[7].set = optional(func(a *xhl.Agent) *xhl.Opt[xhl.Nominatif] { return &a.Adresse.Ville })
	list[8].get, list[8].set = required(func(a *xhl.Agent) *xhl.Nominatif { return &a.NbEnfants })
	list[9].get = func(a *xhl.Agent) string {
		return account(a, func(c *xhl.CptBancaire) string { return c.IBAN.V.Reveal() })
	}
	list[10].get = func(a *xhl.Agent) string {
		return account(a, func(c *xhl.CptBancaire) string { return c.BIC.V.Reveal() })
	}
	return list
}()

func account(a *xhl.Agent, of func(*xhl.CptBancaire) string) string {
	if a.CptBancaire == nil {
		return ""
	}
	return of(a.CptBancaire)
}

// Agent completes the agent of a line and tells how it differs.
func (x *Join) Agent(a *xhl.Agent) {
	x.mu.Lock()
	defer x.mu.Unlock()
	matricule := strings.Clone(a.Matricule)
	first := !x.seen[matricule]
	x.seen[matricule] = true
	known := x.known[matricule]
	if known == nil {
		if first {
			x.tell("RH-423", matricule)
		}
		return
	}
	// One shape on both sides: a journal's "02" is a sheet's "2".
	line := ficheOf(a, "")
	for _, f := range joins {
		want := known.Values.Text(f.champ)
		if want == "" {
			continue
		}
		have := strings.TrimSpace(f.get(a))
		switch {
		case have == "" && f.set == nil, have != "" && same(f.champ, line.Values.Text(f.champ), have, want):
			continue
		case have != "":
			x.tell("RH-421", matricule, string(f.champ))
		case len([]rune(want)) > f.room:
			x.tell("RH-407", matricule, known.Name(), string(f.champ), f.room)
		default:
			f.set(a, want)
			x.tell("RH-422", matricule, string(f.champ))
		}
	}
}

// same compares a line with a sheet; normal is the value of the line in the
// shape of a sheet, empty when it has none.
func same(c hr.Champ, normal, have, want string) bool {
	if normal == "" {
		normal = have
	}
	return normal == want || c != hr.ChampNIR && c != hr.ChampIBAN && hr.Fold(normal) == hr.Fold(want)
}

func (x *Join) tell(code, matricule string, args ...any) {
	a := hr.Codes.New(code, args...)
	a.Matricule = matricule
	x.report(a)
}

// End tells of agents who are there in the month and have no line.
func (x *Join) End() {
	var absent []string
	for m := range x.present {
		if !x.seen[m] {
			absent = append(absent, m)
		}
	}
	slices.Sort(absent)
	for _, m := range absent {
		x.tell("RH-424", m)
	}
}
