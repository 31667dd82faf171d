package hr

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"paye/internal/identifiants"
)

// nirOf makes a NIR of a number below 1000.
func nirOf(n int) string {
	nir := fmt.Sprintf("1800175116%03d", n)
	key, err := identifiants.CleNIR(nir)
	if err != nil {
		panic(err)
	}
	return nir + key
}

// given makes values of a list of field, value, field, value…
func given(list ...string) Values {
	var v Values
	for i := 0; i < len(list); i += 2 {
		v.Set(Champ(list[i]), list[i+1])
	}
	return v
}

const town = "21310555400017"

func sheet(id string, list ...string) *Fiche {
	return &Fiche{ID: id, Etab: town, Values: given(list...)}
}

// person1 is an agent whom every key names.
func register() *Register {
	agent := func(id int64, list ...string) *Agent {
		return &Agent{ID: id, Etab: town, Values: given(list...)}
	}
	a := agent(1, "nir", nirOf(1), "matricule", "001", "email_pro", "a@ville.example", "telephone_perso", "+33600000001", "date_naissance", "1980-01-01", "nom_naissance", "DURAND", "prenom", "Anne")
	b := agent(2, "nir", nirOf(2), "matricule", "002", "email_perso", "famille@example.org", "date_naissance", "1981-01-01", "nom_naissance", "PETIT", "prenom", "Luc")
	c := agent(3, "matricule", "003", "date_naissance", "1982-01-01", "nom_naissance", "LONG", "prenom", "Eve", "email_perso", "eve@example.org")
	linked := agent(4, "nir", nirOf(4), "matricule", "004", "date_naissance", "1983-01-01", "nom_naissance", "BREF", "prenom", "Max")
	linked.Liens = []Lien{{SourceID: "400", Etab: town, Matricule: "004"}}
	return &Register{Agents: []*Agent{a, b, c, linked}}
}

func TestKeysDecideWhoASheetIs(t *testing.T) {
	for _, c := range []struct {
		name    string
		sheet   *Fiche
		verdict verdict
		agent   int64
		code    string
	}{
		{"NIR and matricule agree", sheet("9", "nir", nirOf(1), "matricule", "001"), matched, 1, ""},
		{"NIR alone", sheet("9", "nir", nirOf(2)), matched, 2, ""},
		{"matricule alone, same birth", sheet("9", "matricule", "003", "date_naissance", "1982-01-01"), matched, 3, ""},
		{"matricule alone, another birth", sheet("9", "matricule", "003", "date_naissance", "1999-01-01"), unsure, 0, "RH-413"},
		{"two strong keys, two agents", sheet("9", "nir", nirOf(1), "matricule", "002"), clashing, 0, "RH-411"},
		{"matricule of another NIR", sheet("9", "nir", nirOf(9), "matricule", "001"), clashing, 0, "RH-412"},
		{"NIR with another matricule", sheet("9", "nir", nirOf(1), "matricule", "777"), clashing, 0, "RH-412"},
		{"matricule of another établissement", &Fiche{ID: "9", Etab: "26310555300006", Values: given("matricule", "001")}, newcomer, 0, ""},
		{"provisional NIR is no key", sheet("9", "nir", "7"+nirOf(1)[1:], "prenom", "X"), newcomer, 0, ""},
		{"work mail, same birth", sheet("9", "email_pro", "a@ville.example", "date_naissance", "1980-01-01"), matched, 1, ""},
		{"work mail, same names", sheet("9", "email_pro", "a@ville.example", "nom_naissance", "Durand", "prenom", "ANNE"), matched, 1, ""},
		{"mail that a family shares", sheet("9", "email_perso", "famille@example.org", "date_naissance", "2001-01-01", "nom_naissance", "PETIT", "prenom", "Zoé"), unsure, 0, "RH-413"},
		{"that mail, and another NIR", sheet("9", "email_perso", "famille@example.org", "nir", nirOf(7)), newcomer, 0, ""},
		{"weak keys of two agents", sheet("9", "email_pro", "a@ville.example", "email_perso", "eve@example.org", "date_naissance", "1982-01-01", "nom_naissance", "DURAND", "prenom", "Anne"), clashing, 0, "RH-411"},
		{"nothing", sheet("9", "prenom", "Inconnu"), newcomer, 0, ""},
		{"stored link", sheet("400"), matched, 4, ""},
		{"stored link, NIR corrected, same birth", sheet("400", "nir", nirOf(5), "date_naissance", "1983-01-01"), matched, 4, ""},
		{"stored link, NIR of nobody, other person", sheet("400", "nir", nirOf(5), "date_naissance", "1999-01-01", "prenom", "Léa"), clashing, 0, "RH-412"},
		{"stored link, NIR of another", sheet("400", "nir", nirOf(1)), clashing, 0, "RH-411"},
		{"recreated under a new number", sheet("401", "nir", nirOf(4), "matricule", "004"), matched, 4, ""},
	} {
		m := matchAll([]*person{{[]*Fiche{c.sheet}}}, register(), nil)[0]
		var agent int64
		if m.Agent != nil {
			agent = m.Agent.ID
		}
		if m.Verdict != c.verdict || agent != c.agent || m.Code != c.code {
			t.Errorf("%s: verdict %d, agent %d, code %s; want %d, %d, %s", c.name, m.Verdict, agent, m.Code, c.verdict, c.agent, c.code)
		}
	}
}

func TestSwitchboardIsNoKey(t *testing.T) {
	r := register()
	r.Agents[0].Values.Set(ChampTelPro, "+33199000000")
	var people []*person
	for i := range 3 {
		people = append(people, &person{[]*Fiche{sheet(fmt.Sprint(10+i), "telephone_pro", "+33199000000", "date_naissance", "1980-01-01")}})
	}
	for _, m := range matchAll(people, r, nil) {
		if m.Verdict != newcomer {
			t.Errorf("sheet %s: verdict %d, want new", m.Person.Main().ID, m.Verdict)
		}
	}
}

func TestTwoSheetsThatClaimOneAgentAreAConflict(t *testing.T) {
	people := []*person{{[]*Fiche{sheet("10", "email_pro", "a@ville.example", "date_naissance", "1980-01-01")}}, {[]*Fiche{sheet("11", "telephone_perso", "+33600000001", "date_naissance", "1980-01-01")}}}
	for _, m := range matchAll(people, register(), nil) {
		if m.Verdict != clashing || m.Code != "RH-414" {
			t.Errorf("verdict %d, %s", m.Verdict, m.Code)
		}
	}
}

func TestDecisionsAreReplayed(t *testing.T) {
	s := sheet("9", "nir", nirOf(9), "matricule", "001")
	for _, c := range []struct {
		d       Decision
		verdict verdict
	}{
		{Decision{"9", DecideLink, 1}, matched}, {Decision{"9", DecideCreate, 0}, newcomer}, {Decision{"9", DecideApart, 1}, newcomer},
	} {
		if m := matchAll([]*person{{[]*Fiche{s}}}, register(), []Decision{c.d})[0]; m.Verdict != c.verdict {
			t.Errorf("%s: verdict %d, want %d", c.d.Kind, m.Verdict, c.verdict)
		}
	}
}

func TestSheetsOfOnePersonAreGrouped(t *testing.T) {
	a := sheet("1", "nir", nirOf(1), "date_naissance", "1980-01-01", "prenom", "Anne", "matricule", "1")
	b := &Fiche{ID: "2", Etab: "26310555300006", Values: given("nir", nirOf(1), "date_naissance", "1980-01-01", "prenom", "ANNE", "matricule", "1")}
	other := sheet("3", "nir", nirOf(1), "date_naissance", "1999-01-01", "prenom", "Luc", "matricule", "3")
	today := Date{2026, 9, 14}
	if people, clashes := group([]*Fiche{b, a}, "", today); len(people) != 1 || len(clashes) != 0 || people[0].Main() != a {
		t.Errorf("one person: %d people, %d clashes", len(people), len(clashes))
	}
	if people, clashes := group([]*Fiche{b, a}, AsConflict, today); len(people) != 0 || len(clashes) != 1 {
		t.Errorf("by policy: %d people, %d clashes", len(people), len(clashes))
	}
	if people, clashes := group([]*Fiche{a, other}, "", today); len(people) != 0 || len(clashes) != 1 {
		t.Errorf("one NIR, two people: %d people, %d clashes", len(people), len(clashes))
	}
	twin := sheet("4", "nir", nirOf(1), "date_naissance", "1980-01-01", "prenom", "Anne", "matricule", "1")
	if _, clashes := group([]*Fiche{a, twin}, "", today); len(clashes) != 1 {
		t.Error("one matricule twice in an établissement is taken")
	}
	ended := sheet("0", "nir", nirOf(1), "date_naissance", "1980-01-01", "prenom", "Anne", "matricule", "9", "fin_contrat", "2020-01-01")
	if people, _ := group([]*Fiche{ended, a}, "", today); people[0].Main() != a {
		t.Error("a contract that is over is the main one")
	}
}

// TestPlanProperties draws registers and sheets at random: a plan does not
// depend on the order of the sheets, writes nothing of a conflict, and once
// applied leaves nothing to do.
func TestPlanProperties(t *testing.T) {
	m := &Mapping{Employeur: town, Champs: map[Champ]Rule{}}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 7))
		reg := new(Register)
		for i := range r.IntN(6) {
			reg.Agents = append(reg.Agents, &Agent{ID: int64(i + 1), Etab: town, Values: drawn(r)})
		}
		var fiches []*Fiche
		for i := range 1 + r.IntN(8) {
			fiches = append(fiches, &Fiche{ID: fmt.Sprint(100 + i), Etab: town, Values: drawn(r)})
		}
		in := Input{Mapping: m, Register: reg, Fiches: fiches, Today: Date{2026, 9, 14}}
		p := NewPlan(in)
		shuffled := in
		shuffled.Fiches = append([]*Fiche(nil), fiches...)
		r.Shuffle(len(fiches), func(i, j int) { shuffled.Fiches[i], shuffled.Fiches[j] = shuffled.Fiches[j], shuffled.Fiches[i] })
		if q := NewPlan(shuffled); !reflect.DeepEqual(p.Changes, q.Changes) || !reflect.DeepEqual(p.Agents, q.Agents) || !reflect.DeepEqual(p.Profils, q.Profils) {
			t.Fatalf("seed %d: the order matters", seed)
		}
		written := 0
		for _, a := range p.Agents {
			written += len(a.Liens)
		}
		if held := p.Profils[EnConflit] + p.Profils[AConfirmer]; written+held != len(fiches) {
			t.Fatalf("seed %d: %d sheets written, %d held back, of %d", seed, written, held, len(fiches))
		}
		again := in
		again.Register = reg.with(p.Agents)
		if q := NewPlan(again); len(q.Agents) != 0 || len(q.Changes) != 0 {
			t.Fatalf("seed %d: a second run would write %d agents, %v", seed, len(q.Agents), q.Changes)
		}
	}
}

// drawn is values with few choices, so that keys meet.
func drawn(r *rand.Rand) Values {
	var v Values
	pick := func(c Champ, list ...string) {
		if i := r.IntN(len(list) + 2); i < len(list) {
			v.Set(c, list[i])
		} else if i == len(list) {
			v.Set(c, "")
		}
	}
	pick(ChampNIR, nirOf(1), nirOf(2), nirOf(3), nirOf(4))
	pick(ChampMatricule, "1", "2", "3", "4", "5")
	pick(ChampMailPro, "a@v.example", "b@v.example")
	pick(ChampTelPerso, "+33600000001", "+33600000002")
	pick(ChampDateNaissance, "1980-01-01", "1981-01-01")
	pick(ChampNomNaissance, "A", "B")
	pick(ChampPrenom, "X", "Y")
	pick(ChampNom, "N", "M")
	return v
}
